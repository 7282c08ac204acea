"""Gives every pytest run a PostgreSQL to test on, before Django reads its settings.

One server in .canut/test-postgres serves all runs, and one more each process that tests side by side with
others; a run has a database named after its process, and the last to leave stops the server.
CANUT_TEST_DATABASE_URL names another server instead. A run's database is a copy of one that was migrated
once for all runs with the same migrations.
"""

import gc
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from canut.cli import embedded_postgres, environment

SELDOM = (20_000, 20, 50)
"""After how many new objects Python looks for garbage, and how often further back."""

TEMPLATE_LOCK = 4_217_733
"""An advisory lock of PostgreSQL: of several runs that begin at once, one makes the template."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    os.environ["CANUT_MODE"] = "test"
    if _only_hands_out(early_config):
        # Each of those who test has a server of their own, and who hands out the tests asks none.
        os.environ["DATABASE_URL"] = os.environ.get("CANUT_TEST_DATABASE_URL") or "postgresql:///none"
        return (yield)
    leaving = ExitStack()
    url = os.environ.get("CANUT_TEST_DATABASE_URL")
    if not url:
        # Readers of events wait for every open transaction of the server, so those who test side by side
        # have one each.
        beside = os.environ.get("PYTEST_XDIST_WORKER", "")
        folder = environment.machine_folder() / f"test-postgres{beside and '-' + beside}"
        url = leaving.enter_context(embedded_postgres.borrow(folder, durable=False))
    os.environ["DATABASE_URL"] = url
    early_config.add_cleanup(leaving.close)
    _drop_what_killed_runs_left(url)
    os.environ["CANUT_TEST_TEMPLATE"] = _migrated_template(url)
    return (yield)


def pytest_sessionstart() -> None:
    """Compile the catalogues of a fresh clone: Django keeps what it finds at the first French page."""
    from canut.cli import prepare  # needs the settings, which are read after this file

    prepare.compile_catalogues()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with slow tests first: of those who test side by side none ends alone with a long one."""
    with_slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in with_slow)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Let Python look for no garbage while the tests are found: nearly all that is made stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often, and never among what was there before the first test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what `canut test` checked before, so that one summary holds everything."""
    outcomes = json.loads(os.environ.get("CANUT_CHECKS") or "[]")
    if outcomes:
        terminalreporter.section("checks")
    for outcome in outcomes:
        found = "ok    " if outcome["ok"] else "FAILED"
        terminalreporter.line(
            f"{found} {outcome['what']} ({outcome['seconds']:.1f} s)",
            green=outcome["ok"],
            red=not outcome["ok"],
        )


def _only_hands_out(early_config: pytest.Config) -> bool:
    """Tell whether this process tests nothing itself, for several others test side by side."""
    return bool(getattr(early_config.known_args_namespace, "numprocesses", None)) and (
        "PYTEST_XDIST_WORKER" not in os.environ
    )


def _drop_what_killed_runs_left(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_canut_[0-9]+(_gw[0-9]+)?$'"
        )
        for (name,) in found.fetchall():
            if not _is_running(int(name.split("_")[2])):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrated_template(url: str) -> str:
    """Return the name of a migrated database to copy, making it if no run before this one has."""
    digest = hashlib.sha256()
    for path in sorted((environment.CHECKOUT / "src").rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((environment.CHECKOUT / "requirements" / "base.txt").read_bytes())
    digest.update(str(environment.CHECKOUT).encode())
    for path in sorted((environment.CHECKOUT / "src/canut/charter/parameters").glob("*.py")):
        digest.update(path.read_bytes())
    name = f"canut_template_{digest.hexdigest()[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            _make_template(connection, url, name)
    return name


def _make_template(connection: psycopg.Connection[Any], url: str, name: str) -> None:
    """Migrate a database under a name of the moment, then give it its own: so a killed run leaves no half."""
    made = connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^canut_template_' ORDER BY oid DESC OFFSET 4"
    )
    for (old,) in made.fetchall():
        connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    unfinished = f"{name}_unfinished"
    connection.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    connection.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')  # of a run that was killed
    connection.execute(f'CREATE DATABASE "{unfinished}"')
    parts = urlsplit(url)
    named = urlunsplit(parts._replace(path=f"/{unfinished}"))
    told = os.environ | {"DATABASE_URL": named, "CANUT_TEST_TEMPLATE": ""}
    subprocess.run(
        [sys.executable, "-m", "canut.cli", "migrate"], env=told, check=True, stdout=subprocess.DEVNULL
    )
    connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
