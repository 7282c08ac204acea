"""Qualifications: scales of a requester's own, and the values that workers are given on them."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, cast

from pydantic import Field

from canut.api.shapes.common import Moment, Number, Party, RowId, Said, Sent
from canut.reputation.queries_qualifications import Held, Holder, OwnQualification
from canut.reputation.rules_qualifications import (
    LARGEST_VALUE,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_REASON,
)
from canut.work.usecases.grant_qualification import MOST_AT_ONCE

LARGEST = float(LARGEST_VALUE)
EndedAs: TypeAlias = Literal["", "replaced", "revoked", "given_up", "retired"]


class Qualification(Said):
    """A scale that the caller made."""

    id: int
    name: str
    description: str
    created_at: Moment
    retired_at: Moment | None = Field(description="Since when nobody holds it any more.")
    holders: int = Field(description="How many workers have a value of it now.")


class QualificationIn(Sent):
    """A scale to be made. Its name is the caller's only one of this name in use, whatever the capitals."""

    name: str = Field(max_length=LONGEST_NAME)
    description: str = Field("", max_length=LONGEST_DESCRIPTION, description="Its holders read it.")


class QualificationChange(Sent):
    """What to change of a qualification; what is left out stays."""

    name: str | None = Field(None, max_length=LONGEST_NAME)
    description: str | None = Field(None, max_length=LONGEST_DESCRIPTION)


class QualificationRow(Sent):
    """One worker, by number or by screen name, one of the two, and their value."""

    worker_id: RowId | None = Field(
        None, description="Of somebody who handed in work to the caller, or was given a value by them before."
    )
    screen_name: str | None = Field(None, max_length=60)
    value: Number = Field(
        ge=-LARGEST,
        le=LARGEST,
        description="With at most two decimals.",
        json_schema_extra={"minimum": -LARGEST, "maximum": LARGEST},
    )


class QualificationRows(Sent):
    """Values for one worker or many: all are given or none."""

    rows: Sequence[QualificationRow] = Field(min_length=1, max_length=MOST_AT_ONCE)
    reason: str = Field("", max_length=LONGEST_REASON, description="The workers read it.")


class QualificationsGranted(Said):
    """How many of the call hold their value now, and for how many that is new."""

    granted: int
    new: int


class QualificationHolder(Said):
    """A worker who has a value of the caller's qualification."""

    worker: Party
    value: float
    reason: str
    granted_at: Moment


class HeldQualification(Said):
    """What the caller was given of a requester's qualification last."""

    qualification_id: int
    name: str
    description: str
    requester: Party
    value: float
    reason: str = Field(description="The requester's, empty where they gave none.")
    granted_at: Moment
    ended_at: Moment | None = Field(description="Since when it counts no more; null while it does.")
    ended_as: EndedAs = Field(description="Empty while it counts.")
    ended_reason: str = Field(description="The requester's, where they took it back and gave one.")


def holder_said(holder: Holder) -> QualificationHolder:
    """Return a holder as they go out."""
    return QualificationHolder(
        worker=Party.model_validate(holder.who),
        value=float(holder.value),
        reason=holder.reason,
        granted_at=holder.granted_at,
    )


def qualification_said(own: OwnQualification) -> Qualification:
    """Return a qualification as its owner's program reads it."""
    return Qualification.model_validate(own)


def held_said(held: Held) -> HeldQualification:
    """Return what the caller was given, as it goes out."""
    return HeldQualification(
        qualification_id=held.qualification_id,
        name=held.name,
        description=held.description,
        requester=Party.model_validate(held.owner),
        value=float(held.value),
        reason=held.reason,
        granted_at=held.granted_at,
        ended_at=held.ended_at,
        ended_as=cast(EndedAs, held.ended_as),  # qualification_grant_ending_known
        ended_reason=held.ended_reason,
    )
