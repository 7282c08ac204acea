import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import command, environment, free_port

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 240


class Demo:
    """A demo started as a person starts it, and what it said."""

    def __init__(self, home: Path, *words: str, **more: str) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "said"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command("demo", "--port", self.port, *words),
                env=environment(home, "demo") | more,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_served(self) -> "Demo":
        eventually(lambda: "runs on http" in self.said() or self.process.poll() is not None, self.said)
        assert self.process.poll() is None, self.said()
        return self

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False, timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


def eventually(holds: Callable[[], bool], what_was_said: Callable[[], str]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, what_was_said()
        time.sleep(0.1)


def processes_of(home: Path) -> dict[int, str]:
    """Every process that knows this folder from its environment or arguments, by number."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            alive = "\nState:\tZ" not in (entry / "status").read_text()
        except OSError:
            continue
        if alive and str(home).encode() in told:
            found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    return found


def process_of(home: Path, words: str) -> int:
    return min(number for number, arguments in processes_of(home).items() if words in arguments)


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """A demo's folder after its first start: tables made, files collected."""
    folder = Path(tempfile.mkdtemp(prefix="canut-home-", dir="/tmp"))
    demo = Demo(folder).wait_until_served()
    assert demo.stop() == 0
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def demo(begun: Path, home: Path) -> Iterator[Demo]:
    shutil.copytree(begun / "demo", home / "demo", symlinks=True)
    demo = Demo(home).wait_until_served()
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")
class TestDemo:
    def test_a_signal_stops_everything_and_leaves_no_process(self, demo, canut):
        second = canut("demo", "--port", free_port())
        assert second.returncode == 1
        assert f"runs already on http://127.0.0.1:{demo.port}" in second.stderr
        assert demo.answers()
        assert demo.stop(signal.SIGINT) == 0
        assert processes_of(demo.home) == {}
        stopped = canut("check")
        assert stopped.returncode == 1
        assert "FAILED  database" in stopped.stdout
        assert "start the site" in stopped.stdout

    @pytest.mark.long
    def test_a_demo_killed_outright_starts_again_on_the_same_data_and_a_fresh_one_without(self, demo, canut):
        """The fresh one is told the address of a real site's database, to which it pays no heed."""
        assert canut("clock", "+3d").returncode == 0
        demo.process.kill()
        demo.process.wait()
        # The kernel ends the programs that we started; at most the database stays, and is taken over.
        eventually(
            lambda: not any("web_server" in said for said in processes_of(demo.home).values()), demo.said
        )
        again = Demo(demo.home).wait_until_served()
        assert "3 days" in canut("clock").stdout
        assert again.stop(signal.SIGTERM) == 0
        assert processes_of(demo.home) == {}
        real = {"CANUT_MODE": "production", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/real"}
        fresh = Demo(demo.home, "--fresh", **real).wait_until_served()
        assert "0:00:00 ahead" in canut("clock").stdout
        assert fresh.stop(signal.SIGHUP) == 0
        assert processes_of(demo.home) == {}

    def test_a_killed_part_is_started_again(self, demo, canut):
        for words in ("web_server", "canut.cli work", "bin/postgres"):
            before = process_of(demo.home, words)
            os.kill(before, signal.SIGKILL)
            eventually(lambda gone=before: gone not in processes_of(demo.home), demo.said)
            eventually(
                lambda part=words: any(part in said for said in processes_of(demo.home).values()), demo.said
            )
            eventually(demo.answers, demo.said)
            eventually(lambda: canut("check").returncode == 0, lambda: canut("check").stdout)
        assert demo.stop() == 0
        assert processes_of(demo.home) == {}


def test_a_busy_port_is_said_with_the_way_out(canut):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = canut("demo", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} " in done.stderr
    assert f"canut demo --port {port + 1}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_commands_in_an_empty_place_say_how_to_begin(canut, home):
    for words in (["backup", home / "x"], ["clock"], ["ledger", "verify"], ["work"]):
        done = canut(*words)
        assert done.returncode == 1
        assert "There is no site in" in done.stderr
    assert not (home / "demo" / "postgres").exists()
