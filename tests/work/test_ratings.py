"""Both sides rate what they have had with each other, and nobody else's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import ANSWER, NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.promises import broken, run
from tests.work.rounds import a_crowd, fill_round

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import close_account
from canut.reputation.models import Rating
from canut.reputation.queries import score_of, standing_of
from canut.reputation.usecases.keep_regard import keep_regard
from canut.work.models import Project, Submission
from canut.work.refusals import AssignmentNotFound, SubmissionNotFound
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.rate_requester import NothingHandedIn, rate_requester, rate_requester_of_all
from canut.work.usecases.rate_worker import Judged, RatedIsForeign, rate_alike, rate_worker, rate_workers
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

D = Decimal


def standing(worker: Person, project: Project) -> Decimal:
    return standing_of(worker.pk, requester_id=project.owner_id, group_id=project.group_id, at=NOON).value


def decided(submission: Submission, decision: str, *, by: Person) -> Submission:
    """Return work decided so; what is rejected was returned and handed in again before."""
    if decision == "approved":
        approve_submission(submission_id=submission.pk, by=by, at=NOON)
    if decision in ("returned", "rejected"):
        return_submission(submission_id=submission.pk, by=by, reason="Look again.", at=NOON)
    if decision == "rejected":
        worker = Person.objects.get(pk=submission.assignment.worker_id)
        submission = submit_answer(
            assignment_id=submission.assignment_id, by=worker, answer=ANSWER, active_seconds=60, at=NOON
        ).submission
        because = {"ground": "wrong_answer", "evidence": "A cat.", "reason": "It is a dog."}
        reject_submission(submission_id=submission.pk, by=by, **because, at=NOON)
    return submission


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
    columns = "side, rater_id, rated_id, value, given_at, counts_until, assignment_id, group_id"
    for name, ids in (("rating_of_assignment", "0, group_id"), ("rating_in_group", "assignment_id, 0")):
        with broken(name):
            run(
                f"INSERT INTO reputation_rating ({columns})"
                f" SELECT side, rater_id, rated_id, value, given_at, given_at, {ids} FROM reputation_rating"
            )


# --- One at a time ---


def test_the_same_value_again_changes_nothing_and_is_no_event(submission, requester):
    for hours in (0, 1):
        rate_worker(submission_id=submission.pk, by=requester, value=D(3), at=NOON + timedelta(hours=hours))
    assert Rating.objects.count() == Event.objects.filter(name="worker.rated").count() == 1


def test_a_value_is_kept_with_two_decimals_and_again_is_the_same(submission, requester):
    for _time in range(2):
        kept = rate_worker(submission_id=submission.pk, by=requester, value=D("2.345"), at=NOON)
    assert (kept.value, Rating.objects.count()) == (D("2.35"), 1)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+400", "0.999", "3.001"])
def test_what_is_no_rating_is_refused(value, submission, requester):
    with pytest.raises(BadInput):
        rate_worker(submission_id=submission.pk, by=requester, value=D(value), at=NOON)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("decision", ["none", "approved", "returned", "rejected"])
def test_work_may_be_rated_whatever_was_decided_of_it(decision, project, requester, worker):
    submission = decided(a_submission(worker=worker, project=project), decision, by=requester)
    rate_worker(submission_id=submission.pk, by=requester, value=D(3), at=NOON)
    rate_requester(assignment_id=submission.assignment_id, by=worker, value=D(1), at=NOON)
    assert Rating.objects.count() == 2


def test_people_who_blocked_each_other_may_still_say_what_they_think(project, submission, requester, worker):
    block_person(person_id=worker.pk, by=requester, at=NOON)
    rate_worker(submission_id=submission.pk, by=requester, value=D(1), at=NOON)
    rate_requester(assignment_id=submission.assignment_id, by=worker, value=D(1), at=NOON)
    assert Rating.objects.count() == 2


def test_work_of_somebody_who_has_left_may_be_rated_and_their_word_still_counts(
    project, requester, worker, peer
):
    done = a_submission(worker=worker, project=project)
    approve_submission(submission_id=done.pk, by=requester, at=NOON)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=D(3), at=NOON)
    keep_regard(worker_id=worker.pk, requester_id=requester.pk, decided_at=NOON)
    close_account(by=worker, what_is_open=lambda _party: [], at=NOON)
    rate_worker(submission_id=done.pk, by=requester, value=D(1), at=NOON)
    assert standing(worker, project) == D(1)
    assert score_of(requester.pk, worker_id=peer.pk, at=NOON) == D(3)


def test_one_call_rates_the_same_work_once_and_either_all_or_none(project, submission, requester, worker):
    second = a_submission(worker=worker, project=project)
    alike = {"by": requester, "value": D(3), "at": NOON}
    with pytest.raises(SubmissionNotFound):
        rate_alike(submission_ids=[submission.pk, 2**60], **alike)
    assert not Rating.objects.exists()
    ids = [submission.pk, second.pk, submission.pk]
    assert [one.is_new for one in rate_alike(submission_ids=ids, **alike)] == [True, True]


def test_a_worker_may_rate_a_requester_for_all_they_did_for_them(project, worker, requester, stranger):
    of_all = {"requester_id": requester.pk, "by": worker}
    with pytest.raises(NothingHandedIn):
        rate_requester_of_all(**of_all, value=D(3), at=NOON)
    first, second = (a_submission(worker=worker, project=project) for _ in range(2))
    rate_requester_of_all(**of_all, value=D(3), at=NOON)
    assert Rating.objects.get().assignment_id == second.assignment_id
    # A later word about an older task counts in the feed, until the first is said anew
    rate_requester(assignment_id=first.assignment_id, by=worker, value=D(1), at=NOON + timedelta(hours=1))
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D(1)
    for _time in range(2):
        rate_requester_of_all(**of_all, value=D(3), at=NOON + timedelta(hours=2))
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D(3)
    assert Rating.objects.count() == 3
    with pytest.raises(NothingHandedIn):
        rate_requester_of_all(requester_id=stranger.pk, by=worker, value=D(3), at=NOON)


# --- Many at a time ---


def lines_of(submissions, weights):
    return [
        Judged(one.assignment.task_id, one.assignment.worker_id, D(weight))
        for one, weight in zip(submissions, weights, strict=True)
    ]


def test_the_same_call_again_changes_nothing_with_or_without_history(project, requester):
    done = [a_submission(worker=a_worker(), project=project) for _ in range(3)]
    for ignores in (False, True, True):
        rate_workers(judged=lines_of(done, (1, 2, 5)), by=requester, at=NOON, ignore_history=ignores)
    assert Rating.objects.count() == 3
    assert not Rating.objects.filter(counts_until__isnull=False).exists()


@pytest.mark.parametrize(
    ("weights", "values"),
    [
        (("-1E+9", "0", "1E+9"), ("1.00", "2.00", "3.00")),
        (("1E-400", "2E-400", "0"), ("2.00", "2.00", "2.00")),
        (("0.1", "0.30000000000000004", "0.2"), ("1.00", "3.00", "2.00")),
        (("0", "400", "1"), ("1.00", "3.00", "1.01")),  # 1.005, half up
    ],
    ids=["largest", "all but equal", "floats", "half up"],
)
def test_weights_of_any_size_come_onto_the_scale(weights, values, project, requester):
    done = [a_submission(worker=a_worker(), project=project) for _ in range(3)]
    rated = rate_workers(judged=lines_of(done, weights), by=requester, at=NOON)
    assert [str(one.rating.value) for one in rated] == list(values)


@pytest.mark.parametrize("weight", ["NaN", "sNaN", "Infinity", "1000000000.1", "-1E+999999"])
def test_a_weight_that_is_no_usable_number_refuses_the_call_and_says_its_line(weight, project, requester):
    done = [a_submission(worker=a_worker(), project=project) for _ in range(2)]
    with pytest.raises(BadInput) as refused:
        rate_workers(judged=lines_of(done, ("1", weight)), by=requester, at=NOON)
    assert refused.value.facts["index"] == 1
    assert not Rating.objects.exists()


def test_a_line_names_its_work_in_one_way_and_each_work_once(submission, requester, worker):
    task_id, number = submission.assignment.task_id, submission.pk
    pair = Judged(task_id, worker.pk, D(1))
    for wrong in (
        Judged(None, None, D(1)),
        Judged(task_id, None, D(1)),
        Judged(task_id, worker.pk, D(1), number),
        Judged(None, None, D(2), number),  # the work of the first line
    ):
        with pytest.raises(BadInput) as refused:
            rate_workers(judged=[pair, wrong], by=requester, at=NOON)
        assert refused.value.facts["index"] == 1
    with pytest.raises(RatedIsForeign):
        rate_workers(judged=[pair, Judged(None, None, D(1), 2**60)], by=requester, at=NOON)
    with pytest.raises(BadInput):
        rate_workers(judged=[pair] * 1001, by=requester, at=NOON)
    assert not Rating.objects.exists()


def test_a_line_may_name_a_submission_of_ones_own(submission, requester, worker, stranger):
    rate_workers(judged=[Judged(None, None, D(9), submission.pk)], by=requester, at=NOON)
    assert Rating.objects.get().value == D(2)
    with pytest.raises(RatedIsForeign):
        rate_workers(judged=[Judged(None, None, D(9), submission.pk)], by=stranger, at=NOON)


def test_the_number_of_queries_does_not_grow_with_the_number_of_lines(
    requester, django_assert_max_num_queries
):
    project = a_project(owner=requester, rows=12)
    done = [a_submission(worker=a_worker(), project=project) for _ in range(12)]
    lines = lines_of(done, range(12))
    with django_assert_max_num_queries(25):
        rate_workers(judged=lines[:2], by=requester, at=NOON)
    with django_assert_max_num_queries(25):
        rate_workers(judged=lines, by=requester, at=NOON, ignore_history=True)


# --- Prototype rounds: their workers are rated, and not named ---


@pytest.fixture
def tried(requester):
    """Return a project that goes on after its round, and a worker of the round who works on in it."""
    project = a_project(owner=requester, rows=16, untried=True, title="Tried")
    crowd = a_crowd(4)
    fill_round(project, crowd)
    launch_project(project_id=project.pk, by=requester, at=NOON)
    project.refresh_from_db()
    of_round = Submission.objects.filter(project=project, assignment__round__isnull=False).order_by("pk")[0]
    return project, of_round, Person.objects.get(pk=of_round.assignment.worker_id)


def test_work_of_a_round_is_rated_by_its_submission_and_counts(tried, requester):
    project, of_round, who = tried
    rate_workers(judged=[Judged(None, None, D(1), of_round.pk)], by=requester, at=NOON)
    assert standing(who, project) == D(2)
    rate_worker(submission_id=of_round.pk, by=requester, value=D(3), at=NOON)
    assert standing(who, project) == D(3)


def test_trying_out_who_worked_in_a_round_finds_nobody(tried, requester):
    _project, of_round, who = tried
    for guess in (who, a_worker()):
        line = Judged(of_round.assignment.task_id, guess.pk, D(1))
        with pytest.raises(RatedIsForeign):
            rate_workers(judged=[line], by=requester, at=NOON)


def test_leaving_history_behind_does_not_tell_who_worked_in_a_round(tried, requester):
    project, of_round, who = tried
    later = a_submission(worker=who, project=project)
    rate_worker(submission_id=of_round.pk, by=requester, value=D(3), at=NOON)
    rate_worker(submission_id=later.pk, by=requester, value=D(1), at=NOON)
    by_number = {"by": requester, "at": NOON + timedelta(hours=1), "ignore_history": True}
    rate_workers(judged=[Judged(None, None, D(1), of_round.pk)], **by_number)
    assert Rating.objects.get(assignment_id=later.assignment_id).counts_until is None
    newest = a_submission(worker=who, project=project)
    rate_workers(judged=lines_of([newest], [1]), **by_number)
    assert Rating.objects.get(assignment_id=later.assignment_id).counts_until is not None
    assert Rating.objects.filter(assignment_id=of_round.assignment_id, counts_until=None).exists()
