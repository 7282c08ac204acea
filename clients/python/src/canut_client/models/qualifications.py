"""Scales of a requester's own, and the values that workers are given on them."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Party


@dataclass(frozen=True, slots=True)
class Qualification:
    """A scale that the caller made, with how many hold a value of it now."""

    id: int
    name: str
    description: str
    created_at: datetime
    retired_at: datetime | None
    holders: int


@dataclass(frozen=True, slots=True)
class QualificationHolder:
    """A worker who has a value of the caller's qualification."""

    worker: Party
    value: float
    reason: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class QualificationsGranted:
    """How many of a call hold their value now, and for how many that is new."""

    granted: int
    new: int


@dataclass(frozen=True, slots=True)
class HeldQualification:
    """What the caller was given of a requester's qualification last; `ended_as` is empty while it counts."""

    qualification_id: int
    name: str
    description: str
    requester: Party
    value: float
    reason: str
    granted_at: datetime
    ended_at: datetime | None
    ended_as: str
    ended_reason: str
