"""Comparisons of accepted answers: their price, what was asked for, and what came of it."""

from dataclasses import dataclass

from canut_client.models.common import Amount
from canut_client.models.projects import Quote, RoundAhead


@dataclass(frozen=True, slots=True)
class ComparisonOffer:
    """What comparing would cost now; without a quote, all of the round was asked for before."""

    round: int
    tasks: int
    pairs: int
    expected_seconds: int | None
    quote: Quote | None
    prototype: RoundAhead | None
    rest: Amount | None


@dataclass(frozen=True, slots=True)
class ComparisonsAsked:
    """What is asked for now: the same after the first call and after any repeat."""

    project_id: int
    round: int
    task_ids: tuple[int, ...]
    pairs: int
    charged: Amount
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """An accepted answer, scored by TrueSkill among those to the same task."""

    submission_id: int
    assignment_id: int
    rank: int
    score: float
    mu: float
    sigma: float
    comparisons: int
    wins: int
    ties: int


@dataclass(frozen=True, slots=True)
class ComparedTask:
    """A task whose accepted answers are compared, the best answer first."""

    task_id: int
    key: str
    round: int
    pairs: int
    decided: int
    is_over: bool
    answers: tuple[ScoredAnswer, ...]
