"""Flags, as programs give them and read what became of them."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.queries import MatterCard, MatterSeen, OwnFlag
from canut.justice.flags.states import FlagGround, MatterState, ObjectionState


class FlagIn(Sent):
    """What should not be here, and why."""

    kind: str = Field(
        description="One of `post`, `task`, `project`, `screen_name`, `picture`.", min_length=1, max_length=20
    )
    subject_id: int = Field(
        ge=1, lt=2**63, description="Of a name the person's number, of pictures that of their task."
    )
    ground: str = Field(
        description="One of `spam`, `abuse`, `hate`, `fraud`, `personal_data`, `harm`, `impersonation`, "
        "`illegal`.",
        min_length=1,
        max_length=20,
    )
    words: str = Field("", max_length=500, description="For those who look at it; nobody else reads them.")


class Flag(Said):
    """Something the caller flagged, and what became of it. `reason` is a person's, once one has decided."""

    matter_id: int
    kind: HiddenKind
    title: str
    ground: FlagGround
    at: Moment
    state: MatterState
    reason: str


class FlagTrust(Said):
    """What became of what the caller flagged and a person decided of late; whether their flags count."""

    decided: int
    restored: int = Field(description="Of those, how many were shown again.")
    counts: bool


class FlaggedThing(Said):
    """Something of the caller's that was flagged and hidden, in a list."""

    id: int
    kind: HiddenKind
    title: str
    state: MatterState
    hidden_until: Moment | None
    objection: ObjectionState | None


class FlagObjection(Said):
    """What an author said against a decision, and what another person answered."""

    words: str
    state: ObjectionState
    made_at: Moment
    lapses_at: Moment
    ended_at: Moment | None
    answer: str


class FlaggedMatter(Said):
    """Something of the caller's that was flagged: what is said against it, and where it stands."""

    id: int
    kind: HiddenKind
    title: str
    text: str
    is_gone: bool
    is_changed: bool = Field(description="It says something else now than when it was flagged.")
    state: MatterState
    grounds: Sequence[FlagGround]
    hidden_at: Moment | None
    hidden_until: Moment | None
    ground: FlagGround | None
    reason: str
    decided_at: Moment | None
    objection: FlagObjection | None
    may_object: bool


class ObjectionIn(Sent):
    """Why an author thinks that something of theirs should be shown again."""

    words: str = Field(min_length=1, max_length=2_000)


def flag_said(one: OwnFlag) -> Flag:
    return Flag.model_validate(one)


def thing_said(card: MatterCard) -> FlaggedThing:
    return FlaggedThing.model_validate(card)


def matter_said(seen: MatterSeen) -> FlaggedMatter:
    return FlaggedMatter.model_validate(seen)
