"""Contests of levels and of refusals to admit, and the statistics on justice."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.justice.statistics import YearSeen
from canut.membership.states import RefusalGround, RefusalState

ItemNumber = Annotated[int, Field(ge=1, lt=2**31)]


class LevelContestIn(Sent):
    """Which reviews must not count, by the numbers of the caller's items, and why."""

    items: list[ItemNumber] = Field(min_length=1, max_length=100)
    words: str = Field(default="", max_length=2_000)


class RefusalContestIn(Sent):
    """What those who hear it should know."""

    words: str = Field(default="", max_length=2_000)


class AdmissionRefusal(Said):
    """That the caller was not admitted, why, and what became of it."""

    id: int
    ground: RefusalGround
    reason: str
    refused_at: Moment
    state: RefusalState
    until: Moment = Field(description="Until when it can be contested.")
    may_contest: bool
    words: str = Field(description="The caller's, in the contest.")
    contested_at: Moment | None
    ended_by: Literal["", "jury", "no_peers", "taken_back"]
    decision: str = Field(description="The reasons of the members who heard it.")
    ended_at: Moment | None


class AdmissionRefusals(Said):
    """The caller's refusals, the latest first."""

    refusals: Sequence[AdmissionRefusal]


class StatisticsYears(Said):
    """The years there are statistics of."""

    years: Sequence[int]


class StatisticsLine(Said):
    """A line of a table; several keys are told together, because one of them has too few cases."""

    keys: Sequence[str]
    total: int
    cells: Sequence[int] | None = Field(description="By the table's columns; null where they are not told.")
    days: int | None = Field(description="How long a case typically took, in a year that is over.")


class StatisticsTable(Said):
    """A table. Without a total there were too few to tell anything."""

    key: str
    columns: Sequence[str]
    total: int | None
    cells: Sequence[int] | None
    lines: Sequence[StatisticsLine]


class JusticeYear(Said):
    """The statistics of one year, of cases that ended in it."""

    year: int
    is_over: bool = Field(description="While false, figures are rounded down to whole steps of `least`.")
    least: int
    decisions: int | None = Field(description="About work.")
    appealed_per_thousand: str | None = Field(
        description="Appeals of rejections that ended, for a thousand decisions about work."
    )
    tables: Sequence[StatisticsTable]


def year_said(seen: YearSeen) -> JusticeYear:
    return JusticeYear(
        year=seen.year,
        is_over=seen.is_over,
        least=seen.least,
        decisions=seen.decisions,
        appealed_per_thousand=None if seen.appealed_per_thousand is None else str(seen.appealed_per_thousand),
        tables=[
            StatisticsTable(
                key=section.key,
                columns=section.column_keys,
                total=section.total,
                cells=section.cells,
                lines=[
                    StatisticsLine(keys=line.keys, total=line.total, cells=line.cells, days=line.days)
                    for line in section.lines
                ],
            )
            for section in seen.sections
        ],
    )
