"""Every kind of case goes its whole way: contested, peers drawn by lot, tasks taken, two votes, carried out.

What the room below then does is each room's own test; here is that a real jury reaches it, and is paid.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.guilds.crafts import a_guild, a_member, by_rules, guild_work
from tests.guilds.reviewed import review_of
from tests.justice.jury.panels import counted, heard, live, take, vote
from tests.justice.sanctioned import an_operator, in_effect
from tests.membership.members import a_member_of, active_on, members_of
from tests.work.duties import fill_fund
from tests.work.test_refusals import withdrawn
from tests.work.test_top_ups import LATER, earned, settled

from canut.justice.jury.models import Panel
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.models import Case
from canut.justice.sanctions.usecases.answer_sanction import ask_review
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.appeal_sanction import appeal_sanction
from canut.justice.usecases.appeal_withdrawal import appeal_withdrawal
from canut.justice.usecases.contest_level import contest_level
from canut.justice.usecases.contest_refusal import contest_refusal
from canut.justice.usecases.contest_report import contest_report
from canut.justice.usecases.contest_times import contest_times
from canut.kernel import clock
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.membership.models import Membership
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.refuse_admission import refuse_admission
from canut.people.models import Party
from canut.people.queries_restrictions import bars_of
from canut.work.models import BrokenReport, TopUp
from canut.work.usecases.reinstate_project import reinstate_project
from canut.work.usecases.report_broken import report_broken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Contested(NamedTuple):
    """A case that was opened at a moment, and whether its outcome is carried out."""

    case: Case
    at: datetime
    is_carried_out: Callable[[], bool]


def times() -> Contested:
    owner, crowd = a_requester(), [a_worker() for _each in range(3)]
    top_up = TopUp.objects.get(settlement=settled(owner, crowd), worker=crowd[0])
    case = contest_times(top_up_id=top_up.pk, by=owner, reason="Others take half as long.", at=LATER)
    return Contested(
        case, LATER, lambda: TopUp.objects.get(pk=top_up.pk).state == "refused" and earned(crowd[0]) == 240
    )


def a_report() -> Contested:
    owner, worker = a_requester(), a_worker()
    held, soon = taken(worker=worker, project=a_project(owner=owner)), NOON + timedelta(minutes=5)
    report_broken(assignment_id=held.pk, kind="missing", words="No picture.", by=worker, at=soon)
    case = contest_report(assignment_id=held.pk, by=owner, reason="It is there.", at=soon)
    return Contested(case, soon, lambda: BrokenReport.objects.get(pk=held.pk).pay == "refused")


def a_withdrawal() -> Contested:
    owner = a_requester()
    project = withdrawn(owner)
    case = appeal_withdrawal(project_id=project.pk, by=owner, words="The floor was kept.", at=NOON)
    return Contested(
        case,
        NOON,
        lambda: reinstate_project(project_id=project.pk, by=owner, at=NOON + 3 * HOUR).state == "paused",
    )


def a_level() -> Contested:
    fill_fund(100_000)
    by_rules(draw_items=1, window_reviews=2, scarce_members=100)
    guild = a_guild()
    project, author, judge = guild_work(guild), a_member(guild, level=2), a_member(guild, level=3)
    for _each in range(2):
        review_of(author, judge.person, 1, project=project, advice="Nothing is right here.")
    case = contest_level(guild_id=guild.pk, number=1, by=author.person, items=[1, 2], at=NOON)

    def rose() -> bool:
        author.refresh_from_db()
        return author.level == 2

    assert not rose()
    return Contested(case, NOON, rose)


def an_admission() -> Contested:
    person = a_worker()
    refused = refuse_admission(
        request_id=ask_admission(by=person, words="Me.", at=NOON).pk,
        by=a_member_of("team"),
        ground="identity",
        reason="Nobody knows them.",
        at=NOON,
    )
    case = contest_refusal(refusal_id=refused.pk, by=person, words="I was seen.", at=NOON)
    return Contested(case, NOON, lambda: Membership.objects.filter(person=person, way="jury").exists())


def a_sanction() -> Contested:
    person = a_worker()
    made, now = in_effect(person, by=an_operator()), clock.now()
    ask_review(sanction_id=made.pk, by=person, at=now)
    why = "The answers are word for word the same, and both accounts share one device."
    review_sanction(sanction_id=made.pk, by=an_operator(), outcome="stands", reason=why, at=now)
    assert bars_of(person.pk)
    case = appeal_sanction(sanction_id=made.pk, by=person, words="We share a flat.", at=now)
    return Contested(case, now, lambda: not bars_of(person.pk))


@pytest.mark.parametrize("contested", [times, a_report, a_withdrawal, a_level, an_admission, a_sanction])
def test_peers_drawn_by_lot_hear_it_and_what_two_of_them_say_is_carried_out(
    contested: Callable[[], Contested],
) -> None:
    # Given members who had no part in it
    case, at, is_carried_out = contested()
    members = members_of("workers", 4, at=at)
    # When three of them are drawn, and two say that what was decided does not stand
    follow_panels(at=at)
    panel = Panel.objects.get(case=case)
    seats = live(panel)
    assert len({seat.person_id for seat in seats}) == 3
    assert {seat.person_id for seat in seats} <= {one.pk for one in members}
    sides = [case.party_id, *SUBJECTS[case.kind].other_side(case.subject_id)]
    for name in Party.objects.filter(pk__in=sides).values_list("screen_name", flat=True):
        assert not any(name in str(seat.task.shown) for seat in seats)
    vote(seats[0], "falls", reason="It cannot be.", at=at)
    take(seats[1], at=at)
    heard(at=at)
    vote(seats[2], "falls", reason="No.", at=at)
    counted(at=at)
    # Then that is carried out, their reasons are there, and both are paid for it
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("falls", "jury")
    assert set(case.reason.split("\n\n* * *\n\n")) == {"It cannot be.", "No."}
    assert is_carried_out()
    for seat in (seats[0], seats[2]):
        assert party_total_minor(seat.person_id, Kind.EARNINGS, "EUR") > 300
    assert verify() == []


def test_peers_who_are_drawn_late_are_told_how_long_their_vote_can_be_carried_out() -> None:
    # Given contested times that are paid after seven days, and a panel that has not decided in five
    case, at, is_carried_out = times()
    people = members_of("workers", 6, at=at)
    follow_panels(at=at)
    late = at + timedelta(days=5)
    for person in people:
        active_on(person, 5, at=late)
    follow_panels(at=late)
    # Then those who are drawn now have until an hour before it is paid, and their votes count
    second = Panel.objects.get(case=case, number=2)
    assert second.decide_by == at + timedelta(days=7) - HOUR
    last = second.decide_by - timedelta(minutes=1)
    for seat in live(second)[:2]:
        vote(seat, "falls", at=last)
    heard(at=last)
    follow_panels(at=second.decide_by)
    case.refresh_from_db()
    assert (case.state, case.decided_by, is_carried_out()) == ("falls", "jury", True)


def test_nobody_is_drawn_for_what_is_paid_before_they_could_decide() -> None:
    case, at, _is_carried_out = times()
    end = at + timedelta(days=7)
    for person in members_of("workers", 4, at=at):
        active_on(person, 5, at=end)
    follow_panels(at=end - HOUR)
    assert not Panel.objects.filter(case=case).exists()
