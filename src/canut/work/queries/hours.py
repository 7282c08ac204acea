"""What further hours of a project cost, before its requester agrees to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.people.models import Person
from canut.work.access import latest_revision, own_project
from canut.work.queries.pricing import hours_quote_for, rates
from canut.work.queries.sessions import published_revision
from canut.work.queries.studio import DUE_NAMES, Due
from canut.work.rules import Quote


@dataclass(frozen=True, slots=True)
class PricedHours:
    """What some hours cost, line by line, and what the owner's balance is short of it; in minor units.

    `waits_for_round` tells that nothing is charged now, for they are paid for when the round has passed.
    """

    quote: Quote
    dues: Sequence[Due]
    balance_minor: int
    lacking_minor: int
    waits_for_round: bool


def price_of_hours(project_id: int, *, by: Person, seconds: int, at: datetime) -> PricedHours:
    """Return what adding `seconds` to a project of `by` costs.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revision = published_revision(project) or latest_revision(project)
    waits = revision.hours_paid_seconds < revision.hours_seconds
    quote = hours_quote_for(project, revision, seconds=0 if waits else seconds, at=at)
    balance = party_total_minor(project.owner_id, Kind.BALANCE, project.currency)
    shares = rates(project, at=at)
    return PricedHours(
        quote=quote,
        dues=[Due(str(DUE_NAMES[name]), shares[name], amount) for name, amount in quote.dues.items()],
        balance_minor=balance,
        lacking_minor=max(0, quote.total_minor - balance),
        waits_for_round=waits,
    )
