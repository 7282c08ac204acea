"""Webhooks, and what they were told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens to one's projects and work."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    state: str
    created_at: datetime
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class WebhookSecret:
    """What messages to a webhook are signed with: `canut_client.webhooks.verified` checks it."""

    secret: str


@dataclass(frozen=True, slots=True)
class WebhookAttempt:
    """One time that a message was sent."""

    at: datetime
    outcome: str
    status: int | None
    milliseconds: int
    said: str


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """One thing told to a webhook; `tries` is empty in lists."""

    id: int
    uid: str
    type: str
    body: str
    state: str
    made_at: datetime
    attempts: int
    next_at: datetime | None
    ended_at: datetime | None
    tries: tuple[WebhookAttempt, ...]


@dataclass(frozen=True, slots=True)
class WebhookSentAgain:
    """How much of what was given up is on its way again."""

    count: int
