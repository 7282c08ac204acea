"""Stopping an algorithm, as programs read and do it."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.charter.moratoria import Algorithm
from canut.governance.moratoria.queries import AlgorithmSeen, MotionCard, MotionSeen
from canut.governance.moratoria.states import MoratoriumState
from canut.membership.states import College


class MotionInList(Said):
    """A motion that an algorithm be stopped, in a list."""

    id: int
    algorithm: Algorithm
    college: College
    state: MoratoriumState
    moved_at: Moment
    ended_at: Moment | None


class StoppableAlgorithm(Said):
    """An algorithm that the members can stop. `stopped_since` is null while it runs."""

    algorithm: Algorithm
    name: str
    instead: str = Field(description="What happens while it is stopped.")
    stopped_since: Moment | None
    decision: int | None = Field(description="The decision that stopped it.")
    motions: Sequence[MotionInList] = Field(description="Those that have not ended.")


class Moratoria(Said):
    """What the members can stop, what they have stopped, and what is moved."""

    algorithms: Sequence[StoppableAlgorithm]


class MoratoriumMotion(Said):
    """A motion that an algorithm be stopped: one college decides, then all vote on whether it stays so.

    `mover` is null until the college votes on it. `supports` counts active members of the college who support
    it, and with `needed` of them the college votes; both are 0 afterwards.
    """

    id: int
    algorithm: Algorithm
    college: College
    state: MoratoriumState
    reason: str
    mover: str | None
    moved_at: Moment
    ended_at: Moment | None
    supports: int
    needed: int
    vote_id: int | None
    decision: int | None
    keep_vote_id: int | None
    keep_decision: int | None


class MoratoriumMotionIn(Sent):
    """What is to be stopped, and why."""

    algorithm: str = Field(description="One of `feed_order`, `cascade`, `sampling`.", max_length=40)
    reason: str = Field(min_length=1, max_length=2_000)


def algorithm_said(seen: AlgorithmSeen) -> StoppableAlgorithm:
    return StoppableAlgorithm(
        algorithm=seen.algorithm,
        name=seen.name,
        instead=seen.instead,
        stopped_since=None if seen.stopped is None else seen.stopped.since,
        decision=None if seen.stopped is None else seen.stopped.decision_number or None,
        motions=[card_said(card) for card in seen.motions],
    )


def card_said(card: MotionCard) -> MotionInList:
    return MotionInList(
        id=card.id,
        algorithm=card.algorithm,
        college=card.college,
        state=card.state,
        moved_at=card.moved_at,
        ended_at=card.ended_at,
    )


def motion_said(seen: MotionSeen) -> MoratoriumMotion:
    return MoratoriumMotion(
        id=seen.id,
        algorithm=seen.algorithm,
        college=seen.college,
        state=seen.state,
        reason=seen.reason,
        mover=seen.mover or None,
        moved_at=seen.moved_at,
        ended_at=seen.ended_at,
        supports=seen.supports,
        needed=seen.needed,
        vote_id=seen.vote_id,
        decision=seen.decision_number,
        keep_vote_id=seen.keep_vote_id,
        keep_decision=seen.keep_decision_number,
    )
