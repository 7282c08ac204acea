"""Settlement, top-ups, contests: what is owed to whom, and that it is paid."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from django.db import connection
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker, taken
from tests.told import told, told_by_jobs

from canut.charter.queries import FLOOR
from canut.charter.rules import Scope
from canut.charter.usecases.record_law import record_law
from canut.justice.usecases.contest_times import contest_times
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.models import Person
from canut.work.models import Project, Revision, Settlement, TopUp, TopUpContest
from canut.work.queries.settlements import settlements_page
from canut.work.refusals import TopUpNotFound
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.contest_top_up import ContestTooLate, contest_top_up
from canut.work.usecases.decide_contest import ContestDecided, decide_contest, take_back_contest
from canut.work.usecases.pause_project import resume_project
from canut.work.usecases.pay_top_ups import TopUpsOwed, pay_top_ups
from canut.work.usecases.settle_design import NothingToSettle, settle_design, settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer

LATER = NOON + timedelta(hours=2)
DAY = timedelta(days=1)


def done(
    project: Project, worker: Person, owner: Person, *, seconds: int | None, at: datetime = NOON, **timed: Any
) -> int:
    """Have one task done in so many seconds and approved; return the assignment."""
    assignment = taken(worker=worker, project=project, at=at)
    handed = submit_answer(
        assignment_id=assignment.pk,
        by=worker,
        answer=ANSWER,
        active_seconds=seconds,
        at=at + timedelta(minutes=1),
        **timed,
    )
    approve_submission(submission_id=handed.submission.pk, by=owner, at=at + timedelta(minutes=2))
    return assignment.pk


def revision_of(project: Project) -> Revision:
    return Revision.objects.get(project=project)


def earned(worker: Person) -> int:
    return party_total_minor(worker.pk, Kind.EARNINGS, "EUR")


def a_slow_project(owner: Person, *, rows: int = 12, reward_minor: int = 60) -> Project:
    """Return a live project quoted at two minutes a task: the floor asks 50 cents, it pays 60."""
    return a_project(owner=owner, rows=rows, reward_minor=reward_minor, expected_seconds=120)


def settled(owner: Person, crowd: Sequence[Person], *, seconds: int = 240, each: int = 4) -> Settlement:
    """Return the first settlement of a project on which everybody took twice the expected time."""
    project = a_slow_project(owner)
    for worker in crowd:
        for _task in range(each):
            done(project, worker, owner, seconds=seconds)
    assert settle_what_is_due(at=LATER) == 1
    return Settlement.objects.get(project=project)


@pytest.fixture
def crowd(db: None) -> list[Person]:
    return [a_worker() for _each in range(3)]


def test_a_crowd_paid_at_sixty_percent_of_the_floor_receives_exactly_the_difference(requester):
    # Given 25 workers of whom each takes 100 seconds, where 60 seconds were promised at the floor
    workers = [a_worker() for _each in range(25)]
    project = a_project(owner=requester, rows=100, reward_minor=25, expected_seconds=60)
    for worker in workers:
        for _task in range(4):
            done(project, worker, requester, seconds=100)
    assert [earned(worker) for worker in workers] == [100] * 25  # 25 of 41.67 cents: 60 % of the floor
    # When it is settled, announced, and due
    settle_what_is_due(at=LATER)
    assert pay_top_ups(at=LATER + timedelta(hours=11, minutes=59)) == 0
    assert pay_top_ups(at=LATER + timedelta(hours=12)) == 25
    # Then each has what four times 100 seconds are worth at 15.00 an hour, to the cent
    due = ceil(Decimal(4 * 100 * 1500) / 3600)
    assert [earned(worker) for worker in workers] == [due] * 25 == [167] * 25
    assert verify() == []


def test_a_settlement_waits_for_ten_assignments_of_three_workers(requester, crowd):
    project = a_slow_project(requester)
    for _task in range(5):
        done(project, crowd[0], requester, seconds=240)
        done(project, crowd[1], requester, seconds=240)
    assert settle_what_is_due(at=LATER) == 0  # ten, but of two workers
    done(project, crowd[2], requester, seconds=240)
    assert settle_what_is_due(at=LATER) == 1


def test_what_is_less_is_settled_after_a_week_though_its_project_is_never_closed(requester, worker):
    # Given one task of a project whose others nobody does, and whose owner leaves it open
    project = a_slow_project(requester)
    done(project, worker, requester, seconds=240)
    week = NOON + timedelta(minutes=2) + 7 * DAY
    assert settle_what_is_due(at=week - timedelta(seconds=1)) == 0
    # When it has waited for as long as pay may
    assert settle_what_is_due(at=week) == 1
    # Then its worker is paid what four minutes are worth, once
    pay_top_ups(at=week + DAY)
    assert earned(worker) == 100
    assert (settle_what_is_due(at=week + 9 * DAY), Settlement.objects.get(project=project).at_close) == (
        0,
        False,
    )


def test_a_design_is_settled_once_a_day_at_most(requester, crowd):
    project = a_project(owner=requester, rows=40, reward_minor=60, expected_seconds=120)
    for _round in range(2):
        for worker in crowd:
            for _task in range(4):
                done(project, worker, requester, seconds=240)
        settle_what_is_due(at=LATER)
    assert Settlement.objects.count() == 1
    settle_what_is_due(at=LATER + DAY)
    assert Settlement.objects.count() == 2


def test_no_assignment_is_topped_up_twice(requester, crowd):
    project = a_project(owner=requester, rows=40, reward_minor=60, expected_seconds=120)
    for worker in crowd:
        for _task in range(4):
            done(project, worker, requester, seconds=240)
    settle_what_is_due(at=LATER)
    for worker in crowd:
        for _task in range(4):
            done(project, worker, requester, seconds=300)
    settle_what_is_due(at=LATER + DAY)
    topped = [pk for one in TopUp.objects.all() for line in one.lines for pk in line["assignments"]]
    assert len(topped) == len(set(topped)) == 24
    # The second looks at all reports for T, and pays for the new work alone
    assert [one.typical_seconds for one in Settlement.objects.order_by("number")] == [240, 270]
    with pytest.raises(NothingToSettle):
        settle_design(revision_id=revision_of(project).pk, at=LATER + 2 * DAY)


def test_whoever_did_not_report_is_topped_up_like_the_others(requester, crowd):
    project = a_slow_project(requester)
    for worker in crowd[:2]:
        for _task in range(4):
            done(project, worker, requester, seconds=240)
    for _task in range(4):
        done(project, crowd[2], requester, seconds=None)
    settle_what_is_due(at=LATER)
    assert set(TopUp.objects.values_list("amount_minor", flat=True)) == {4 * 40}


def test_each_worker_is_measured_by_the_floor_of_their_own_country(requester, operator):
    record_law(
        name=FLOOR,
        value=1800,
        scope=Scope(country="LU"),
        cites="A law of theirs.",
        effective_at=NOON,
        by=operator,
        at=NOON,
    )
    here, there = [a_worker(), a_worker()], a_worker(country="LU")
    project = a_slow_project(requester)
    for worker in [*here, there]:
        for _task in range(4):
            done(project, worker, requester, seconds=240)
    settle_what_is_due(at=LATER)
    assert TopUp.objects.get(worker=there).amount_minor == 4 * (120 - 60)
    assert {TopUp.objects.get(worker=one).amount_minor for one in here} == {4 * (100 - 60)}


def test_closing_settles_whatever_there_is_and_keeps_the_reserve_until_it_is_paid(requester, worker):
    project = a_slow_project(requester)
    reserve = project_total_minor(project.pk, Kind.RESERVE)
    done(project, worker, requester, seconds=240)
    close_project(project_id=project.pk, by=requester, at=LATER)
    assert Settlement.objects.get(project=project).at_close
    assert project_total_minor(project.pk, Kind.RESERVE) == reserve > 40
    pay_top_ups(at=LATER + timedelta(hours=12))
    assert earned(worker) == 100
    assert project_total_minor(project.pk, Kind.RESERVE) == 0
    levies_and_fee = 7
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 1_000_000 - 60 - levies_and_fee - 40


def test_closing_with_fair_pay_gives_the_reserve_back_at_once(requester, worker):
    project = a_slow_project(requester)
    done(project, worker, requester, seconds=120)
    close_project(project_id=project.pk, by=requester, at=LATER)
    assert project_total_minor(project.pk, Kind.RESERVE) == 0
    assert not TopUp.objects.exists()


def test_what_the_reserve_lacks_comes_from_the_balance_and_the_project_pauses(requester, crowd):
    settlement = settled(requester, crowd, seconds=1_200)  # 500 cents a task at the floor
    project = settlement.project
    assert pay_top_ups(at=LATER + DAY) == 3
    assert [earned(worker) for worker in crowd] == [4 * 500] * 3
    assert project_total_minor(project.pk, Kind.RESERVE) == 0
    project.refresh_from_db()
    assert project.state == "paused"
    resume_project(project_id=project.pk, by=requester, at=LATER + DAY)  # nothing is owed any more


def test_what_nobody_covers_stays_owed_and_is_paid_as_soon_as_money_comes(crowd):
    poor = a_requester(money_minor=1_200)
    settlement = settled(poor, crowd, seconds=1_200)
    project = settlement.project
    at = LATER + DAY
    paid = pay_top_ups(at=at)
    assert paid < 3
    project.refresh_from_db()
    assert project.state == "paused"
    with pytest.raises(TopUpsOwed) as refused:
        resume_project(project_id=project.pk, by=poor, at=at)
    assert refused.value.facts["owed_minor"] == sum(
        TopUp.objects.filter(state="announced").values_list("amount_minor", flat=True)
    )
    deposit_play_money(by=poor, amount_minor=100_000, currency="EUR", key="more", at=at)
    resume_project(project_id=project.pk, by=poor, at=at)  # pays first, then resumes
    assert [earned(worker) for worker in crowd] == [4 * 500] * 3


def test_a_contest_holds_one_top_up_and_never_pay(requester, crowd):
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    contest_top_up(top_up_id=mine.pk, reason="Others take half as long.", at=LATER)
    assert earned(crowd[0]) == 4 * 60
    assert pay_top_ups(at=LATER + DAY) == 2
    assert [earned(worker) for worker in crowd] == [240, 400, 400]
    assert Settlement.objects.get().typical_seconds == 240  # the contested reports stay in


def test_with_no_decision_in_seven_days_a_contested_top_up_is_paid(requester, crowd):
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    contest_top_up(top_up_id=mine.pk, reason="Too long.", at=LATER)
    pay_top_ups(at=LATER + 7 * DAY - timedelta(seconds=1))
    assert earned(crowd[0]) == 240
    pay_top_ups(at=LATER + 7 * DAY)
    assert earned(crowd[0]) == 400
    assert TopUpContest.objects.get().state == "lapsed"
    # The requester hears of the top-ups and how the contest ended, the worker that it was opened and lapsed
    said = {(one.person_id, one.kind, one.path.partition("/top-ups/")[1]) for one in told_by_jobs()}
    assert {kind for person_id, kind, _page in said if person_id == requester.pk} >= {"pay", "appeal"}
    assert [one.subject.partition(" ")[0] for one in told(crowd[0])] == ["A", "Your"]


@pytest.mark.parametrize(("uphold", "cents", "state"), [(True, 240, "refused"), (False, 400, "paid")])
def test_peers_decide_with_a_reason(requester, crowd, uphold, cents, state):
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    contest_top_up(top_up_id=mine.pk, reason="Too long.", at=LATER)
    for _click in range(2):
        decide_contest(top_up_id=mine.pk, uphold=uphold, reason="I looked.", at=LATER)
    mine.refresh_from_db()
    assert (earned(crowd[0]), mine.state) == (cents, state)
    with pytest.raises(ContestDecided):
        decide_contest(top_up_id=mine.pk, uphold=not uphold, reason="Or not.", at=LATER)


def test_a_contest_that_is_taken_back_is_paid_at_once(requester, crowd):
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    contest_top_up(top_up_id=mine.pk, reason="Too long.", at=LATER)
    for _click in range(2):
        assert take_back_contest(top_up_id=mine.pk, at=LATER).state == "taken_back"
    assert earned(crowd[0]) == 400
    with pytest.raises(ContestDecided):
        decide_contest(top_up_id=mine.pk, uphold=True, reason="Too long.", at=LATER)
    with pytest.raises(ContestTooLate):
        contest_top_up(top_up_id=mine.pk, reason="Too long.", at=LATER)
    with pytest.raises(TopUpNotFound):
        take_back_contest(top_up_id=TopUp.objects.get(worker=crowd[1]).pk, at=LATER)


def test_a_due_top_up_is_contested_no_more_and_a_strangers_never(requester, crowd, stranger):
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    with pytest.raises(TopUpNotFound):
        contest_times(top_up_id=mine.pk, by=stranger, reason="Mine.", at=LATER)
    with pytest.raises(ContestTooLate):
        contest_top_up(top_up_id=mine.pk, reason="Too long.", at=mine.due_at)


def test_the_requester_sees_each_workers_median_and_what_lies_far_off(requester, crowd):
    project = a_slow_project(requester, rows=13)
    for worker, seconds in zip(crowd, (240, 200, 900), strict=True):
        for _task in range(4):
            done(project, worker, requester, seconds=seconds)
    settle_what_is_due(at=LATER)
    page = settlements_page(project.pk, by=requester, at=LATER)
    (seen,) = page.settlements
    assert seen.typical_seconds == 240
    assert [(one.worker.id, one.median_seconds, one.is_outlying) for one in seen.workers] == [
        (crowd[2].pk, 900, True),
        (crowd[0].pk, 240, False),
        (crowd[1].pk, 200, False),
    ]
    assert seen.hourly_minor == 900
    assert page.announced_minor == 3 * 160


def test_volunteer_work_is_not_settled(requester, crowd):
    project = a_project(owner=requester, rows=12, kind="volunteer")
    for worker in crowd:
        for _task in range(4):
            done(project, worker, requester, seconds=240)
    assert settle_what_is_due(at=LATER) == 0
    close_project(project_id=project.pk, by=requester, at=LATER)
    assert not Settlement.objects.exists()


def at_once(*calls: Any) -> list[BaseException]:
    """Run the calls side by side, each on a connection of its own, and return what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(calls))

    def run(call: Any) -> None:
        try:
            start.wait()
            call()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.usefixtures("committed")
