"""Both sides rate what they have had with each other, and nobody else's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.promises import broken, run

from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.reputation.models import Rating
from canut.reputation.queries import score_of, standing_of
from canut.work.models import Project, Submission
from canut.work.refusals import AssignmentNotFound, SubmissionNotFound
from canut.work.usecases.rate_requester import NothingHandedIn, rate_requester
from canut.work.usecases.rate_worker import Judged, RatedIsForeign, rate_worker, rate_workers

D = Decimal


def standing(worker: Person, project: Project) -> Decimal:
    return standing_of(worker.pk, requester_id=project.owner_id, group_id=project.group_id, at=NOON).value


@pytest.fixture
def project(requester: Person) -> Project:
    return a_project(owner=requester, rows=3)


@pytest.fixture
def submission(project: Project, worker: Person) -> Submission:
    return a_submission(worker=worker, project=project)


def test_a_rating_comes_back_to_the_requester_who_gave_it(submission, project, requester, worker):
    rate_worker(submission_id=submission.pk, by=requester, value=D(3), at=NOON)
    assert standing(worker, project) == D(3)
    rate_worker(submission_id=submission.pk, by=requester, value=D(1), at=NOON + timedelta(hours=1))
    assert standing(worker, project) == D(1)


def test_one_rates_the_work_on_one_s_own_projects_alone(submission, requester, stranger, worker):
    for who in (stranger, worker):
        with pytest.raises(SubmissionNotFound):
            rate_worker(submission_id=submission.pk, by=who, value=D(3), at=NOON)
    with pytest.raises(AssignmentNotFound):
        rate_requester(assignment_id=submission.assignment_id, by=stranger, value=D(3), at=NOON)
    assert not Rating.objects.exists()


def test_a_worker_rates_with_or_after_handing_in(project, worker, requester):
    held = taken(worker=worker, project=project)
    with pytest.raises(NothingHandedIn):
        rate_requester(assignment_id=held.pk, by=worker, value=D(3), at=NOON)
    done = a_submission(worker=worker, project=project)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=D(3), at=NOON)
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D(3)


def test_ratings_of_any_scale_are_stretched_over_the_call(project, requester):
    workers = [a_worker() for _ in range(3)]
    done = [a_submission(worker=worker, project=project) for worker in workers]
    lines = [
        Judged(one.assignment.task_id, worker.pk, D(weight))
        for one, worker, weight in zip(done, workers, (10, 55, 100), strict=True)
    ]
    rate_workers(judged=lines, by=requester, at=NOON)
    assert [standing(worker, project) for worker in workers] == [D(1), D(2), D(3)]


def test_one_foreign_line_refuses_them_all(project, submission, requester, worker, peer):
    other = a_project(owner=a_requester(), rows=1)
    theirs = a_submission(worker=peer, project=other)
    mine = Judged(submission.assignment.task_id, worker.pk, D(1))
    for foreign in (
        Judged(theirs.assignment.task_id, peer.pk, D(2)),
        Judged(submission.assignment.task_id, peer.pk, D(2)),
        Judged(2**60, worker.pk, D(2)),
    ):
        with pytest.raises(RatedIsForeign) as refused:
            rate_workers(judged=[mine, foreign], by=requester, at=NOON)
        assert refused.value.facts == {"index": 1}
    assert not Rating.objects.exists()


@pytest.mark.parametrize("weights", [[], ["NaN"], ["1", "1"]], ids=["none", "no number", "one twice"])
def test_what_makes_no_ratings_is_refused_whole(weights, submission, requester, worker):
    lines = [Judged(submission.assignment.task_id, worker.pk, D(weight)) for weight in weights]
    with pytest.raises(BadInput):
        rate_workers(judged=lines, by=requester, at=NOON)
    assert not Rating.objects.exists()


def test_history_can_be_left_behind(project, submission, requester, worker):
    second = a_submission(worker=worker, project=project)
    rate_worker(submission_id=submission.pk, by=requester, value=D(1), at=NOON)
    line = Judged(second.assignment.task_id, worker.pk, D(7))
    rate_workers(judged=[line], by=requester, at=NOON + timedelta(hours=1), ignore_history=True)
    assert standing(worker, project) == D(2)
    assert Rating.objects.count() == 2


def test_a_rating_hangs_on_an_assignment_and_a_group(submission, requester):
    rate_worker(submission_id=submission.pk, by=requester, value=D(2), at=NOON)
    columns = "side, rater_id, rated_id, value, given_at, assignment_id, group_id"
    for name, ids in (("rating_of_assignment", "0, group_id"), ("rating_in_group", "assignment_id, 0")):
        with broken(name):
            run(
                f"INSERT INTO reputation_rating ({columns})"
                f" SELECT 'worker', rater_id, rated_id, value, given_at, {ids} FROM reputation_rating"
            )
