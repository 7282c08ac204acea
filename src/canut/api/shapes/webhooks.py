"""Webhooks: which address is told of what, and what came of each message."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.webhooks.models import LONGEST_NAME, LONGEST_URL
from canut.webhooks.queries import EndpointSeen, MessageSeen
from canut.webhooks.states import Told

ToldOf = Literal[
    "submission.submitted",
    "submission.approved",
    "submission.returned",
    "submission.rejected",
    "task.skipped",
    "task.expired",
    "task.broken",
    "project.withdrawn",
    "project.done",
    "comparison.over",
    "appeal.opened",
    "appeal.decided",
]
MOST_EVENTS = len(Told)
WebhookState = Literal["active", "paused", "disabled"]
WebhookMessageState = Literal["waiting", "delivered", "given_up"]
WebhookOutcome = Literal["taken", "refused", "redirected", "too_slow", "unreachable", "internal"]


class Webhook(Said):
    """An address that is told what happens to the caller's projects and work."""

    id: int
    name: str
    url: str
    events: Sequence[ToldOf]
    state: WebhookState = Field(description="`disabled` after it took nothing for five days.")
    created_at: Moment
    failing_since: Moment | None = Field(description="Since when no message was taken.")


class WebhookSecret(Said):
    """What messages to a webhook are signed with."""

    secret: str = Field(description="Begins with `whsec_`, as Standard Webhooks says.")


class WebhookAttempt(Said):
    """One time that a message was sent."""

    at: Moment
    outcome: WebhookOutcome
    status: int | None = Field(description="What the program answered with, if it did.")
    milliseconds: int
    said: str = Field(description="How its answer begins.")


class WebhookMessage(Said):
    """One thing told to a webhook."""

    id: int
    uid: str = Field(description="The header `webhook-id`, the same in every attempt.")
    type: str
    body: str = Field(description="What is sent, as it is signed.")
    state: WebhookMessageState
    made_at: Moment
    attempts: int = Field(description="How often it was sent since it was made, or sent again by hand.")
    next_at: Moment | None
    ended_at: Moment | None
    tries: Sequence[WebhookAttempt] = Field(description="Each attempt, the latest first; empty in lists.")


class WebhookSentAgain(Said):
    """How much of what was given up is on its way again."""

    count: int


class WebhookIn(Sent):
    """A webhook to be made."""

    name: str = Field(max_length=LONGEST_NAME)
    url: str = Field(max_length=LONGEST_URL)
    events: list[ToldOf] = Field(min_length=1, max_length=MOST_EVENTS)


class WebhookChange(Sent):
    """What is to change of a webhook. While it is not `active` nothing is sent, nor told later."""

    name: str | None = Field(default=None, max_length=LONGEST_NAME)
    url: str | None = Field(default=None, max_length=LONGEST_URL)
    events: list[ToldOf] | None = Field(default=None, min_length=1, max_length=MOST_EVENTS)
    active: bool | None = None


def webhook_said(seen: EndpointSeen) -> Webhook:
    return Webhook(
        id=seen.id,
        name=seen.name,
        url=seen.url,
        events=cast(Sequence[ToldOf], seen.events),
        state=cast(WebhookState, seen.state),
        created_at=seen.created_at,
        failing_since=seen.failing_since,
    )


def message_said(seen: MessageSeen) -> WebhookMessage:
    tries: list[Any] = [
        WebhookAttempt(
            at=one.at,
            outcome=cast(WebhookOutcome, one.outcome),
            status=one.status,
            milliseconds=one.milliseconds,
            said=one.said,
        )
        for one in seen.tries
    ]
    return WebhookMessage(
        id=seen.id,
        uid=seen.uid,
        type=seen.name,
        body=seen.body,
        state=cast(WebhookMessageState, seen.state),
        made_at=seen.made_at,
        attempts=seen.attempts,
        next_at=seen.next_at,
        ended_at=seen.ended_at,
        tries=tries,
    )
