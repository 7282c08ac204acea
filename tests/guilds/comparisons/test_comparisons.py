"""Comparing accepted answers: what is asked once, who is asked, what it costs, and what comes of it."""

from datetime import timedelta
from math import ceil

import pytest
import trueskill
from tests.builders import NOON, a_draft, a_requester, a_submission, a_worker
from tests.charter.log_lines import a_line
from tests.guilds.comparisons.compared import (
    LATER,
    a_crowd,
    accepted,
    asked,
    authors,
    judged,
    pairs_of,
    who_may,
)
from tests.work.rounds import PUBLISH

from canut.charter import log
from canut.guilds.comparisons.models import Comparison, ComparisonProject, Pair
from canut.guilds.comparisons.queries import all_scored, comparisons_page
from canut.guilds.comparisons.refusals import (
    NobodyToCompare,
    NothingToCompare,
    RoundNotReached,
)
from canut.guilds.comparisons.usecases.ask_comparison import offer_comparison
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput, Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.models import Person
from canut.work.access import RequesterRoleMissing
from canut.work.models import Project, ShownWork, Task, TaskBar, TaskOffer
from canut.work.queries.feed import feed_page
from canut.work.refusals import ProjectNotFound, TaskNotFound
from canut.work.usecases.add_given_rows import add_given_rows
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.publish_project import TotalChanged, publish_project
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return a_requester()


@pytest.mark.parametrize("answers", [3, 4, 7])
def test_all_answers_of_a_task_are_paired_and_nobody_is_asked_about_their_own(owner, answers) -> None:
    workers = a_crowd(answers)
    project = accepted(owner, workers)
    result = asked(project)
    pairs = pairs_of(project)
    assert result.pairs == len(pairs) == ceil(answers / 2)
    assert set().union(*map(authors, pairs)) == {worker.pk for worker in workers}
    for pair in pairs:
        shown = ShownWork.objects.filter(task=pair.task).order_by("number")
        assert [one.submission_id for one in shown] == [pair.first_id, pair.second_id]
        barred = set(TaskBar.objects.filter(task_id=pair.task_id).values_list("worker_id", flat=True))
        offered = set(TaskOffer.objects.filter(task_id=pair.task_id).values_list("worker_id", flat=True))
        assert barred == authors(pair)
        assert offered == {worker.pk for worker in workers} - barred
        for author in Person.objects.filter(pk__in=barred):
            with pytest.raises(Refusal):
                take_task(by=author, project_id=pair.task.project_id, task_id=pair.task_id, at=LATER)
    with pytest.raises(Refusal):  # nor is a worker who has no accepted work here
        take_task(by=a_worker(), project_id=result.project_id, at=LATER)


def test_who_may_compare_finds_it_in_the_feed_and_others_do_not(owner) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers, rows=1)
    result = asked(project)
    (judge,) = [w for w in workers if all(w.pk not in authors(p) for p in pairs_of(project)[:1])]
    cards = {card.project_id for card in feed_page(by=judge, at=LATER).cards}
    assert result.project_id in cards
    stranger = a_worker()
    assert result.project_id not in {card.project_id for card in feed_page(by=stranger, at=LATER).cards}


def test_it_is_ordinary_paid_work_at_the_floor_and_costs_what_was_offered(owner) -> None:
    workers = a_crowd(4)
    project = accepted(owner, workers, rows=2, expected_seconds=120)
    before = party_total_minor(owner.pk, Kind.BALANCE, "EUR")
    offer = offer_comparison(project_id=project.pk, by=owner, round_number=1, at=LATER)
    assert (offer.tasks, offer.pairs, offer.expected_seconds) == (2, 4, 120)
    assert offer.priced.quote.reward_minor == 50  # two minutes at 15.00 an hour
    assert all(offer.priced.quote.dues.values())
    assert not Comparison.objects.exists()
    assert not ComparisonProject.objects.exists()
    with pytest.raises(TotalChanged):
        asked(project, agreed_minor=offer.priced.quote.total_minor - 1)
    assert not Comparison.objects.exists()
    result = asked(project, agreed_minor=offer.priced.quote.total_minor)
    assert result.charged_minor == offer.priced.quote.total_minor
    assert before - party_total_minor(owner.pk, Kind.BALANCE, "EUR") == offer.priced.quote.total_minor
    made = Project.objects.get(pk=result.project_id)
    assert (made.owner_id, made.kind, made.state, made.fund) == (owner.pk, "paid", "live", "")
    pair = pairs_of(project)[0]
    judge = who_may(pair, workers)
    earned = party_total_minor(judge.pk, Kind.EARNINGS, "EUR")
    done = judged(pair, "first", by=judge)
    approve_submission(submission_id=done.pk, by=owner, at=LATER + timedelta(minutes=1))
    assert party_total_minor(judge.pk, Kind.EARNINGS, "EUR") - earned == 50
    assert verify() == []


