"""What a project costs to publish or to enlarge, by the charter in force."""

from datetime import datetime
from decimal import Decimal
from math import ceil

from django.db.models import Sum

from canut.charter.queries import floor_highest, in_force
from canut.work.models import Project, Revision, Task
from canut.work.queries.setting_aside import owed_pay_minor, spoken_for
from canut.work.queries.wanted import wanted_of
from canut.work.rules import Quote, least_reward_minor, paid_seconds, quote
from canut.work.rules_hours import hours_quote, round_hours_seconds
from canut.work.states import PayBasis, ProjectKind

DUES = {
    "service_fee": "fee.service_share",
    "guarantee_levy": "levy.guarantee_share",
    "training_levy": "levy.training_share",
    "guild_levy": "levy.guild_share",
    "justice_levy": "levy.justice_share",
}
"""Each charge on top of pay, and the charter parameter that holds its rate."""


def rates(project: Project, *, at: datetime) -> dict[str, Decimal]:
    """Return each charge's rate for this project, as a share of pay: those in force when it was published.

    A change of the charter does not reach back to money that is set aside already. For a draft, the
    rates in force at `at`. What a fund pays bears none: the levies fill the funds.
    """
    if project.fund:
        return {}
    moment = project.published_at or at
    return {name: Decimal(in_force(parameter, at=moment)) for name, parameter in DUES.items()}


def places_wanted(revision: Revision) -> int:
    """Return how many answers the revision's tasks want together."""
    return int(Task.objects.filter(revision=revision).aggregate(wanted=Sum("answers_wanted"))["wanted"] or 0)


def places_unpaid(revision: Revision) -> int:
    """Return how many answers a revision's tasks want whose money is not set aside yet.

    Of one that is not published yet, all the answers it will ask for.
    """
    return wanted_of(revision.project, revision).places


def pay_set_aside_minor(project: Project, revision: Revision) -> int:
    """Return all the pay that was set aside for the project and has not gone back, paid out or not.

    Before a revision is published, what was kept for places that nobody has taken has gone back.
    """
    if project.published_at is None:
        return 0
    if revision.published_at is None:
        return project.paid_minor + owed_pay_minor(project)
    return project.paid_minor + spoken_for(project).pay_minor


def hours_due_seconds(revision: Revision, *, places: int, at: datetime, for_round: bool) -> int:
    """Return how many hours are to be paid for with `places` further answers, in seconds.

    A prototype round pays for its share; else all that is asked for and not paid for is due.
    """
    target = revision.hours_seconds
    if for_round:
        target = round_hours_seconds(
            hours_seconds=revision.hours_seconds,
            places=places,
            places_in_all=max(places, places_unpaid(revision)),
            workers=in_force("prototype.least_workers", at=at),
            least_seconds=in_force("pay.session_least_seconds", at=at),
        )
    return max(0, target - revision.hours_paid_seconds)


def hours_quote_for(
    project: Project,
    revision: Revision,
    *,
    seconds: int,
    places: int = 0,
    at: datetime,
    for_round: bool = False,
) -> Quote:
    """Return what so many seconds of sessions cost, at the revision's rate or the floor if that has risen."""
    floor = floor_highest(at=at)
    raised = revision.published_at is not None
    return hours_quote(
        hours_seconds=seconds,
        hourly_minor=max(revision.hourly_minor, floor) if raised else revision.hourly_minor,
        places=places,
        floor_hourly_minor=floor,
        rates=rates(project, at=at),
        reserve_share=reserve_share(at=at, for_round=for_round),
        pay_before_minor=pay_set_aside_minor(project, revision),
    )


def reserve_share(*, at: datetime, for_round: bool) -> Decimal:
    """Return which share of pay is set aside for rework and top-ups (MECHANISMS 4.5)."""
    return in_force("pay.reserve_round_share" if for_round else "pay.reserve_share", at=at)


def break_seconds(project: Project, revision: Revision, *, at: datetime) -> int:
    """Return how long the paid breaks are that go with one task; zero where nothing is sensitive."""
    share = in_force("pay.risk_break_share", at=project.published_at or at)
    return paid_seconds(revision.expected_seconds, project.risks, share) - revision.expected_seconds


def quote_for(
    project: Project,
    revision: Revision,
    *,
    places: int,
    at: datetime,
    for_round: bool = False,
    typical_seconds: Decimal | None = None,
) -> Quote:
    """Return what `places` further answers cost at the revision's reward and expected time.

    The floor is the highest among those of the people admitted (MECHANISMS 4.4). By the hour it is the
    hours that cost; with sensitive work the price covers the breaks. A prototype round has a larger
    reserve; once one has passed, `typical_seconds` is what its workers took, and the least is by that.
    """
    if project.pay_basis == PayBasis.HOUR:
        seconds = hours_due_seconds(revision, places=places, at=at, for_round=for_round)
        return hours_quote_for(project, revision, seconds=seconds, places=places, at=at, for_round=for_round)
    share = in_force("pay.risk_break_share", at=project.published_at or at)
    seconds = revision.expected_seconds if typical_seconds is None else ceil(typical_seconds)
    return quote(
        paid=project.kind == ProjectKind.PAID,
        places=places,
        reward_minor=revision.reward_minor,
        expected_seconds=seconds,
        floor_hourly_minor=floor_highest(at=at),
        rates=rates(project, at=at),
        reserve_share=reserve_share(at=at, for_round=for_round),
        pay_before_minor=pay_set_aside_minor(project, revision),
        break_seconds=paid_seconds(seconds, project.risks, share) - seconds,
    )


def rework_minor(project: Project, revision_id: int, *, at: datetime) -> int:
    """Return what the rework of a submission is paid if it is approved: the floor for the expected time.

    Nothing in volunteer work (MECHANISMS 5.2).
    """
    if project.kind != ProjectKind.PAID:
        return 0
    revision = Revision.objects.get(pk=revision_id)
    expected = revision.expected_seconds + break_seconds(project, revision, at=at)
    return least_reward_minor(expected_seconds=expected, floor_hourly_minor=floor_highest(at=at))
