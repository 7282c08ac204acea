"""Disputes as their two sides and their mediator read them; summaries and reports as everybody does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DisputeInList:
    """A dispute of the caller's. `other` is empty where the people who run the site answer."""

    id: int
    topic: str
    state: str
    side: str
    complainant: str
    other: str
    project_id: int | None
    begun_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    is_news: bool


@dataclass(frozen=True, slots=True)
class DisputeMandate:
    """Who mediates or mediated, and why they do not go on."""

    id: int
    mediator: str
    since: datetime
    due_at: datetime
    until: datetime | None
    end: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeMessage:
    """A message that the caller may read."""

    id: int
    side: str
    audience: str
    text: str
    written_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DisputeFile:
    """A file that the caller may read."""

    id: str
    side: str
    audience: str
    name: str
    media_type: str
    size_bytes: int
    sent_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DisputeWording:
    """A wording that was put to both sides; only the latest can be agreed to."""

    number: int
    side: str
    text: str
    proposed_at: datetime
    complainant_agreed_at: datetime | None
    other_agreed_at: datetime | None
    is_latest: bool


@dataclass(frozen=True, slots=True)
class SummaryObjection:
    """What a side has against the wording of a summary."""

    side: str
    objection: str


@dataclass(frozen=True, slots=True)
class DisputeSummary:
    """What others may learn of it, as its sides and mediator see it before and after it is published."""

    id: int
    version: int
    state: str
    title_en: str
    text_en: str
    title_fr: str
    text_fr: str
    object_by: datetime
    published_at: datetime | None
    objections: tuple[SummaryObjection, ...]
    has_answered: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute with all that the caller may read of it; of messages the latest, newest last."""

    id: int
    topic: str
    state: str
    side: str
    complainant: str
    other: str
    project_id: int | None
    happened_on: date
    words: str
    wish: str
    begun_at: datetime
    direct_until: datetime
    complain_by: datetime
    complained_at: datetime | None
    complaint: str
    reply_by: datetime | None
    replied_at: datetime | None
    reply: str
    mediation_at: datetime | None
    mandate: DisputeMandate | None
    earlier_mandates: tuple[DisputeMandate, ...]
    recommendation: str
    complainant_follows: bool | None
    other_follows: bool | None
    ended_at: datetime | None
    forgotten_at: datetime | None
    messages: tuple[DisputeMessage, ...]
    earlier_messages: int | None
    files: tuple[DisputeFile, ...]
    wordings: tuple[DisputeWording, ...]
    summary: DisputeSummary | None


@dataclass(frozen=True, slots=True)
class DisputeGone:
    """How far a dispute has gone with a step; who stepped aside learns no more of it."""

    id: int
    state: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A published summary of a dispute, without names, in one language."""

    id: int
    topic: str
    outcome: str
    published_at: datetime
    language: str
    title: str
    text: str
    has_other_language: bool


@dataclass(frozen=True, slots=True)
class Mediator:
    """Somebody who mediates here."""

    id: int
    screen_name: str
    appointed_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedTopics:
    """How disputes about these topics ended; `outcomes` is None where telling it would unmask somebody."""

    topics: tuple[str, ...]
    ended: int
    outcomes: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class MediationReport:
    """The report of a year; None is what is not told, for there were too few cases."""

    year: int
    is_over: bool
    least: int
    began: int | None
    complaints: int | None
    ended: int | None
    outcomes: Mapping[str, int] | None
    topics: tuple[ReportedTopics, ...]
    topics_without_any: tuple[str, ...]
    days: int | None
    summaries: int
