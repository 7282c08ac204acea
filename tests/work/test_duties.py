"""Duties: tasks of a body's project, paid by a fund, for some people only, approved as they are handed in."""

import pytest
from tests.builders import ANSWER, NOON, a_worker
from tests.work.duties import a_duty, a_duty_task, fill_fund

from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor, party_total_minor, project_total_minor, verify
from canut.work.models import Decision
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


def test_smoke():
    fill_fund(1000)
    worker = a_worker()
    duty = a_duty()
    a_duty_task(duty, offered_to=[worker.pk])
    assert project_total_minor(duty.pk, Kind.ESCROW) == 100
    assert project_total_minor(duty.pk, Kind.RESERVE) == 25
    assignment = take_task(by=worker, project_id=duty.pk, at=NOON)
    submit_answer(assignment_id=assignment.pk, by=worker, answer=ANSWER, active_seconds=60, at=NOON)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 100
    assert fund_minor(Kind.GUILD_FUND, "EUR") == 875
    assert Decision.objects.get().automatic
    assert not verify()
