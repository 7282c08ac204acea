"""Reports of broken tasks when many do things at once: one end of an assignment, and no way round a pause."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests.api.calls import wait_for_a_blocked_query
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker, taken
from tests.work.test_crowding import at_once

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.work.models import Assignment, BrokenReport, BrokenRow, Place, Submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.end_broken_rows import put_back_rows, withdraw_rows
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.usefixtures("committed")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SOON = NOON + 2 * MINUTE


def report(one: Assignment, *, at: Any = SOON) -> Callable[[], Any]:
    return lambda: report_broken(
        assignment_id=one.pk, kind="missing", words="No picture.", by=one.worker, at=at
    )


def hand_in(one: Assignment) -> Callable[[], Any]:
    return lambda: submit_answer(
        assignment_id=one.pk, by=one.worker, answer=ANSWER, active_seconds=9, at=SOON
    )


def test_an_assignment_ends_one_way_however_many_are_tried_at_once() -> None:
    owner = a_requester()
    project = a_project(owner=owner, rows=6)
    held = [taken(worker=a_worker(password=None), project=project) for _each in range(6)]
    for one in held:
        give_back = {"assignment_id": one.pk, "by": one.worker, "at": SOON}
        at_once([report(one), report(one), hand_in(one), lambda g=give_back: give_back_task(**g)])
    ended = dict(Assignment.objects.values_list("pk", "state"))
    assert set(ended.values()) <= {"broken", "submitted", "given_back"}
    broken = {pk for pk, state in ended.items() if state == "broken"}
    assert set(BrokenReport.objects.values_list("pk", flat=True)) == broken
    assert Submission.objects.count() == list(ended.values()).count("submitted")
    assert BrokenRow.objects.count() == len(broken)
    # And it is paid once, though two runners pay
    at_once([lambda: pay_top_ups(at=NOON + DAY)] * 3)
    for one in held:
        paid = party_total_minor(one.worker_id, Kind.EARNINGS, "EUR")
        assert paid == (50 if one.pk in broken else 0)
    assert verify() == []


def test_nobody_comes_round_a_pause_and_two_reports_of_one_worker_count_each_other() -> None:
    owner = a_requester()
    project = a_project(owner=owner, rows=3, answers=4)
    crowd = [a_worker(password=None) for _each in range(3)]
    for _task in range(3):
        held = [taken(worker=crowd[0], project=project)]
        held += [
            take_task(by=one, project_id=project.pk, task_id=held[0].task_id, at=NOON) for one in crowd[1:]
        ]
        at_once(
            [
                report(held[0]),
                lambda one=held[1]: give_back_task(assignment_id=one.pk, by=one.worker, at=SOON),
                hand_in(held[2]),
                lambda: take_task(by=a_worker(password=None), project_id=project.pk, at=SOON),
            ]
        )
        expire_leases(at=NOON + DAY)
    paused = BrokenRow.objects.filter(state="paused").values("task")
    assert not Place.objects.filter(task__in=paused, state__in=["open", "waiting"]).exists()
    assert Place.objects.filter(state="paused").exists()
    # Four are paid, one after the other; of two more at once one is: the same minutes are paid once
    worker = a_worker(password=None)
    for number in range(4):
        began = NOON + 3 * number * MINUTE
        report(
            taken(worker=worker, project=a_project(owner=owner, rows=1), at=began), at=began + 2 * MINUTE
        )()
    began = NOON + 12 * MINUTE
    at_once(
        [
            report(
                taken(worker=worker, project=a_project(owner=owner, rows=1), at=began), at=began + 2 * MINUTE
            )
            for _each in range(2)
        ]
    )
    pays = BrokenReport.objects.filter(worker=worker).values_list("unpaid_why", flat=True)
    assert sorted(pays) == [""] * 5 + ["too_soon"]
    assert verify() == []


def test_a_place_given_back_while_its_row_is_being_paused_waits_for_that_and_stays_paused() -> None:
    project = a_project(owner=a_requester(), rows=1, answers=2)
    reporter, leaver = (taken(worker=a_worker(password=None), project=project) for _each in range(2))

    def give_back() -> None:
        try:
            give_back_task(assignment_id=leaver.pk, by=leaver.worker, at=SOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            report(reporter)()
            running = thread.submit(give_back)
            wait_for_a_blocked_query()
        running.result(timeout=30)
    assert set(Place.objects.values_list("state", flat=True)) == {"paused"}


def test_a_row_is_decided_on_once_and_a_project_closed_meanwhile_keeps_nothing_open() -> None:
    owner = a_requester()
    for _each in range(3):
        project = a_project(owner=owner, rows=2, answers=2)
        held = [taken(worker=a_worker(password=None), project=project) for _each in range(2)]
        row_id = report(held[0])().row_id
        ask = {"project_id": project.pk, "row_ids": [row_id], "by": owner, "at": SOON}
        decided = at_once([lambda a=ask: put_back_rows(**a), lambda a=ask: withdraw_rows(**a)])
        assert sorted(decided) == [0, 1]
        at_once([report(held[1]), lambda p=project: close_project(project_id=p.pk, by=owner, at=SOON)])
        left = Place.objects.filter(project=project).exclude(state="closed")
        assert left.count() == Assignment.objects.filter(project=project, state="held").count()
        pay_top_ups(at=NOON + DAY)
        assert project_total_minor(project.pk, Kind.RESERVE) == 0
    assert verify() == []
