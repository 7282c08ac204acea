"""Replays: what a setting would have changed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReplayGroup:
    """So many people who are alike in size, with the mean of what is measured of them."""

    people: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class ReplayTable:
    """What changes for people, from those with the least to those with the most.

    No groups where there are too few people to tell of; `people` is None then.
    """

    measure: str
    unit: str
    people: int | None
    groups: tuple[ReplayGroup, ...]


@dataclass(frozen=True, slots=True)
class ReplayFund:
    """What came into a fund and what it paid, in the currency's smallest unit."""

    fund: str
    in_before: int
    in_after: int
    out_before: int
    out_after: int


@dataclass(frozen=True, slots=True)
class ReplayFigure:
    """One more thing that changes; None where it is not known, or would tell of too few people."""

    code: str
    unit: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ReplayCheck:
    """What is on record, and what the run under the rules as they were comes to."""

    code: str
    unit: str
    on_record: float
    again: float


@dataclass(frozen=True, slots=True)
class ReplayNote:
    """Something taken for granted, or that cannot be known, in the reader's language."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """One setting's replay. `family` says which rules were run again, `nothing` where none go by it."""

    parameter: str
    scope_kind: str
    scope_key: str
    old: int | bool | str | tuple[str, ...]
    new: int | bool | str | tuple[str, ...]
    since: datetime
    until: datetime
    family: str
    least_people: int
    currency: str
    workers: ReplayTable | None
    requesters: ReplayTable | None
    funds: tuple[ReplayFund, ...]
    figures: tuple[ReplayFigure, ...]
    checks: tuple[ReplayCheck, ...]
    taken_for_granted: tuple[ReplayNote, ...]
    unknown: tuple[ReplayNote, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay: of a proposal's version, or asked for by a member. Its reports are there once it is done.

    `state` is "running", "broken" (it is tried again by itself) or "done".
    """

    id: int
    state: str
    done_share: float
    proposal_id: int | None
    version: int | None
    parameters: tuple[str, ...]
    asked_at: datetime
    finished_at: datetime | None
    reports: tuple[ReplayReport, ...]
