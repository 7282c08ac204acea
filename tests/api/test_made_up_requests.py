"""Requests that a machine makes up from the document: none is a fault, all answers are as documented."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.calls import document, key_of
from tests.api.scenarios.cast import Cast
from tests.stories import examples

from canut.ledger.queries import verify
from canut.people.models import Scope
from canut.people.usecases.choose_roles import choose_roles

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

described = schemathesis.openapi.from_dict(document())
described.app = WSGIHandler()


@pytest.fixture
def busy_site() -> Iterator[str]:
    """A site where much has happened to one person, who has every role; the key that opens all of it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    cast = Cast()
    project = cast.live()
    cast.appealed(project)
    cast.file(cast.draft())
    everybody = cast.operator
    choose_roles(by=everybody, worker=True, requester=True, at=cast.at)
    yield key_of(everybody, Scope.values)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@described.parametrize()
@settings(max_examples=examples(4, 50), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_made_up_request_is_answered_as_documented(case: schemathesis.Case, busy_site: str) -> None:
    # This machine's other name, localhost, is where requesters' own pages are served, and nothing else.
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {busy_site}", "Host": "127.0.0.1"}
    case.call_and_validate(checks=CHECKS)
    assert verify() == []