def test_two_runners_who_settle_and_pay_at_once_do_each_once():
    owner, workers = a_requester(), [a_worker() for _each in range(3)]
    project = a_slow_project(owner)
    for worker in workers:
        for _task in range(4):
            done(project, worker, owner, seconds=240)
    revision_id = revision_of(project).pk
    raised = at_once(*[lambda: settle_design(revision_id=revision_id, at=LATER)] * 2)
    assert [type(one) for one in raised] == [NothingToSettle]
    assert Settlement.objects.count() == 1
    assert at_once(*[lambda: pay_top_ups(at=LATER + DAY)] * 3) == []
    booked = LedgerEntry.objects.filter(reason=Reason.TOP_UP).values_list("amount_minor", flat=True)
    assert sum(booked) == 3 * 160
    assert [earned(worker) for worker in workers] == [400] * 3


@pytest.mark.usefixtures("committed")
def test_a_contest_and_the_payment_at_once_leave_one_of_both():
    owner, workers = a_requester(), [a_worker() for _each in range(3)]
    project = a_slow_project(owner)
    for worker in workers:
        for _task in range(4):
            done(project, worker, owner, seconds=240)
    settle_what_is_due(at=LATER)
    mine = TopUp.objects.order_by("pk")[0]
    due_at = mine.due_at
    raised = at_once(
        lambda: contest_top_up(top_up_id=mine.pk, reason="Too long.", at=due_at - timedelta(seconds=1)),
        lambda: pay_top_ups(at=due_at),
    )
    mine.refresh_from_db()
    was_paid = LedgerEntry.objects.filter(reason=Reason.TOP_UP, subject_id=mine.pk).exists()
    assert (mine.state == "paid") == was_paid
    assert mine.state in ("paid", "contested")
    assert [type(one) for one in raised] == ([ContestTooLate] if was_paid else [])
