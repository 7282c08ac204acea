"""Notices: what one was told, and how one wants to be told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Something one was told; `address` is the page that it leads to."""

    id: int
    kind: str
    group: str
    topic: str
    subject: str
    text: str
    address: str
    made_at: datetime
    read_at: datetime | None
    mail: str


@dataclass(frozen=True, slots=True)
class NoticeGlance:
    """How many notices are unread (100 stands for as many or more), and whether one's mails come back."""

    unread: int
    mail_fails: bool


@dataclass(frozen=True, slots=True)
class NoticesRead:
    """How many unread notices were marked as read."""

    marked: int


@dataclass(frozen=True, slots=True)
class NoticeTopicChoice:
    """By which ways one is told about one topic of a kind."""

    topic: str
    mail: bool
    push: bool


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """By which ways one is told of a kind, besides the site itself."""

    kind: str
    label: str
    group: str
    mail: bool
    push: bool
    is_security: bool
    was_chosen: bool
    topics: tuple[NoticeTopicChoice, ...]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When one is told nothing by mail or in browsers, by the clock of one's time zone: "22:00"."""

    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class NoticeChoices:
    """How one is told of what; `mail_stopped_at` says since when no mails are sent, for they came back."""

    kinds: tuple[NoticeChoice, ...]
    mails_a_week: int
    quiet_hours: QuietHours | None
    mail_stopped_at: datetime | None
