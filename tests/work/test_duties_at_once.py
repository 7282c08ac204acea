"""Duties when many do things at once: one place is one person's, and what is withdrawn nobody has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders import ANSWER, NOON, a_worker
from tests.work.duties import a_duty, a_duty_task, fill_fund, in_fund, to_judge
from tests.work.test_crowding import at_once

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.reputation.models import RequesterRecord
from canut.reputation.usecases.update_records import update_records
from canut.work.models import Assignment, Decision, Task
from canut.work.queries.setting_aside import spoken_for
from canut.work.usecases.add_duty import add_duty
from canut.work.usecases.end_duty import end_duty
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task
from canut.work.usecases.withdraw_task import withdraw_task

pytestmark = pytest.mark.usefixtures("committed")


def test_of_several_who_claim_one_duty_one_has_it_and_handing_in_twice_pays_once() -> None:
    fill_fund(1_000)
    duty = a_duty()
    workers = [a_worker(password=None) for _ in range(8)]
    a_duty_task(duty, offered_to=[one.pk for one in workers])
    got = at_once([lambda w=one: take_task(by=w, project_id=duty.pk, at=NOON) for one in workers])
    (held,) = [one for one in got if isinstance(one, Assignment)]
    assert got.count("none_left") == 7
    by = next(one for one in workers if one.pk == held.worker_id)
    at_once(
        [lambda: submit_answer(assignment_id=held.pk, by=by, answer=ANSWER, active_seconds=60, at=NOON)] * 4
    )
    assert party_total_minor(by.pk, Kind.EARNINGS, "EUR") == 100
    assert Decision.objects.count() == 1
    update_records(at=NOON)
    assert not RequesterRecord.objects.exists()  # nobody's record, for a fund is no requester
    assert verify() == []


def test_a_task_is_withdrawn_or_taken_and_never_both() -> None:
    fill_fund(12 * 125)
    duty = a_duty()
    workers = [a_worker(password=None) for _ in range(6)]
    tasks = [a_duty_task(duty, offered_to=[one.pk]) for one in workers]
    calls: list[Callable[[], Any]] = []
    for worker, task in zip(workers, tasks, strict=True):
        calls.append(lambda w=worker: take_task(by=w, project_id=duty.pk, at=NOON))
        calls.append(lambda t=task: withdraw_task(task_id=t.pk, at=NOON))
    got = at_once([*calls, lambda: end_duty(project_id=duty.pk, at=NOON)])
    taken = sum(isinstance(one, Assignment) for one in got)
    withdrawn = sum(one is True for one in got[1:-1:2])
    assert taken + withdrawn == 6
    assert Assignment.objects.filter(state="held").count() == taken
    assert in_fund() == 12 * 125 - taken * 125
    assert project_total_minor(duty.pk, Kind.ESCROW) == taken * 100
    assert verify() == []


def test_a_fund_pays_only_what_it_holds_when_two_duties_draw_on_it_at_once() -> None:
    fill_fund(3 * 125 + 124)
    duties = [a_duty(), a_duty()]
    got = at_once([lambda d=one: add_duty(project_id=d.pk, asked=to_judge(), at=NOON) for one in duties * 4])
    assert got.count("insufficient_funds") == 5
    assert Task.objects.count() == 3
    assert in_fund() == 124
    assert verify() == []


def test_what_is_spoken_for_is_counted_at_one_moment() -> None:
    """A place that moved between two counts would be in neither, and its money given away."""
    fill_fund(3 * 125)
    duty = a_duty()
    a_duty_task(duty)
    with CaptureQueriesContext(connection) as queries:
        assert spoken_for(duty).kept_minor == 100
    counting = [
        one["sql"] for one in queries if "work_place" in one["sql"] or "work_assignment" in one["sql"]
    ]
    assert len(counting) == 1
