"""What a project costs to publish or to enlarge, by the charter in force."""

from datetime import datetime
from decimal import Decimal

from django.db.models import BigIntegerField, F, Sum

from canut.charter.queries import floor_highest, in_force
from canut.work.models import Project, Revision, Task
from canut.work.rules import Quote, least_reward_minor, quote
from canut.work.states import ProjectKind

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
    return int(wanted["pay"] or 0)


def quote_for(project: Project, revision: Revision, *, places: int, at: datetime) -> Quote:
    """Return what `places` further answers cost at the revision's reward and expected time.

    The floor is the highest among those of the people admitted (MECHANISMS 4.4).
    """
    return quote(
        paid=project.kind == ProjectKind.PAID,
        places=places,
        reward_minor=revision.reward_minor,
        expected_seconds=revision.expected_seconds,
        floor_hourly_minor=floor_highest(at=at),
        rates=rates(project, at=at),
        reserve_share=Decimal(in_force("pay.reserve_share", at=at)),
        pay_before_minor=pay_set_aside_minor(project),
    )


def rework_minor(project: Project, revision_id: int, *, at: datetime) -> int:
    """Return what the rework of a submission is paid if it is approved: the floor for the expected time.

    Nothing in volunteer work (MECHANISMS 5.2).
    """
    if project.kind != ProjectKind.PAID:
        return 0
    expected = Revision.objects.values_list("expected_seconds", flat=True).get(pk=revision_id)
    return least_reward_minor(expected_seconds=expected, floor_hourly_minor=floor_highest(at=at))
