"""What a replay found, in figures and codes: no sentence, so that anybody reads it in their language.

Amounts are in minor units of `currency`. A figure that would tell of too few people is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec

Unit: TypeAlias = Literal[
    "count", "people", "minor", "seconds", "share", "place", "rating", "review", "level"
]
Family: TypeAlias = Literal[
    "money", "settling", "reserve", "sessions", "opening", "feed", "guilds", "deciding", "trying", "nothing"
]

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who are alike in size, with the mean of what is measured of them."""

    people: int
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What changes for people, from those with the least to those with the most.

    `measure` is a code for what the means are of. There are no groups where there are too few people;
    `people` is how many there are then, as None.
    """

    measure: str
    unit: Unit
    people: int | None
    groups: Sequence[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FundFlow:
    """What came into a fund in the time looked at and what it paid, in minor units."""

    fund: str
    in_before: int
    in_after: int
    out_before: int
    out_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One more thing that changes. None where it is not known, or would tell of too few people."""

    code: str
    unit: Unit
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the site has on record, and what the run under the charter as it was comes to."""

    code: str
    unit: Unit
    on_record: float
    again: float

    @property
    def agrees(self) -> bool:
        return self.on_record == self.again


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something taken for granted, or that cannot be known; `values` fill the sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One setting's replay. `old` and `new` are values as the log stores them.

    `family` says which rules were run again; "nothing" is for parameters that neither books nor openings go
    by. `least_people` is how many people a group has at least. `beside` are the parameters that the same
    proposal sets, which were tried together with this one.
    """

    parameter: str
    scope_kind: str
    scope_key: str
    old: Any
    new: Any
    since: datetime
    until: datetime
    family: Family
    least_people: int
    currency: str = "EUR"
    workers: Table | None = None
    requesters: Table | None = None
    funds: Sequence[FundFlow] = ()
    figures: Sequence[Figure] = ()
    checks: Sequence[Check] = ()
    taken_for_granted: Sequence[Note] = ()
    unknown: Sequence[Note] = ()
    beside: Sequence[str] = ()
    version: int = VERSION

    @property
    def changes_nothing(self) -> bool:
        """Whether something was run again and nothing at all came out differently."""
        tables = [table for table in (self.workers, self.requesters) if table is not None]
        return (
            self.family != "nothing"
            and all(group.before == group.after for table in tables for group in table.groups)
            and all((f.in_before, f.out_before) == (f.in_after, f.out_after) for f in self.funds)
            and all(figure.before == figure.after for figure in self.figures)
        )


def to_plain(report: Report) -> dict[str, Any]:
    """Return a report as JSON holds it."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Report:
    """Return the report that `to_plain` wrote.

    Raises:
        ValueError: it is no report.
    """
    try:
        return msgspec.convert(plain, Report)
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no replay's report: {error}") from error
