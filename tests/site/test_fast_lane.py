"""The fast lane does what its twin does, and leaves to the twin what it cannot say."""

import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.builders import a_project, a_worker

from canut.kernel.clock import now
from canut.kernel.models import Event
from canut.people.models import Person
from canut.people.usecases.create_key import create_key
from canut.site.fast_lane import fast_lane
from canut.work.hot.statements import RANKS
from canut.work.models import Assignment, Place, Submission
from canut.work.usecases.take_task import take_task
from canut.work.work_token import WorkToken, read, sign

pytestmark = pytest.mark.django_db
HANDED_ON: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def _nothing_handed_on_yet() -> None:
    HANDED_ON.clear()


def twin(environ: dict[str, Any], _start: Any) -> list[bytes]:
    """Stand where Django stands, and note what comes through, body and all."""
    HANDED_ON.append({"body": environ["wsgi.input"].read(), **environ})
    return [b"twin"]


lane = fast_lane(twin)


def post(path: str, body: bytes, **headers: str) -> tuple[str, bytes]:
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **headers,
    }
    reply = b"".join(lane(environ, lambda status, head: said.append((status, dict(head)))))
    return (said[0][0] if said else "twin"), (
        said[0][1].get("Location", "").encode() or reply if said else reply
    )


@pytest.fixture
def held(requester: Person, worker: Person) -> Assignment:
    project = a_project(owner=requester, rows=3, at=now())
    Place.objects.filter(project=project).update(rank=RANKS - 1)  # behind whatever point is drawn
    return take_task(by=worker, project_id=project.pk, at=now())


@pytest.fixture
def key(worker: Person) -> str:
    return create_key(by=worker, name="bench", scopes=["work"], at=now()).token


def by_program(held: Assignment, key: str, **changed: Any) -> tuple[str, bytes]:
    sent = {
        "answer": {"label": "cat"},
        "revision_id": held.revision_id,
        "active_seconds": 5,
        "next": True,
    } | changed
    return post(
        f"/api/v1/assignments/{held.pk}/submission",
        json.dumps(sent).encode(),
        HTTP_AUTHORIZATION=f"Bearer {key}",
        CONTENT_TYPE="application/json",
    )


def by_page(held: Assignment, **changed: str) -> tuple[str, bytes]:
    token = sign(WorkToken(held.worker_id, held.pk, held.revision_id, int(held.lease_until.timestamp())))
    form = {"work_token": token, "answer-label": "dog", "active_seconds": "7", "next": "1", "next_was": "1"}
    return post(
        f"/work/{held.pk}/hand-in",
        urlencode(form | changed).encode(),
        CONTENT_TYPE="application/x-www-form-urlencoded",
    )


def test_a_program_hands_in_and_has_the_next_task(held: Assignment, key: str, worker: Person) -> None:
    status, body = by_program(held, key)
    assert status == "200 OK"
    reply = json.loads(body)
    submission = Submission.objects.get()
    assert (reply["submission_id"], submission.answer, submission.active_seconds) == (
        submission.pk,
        {"label": "cat"},
        5,
    )
    following = Assignment.objects.get(pk=reply["next"]["assignment_id"])
    assert (following.worker_id, following.state, following.task_id) == (
        worker.pk,
        "held",
        reply["next"]["task_id"],
    )
    assert following.task_id != held.task_id
    assert following.lease_until - following.taken_at == timedelta(seconds=600)
    assert reply["next"]["shown"] == following.task.shown
    assert Place.objects.filter(project=held.project, state="taken").count() == 2
    names = list(
        Event.objects.filter(subject_kind="assignment").order_by("pk").values_list("name", flat=True)
    )
    assert names == ["assignment.taken", "assignment.submitted", "assignment.taken"]


def test_the_page_hands_in_and_is_sent_to_the_next_task(held: Assignment) -> None:
    status, location = by_page(held)
    following = Assignment.objects.get(state="held")
    assert (status, location.decode()) == ("303 See Other", f"/work/{following.pk}/")
    assert Submission.objects.get().answer == {"label": "dog"}


@pytest.mark.parametrize(
    "changed",
    [
        {"answer": {"label": "horse"}},
        {"answer": {}},
        {"answer": {"label": "cat", "extra": 1}},
        {"answer": "cat"},
        {"revision_id": 999_999},
        {"active_seconds": -1},
        {"active_seconds": 10**12},
        {"surprise": True},
    ],
    ids=str,
)
def test_what_is_not_right_is_handed_on_whole_and_changes_nothing(
    held: Assignment, key: str, changed: dict[str, Any]
) -> None:
    assert by_program(held, key, **changed) == ("twin", b"twin")
    assert json.loads(HANDED_ON[0]["body"])["next"] is True
    held.refresh_from_db()
    assert held.state == "held"
    assert not Submission.objects.exists()


def test_a_strange_key_a_revoked_one_and_another_workers_hand_nothing_in(
    held: Assignment, worker: Person
) -> None:
    other = create_key(by=a_worker(), name="x", scopes=["work"], at=now()).token
    narrow = create_key(by=worker, name="x", scopes=["account"], at=now()).token
    ended = create_key(
        by=worker,
        name="x",
        scopes=["work"],
        at=now() - timedelta(days=2),
        expires_at=now() - timedelta(days=1),
    ).token
    for key in ("cnt_nothing", other, narrow, ended):
        assert by_program(held, key)[0] == "twin"
    assert not Submission.objects.exists()


def test_a_lease_that_ran_out_hands_nothing_in(held: Assignment, key: str) -> None:
    Assignment.objects.filter(pk=held.pk).update(lease_until=held.taken_at + timedelta(microseconds=1))
    assert by_program(held, key)[0] == "twin"
    assert by_page(held)[0] == "twin"
    assert not Submission.objects.exists()


def test_a_forged_or_foreign_work_token_is_handed_on(held: Assignment) -> None:
    good = sign(WorkToken(held.worker_id, held.pk, held.revision_id, int(held.lease_until.timestamp())))
    body, _dot, signature = good.rpartition(".")
    for token in (
        "",
        "x",
        "....",
        body + "." + "0" * 64,
        good.replace(str(held.worker_id), str(held.worker_id + 1), 1),
        sign(WorkToken(held.worker_id, held.pk + 1, held.revision_id, int(held.lease_until.timestamp()))),
        sign(WorkToken(held.worker_id, held.pk, held.revision_id, 1)),
    ):
        assert by_page(held, work_token=token)[0] == "twin"
    assert not Submission.objects.exists()
    assert read(good, now=held.lease_until.timestamp() + 1) is None
    assert signature != "0" * 64


def test_handing_in_twice_is_recognised_by_the_twin(held: Assignment, worker: Person, client: Client) -> None:
    by_page(held)
    assert by_page(held)[0] == "twin"  # the lane does nothing the second time
    client.force_login(worker)
    form = {"answer-label": "dog", "next": "1", "next_was": "1"}
    again = client.post(f"/work/{held.pk}/hand-in", form)
    assert again.headers["Location"] == f"/work/{Assignment.objects.get(state='held').pk}/"
    assert Submission.objects.count() == 1


def test_when_nothing_lies_behind_the_point_drawn_the_twin_looks_further(held: Assignment, key: str) -> None:
    Place.objects.filter(project=held.project, state="open").update(rank=0)
    status, _body = by_program(held, key)  # the point drawn is above 0, but for one in two billion
    assert status == "twin"
    assert Submission.objects.count() == 1
