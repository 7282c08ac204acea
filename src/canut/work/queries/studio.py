"""What stands beside a project in the studio: its price, its preview, what closing it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.people.models import Person
from canut.people.queries import who_are
from canut.work.access import latest_revision, own_project
from canut.work.designs.schema import Design, columns_in_order, missing_columns, read_design
from canut.work.models import Assignment, Place, Task
from canut.work.queries.gates import Gate
from canut.work.queries.price import price_of
from canut.work.queries.pricing import rates
from canut.work.queries.setting_aside import STILL_OWED
from canut.work.queries.showing import Offer, offer_of
from canut.work.queries.wanted import source_of
from canut.work.rules import Quote, longest_seconds
from canut.work.usecases.refund_unused import unused_minor

DUE_NAMES = {
    "service_fee": _("Service fee"),
    "guarantee_levy": _("Levy for the guarantee fund"),
    "training_levy": _("Levy for the training fund"),
    "guild_levy": _("Levy for the guild fund"),
    "justice_levy": _("Levy for the justice fund"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One charge on top of pay: its name, its rate as a share, its amount in minor units."""

    name: str
    rate: Any
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PricedProject:
    """What publishing a draft, or the rows waiting in a published project, costs; amounts in minor units.

    Where what waits begins with a prototype round, `quote` is that of the round, whose size is in `gate`,
    and `rest` what the rest costs later, if the round passes. `tried_seconds` is what its workers took.
    `longest_seconds` is for how long a task the reward still earns the floor; `lacking_minor` what the
    owner's balance is short of the total.
    """

    quote: Quote
    rest: Quote | None
    gate: Gate
    tried_seconds: Decimal | None
    tasks: int
    dues: Sequence[Due]
    balance_minor: int
    lacking_minor: int
    longest_seconds: int


@dataclass(frozen=True, slots=True)
class Preview:
    """One task as a worker would meet it. `is_example` tells that there is no row yet.

    `number` counts the project's tasks from 1; `row` is all that a worker would get of the row.
    """

    offer: Offer
    revision_id: int
    design: Design
    row: Mapping[str, Any]
    number: int
    tasks: int
    is_example: bool
    lacking: Sequence[str]


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a project would do now: money back at once, work still to be decided, places lost."""

    refund_minor: int
    open_places: int
    undecided: int


def priced_project(project_id: int, *, by: Person, at: datetime) -> PricedProject:
    """Return what publishing costs: of a draft all of it, of a published project its waiting rows.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revision = latest_revision(project)
    price = price_of(project, revision, at=at)
    quote = price.now
    balance = party_total_minor(project.owner_id, Kind.BALANCE, project.currency)
    shares = rates(project, at=at)
    return PricedProject(
        quote=quote,
        rest=price.rest,
        gate=price.gate,
        tried_seconds=price.tried_seconds,
        tasks=price.gate.waiting_tasks,
        dues=[Due(str(DUE_NAMES[name]), shares[name], amount) for name, amount in quote.dues.items()],
        balance_minor=balance,
        lacking_minor=max(0, quote.total_minor - balance),
        longest_seconds=longest_seconds(
            reward_minor=revision.reward_minor, floor_hourly_minor=quote.floor_hourly_minor
        ),
    )


def preview_of(project_id: int, *, by: Person, number: int = 1) -> Preview:
    """Return the project's task of this number as a worker would meet it, the nearest there is.

    A draft without rows shows its columns' names in their places.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revision = latest_revision(project)
    design = read_design(revision.design)
    source = source_of(project, revision)
    tasks = Task.objects.filter(revision=source).order_by("position")
    count = tasks.count()
    number = min(max(number, 1), max(count, 1))
    task = tasks[number - 1 : number].first()
    columns = columns_in_order(design)
    is_example = bool(columns) and (task is None or not task.row)
    row = example_row(design, task)
    return Preview(
        offer=offer_of(project, revision, who_are([project.owner_id])[project.owner_id]),
        revision_id=revision.pk,
        design=design,
        row=row,
        number=number,
        tasks=count,
        is_example=is_example,
        lacking=() if is_example else missing_columns(design, row),
    )


def example_row(design: Design, task: Task | None) -> Mapping[str, Any]:
    """Return what a worker would get of a task's row; without a row, the columns' names in their places."""
    columns = columns_in_order(design)
    if task is None or (columns and not task.row):
        return {column: f"‹{column}›" for column in columns}
    shown: Mapping[str, Any] = task.shown
    return shown


def closing_of(project_id: int, *, by: Person, at: datetime) -> Closing:
    """Return what closing a project of `by` would do if it were done now.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    return Closing(
        refund_minor=sum(unused_minor(project, at=at).values()) if project.published_at else 0,
        open_places=Place.objects.filter(project=project, rank__isnull=False).count(),
        undecided=Assignment.objects.filter(STILL_OWED, project=project).count(),
    )
