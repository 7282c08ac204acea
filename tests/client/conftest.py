"""A client that talks to the site in this process, and what can be done to its connection."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from tests.api.calls import key_of
from tests.api.scenarios.cast import Cast
from tests.client.in_process import InProcess

from canut.people.models import Person, Scope
from canut_client import Canut


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def _own_files(uploads: Path) -> None:
    """Nothing that a test uploads stays."""


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's own connection, and with it what it has made, open through Django's handler."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def site() -> InProcess:
    return InProcess()


@pytest.fixture
def waits() -> list[float]:
    """How long the client waited between attempts, without anybody waiting."""
    return []


@pytest.fixture
def connect(site: InProcess, waits: list[float]) -> Callable[..., Canut]:
    def connected(person: Person | None, *scopes: str) -> Canut:
        token = key_of(person, scopes or Scope.values) if person else None
        return Canut("http://127.0.0.1", token, transport=site, sleep=waits.append)

    return connected
