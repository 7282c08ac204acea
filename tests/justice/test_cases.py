"""Cases: opened once, ended once, by peers, by nobody, or by a side that gives in."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_project, a_requester, a_worker
from tests.work.decided import a_rejected_submission

from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.decide_case import decide_case
from canut.work.models import Appeal, Assignment

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)


def test_peers_let_a_rejection_fall_and_the_worker_is_paid_once():
    requester, worker = a_requester(), a_worker()
    submission = a_rejected_submission(worker=worker, project=a_project(owner=requester))
    case = appeal_rejection(
        assignment_id=submission.assignment_id, by=worker, words="Look again.", at=NOON + timedelta(hours=5)
    )
    for _vote in range(2):
        decide_case(case_id=case.pk, outcome=CaseState.FALLS, by=CaseBy.JURY, reason="It is a cat.", at=LATER)
    case.refresh_from_db()
    assert (case.state, case.decided_by, case.reason) == ("falls", "jury", "It is a cat.")
    assignment = Assignment.objects.get(pk=submission.assignment_id)
    assert (assignment.state, assignment.held_until) == ("approved", None)
    appeal = Appeal.objects.get(assignment=assignment)
    assert (appeal.state, appeal.decided_by, appeal.heard_by) == ("overturned", "jury", None)
