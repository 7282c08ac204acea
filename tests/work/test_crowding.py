"""Many at once: every place is given out once, every cent set aside once."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from tests.builders import (
    ANSWER,
    HOT,
    NOON,
    a_draft,
    a_project,
    a_requester,
    a_submission,
    a_worker,
    as_if_tried,
)

from canut.kernel.clock import now
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.work.hot.statements import submit_and_next
from canut.work.models import Assignment, Submission
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.usefixtures("committed")


def at_once(calls: list[Callable[[], Any]], threads: int = 16) -> list[Any]:
    """Run all the calls on several connections and return what each returned or refused."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, calls))


def test_of_a_hundred_who_take_a_task_with_seven_places_seven_get_one() -> None:
    project = a_project(owner=a_requester(), rows=1, answers=7)
    workers = [a_worker(password=None) for _ in range(100)]
    got = at_once([lambda w=w: take_task(by=w, project_id=project.pk, at=NOON) for w in workers])
    assert sum(isinstance(one, Assignment) for one in got) == 7
    assert got.count("none_left") == 93
    assert Assignment.objects.filter(project=project, state="held").count() == 7


def test_two_clicks_at_once_take_one_task() -> None:
    project = a_project(owner=a_requester(), rows=5)
    worker = a_worker(password=None)
    got = at_once([lambda: take_task(by=worker, project_id=project.pk, at=NOON).pk] * 8)
    assert len(set(got)) == 1


def test_nobody_passes_the_cap_by_taking_from_many_projects_at_once() -> None:
    owner, worker = a_requester(), a_worker(password=None)
    projects = [a_project(owner=owner, rows=1) for _ in range(14)]
    got = at_once([lambda p=p: take_task(by=worker, project_id=p.pk, at=NOON) for p in projects])
    assert sum(isinstance(one, Assignment) for one in got) == 8
    assert got.count("too_many_in_hand") == 6


def test_one_answer_handed_in_twice_at_once_is_one_submission() -> None:
    project = a_project(owner=a_requester(), rows=2)
    worker = a_worker(password=None)
    held = take_task(by=worker, project_id=project.pk, at=NOON)

    def hand_in() -> int:
        handed = submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=1, at=NOON)
        return handed.submission.pk

    assert len(set(at_once([hand_in] * 6))) == 1
    assert Submission.objects.count() == 1


def test_approving_twice_at_once_pays_once() -> None:
    requester, worker = a_requester(), a_worker(password=None)
    submission = a_submission(worker=worker, project=a_project(owner=requester, rows=1))
    at_once([lambda: approve_submission(submission_id=submission.pk, by=requester, at=NOON).pk] * 6)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60
    assert verify() == []


def test_of_two_published_at_once_with_money_for_one_one_goes_live() -> None:
    requester = a_requester(money_minor=900)  # each costs 60 x 10 + charges 66 + reserve 150 = 816
    drafts = [a_draft(owner=requester, rows=10) for _ in range(2)]
    for draft in drafts:
        as_if_tried(draft)
    got = at_once([lambda d=d: publish_project(project_id=d.pk, by=requester, at=NOON).state for d in drafts])
    assert sorted(got) == ["insufficient_funds", "live"]
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 900 - 816
    assert verify() == []


def test_the_sweep_and_a_late_submission_agree_on_who_was_first() -> None:
    project = a_project(owner=a_requester(), rows=1)
    worker = a_worker(password=None)
    held = take_task(by=worker, project_id=project.pk, at=NOON)
    late = NOON + timedelta(seconds=601)
    got = at_once(
        [
            lambda: expire_leases(at=late),
            lambda: submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=1, at=late),
            lambda: expire_leases(at=late),
        ]
    )
    assert got[1] == "lease_ran_out"
    assert got[0] + got[2] + expire_leases(at=late) == 1  # a sweep leaves alone what somebody is busy with
    held.refresh_from_db()
    assert held.state == "expired"


def test_fifty_workers_on_the_hot_path_never_over_assign_and_leave_nothing_undone() -> None:
    at = now()
    project = a_project(owner=a_requester(), rows=60, answers=3, at=at)
    workers = [a_worker(password=None) for _ in range(12)]

    def works_on(worker: Any) -> int:
        done = 0
        following = take_task(by=worker, project_id=project.pk, at=now())
        assignment_id, revision_id = following.pk, following.revision_id
        while True:
            handed = submit_and_next(
                key_hash=None,
                worker_id=worker.pk,
                assignment_id=assignment_id,
                revision_id=revision_id,
                answer_json='{"label": "dog"}',
                active_seconds=1,
                want_next=random.random() < 0.9,
                **HOT,
            )
            assert handed is not None
            done += 1
            if handed.next is not None:
                assignment_id = handed.next.assignment_id
                continue
            try:
                assignment_id = take_task(by=worker, project_id=project.pk, at=now()).pk
            except Refusal as refusal:
                assert refusal.code == "none_left"
                return done

    done = at_once([lambda w=w: works_on(w) for w in workers], threads=12)
    assert sum(done) == 180
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), count(DISTINCT (task_id, place_number)), count(DISTINCT (task_id, worker_id))
               FROM work_assignment WHERE state = 'submitted'"""
        )
        assert cursor.fetchone() == (180, 180, 180)
