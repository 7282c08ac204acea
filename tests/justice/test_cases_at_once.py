"""Cases when many do things at once: one case a rejection, one outcome a case, and the money once."""

import pytest
from tests.builders import a_project, a_requester, a_worker
from tests.justice.cases import heard
from tests.justice.test_cases import LATER, PAID, SOON, a_case
from tests.people.at_once import at_once
from tests.work.decided import a_rejected_submission

from canut.justice.models import Case
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.take_back_case import take_back_case
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.work.models import Appeal, Assignment
from canut.work.usecases.approve_submission import approve_submission

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize("overturn", [True, False])
def test_a_vote_and_a_change_of_mind_at_once_leave_one_outcome(overturn: bool) -> None:
    requester, worker = a_requester("ruth", password=None), a_worker("will", password=None)
    case = a_case(requester, worker)
    last = Assignment.objects.get(pk=case.subject_id).submissions.latest("attempt")
    at_once(
        lambda do: do(),
        lambda: heard(case, overturn=overturn, at=LATER),
        lambda: approve_submission(submission_id=last.pk, by=requester, at=LATER),
        lambda: take_back_case(case_id=case.pk, by=worker, at=LATER),
        lambda: heard(case, overturn=not overturn, at=LATER),
    )
    case.refresh_from_db()
    assignment, appeal = Assignment.objects.get(), Appeal.objects.get()
    paid = party_total_minor(worker.pk, Kind.EARNINGS, "EUR")
    assert (assignment.state, paid) == ("approved", PAID)  # the requester gives in, before or after
    said = {
        ("falls", "jury"): {("overturned", "jury")},
        ("stands", "jury"): {("upheld", "jury")},
        ("dropped", "taken_back"): {("dropped", "worker")},
        ("dropped", "other_side"): {("overturned", "requester")},
    }
    assert (appeal.state, appeal.decided_by) in said[case.state, case.decided_by]
    assert verify() == []


def test_two_clicks_at_once_open_one_case() -> None:
    worker = a_worker("will", password=None)
    project = a_project(owner=a_requester("ruth", password=None))
    submission = a_rejected_submission(worker=worker, project=project)
    given = {"assignment_id": submission.assignment_id, "by": worker, "at": SOON}
    cases = at_once(lambda _click: appeal_rejection(**given).pk, *range(4))
    assert len(set(cases)) == Case.objects.count() == Appeal.objects.count() == 1
