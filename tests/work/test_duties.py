"""Duties: tasks of a body's project, paid by a fund, for some people only, approved as they are handed in."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.builders import ANSWER, NOON, a_person, a_project, a_requester, a_worker
from tests.told import mailed
from tests.work.asked import a_guild
from tests.work.duties import a_body, a_duty, a_duty_task, fill_fund, for_levels, give_level, in_fund

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.ledger.models import Account, Kind
from canut.ledger.queries import fund_minor, party_total_minor, project_total_minor, verify
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.site import fast_lane
from canut.work.models import Assignment, Decision, Place, Project, Requirement, Task, TaskBar, TopUp
from canut.work.queries.assignments import task_page, work_page
from canut.work.queries.feed import feed_page, project_page
from canut.work.queries.price_lines import price_lines_of
from canut.work.queries.requester_seen import RequesterNotFound, requester_seen
from canut.work.refusals import NoneLeft, ProjectClosed, ProjectNotFound, TaskNotForYou, TaskNotFound
from canut.work.states import Fund
from canut.work.usecases.end_duty import end_duty
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.found_duty import Asked
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.publish_project import RewardUnderFloor
from canut.work.usecases.rate_requester import (
    DutyNotRated,
    NothingHandedIn,
    rate_requester,
    rate_requester_of_all,
)
from canut.work.usecases.refuse_project import DutyNotRefused, refuse_project
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import refund_closed_projects
from canut.work.usecases.take_task import take_task
from canut.work.usecases.tell_of_top_ups import tell_owner_reserve_used_up
from canut.work.usecases.widen_audience import widen_audience
from canut.work.usecases.withdraw_task import withdraw_task

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def done(worker: Person, project: Project, *, at: datetime = NOON, seconds: int = 200) -> Assignment:
    assignment = take_task(by=worker, project_id=project.pk, at=at)
    submit_answer(assignment_id=assignment.pk, by=worker, answer=ANSWER, active_seconds=seconds, at=at)
    assignment.refresh_from_db()
    return assignment


def earned(worker: Person) -> int:
    return party_total_minor(worker.pk, Kind.EARNINGS, "EUR")


def set_aside(project: Project) -> tuple[int, int, int]:
    held = [project_total_minor(project.pk, kind) for kind in (Kind.ESCROW, Kind.RESERVE, Kind.DUES)]
    return held[0], held[1], held[2]


def test_the_fund_pays_without_fee_or_levies_and_what_comes_in_is_approved_at_once() -> None:
    fill_fund(1_000)
    worker, duty = a_worker(), a_duty()
    a_duty_task(duty, offered_to=[worker.pk])
    assert (set_aside(duty), in_fund()) == ((100, 25, 0), 875)
    assignment = done(worker, duty)
    assert (assignment.state, assignment.ended_at, earned(worker)) == ("approved", NOON, 100)
    assert (set_aside(duty), in_fund()) == ((0, 25, 0), 875)
    assert (
        not Account.objects.exclude(kind__in=["outside", "guild_fund"])
        .filter(party=None, project_id=None)
        .exists()
    )
    decision = Decision.objects.get()
    assert (decision.automatic, decision.decided_by, decision.outcome) == (True, None, "approved")
    told = Event.objects.get(name="submission.approved").data
    assert (told["fund"], told["automatic"], told["waited_seconds"]) == ("guild_fund", True, 0)
    assert [one.fund for one in work_page(by=worker, at=NOON).lines] == ["guild_fund"]
    assert not work_page(by=worker, at=NOON).lines[0].is_automatic
    assert verify() == []


def test_a_fund_that_holds_too_little_opens_nothing() -> None:
    duty = a_duty(fund=Fund.JUSTICE)
    fill_fund(500)
    fill_fund(124, kind=Kind.JUSTICE_FUND)
    with pytest.raises(InsufficientFunds) as refused:
        a_duty_task(duty)
    assert refused.value.facts["available_minor"] == 124
    assert not Task.objects.exists()
    fill_fund(1, kind=Kind.JUSTICE_FUND)
    assert a_duty_task(duty).position == 1
    assert (fund_minor(Kind.JUSTICE_FUND, "EUR"), in_fund(), set_aside(duty)) == (0, 500, (100, 25, 0))


def test_what_nobody_has_taken_is_withdrawn_and_its_money_goes_back() -> None:
    fill_fund(1_000)
    worker, duty = a_worker(), a_duty()
    held, waiting = (a_duty_task(duty, offered_to=[worker.pk]) for _ in range(2))
    take_task(by=worker, project_id=duty.pk, task_id=held.pk, at=NOON)
    assert [withdraw_task(task_id=task.pk, at=NOON) for task in (held, waiting, waiting)] == [
        False,
        True,
        True,
    ]
    assert (in_fund(), set_aside(duty)) == (875, (100, 25, 0))
    assert Place.objects.get(task=waiting).state == "closed"
    assert not end_duty(project_id=duty.pk, at=NOON)
    done(worker, duty)
    assert not withdraw_task(task_id=held.pk, at=NOON)
    ordinary = Task.objects.filter(project=a_project(owner=a_requester())).first()
    assert ordinary is not None
    for unknown in (ordinary.pk, 0):
        with pytest.raises(TaskNotFound):
            withdraw_task(task_id=unknown, at=NOON)
    assert verify() == []


def test_a_duty_ends_when_nothing_is_open_and_its_reserve_goes_back_to_the_fund() -> None:
    fill_fund(1_000)
    worker, duty = a_worker(), a_duty()
    task = a_duty_task(duty, offered_to=[worker.pk])
    assert not end_duty(project_id=duty.pk, at=NOON)
    done(worker, duty)
    assert end_duty(project_id=duty.pk, at=NOON)
    assert end_duty(project_id=duty.pk, at=LATER)
    assert (in_fund(), set_aside(duty), earned(worker)) == (900, (0, 0, 0), 100)
    with pytest.raises(ProjectClosed):
        a_duty_task(duty)
    assert not withdraw_task(task_id=task.pk, at=LATER)
    with pytest.raises(ProjectNotFound):
        end_duty(project_id=a_project(owner=a_requester()).pk, at=LATER)


def test_only_a_body_founds_a_duty_at_or_above_the_floor_and_its_terms_are_kept() -> None:
    with pytest.raises(LookupError):
        a_duty(owner=a_requester())
    for wrong in ({"title": ""}, {"title": "x" * 121}, {"expected_seconds": 0}, {"risks": ["dragons"]}):
        with pytest.raises(BadInput):
            a_duty(**wrong)
    with pytest.raises(RewardUnderFloor):
        a_duty(reward_minor=99)
    asked = Asked("guild", a_guild().pk, "at_least", 1)
    duty = a_duty(requirements=[asked])
    assert (duty.asks_standings, duty.is_guarded, duty.state) == (True, True, "live")
    assert Requirement.objects.get(project=duty).value == 1
    with pytest.raises(IntegrityError, match="project_terms_kept"), transaction.atomic():
        Project.objects.filter(pk=duty.pk).update(fund="")


def test_whom_a_task_is_for() -> None:
    fill_fund(10_000)
    duty, guild = a_duty(), a_body()
    named, barred, stranger = (a_worker() for _ in range(3))
    members = {level: a_worker() for level in (1, 2, 3, 4)}
    for level, member in members.items():
        give_level(member, guild, level)
    give_level(barred, guild, 2)
    task = a_duty_task(
        duty, offered_to=[named.pk], barred=[barred.pk], standings=for_levels(guild, None, None)
    )

    def who_could() -> list[Person]:
        everybody = [named, barred, stranger, *members.values()]
        in_feed = [one for one in everybody if feed_page(by=one, at=NOON).cards]
        for one in everybody:
            with transaction.atomic():
                try:
                    take_task(by=one, project_id=duty.pk, task_id=task.pk, at=NOON)
                except TaskNotForYou:
                    assert one not in in_feed
                else:
                    assert one in in_feed
                transaction.set_rollback(True)
        return in_feed

    assert who_could() == [named]
    widen_audience(task_id=task.pk, least=2, most=2, at=NOON)
    assert who_could() == [named, members[2]]
    widen_audience(task_id=task.pk, least=2, most=3, barred=[members[2].pk], at=NOON)
    widen_audience(task_id=task.pk, offered_to=[members[1].pk, named.pk], barred=[barred.pk], at=NOON)
    assert who_could() == [named, members[1], members[3]]
    for narrower in ((3, 3), (3, None), (2, 2)):
        with pytest.raises(ValueError, match="for fewer"):
            widen_audience(task_id=task.pk, least=narrower[0], most=narrower[1], at=NOON)
    widen_audience(task_id=task.pk, least=Decimal("1.5"), at=NOON)
    assert who_could() == [named, members[1], members[3], members[4]]
    assert TaskBar.objects.filter(task=task.pk).count() == 2
    with pytest.raises(LookupError):
        widen_audience(task_id=0, at=NOON)
    with pytest.raises(ValueError, match="no scale"):
        widen_audience(task_id=a_duty_task(duty).pk, least=1, at=NOON)


@pytest.mark.parametrize("leave", [give_back_task, skip_task])
def test_who_gave_a_task_back_is_not_offered_it_again_but_who_ran_out_of_time_is(leave: object) -> None:
    fill_fund(10_000)
    duty, first, second = a_duty(), a_worker(), a_worker()
    task = a_duty_task(duty, offered_to=[first.pk, second.pk])
    assert callable(leave)
    leave(assignment_id=take_task(by=first, project_id=duty.pk, at=NOON).pk, by=first, at=NOON)
    with pytest.raises(NoneLeft):
        take_task(by=first, project_id=duty.pk, at=NOON)
    with pytest.raises(TaskNotForYou):
        take_task(by=first, project_id=duty.pk, task_id=task.pk, at=NOON)
    take_task(by=second, project_id=duty.pk, at=NOON)
    assert expire_leases(at=LATER) == 1
    assert done(second, duty, at=LATER).state == "approved"


def test_a_top_up_that_the_fund_lacks_is_owed_until_it_has_the_money() -> None:
    duty = a_duty()
    fill_fund(10 * 125)
    operator = appoint_operator(person_id=a_person().pk, by=None, at=NOON)
    workers = [a_worker() for _ in range(5)]
    for worker in workers:
        for _ in range(2):
            a_duty_task(duty, offered_to=[worker.pk])
        for _ in range(2):
            done(worker, duty, seconds=480)
    assert settle_what_is_due(at=LATER) == 1
    assert sum(TopUp.objects.values_list("amount_minor", flat=True)) == 1_000
    assert (in_fund(), set_aside(duty)) == (0, (0, 250, 0))  # kept for the top-ups
    due = LATER + timedelta(days=1)
    assert pay_top_ups(at=due) == 1  # 200 of the reserve's 250
    duty.refresh_from_db()
    assert (duty.state, in_fund(), sum(earned(one) for one in workers)) == ("paused", 0, 1_200)
    assert tell_owner_reserve_used_up(project_id=duty.pk, drawn_minor=0, owed_minor=800, at=due)
    (notice,) = mailed(operator, kind="running")
    assert "€8" in notice.text
    other = a_duty()
    for waiting, when in ((duty, due), (other, due + timedelta(hours=1))):
        with pytest.raises(InsufficientFunds, match="owes"):
            a_duty_task(waiting, at=when)
    pay_top_ups(at=due + timedelta(hours=1))
    assert Event.objects.filter(name="project.reserve_used_up").count() == 1
    fill_fund(1_000)
    assert pay_top_ups(at=due + timedelta(hours=2)) == 4
    duty.refresh_from_db()
    assert (duty.state, sum(earned(one) for one in workers)) == ("live", 2_000)
    assert in_fund() == 250
    assert a_duty_task(duty).position == 11
    assert verify() == []


def test_the_reserve_of_settled_work_goes_back_while_a_duty_goes_on() -> None:
    duty = a_duty()
    fill_fund(10 * 125)
    for worker in (a_worker() for _ in range(5)):
        for _ in range(2):
            a_duty_task(duty, offered_to=[worker.pk])
        for _ in range(2):
            done(worker, duty)
    settle_what_is_due(at=LATER)
    assert not TopUp.objects.exists()
    assert (in_fund(), set_aside(duty)) == (250, (0, 0, 0))
    a_duty_task(duty)
    assert set_aside(duty) == (100, 25, 0)
    refund_closed_projects(at=LATER)
    assert verify() == []


def test_a_duty_is_neither_rated_nor_refused_and_has_no_requester() -> None:
    fill_fund(10_000)
    worker, body = a_worker(), a_body()
    duty = a_duty(owner=body)
    a_duty_task(duty, offered_to=[worker.pk])
    page = project_page(duty.pk, by=worker, at=NOON)
    assert (page.card.fund, page.refusals, page.card.requester.screen_name) == (
        "guild_fund",
        None,
        body.party.screen_name,
    )
    assert [line.name for line in price_lines_of(duty.pk, by=worker, at=NOON)] == ["task", "top_up"]
    assignment = done(worker, duty)
    assert task_page(assignment.pk, by=worker, at=NOON).fund == "guild_fund"
    with pytest.raises(DutyNotRated):
        rate_requester(assignment_id=assignment.pk, by=worker, value=Decimal(3), at=NOON)
    with pytest.raises(NothingHandedIn):
        rate_requester_of_all(requester_id=body.pk, by=worker, value=Decimal(3), at=NOON)
    with pytest.raises(DutyNotRefused):
        refuse_project(project_id=duty.pk, by=worker, ground="unclear", at=NOON)
    with pytest.raises(RequesterNotFound):
        requester_seen(body.pk, by=worker, at=NOON)


def test_the_fast_lane_leaves_duties_to_the_twin() -> None:
    fill_fund(1_000)
    worker, duty = a_worker(), a_duty()
    a_duty_task(duty, offered_to=[worker.pk])
    assignment = take_task(by=worker, project_id=duty.pk, at=NOON)
    with pytest.raises(LookupError):
        fast_lane._stored(assignment.revision_id, ANSWER)


def test_no_task_is_added_to_what_is_no_duty() -> None:
    project = a_project(owner=a_requester())
    with pytest.raises(ProjectNotFound):
        a_duty_task(project)
