"""Gives every pytest run a PostgreSQL to test on, before Django reads its settings.

One server in .canut/test-postgres serves all runs; each has a database named after its process, and
the last to leave stops the server. CANUT_TEST_DATABASE_URL names another server instead.
"""

import json
import os
from collections.abc import Generator
from contextlib import ExitStack

import psycopg
import pytest

from canut.cli import embedded_postgres, environment


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    os.environ["CANUT_MODE"] = "test"
    leaving = ExitStack()
    url = os.environ.get("CANUT_TEST_DATABASE_URL")
    if not url:
        folder = environment.machine_folder() / "test-postgres"
        url = leaving.enter_context(embedded_postgres.borrow(folder, durable=False))
    os.environ["DATABASE_URL"] = url
    early_config.add_cleanup(leaving.close)
    _drop_what_killed_runs_left(url)
    return (yield)


def pytest_sessionstart() -> None:
    """Compile the catalogues of a fresh clone: Django keeps what it finds at the first French page."""
    from canut.cli import prepare  # needs the settings, which are read after this file

    prepare.compile_catalogues()


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


def _drop_what_killed_runs_left(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_canut_[0-9]+$'")
        for (name,) in found.fetchall():
            if not _is_running(int(name.removeprefix("test_canut_"))):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
