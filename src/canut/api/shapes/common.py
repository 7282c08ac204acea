"""What several subjects have in common: amounts, moments, people as the other side sees them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from canut.kernel.money import AmountRefused, parse_minor, plain
from canut.work.designs.values import storable

Item = TypeVar("Item")


class Said(BaseModel):
    """Something the API answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Sent(BaseModel):
    """Something a program sends: unknown fields are refused, and nothing is read as what it is not."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Amount(Said):
    """Money: a whole number of the currency's smallest unit. `written` says the same for people's eyes."""

    amount_minor: int = Field(description="In the currency's smallest unit, such as cents.", examples=[60])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    written: str = Field(description="The same with decimals; no currency sign.", examples=["0.60"])


def amount(minor: int, currency: str) -> Amount:
    """Return an amount as it goes out."""
    return Amount(amount_minor=minor, currency=currency, written=plain(minor, currency))


AmountIn = Annotated[
    Any,
    WithJsonSchema(
        {
            "title": "AmountIn",
            "description": "An amount: as a person writes it, or in the currency's smallest unit. "
            "Never a bare number, which could mean either.",
            "oneOf": [
                {"type": "string", "pattern": r"^\s*[0-9]{1,12}([.,][0-9]+)?\s*$"},
                {
                    "type": "object",
                    "properties": {
                        "amount_minor": {"type": "integer", "minimum": 0},
                        "currency": {"type": "string"},
                        "written": {"type": "string", "description": "Passed over."},
                    },
                    "required": ["amount_minor", "currency"],
                    "additionalProperties": False,
                },
            ],
            "examples": ["0.60"],
        }
    ),
]


def minor_of(sent: Any, currency: str) -> int:
    """Return what a program sent as an amount, in minor units of `currency`.

    Raises:
        AmountRefused: it is no amount, has too many decimals, is negative, or is in another currency.
    """
    if isinstance(sent, dict):
        minor, named = sent.get("amount_minor"), sent.get("currency")
        known = set(sent) <= {"amount_minor", "currency", "written"}
        if known and isinstance(minor, int) and not isinstance(minor, bool) and 0 <= minor < 10**15:
            if named == currency:
                return minor
            raise AmountRefused(_("This is in another currency than the project."), currency=currency)
    if not isinstance(sent, str):
        raise AmountRefused(_("Write the amount as digits in quotes, such as “0.60”."))
    return parse_minor(sent, currency)


def _moment(sent: Any) -> datetime:
    try:
        read = parse_datetime(sent) if isinstance(sent, str) else None
    except ValueError:
        read = None
    if read is None or read.utcoffset() is None or not 1970 <= read.year <= 9998:
        raise PydanticCustomError("no_moment", "no moment with a time zone")
    return read


def _text(sent: Any) -> Any:
    if isinstance(sent, str) and not storable(sent):
        raise PydanticCustomError("unstorable", "cannot be stored")
    return sent


MomentIn = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-07-31T12:00:00Z"]}),
]
"""A moment as a program sends it; it must say its time zone."""

Moment = Annotated[
    datetime,
    PlainSerializer(lambda at: at, return_type=datetime),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment as it goes out: in UTC."""

Words = Annotated[str, BeforeValidator(_text)]
"""Text in an address's query, which is not read by the parser of bodies."""


def _exact(value: object) -> object:
    """Read a JSON number as the decimal that was written."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_exact, json_schema_input_type=float)]
"""A number with decimals, as exact as a program wrote it."""

RowId = Annotated[int, Field(ge=1, lt=2**63)]


class Party(Said):
    """All that the other side sees of somebody. `simulated`: the lab made them and nobody is behind it."""

    id: int
    screen_name: str
    simulated: bool = False


class Page(Said, Generic[Item]):
    """Part of a list. `next_cursor` leads to the next page and is null on the last."""

    items: Sequence[Item]
    next_cursor: str | None


class Problem(BaseModel):
    """Why the answer is no (RFC 9457)."""

    type: str = Field(
        description="The address of the page that explains the code.", examples=["/problems/none_left"]
    )
    title: str = Field(description="The code as words.")
    status: int
    detail: str = Field(description="A sentence a person can act on, in the language asked for.")
    code: str = Field(description="Stable, never renamed: what a program goes by.")
    facts: dict[str, Any] = Field(
        description="What a program may act on, by code; `errors` names each field that was wrong."
    )
