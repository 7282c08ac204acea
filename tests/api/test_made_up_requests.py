"""Requests that a machine makes up from the document: none is a fault, all answers are as documented."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.calls import document, key_of, operations
from tests.api.scenarios.cast import Cast
from tests.builders import files_kept_in
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


@pytest.fixture(scope="module")
def busy_site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A site where much has happened to one person, who has every role; the key that opens all of it.

    It is made once: what a test changes of it is undone at its end.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with files_kept_in(tmp_path_factory.mktemp("uploads")), django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        project = cast.live()
        cast.appealed(project)
        cast.file(cast.draft())
        everybody = cast.operator
        choose_roles(by=everybody, worker=True, requester=True, at=cast.at)
        yield key_of(everybody, Scope.values)
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def _own_files() -> None:
    """What is uploaded here goes where the busy site has its files."""


@pytest.fixture
def whole_books(busy_site: str, db: None) -> Iterator[None]:
    """Whatever was asked of an operation, no money has appeared or gone."""
    yield
    assert verify() == []


@settings(max_examples=examples(6, 50), deadline=None, suppress_health_check=list(HealthCheck))
def is_answered_as_documented(case: schemathesis.Case, key: str) -> None:
    # This machine's other name, localhost, is where requesters' own pages are served, and nothing else.
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}", "Host": "127.0.0.1"}
    case.call_and_validate(checks=CHECKS)


@cache
def found_in_the_source() -> FeedbackSources:
    """Return the constants of the code, some of which a made-up request is made of."""
    return FeedbackSources(constants_value_source=make_constants_value_source(described))


@pytest.mark.parametrize("operation", sorted(operations())[:: examples(3, 1)])
def test_a_made_up_request_is_answered_as_documented(
    operation: str, busy_site: str, whole_books: None
) -> None:
    """Of a third of all operations in the gate, of all in the long run.

    There each value goes through what a shape allows and forbids too; `test_bad_shapes` does so with a few.
    The library's own way makes all requests of all operations up whenever somebody looks for tests.
    """
    described.config.phases.coverage.enabled = bool(examples(0, 1))
    method, path, _said = operations()[operation]
    ask = build_operation_test(
        config=described.config,
        operation=described[path][method],
        test_func=is_answered_as_documented,
        given_kwargs={},
        feedback=found_in_the_source(),
    )
    ask(key=busy_site)
