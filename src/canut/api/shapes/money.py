"""A requester's balance and a worker's earnings."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Amount, AmountIn, Moment, Party, Said, Sent


class ProjectFunds(Said):
    """What one project was given, spent on pay and charges, gave back and still holds."""

    project_id: int
    title: str
    given: Amount
    spent: Amount
    refunded: Amount
    held: Amount


class Money(Said):
    """A balance: deposited - given + refunded - direct.

    `direct` was paid to people from the balance itself, as bonuses are.
    """

    currency: str
    balance: Amount
    deposited: Amount
    given: Amount
    refunded: Amount
    direct: Amount
    held: Amount = Field(description="Set aside in projects.")
    spent: Amount
    least_deposit: Amount
    projects: Sequence[ProjectFunds]


class MoneyLine(Said):
    """One movement of the balance; negative when money left."""

    id: int
    at: Moment
    reason: str
    amount: Amount
    note: str
    project_id: int | None
    title: str


class DepositIn(Sent):
    """Play money to add."""

    amount: AmountIn
    currency: Literal["EUR"] = "EUR"


class Deposited(Said):
    """The balance after a deposit."""

    balance: Amount


class Payday(Said):
    """A day on which approved pay falls due at the latest."""

    day: str = Field(json_schema_extra={"format": "date"})
    amount: Amount


class Earnings(Said):
    """What a worker has earned in one currency: payable now, on which days the rest falls due, what waits."""

    currency: str
    awaiting: Amount = Field(description="Handed in and undecided; still set aside in the projects.")
    disputed: Amount = Field(description="Rejected, and set aside while that may be appealed.")
    earned: Amount
    payable: Amount
    paydays: Sequence[Payday]


class Due(Said):
    """A levy or the fee that the requester pays on top of a reward; the worker pays nothing of it."""

    name: str
    rate: str
    share_minor: str = Field(description="Its exact part, which may have fractions of a cent.")


class EarningLine(Said):
    """One sum that came into the worker's earnings; negative: left them."""

    id: int
    at: Moment
    reason: str
    amount: Amount
    note: str
    assignment_id: int | None
    title: str
    requester: Party | None
    active_seconds: int | None
    hourly: Amount | None
    dues: Sequence[Due]
    payable_at: Moment | None
    charter_entry: int | None = Field(description="The charter in force when the project was published.")
