"""What a project costs to publish or to enlarge, by the charter in force."""

from datetime import datetime
from decimal import Decimal

from django.db.models import BigIntegerField, F, Sum

from canut.charter.queries import floor_highest, in_force
from canut.work.models import Project, Revision, Task
from canut.work.rules import Quote, least_reward_minor, paid_seconds, quote
from canut.work.rules_hours import hours_minor, hours_quote, round_hours_seconds
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
    rates in force at `at`.
    """
    moment = project.published_at or at
    return {name: Decimal(in_force(parameter, at=moment)) for name, parameter in DUES.items()}


def places_wanted(revision: Revision) -> int:
    """Return how many answers the revision's tasks want together."""
    return int(Task.objects.filter(revision=revision).aggregate(wanted=Sum("answers_wanted"))["wanted"] or 0)


def places_unpaid(revision: Revision) -> int:
    """Return how many answers are wanted by those tasks whose money is not set aside yet."""
    waiting = Task.objects.filter(revision=revision, position__gt=revision.paid_upto)
    return int(waiting.aggregate(wanted=Sum("answers_wanted"))["wanted"] or 0)


def pay_set_aside_minor(project: Project) -> int:
    """Return all the pay that was ever set aside for the project's places."""
    wanted = Task.objects.filter(project=project, position__lte=F("revision__paid_upto")).aggregate(
        pay=Sum(F("answers_wanted") * F("revision__reward_minor"), output_field=BigIntegerField())
    )
    by_hour = Revision.objects.filter(project=project, hours_paid_seconds__gt=0)
    return int(wanted["pay"] or 0) + sum(
        hours_minor(seconds=seconds, hourly_minor=hourly)
        for seconds, hourly in by_hour.values_list("hours_paid_seconds", "hourly_minor")
    )


def hours_due_seconds(revision: Revision, *, places: int, at: datetime) -> int:
    """Return how many hours are to be paid for with `places` further answers, in seconds.

    A prototype round of a revision that is not published yet pays for its share; else all that is
    asked for and not paid for is due.
    """
    in_all = places_wanted(revision)
    target = revision.hours_seconds
    if revision.published_at is None and places < in_all:
        target = round_hours_seconds(
            hours_seconds=revision.hours_seconds,
            places=places,
            places_in_all=in_all,
            workers=in_force("prototype.least_workers", at=at),
            least_seconds=in_force("pay.session_least_seconds", at=at),
        )
    return max(0, target - revision.hours_paid_seconds)


def hours_quote_for(
    project: Project, revision: Revision, *, seconds: int, places: int = 0, at: datetime
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
        reserve_share=Decimal(in_force("pay.reserve_share", at=at)),
        pay_before_minor=pay_set_aside_minor(project),
    )


def break_seconds(project: Project, revision: Revision, *, at: datetime) -> int:
    """Return how long the paid breaks are that go with one task; zero where nothing is sensitive."""
    share = in_force("pay.risk_break_share", at=project.published_at or at)
    return paid_seconds(revision.expected_seconds, project.risks, share) - revision.expected_seconds


def quote_for(project: Project, revision: Revision, *, places: int, at: datetime) -> Quote:
    """Return what `places` further answers cost at the revision's reward and expected time.

    The floor is the highest among those of the people admitted (MECHANISMS 4.4). By the hour it is the
    hours that cost; with sensitive work the price covers the breaks.
    """
    if project.pay_basis == PayBasis.HOUR:
        seconds = hours_due_seconds(revision, places=places, at=at)
        return hours_quote_for(project, revision, seconds=seconds, places=places, at=at)
    return quote(
        paid=project.kind == ProjectKind.PAID,
        places=places,
        reward_minor=revision.reward_minor,
        expected_seconds=revision.expected_seconds,
        floor_hourly_minor=floor_highest(at=at),
        rates=rates(project, at=at),
        reserve_share=Decimal(in_force("pay.reserve_share", at=at)),
        pay_before_minor=pay_set_aside_minor(project),
        break_seconds=break_seconds(project, revision, at=at),
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