def test_a_repeated_call_makes_nothing_and_charges_nothing(owner) -> None:
    project = accepted(owner, a_crowd(5), rows=2)
    first = asked(project)
    balance = party_total_minor(owner.pk, Kind.BALANCE, "EUR")
    task = Task.objects.filter(project=project)[0]
    for again in (asked(project), asked(project, task_ids=[task.pk]), asked(project, agreed_minor=1)):
        assert (again.is_repeat, again.charged_minor, again.project_id) == (True, 0, first.project_id)
    assert {one.pk for one in asked(project).comparisons} == {one.pk for one in first.comparisons}
    assert (Comparison.objects.count(), Pair.objects.count()) == (2, 6)
    assert Event.objects.filter(name="comparison.asked").count() == 2  # one for each task's round
    assert party_total_minor(owner.pk, Kind.BALANCE, "EUR") == balance
    assert offer_comparison(project_id=project.pk, by=owner, round_number=1, at=LATER) is None


def test_rounds_follow_each_other_and_scores_are_trueskills(owner) -> None:
    workers = a_crowd(4)
    project = accepted(owner, workers)
    asked(project)
    best = pairs_of(project)[0].first_id
    ratings = {s: trueskill.Rating() for p in pairs_of(project) for s in (p.first_id, p.second_id)}

    def decide(pair, minute):
        said, tie = ("tie", True) if best not in (pair.first_id, pair.second_id) else ("", False)
        if not tie:
            said = "first" if pair.first_id == best else "second"
        judged(pair, said, by=who_may(pair, workers), at=LATER + timedelta(minutes=minute))
        sides = [pair.first_id, pair.second_id]
        better, worse = reversed(sides) if said == "second" else sides
        ratings[better], ratings[worse] = trueskill.rate_1vs1(ratings[better], ratings[worse], drawn=tie)

    first, second = pairs_of(project)
    decide(first, 1)
    with pytest.raises(RoundNotReached) as refused:
        asked(project, round_number=2)
    assert refused.value.facts["next_round"] == 2
    decide(second, 2)
    asked(project, round_number=2, at=LATER + timedelta(minutes=3))
    following = [pair for pair in pairs_of(project) if pair.comparison.round == 2]
    # The winner and the loser, nine apart, are beside one each of those two that tied
    assert all(abs(ratings[pair.first_id].mu - ratings[pair.second_id].mu) < 5 for pair in following)
    assert len({name for pair in following for name in (pair.first_id, pair.second_id)}) == 4
    for minute, pair in enumerate(following, start=4):
        decide(pair, minute)
    (task,) = comparisons_page(project.pk, by=owner).tasks
    assert (task.stand.round, task.stand.pairs, task.stand.decided, task.stand.is_over) == (2, 2, 2, True)
    assert task.answers[0].submission_id == best
    assert (task.answers[0].rank, task.answers[0].wins, task.answers[0].comparisons) == (1, 2, 2)
    for answer in task.answers:
        rating = ratings[answer.submission_id]
        assert (answer.mu, answer.sigma) == pytest.approx((rating.mu, rating.sigma))
        assert answer.score == pytest.approx(rating.mu - 3 * rating.sigma)
    assert list(all_scored(project.pk, by=owner)) == [task]


def test_a_judgement_that_is_returned_counts_no_more_until_it_comes_again(owner) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers)
    asked(project)
    pair = pairs_of(project)[0]
    done = judged(pair, "first", by=who_may(pair, workers))
    assert comparisons_page(project.pk, by=owner).tasks[0].stand.decided == 1
    return_submission(submission_id=done.pk, by=owner, reason="Look again.", at=LATER + timedelta(minutes=1))
    (task,) = comparisons_page(project.pk, by=owner).tasks
    assert task.stand.decided == 0
    assert {(one.mu, one.rank) for one in task.answers} == {(25.0, 1)}
    # And a project that is closed leaves a round that nobody can finish: the next may follow
    close_project(project_id=pair.task.project_id, by=owner, at=LATER + timedelta(minutes=2))
    again = asked(project, round_number=2, at=LATER + timedelta(minutes=3))
    assert again.project_id != pair.task.project_id


def test_ten_pairs_and_more_begin_with_a_prototype_round_like_all_work(owner) -> None:
    workers = a_crowd(4)
    project = accepted(owner, workers, rows=6)
    offer = offer_comparison(project_id=project.pk, by=owner, round_number=1, at=LATER)
    assert offer.priced.gate.needs_round
    assert offer.priced.rest is not None
    result = asked(project)
    made = Project.objects.get(pk=result.project_id)
    assert made.round is not None
    assert made.launches_itself
    at = LATER
    for _place in range(made.round.places):
        at += timedelta(minutes=1)
        for worker in workers:
            try:
                held = take_task(by=worker, project_id=made.pk, at=at)
            except Refusal:
                continue
            submit_answer(
                assignment_id=held.pk, by=worker, answer={"better": "first"}, active_seconds=30, at=at,
                feedback=PUBLISH,
            )  # fmt: skip
    made.refresh_from_db()
    assert made.round is None


