"""Gives every pytest run a PostgreSQL to test on, before Django reads its settings.

A run has a database named after its process on a server of `servers_for_tests`, and the last to leave stops
the server. CANUT_TEST_DATABASE_URL names another server instead. A run's database is a copy of one that was
migrated once for all runs with the same migrations.
"""

import gc
import json
import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from canut.cli import servers_for_tests

SELDOM = (20_000, 20, 50)
"""After how many new objects Python looks for garbage, and how often further back."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    os.environ["CANUT_MODE"] = "test"
    if _tests_nothing(early_config):
        os.environ["DATABASE_URL"] = os.environ.get("CANUT_TEST_DATABASE_URL") or "postgresql:///none"
        return (yield)
    leaving = ExitStack()
    url = os.environ.get("CANUT_TEST_DATABASE_URL")
    if not url:
        beside = os.environ.get("PYTEST_XDIST_WORKER", "")
        url = leaving.enter_context(servers_for_tests.borrow_one(beside))
    os.environ["DATABASE_URL"] = url
    early_config.add_cleanup(leaving.close)
    servers_for_tests.drop_what_killed_runs_left(url)
    os.environ["CANUT_TEST_TEMPLATE"] = servers_for_tests.migrated_template(url)
    return (yield)


def pytest_sessionstart() -> None:
    """Compile the catalogues of a fresh clone: Django keeps what it finds at the first French page."""
    from canut.cli import prepare  # needs the settings, which are read after this file

    prepare.compile_catalogues()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with slow tests first: of those who test side by side none ends alone with a long one.

    Those that look at pages in a browser come together, so that each process starts it once.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    looking = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: 1 if item.path in looking else 0 if item.path in slow else 2)


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


def _tests_nothing(early_config: pytest.Config) -> bool:
    """Tell whether this process only lists the tests, or hands them out to several that test side by side."""
    told = early_config.known_args_namespace
    hands_out = bool(getattr(told, "numprocesses", None)) and "PYTEST_XDIST_WORKER" not in os.environ
    return hands_out or bool(told.collectonly)
