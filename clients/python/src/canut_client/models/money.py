"""A requester's balance and a worker's earnings."""

from dataclasses import dataclass
from datetime import date, datetime

from canut_client.models.common import Amount, Party


@dataclass(frozen=True, slots=True)
class Due:
    """A levy or the fee that the requester pays on top of a reward; the worker pays nothing of it."""

    name: str
    rate: str
    share_minor: str


@dataclass(frozen=True, slots=True)
class EarningLine:
    """One sum that came into the worker's earnings; negative: left them."""

    id: int
    at: datetime
    reason: str
    amount: Amount
    note: str
    assignment_id: int | None
    title: str
    requester: Party | None
    active_seconds: int | None
    hourly: Amount | None
    dues: tuple[Due, ...]
    payable_at: datetime | None
    charter_entry: int | None


@dataclass(frozen=True, slots=True)
class Payday:
    """A day on which approved pay falls due at the latest."""

    day: date
    amount: Amount


@dataclass(frozen=True, slots=True)
class Earnings:
    """What a worker has earned in one currency: payable now, on which days the rest falls due, what waits."""

    currency: str
    awaiting: Amount
    disputed: Amount
    earned: Amount
    payable: Amount
    paydays: tuple[Payday, ...]


@dataclass(frozen=True, slots=True)
class ProjectFunds:
    """What one project was given, spent on pay and charges, gave back and still holds."""

    project_id: int
    title: str
    given: Amount
    spent: Amount
    refunded: Amount
    held: Amount


@dataclass(frozen=True, slots=True)
class Money:
    """A balance: deposited - given + refunded - direct.

    `direct` was paid to people from the balance itself, as bonuses are.
    """

    currency: str
    balance: Amount
    deposited: Amount
    given: Amount
    refunded: Amount
    direct: Amount
    held: Amount
    spent: Amount
    least_deposit: Amount
    projects: tuple[ProjectFunds, ...]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One movement of the balance; negative when money left."""

    id: int
    at: datetime
    reason: str
    amount: Amount
    note: str
    project_id: int | None
    title: str
