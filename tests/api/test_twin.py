"""The submission endpoint and the fast lane before it: two doors, one answer."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from jsonschema import Draft202012Validator
from tests.api.calls import ROOT, Call, document, key_of, operations
from tests.api.scenarios.cast import Cast
from tests.builders import ANSWER

from canut.people.models import Person
from canut.site.fast_lane import fast_lane
from canut.work.hot.statements import RANKS
from canut.work.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's own connection, and with it what it has made, open through Django's handler."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def through_the_fast_lane(worker: Person, assignment_id: int, body: Mapping[str, Any]) -> tuple[bytes, bool]:
    """Return the answer, and whether Django was asked for it."""
    asked_django = []
    django = WSGIHandler()

    def behind(environ: dict[str, Any], start_response: Any) -> Any:
        asked_django.append(environ["PATH_INFO"])
        return django(environ, start_response)

    sent = json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"{ROOT}/assignments/{assignment_id}/submission",
        "HTTP_AUTHORIZATION": f"Bearer {key_of(worker, ['work'])}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(sent)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(sent),
        "wsgi.url_scheme": "http",
    }
    content = b"".join(fast_lane(behind)(environ, lambda *_started: None))
    return content, bool(asked_django)


def without_figures(content: bytes) -> bytes:
    """Blot out ids and moments, which differ; all else must be equal to the letter."""
    moments = re.sub(rb'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"', b'"moment"', content)
    return re.sub(rb":[0-9]+", b":1", moments)


@pytest.mark.parametrize("wants_next", [True, False])
def test_both_doors_answer_alike(wants_next: bool, cast: Cast) -> None:
    project = cast.live(rows=[{"text": 'É "quoted" \\ and \u2028 ½', "unseen": "secret"}] * 4, answers=2)
    mine, theirs = cast.held(project), cast.held(project, worker=cast.peer)
    Place.objects.filter(project=project, state="open").update(rank=RANKS - 1)  # behind any point drawn
    body = {"answer": ANSWER, "active_seconds": 12, "next": wants_next}
    fast, asked_django = through_the_fast_lane(
        cast.worker, mine.pk, {**body, "revision_id": mine.revision_id}
    )
    slow = Call(cast.peer, "POST", f"/assignments/{theirs.pk}/submission", body).answered()
    assert not asked_django
    if wants_next:
        both = [json.loads(fast), slow.json]
        assert all(answer["next"]["shown"] == {"text": 'É "quoted" \\ and \u2028 ½'} for answer in both)
        for answer in both:
            assert answer["next"].pop("sides_swapped") in (True, False)
        assert [list(answer) for answer in both] == [list(both[0])] * 2
        assert [list(answer["next"]) for answer in both] == [list(both[0]["next"])] * 2
    swapped = re.compile(rb'"sides_swapped":(true|false)')
    assert swapped.sub(b"", without_figures(fast)) == swapped.sub(b"", without_figures(slow.content))
    schema = operations()["hand_in"][2]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(schema | {"components": document()["components"]}).validate(json.loads(fast))


def test_what_is_no_plain_success_goes_on_to_the_twin(cast: Cast) -> None:
    held = cast.held(cast.live(rows=1))
    body = {"answer": {"label": "bird"}, "revision_id": held.revision_id}
    refused, asked_django = through_the_fast_lane(cast.worker, held.pk, body)
    assert (json.loads(refused)["code"], asked_django) == ("answer_refused", True)
    last, asked_django = through_the_fast_lane(cast.worker, held.pk, {**body, "answer": ANSWER, "next": True})
    assert (json.loads(last)["why_none"]["code"], asked_django) == ("none_left", True)


@pytest.mark.parametrize("seconds", [-1, 2**31, 10**30, 1.5, "12"])
def test_odd_times_are_refused_whichever_door_they_knock_at(seconds: Any, cast: Cast) -> None:
    held = cast.held()
    body = {"answer": ANSWER, "revision_id": held.revision_id, "active_seconds": seconds}
    refused, _asked = through_the_fast_lane(cast.worker, held.pk, body)
    assert json.loads(refused)["code"] == "bad_input"


def test_a_repeat_after_a_lost_answer_gets_the_same_submission_and_the_task_in_hand(cast: Cast) -> None:
    held = cast.held(cast.live(rows=3))
    Place.objects.filter(project=held.project_id, state="open").update(rank=RANKS - 1)
    body = {"answer": ANSWER, "revision_id": held.revision_id, "active_seconds": 5, "next": True}
    first, asked_django = through_the_fast_lane(cast.worker, held.pk, body)
    assert not asked_django
    again = Call(cast.worker, "POST", f"/assignments/{held.pk}/submission", body).answered()
    assert again.content == first
    assert again.headers["Idempotent-Replay"] == "true"
