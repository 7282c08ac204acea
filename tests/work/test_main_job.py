"""One task's way: published, taken, handed in, decided, paid."""

from datetime import timedelta

import pytest
from tests.builders import ANSWER, NOON, a_project, a_submission
from tests.justice.cases import heard

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.people.models import Person
from canut.work.models import Assignment, Place
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


def test_a_reward_is_paid_once_however_often_approve_is_clicked(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, reward_minor=250, rows=1)
    submission = a_submission(worker=worker, project=project)
    for _click in range(2):
        approve_submission(submission_id=submission.pk, by=requester, at=NOON)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 250
    assert project_total_minor(project.pk, Kind.ESCROW) == 0
    assert verify() == []


def test_what_a_project_costs_is_what_it_is_charged_and_the_unused_comes_back(
    requester: Person, worker: Person
) -> None:
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    project = a_project(owner=requester, reward_minor=60, rows=10)
    # Ten places at 0.60: pay 6.00; fee 0.39, levies 0.12 + 0.06 + 0.06 + 0.03; reserve 1.50
    assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 600 + 39 + 12 + 6 + 6 + 3 + 150
    submission = a_submission(worker=worker, project=project)
    closed = close_project(project_id=project.pk, by=requester, at=NOON)
    # Kept: one reward of 0.60 and its charges, 0.07: half up of 3.9, 1.2, 0.6, 0.6 and 0.3 cents
    # The reserve stays until what was handed in is decided and settled: it may owe a top-up
    assert closed.refunded_minor == 600 + 66 - 60 - 7
    approve_submission(submission_id=submission.pk, by=requester, at=NOON)
    assert [project_total_minor(project.pk, kind) for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE)] == [
        0,
        0,
        0,
    ]
    assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 67
    assert verify() == []


def test_rework_is_paid_and_a_rejection_overturned_by_appeal_pays_from_escrow(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, reward_minor=60, rows=1)
    submission = a_submission(worker=worker, project=project)
    return_submission(submission_id=submission.pk, by=requester, reason="Look at the ears.", at=NOON)
    second = submit_answer(
        assignment_id=submission.assignment_id, by=worker, answer={"label": "dog"}, active_seconds=30, at=NOON
    ).submission
    assert second.attempt == 2
    reject_submission(
        submission_id=second.pk,
        by=requester,
        ground="wrong_answer",
        evidence="It meows.",
        reason="A cat.",
        at=NOON,
    )
    case = appeal_rejection(assignment_id=second.assignment_id, by=worker, at=NOON)
    heard(case, overturn=True, reason="It barks.", at=NOON)
    # 0.60 for the work, and two minutes at 15.00 an hour for the rework
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60 + 50
    assert project_total_minor(project.pk, Kind.ESCROW) == 0
    assert verify() == []


def test_the_next_task_comes_with_the_submission_and_none_is_done_twice(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=3)
    current = take_task(by=worker, project_id=project.pk, at=NOON)
    seen = {current.task_id}
    for _task in range(2):
        handed = submit_answer(
            assignment_id=current.pk,
            by=worker,
            answer=ANSWER,
            active_seconds=1,
            at=NOON + timedelta(seconds=1),
            want_next=True,
        )
        assert handed.next is not None
        current = handed.next
        seen.add(current.task_id)
    last = submit_answer(
        assignment_id=current.pk, by=worker, answer=ANSWER, active_seconds=1, at=NOON, want_next=True
    )
    assert (last.next, last.why_none and last.why_none.code) == (None, "none_left")
    assert len(seen) == 3
    assert Place.objects.filter(project=project, state="open").count() == 0
    assert Assignment.objects.filter(project=project, state="submitted").count() == 3