def test_without_a_share_of_draws_no_tie_is_offered(owner) -> None:
    project = accepted(owner, a_crowd(3), rows=2)
    first, second = Task.objects.filter(project=project).order_by("position")
    with_tie = asked(project, task_ids=[first.pk])
    log.lock()
    a_line(parameter="comparison.draw_share", old_value="0.1", new_value="0", effective_at=NOON)
    without = asked(project, task_ids=[second.pk], at=LATER + timedelta(minutes=1))
    assert with_tie.project_id != without.project_id
    options = Project.objects.get(pk=without.project_id).revisions.get().design["items"][-1]["options"]
    assert [one["value"] for one in options] == ["first", "second"]


def test_refusals_name_what_is_missing_and_change_nothing(owner) -> None:
    one, two = a_crowd(2)
    project = accepted(owner, [one, two])
    (task,) = Task.objects.filter(project=project)
    with pytest.raises(NobodyToCompare):
        asked(project)
    with pytest.raises(NobodyToCompare):
        asked(project, task_ids=[task.pk])
    bare = accepted(owner, [one], rows=2)
    for tasks in (None, [Task.objects.filter(project=bare)[0].pk]):
        with pytest.raises(NothingToCompare):
            asked(bare, task_ids=tasks)
    for wrong in ({"round_number": 0}, {"round_number": 10**30}, {"task_ids": []}):
        with pytest.raises(BadInput):
            asked(project, **wrong)
    with pytest.raises(TaskNotFound):
        asked(bare, task_ids=[task.pk])
    three = accepted(owner, a_crowd(3))
    with pytest.raises(RoundNotReached):
        asked(three, round_number=2)
    for somebody, refusal in ((a_requester(), ProjectNotFound), (a_worker(), RequesterRoleMissing)):
        with pytest.raises(refusal):
            asked(three, by=somebody)
        with pytest.raises(refusal):
            offer_comparison(project_id=three.pk, by=somebody, round_number=1, at=LATER)
    with pytest.raises(ProjectNotFound):
        comparisons_page(three.pk, by=a_requester())
    with pytest.raises(NothingToCompare):
        asked(a_draft(owner=owner))
    assert not Comparison.objects.exists()


def test_without_the_money_nothing_is_asked() -> None:
    owner = a_requester(money_minor=1_000)
    project = accepted(owner, a_crowd(3), reward_minor=200, expected_seconds=400)
    with pytest.raises(InsufficientFunds):
        asked(project)
    assert not Comparison.objects.exists()
    assert not ComparisonProject.objects.exists()


def test_too_many_at_once_are_named_task_by_task(owner, monkeypatch) -> None:
    monkeypatch.setattr("canut.guilds.comparisons.usecases.ask_comparison.MOST_PAIRS", 3)
    project = accepted(owner, a_crowd(3), rows=2)
    with pytest.raises(BadInput) as refused:
        asked(project)
    assert "4 comparisons" in refused.value.facts["errors"]["task_ids"]
    for task in Task.objects.filter(project=project):
        assert asked(project, task_ids=[task.pk]).pairs == 2


def test_volunteers_work_is_compared_by_volunteers(owner) -> None:
    project = accepted(owner, a_crowd(3), kind="volunteer")
    result = asked(project)
    assert result.charged_minor == 0
    assert Project.objects.get(pk=result.project_id).kind == "volunteer"


def test_an_answer_that_comes_later_is_in_the_next_round(owner) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers, answers=4)
    asked(project)
    for pair in pairs_of(project):
        judged(pair, "tie", by=who_may(pair, workers))
    late = a_worker()
    done = a_submission(worker=late, project=project, at=LATER)
    approve_submission(submission_id=done.pk, by=owner, at=LATER + timedelta(minutes=2))
    assert asked(project).is_repeat
    asked(project, round_number=2, at=LATER + timedelta(minutes=3))
    following = [pair for pair in pairs_of(project) if pair.comparison.round == 2]
    assert done.pk in {name for pair in following for name in (pair.first_id, pair.second_id)}


def test_what_is_compared_is_not_changed_by_a_file_or_asked_anew(owner, uploads) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers)
    made = Project.objects.get(pk=asked(project).project_id)
    with pytest.raises(BadInput, match="from no file"):
        add_given_rows(project_id=made.pk, by=owner, rows=[{"task": "1"}], at=LATER)
    with pytest.raises(BadInput, match="not asked anew"):
        begin_revision(project_id=made.pk, by=owner, keeps_answers=False, at=LATER)
    # A better price is its owner's to give: the tasks and what they show go along
    begin_revision(project_id=made.pk, by=owner, at=LATER)
    change_draft(project_id=made.pk, by=owner, reward_minor=90, at=LATER)
    publish_project(project_id=made.pk, by=owner, at=LATER)
    pair = pairs_of(project)[0]
    done = judged(pair, "second", by=who_may(pair, workers))
    assert done.assignment.reward_minor == 90
    assert comparisons_page(project.pk, by=owner).tasks[0].answers[0].submission_id == pair.second_id
