"""A real site with a database of its own, whose programs can be killed: `canut serve` as it is run."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import psycopg
from django.db import connections
from tests.cli.conftest import command, environment, free_port, put_a_new_site

from canut.cli import embedded_postgres

PATIENCE_SECONDS = 300
PROGRAMS = {"web server": "canut.cli.web_server", "job runner": "canut.cli work"}
VICTIMS = ("web server", "job runner", "PostgreSQL", "everything")


def eventually(holds: Callable[[], Any], what: str) -> Any:
    """Return what `holds` returns as soon as it is true; fail after five minutes."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := holds()):
        assert time.monotonic() < until, f"this did not come about: {what}"
        time.sleep(0.05)
    return found


class Site:
    """One site in a folder of its own, with two web processes and its job runner."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="canut-home-", dir="/tmp"))
        self.cluster = self.home / "demo" / "postgres"
        self.port = free_port()
        self.kills: list[str] = []
        self.runner_hit_at = datetime.now(UTC)
        self.starts = 0
        self.ending = Event()
        self.process: subprocess.Popen[bytes] | None = None
        put_a_new_site(self.home)
        self.start()

    # --- its programs ---

    def start(self) -> None:
        self.starts += 1
        with open(self.home / "said", "ab") as log:
            self.process = subprocess.Popen(
                command("serve", "--port", self.port, "--workers", 2, "--with-jobs"),
                env=environment(self.home, "demo"),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        for number in self.programs():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        embedded_postgres.stop(self.cluster)
        print((self.home / "said").read_text()[-20_000:])  # shown where a test has failed
        shutil.rmtree(self.home)

    def programs(self, words: str = "canut.cli") -> list[int]:
        """Return the numbers of this site's own processes whose command has these words, parents first."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                number = int(entry.name)
                said = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if words in said and f"CANUT_HOME={self.home}\0".encode() in (entry / "environ").read_bytes():
                    found.append(number)
        return sorted(found)

    def postgres_processes(self) -> list[int]:
        """Return the postmaster's number and those of its backends."""
        try:
            postmaster = int((self.cluster / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return []
        children = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                number = int(entry.name)
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(status[1]) == postmaster:
                    children.append(number)
        return [postmaster, *children]

    def kill(self, victim: str) -> int:
        """Kill -9 one program with all its processes, or all of them; return how many there were."""
        numbers: list[int] = []
        if victim == "everything":
            numbers += self.programs("canut.cli serve")
        for name, words in PROGRAMS.items():
            if victim in (name, "everything"):
                numbers += self.programs(words)
        if victim in ("PostgreSQL", "everything"):
            numbers += self.postgres_processes()
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if victim != "web server":
            self.runner_hit_at = datetime.now(UTC)
        self.kills.append(victim)
        return len(numbers)

    def look_after(self) -> None:
        """Start the site again if it has ended, as its operator would.

        `canut serve` gives up on a program that it has restarted five times within a minute.
        """
        if (self.home / "said").read_text().count("does not stay up") == self.starts:
            assert self.process is not None
            self.process.wait(PATIENCE_SECONDS)
        if self.process is not None and self.process.poll() is not None and not self.ending.is_set():
            self.start()

    def wait_until_whole(self) -> None:
        """Wait until the site answers, runs its jobs, and what a dead runner had in hand is taken up.

        A runner counts as dead half a minute after its last sign; the test lets that time have passed.
        """

        def answers() -> bool:
            self.look_after()
            with suppress(httpx.TransportError):
                return httpx.get(self.url + "/", trust_env=False, timeout=10).status_code == 200
            return False

        def runs_jobs() -> bool:
            self.look_after()
            with suppress(psycopg.Error), self.sql() as database:
                alive = "SELECT id FROM procrastinate_workers ORDER BY id DESC LIMIT 1"
                sign = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > %s"
                newest = database.execute(alive).fetchone()
                seen = database.execute(sign, [self.runner_hit_at]).fetchone()
                if newest and seen and len(self.programs("canut.cli work")) == 1:
                    database.execute(
                        "UPDATE procrastinate_workers"
                        " SET last_heartbeat = last_heartbeat - interval '1 minute' WHERE id < %s",
                        newest,
                    )
                    return True
            return False

        eventually(answers, "the site answers again")
        eventually(runs_jobs, "a job runner is at work again")
        eventually(answers, "the site still answers")
        connections["default"].close()  # our own may be among the dead

    # --- reaching it ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sql(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            embedded_postgres.address(self.cluster, "canut"), autocommit=True, connect_timeout=5
        )

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.sql() as database:
            return database.execute(statement, parameters or None).fetchall()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let use cases and queries of this thread work on the site's database instead of the tests'."""
        of_tests = connections["default"]
        settings = of_tests.settings_dict | {
            "NAME": "canut",
            "USER": "canut",
            "HOST": str(self.cluster),
            "PORT": "",
        }
        connections["default"] = type(of_tests)(settings, alias="default")
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = of_tests

    def client(self, token: str) -> "Client":
        return Client(self, token)

    def canut(self, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words), env=environment(self.home, "demo"), capture_output=True, text=True, timeout=120
        )


class Client:
    """A program of somebody's, which asks again until it is answered."""

    def __init__(self, site: Site, token: str) -> None:
        self.site = site
        self.unanswered = 0
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=f"{site.url}/api/v1", headers=headers, timeout=20, trust_env=False)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Return the first answer that is no fault of the site, asking the same again until it comes."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with suppress(httpx.TransportError):
                answer = self.http.request(method, path, **more)
                if answer.status_code < 500:
                    return answer
            self.unanswered += 1
            assert time.monotonic() < until, f"{method} {path} was never answered"
            time.sleep(0.05 + 0.1 * random.random())

    def post(self, path: str, **more: Any) -> Any:
        answer = self.ask("POST", path, **more)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()
