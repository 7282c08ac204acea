"""Requests at the same moment: each thing happens once, and nobody who follows misses any of it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from tests.api.calls import Answer, Call, in_own_connection, key_of, wait_for_a_blocked_query
from tests.api.scenarios.cast import Cast
from tests.builders import ANSWER, CHOICE_DESIGN, a_requester, a_worker, as_if_tried

from canut.kernel import clock
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import party_total_minor, verify
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.revoke_key import revoke_key
from canut.work.models import Assignment, Project, Submission, Upload
from canut.work.usecases.approve_submission import approve_submission


def at_once(calls: Sequence[Call]) -> list[Answer]:
    """Do all the calls, each on a thread of its own, none before all are ready."""
    ready = Barrier(len(calls))

    def one(call: Call) -> Answer:
        ready.wait(timeout=20)
        return in_own_connection(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return [running.result(timeout=60) for running in [threads.submit(one, call) for call in calls]]


@pytest.mark.usefixtures("committed")
def test_of_two_rotations_at_once_the_later_is_told_that_the_key_has_ended() -> None:
    worker = a_worker("worker")
    token = key_of(worker, ["account"])
    key_id = Call(None, "GET", "/me", token=token).answered().json["key_id"]
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            revoke_key(key_id=key_id, by=worker, at=clock.now())  # holds the key's row until the end
            late = threads.submit(in_own_connection, Call(None, "POST", "/keys/current/rotate", token=token))
            wait_for_a_blocked_query()
        assert late.result(timeout=20).code == "key_has_ended"


@pytest.mark.usefixtures("committed")
def test_ten_deposits_with_one_key_are_one_deposit_and_ten_equal_answers() -> None:
    requester = a_requester("requester", money_minor=0)
    call = Call(
        None,
        "POST",
        "/money/deposits",
        {"amount": "10.00"},
        headers={"Idempotency-Key": "once"},
        token=key_of(requester, ["money"]),
    )
    answers = at_once([call] * 10)
    assert {(answer.status, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sorted(answer.headers.get("Idempotent-Replay", "") for answer in answers) == [""] + ["true"] * 9
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 1_000
    assert verify() == []


@pytest.mark.usefixtures("committed")
def test_ten_bonuses_with_one_key_are_one_bonus() -> None:
    cast = Cast()
    submission = cast.handed_in()
    call = Call(
        None,
        "POST",
        f"/assignments/{submission.assignment_id}/bonus",
        {"amount": "1.00", "reason": "Thank you."},
        headers={"Idempotency-Key": "thanks"},
        token=key_of(cast.requester, ["money"]),
    )
    assert {answer.status for answer in at_once([call] * 10)} == {201}
    assert LedgerEntry.objects.filter(reason=Reason.BONUS).count() == 1


@pytest.mark.usefixtures("committed")
def test_of_twelve_workers_at_once_three_get_the_three_places() -> None:
    cast = Cast()
    project = cast.live(rows=1, answers=3)
    tokens = [key_of(a_worker(f"worker{number}"), ["work"]) for number in range(12)]
    answers = at_once([Call(None, "POST", f"/projects/{project.pk}/take", token=token) for token in tokens])
    assert sorted(answer.code for answer in answers) == ["200"] * 3 + ["none_left"] * 9
    assert Assignment.objects.filter(project=project).count() == 3


@pytest.mark.usefixtures("committed")
def test_of_two_publishes_at_once_with_money_for_one_the_other_changes_nothing() -> None:
    cast = Cast()
    cast.requester = a_requester("poor", money_minor=1_500)
    drafts = [cast.draft(rows=10), cast.draft(rows=10)]
    for draft in drafts:
        as_if_tried(draft)
    token = key_of(cast.requester, ["projects"])
    answers = at_once(
        [Call(None, "POST", f"/projects/{draft.pk}/publish", {}, token=token) for draft in drafts]
    )
    assert sorted(answer.code for answer in answers) == ["200", "insufficient_funds"]
    for draft in drafts:
        draft.refresh_from_db()
    assert sorted(draft.state for draft in drafts) == ["draft", "live"]
    assert party_total_minor(cast.requester.pk, Kind.BALANCE, "EUR") == 1_500 - 816
    assert verify() == []


@pytest.mark.usefixtures("committed")
def test_handing_in_twice_at_once_is_one_submission() -> None:
    cast = Cast()
    held = cast.held()
    call = Call(
        None,
        "POST",
        f"/assignments/{held.pk}/submission",
        {"answer": ANSWER, "active_seconds": 5, "next": True},
        token=key_of(cast.worker, ["work"]),
    )
    answers = at_once([call] * 6)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["submission_id"] for answer in answers}) == 1
    assert len({answer.json["next"]["assignment_id"] for answer in answers}) == 1
    assert Submission.objects.filter(assignment=held).count() == 1


@pytest.mark.django_db
def test_a_repeat_is_answered_to_the_letter_and_does_nothing_more(cast: Cast) -> None:
    call = cast.post(
        cast.requester, "/projects", {"title": "Cats", "design": CHOICE_DESIGN, "reward": "0.60"}
    )
    first, again = (call.but(headers={"Idempotency-Key": "cats"}).answered() for _time in range(2))
    assert (first.status, first.content) == (again.status, again.content)
    assert (first.headers.get("Idempotent-Replay"), again.headers.get("Idempotent-Replay")) == (None, "true")
    assert Project.objects.count() == 1
    assert call.answered().json["id"] != first.json["id"]  # without a key it is another project


@pytest.mark.django_db
def test_a_key_is_its_owners_alone_and_what_was_refused_may_be_tried_again(cast: Cast) -> None:
    key = {"Idempotency-Key": "shared"}
    refused = cast.post(cast.worker, "/projects", {"title": "Cats", "design": CHOICE_DESIGN}).but(headers=key)
    assert refused.answered().code == "requester_role_missing"
    choose_roles(by=cast.worker, worker=True, requester=True, at=cast.at)
    assert refused.answered().status == 201
    assert refused.but(by=cast.requester).answered().headers.get("Idempotent-Replay") is None


@pytest.mark.django_db
def test_a_file_sent_again_with_its_key_is_one_file_and_another_file_is_refused(cast: Cast) -> None:
    project = cast.draft()
    call = Call(
        cast.requester,
        "POST",
        f"/projects/{project.pk}/uploads?filename=rows.csv",
        raw=b"text\nA cat\n",
        content_type="application/octet-stream",
        headers={"Idempotency-Key": "file"},
    )
    first, again = call.answered(), call.answered()
    assert (first.content, again.headers.get("Idempotent-Replay")) == (again.content, "true")
    assert call.but(raw=b"text\nA dog\n").answered().code == "idempotency_key_reused"
    assert Upload.objects.count() == 1


# --- Following results ---


def followed(project_id: int, token: str, cursor: str | None = None, limit: int = 2) -> tuple[list[int], str]:
    """Read on from a cursor until there is no more; return what came, and where to go on."""
    found: list[int] = []
    while True:
        asked = f"/projects/{project_id}/results?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        page = Call(None, "GET", asked, token=token).answered().json
        found += [result["work"]["submission_id"] for result in page["items"]]
        cursor = page["cursor"]
        if not page["more"]:
            return found, str(cursor)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("kind", ["paid", "volunteer"])
def test_a_slow_approval_is_neither_stepped_over_nor_told_twice(kind: str) -> None:
    # Given work of four people, and one approval whose transaction takes its time
    cast = Cast()
    project = cast.live(rows=1, answers=4, kind=kind)
    first, slow, quick, last = (
        cast.handed_in(project, worker=a_worker(f"worker{number}")) for number in range(4)
    )
    token = key_of(cast.requester, ["results", "review"])
    approve_submission(submission_id=first.pk, by=cast.requester, at=clock.now())
    seen, cursor = followed(project.pk, token)
    assert seen == [first.pk]
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            approve_submission(submission_id=slow.pk, by=cast.requester, at=clock.now())
            # When somebody approves something else meanwhile
            approval = Call(None, "POST", f"/submissions/{quick.pk}/approve", token=token)
            running = threads.submit(in_own_connection, approval)
            wait_for_a_blocked_query()
            reader = read_elsewhere(project.pk, token, cursor)
            # Then a follower sees neither yet
            assert reader == ([], cursor)
        assert running.result(timeout=20).status == 200
    # and afterwards each of them once, in the order in which they became visible
    came, cursor = followed(project.pk, token, cursor)
    assert came == [slow.pk, quick.pk]
    approve_submission(submission_id=last.pk, by=cast.requester, at=clock.now())
    assert followed(project.pk, token, cursor)[0] == [last.pk]


def read_elsewhere(project_id: int, token: str, cursor: str) -> tuple[list[int], str]:
    """Follow results on another connection, which sees only what is committed."""

    def read() -> tuple[list[int], str]:
        try:
            return followed(project_id, token, cursor)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(read).result(timeout=20)


@pytest.mark.usefixtures("committed")
def test_a_follower_gets_each_result_once_however_many_people_approve_at_once() -> None:
    cast = Cast()
    project = cast.live(rows=3, answers=8)
    workers = [a_worker(f"worker{number}") for number in range(8)]
    work = [cast.handed_in(project, worker=worker) for worker in workers for _task in range(3)]
    token = key_of(cast.requester, ["results", "review"])
    finished = Event()

    def follow() -> list[int]:
        cursor, found = None, []
        try:
            while True:
                over = finished.is_set()
                came, cursor = followed(project.pk, token, cursor, limit=3)
                found += came
                if over:
                    return found
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(follow)
        for start in range(0, len(work), 6):
            calls = [
                Call(None, "POST", f"/submissions/{one.pk}/approve", token=token)
                for one in work[start : start + 6]
            ]
            assert {answer.status for answer in at_once(calls)} == {200}
        finished.set()
        found = following.result(timeout=60)
    assert sorted(found) == sorted(one.pk for one in work)
    assert verify() == []
