"""Comparisons of accepted answers: what they cost, what was asked for, what came of it."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Amount, AmountIn, RowId, Said, Sent
from canut.api.shapes.projects import Quote, RoundAhead
from canut.guilds.comparisons.limits import LAST_ROUND, MOST_PAIRS


class ComparisonOffer(Said):
    """What comparing would cost now. With nothing left to ask for in this round, there is no quote."""

    round: int
    tasks: int
    pairs: int
    expected_seconds: int | None = Field(description="How long one comparison should take.")
    quote: Quote | None = Field(description="For what begins at once; null if all was asked for before.")
    prototype: RoundAhead | None = Field(description="The prototype round with which it begins, if any.")
    rest: Amount | None = Field(description="What the rest costs later, if that round passes.")


class ComparisonIn(Sent):
    """Which round of which tasks to compare."""

    round: int = Field(ge=1, le=LAST_ROUND, description="Counted from 1 in each task.")
    task_ids: list[RowId] | None = Field(
        None, min_length=1, max_length=MOST_PAIRS, description="All that are ready for it, unless named."
    )
    agreed_total: AmountIn | None = Field(
        None, description="What was agreed to: then exactly that is charged, or nothing."
    )


class ComparisonsAsked(Said):
    """What is asked for now: the same after the first call and after any repeat."""

    project_id: int = Field(description="The project of the caller in which workers compare.")
    round: int
    task_ids: Sequence[int]
    pairs: int
    charged: Amount
    is_repeat: bool = Field(description="Whether all of it had been asked for before; nothing was charged.")


class ScoredAnswer(Said):
    """An accepted answer, scored by TrueSkill among those to the same task."""

    submission_id: int
    assignment_id: int
    rank: int = Field(description="1 for the best; equal scores share a rank.")
    score: float = Field(description="mu - 3 sigma: what is sure. It begins at 0.")
    mu: float
    sigma: float
    comparisons: int
    wins: int
    ties: int


class ComparedTask(Said):
    """A task whose accepted answers are compared, the best answer first."""

    task_id: int
    key: str
    round: int = Field(description="The last that was asked for.")
    pairs: int = Field(description="Of that round.")
    decided: int = Field(description="Pairs of that round that somebody has compared.")
    is_over: bool = Field(description="Whether the next round can be asked for.")
    answers: Sequence[ScoredAnswer]
