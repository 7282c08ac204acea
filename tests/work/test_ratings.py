"""Workers rate the requesters they have worked for, and nobody else."""

from decimal import Decimal

import pytest
from tests.builders import NOON, a_project, a_submission, taken
from tests.promises import broken, run

from canut.people.models import Person
from canut.reputation.models import Rating
from canut.reputation.queries import score_of
from canut.work.models import Project, Submission
from canut.work.refusals import AssignmentNotFound
from canut.work.usecases.rate_requester import NothingHandedIn, rate_requester

D = Decimal


@pytest.fixture
def project(requester: Person) -> Project:
    return a_project(owner=requester, rows=3)


@pytest.fixture
def submission(project: Project, worker: Person) -> Submission:
    return a_submission(worker=worker, project=project)


def test_one_rates_the_requesters_of_one_s_own_work_alone(submission, requester, stranger):
    for who in (stranger, requester):
        with pytest.raises(AssignmentNotFound):
            rate_requester(assignment_id=submission.assignment_id, by=who, value=D(3), at=NOON)
    assert not Rating.objects.exists()


def test_a_worker_rates_with_or_after_handing_in(project, worker, requester):
    held = taken(worker=worker, project=project)
    with pytest.raises(NothingHandedIn):
        rate_requester(assignment_id=held.pk, by=worker, value=D(3), at=NOON)
    done = a_submission(worker=worker, project=project)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=D(3), at=NOON)
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D(3)


def test_a_rating_hangs_on_an_assignment_and_a_group(submission, worker):
    rate_requester(assignment_id=submission.assignment_id, by=worker, value=D(2), at=NOON)
    columns = "side, rater_id, rated_id, value, given_at, assignment_id, group_id"
    for name, ids in (("rating_of_assignment", "0, group_id"), ("rating_in_group", "assignment_id, 0")):
        with broken(name):
            run(
                f"INSERT INTO reputation_rating ({columns})"
                f" SELECT 'worker', rater_id, rated_id, value, given_at, {ids} FROM reputation_rating"
            )
