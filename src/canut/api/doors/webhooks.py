"""Webhooks: having a program told what happens, instead of asking for it."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.webhooks import (
    Webhook,
    WebhookChange,
    WebhookIn,
    WebhookMessage,
    WebhookSecret,
    WebhookSentAgain,
    message_said,
    webhook_said,
)
from canut.people.models import Scope
from canut.webhooks.access import WebhookMessageNotFound, WebhookNotFound, own_endpoint
from canut.webhooks.queries import endpoint_of, endpoints_of, message_of, messages_of
from canut.webhooks.secrets import shown_secret
from canut.webhooks.usecases.manage_endpoint import (
    TooManyWebhooks,
    add_endpoint,
    change_endpoint,
    drop_endpoint,
    rotate_secret,
)
from canut.webhooks.usecases.send_again import (
    TooManyTries,
    WebhookNotActive,
    send_again,
    send_all_again,
    try_endpoint,
)

doors = Doors("webhooks")


@doors.get("/webhooks", scope=Scope.PROJECTS, answers=Page[Webhook])
def list_webhooks(request: Asked) -> Page[Webhook]:
    """The caller's webhooks, the oldest first: ten at most, on one page."""
    found = endpoints_of(request.auth.by.pk)
    return Page[Webhook](items=[webhook_said(one) for one in found], next_cursor=None)


@doors.post("/webhooks", scope=Scope.PROJECTS, answers=Webhook, status=201, refuses=(TooManyWebhooks,))
def make_webhook(request: Asked, body: WebhookIn) -> Webhook:
    """Have an address told what happens from now on. Messages follow Standard Webhooks 1.0.0.

    A message is a POST of `{"type": …, "timestamp": …, "data": {…}}`, signed in `webhook-signature`. One that
    is not answered with 2xx within 15 seconds is sent again for three days, under the same `webhook-id`.
    """
    made = add_endpoint(
        name=body.name, url=body.url, events=body.events, by=request.auth.by, at=request.auth.at
    )
    return webhook_said(endpoint_of(made.pk, by=request.auth.by))


@doors.get("/webhooks/{webhook_id}", scope=Scope.PROJECTS, answers=Webhook, refuses=(WebhookNotFound,))
def get_webhook(request: Asked, webhook_id: Id) -> Webhook:
    """One of the caller's webhooks."""
    return webhook_said(endpoint_of(webhook_id, by=request.auth.by))


@doors.patch("/webhooks/{webhook_id}", scope=Scope.PROJECTS, answers=Webhook, refuses=(WebhookNotFound,))
def change_webhook(request: Asked, webhook_id: Id, body: WebhookChange) -> Webhook:
    """Change what is sent of a webhook, and leave the rest; `active` pauses it or lets it go on."""
    by = request.auth.by
    change_endpoint(endpoint_id=webhook_id, by=by, at=request.auth.at, **body.model_dump())
    return webhook_said(endpoint_of(webhook_id, by=by))


@doors.delete(
    "/webhooks/{webhook_id}", scope=Scope.PROJECTS, answers=None, status=204, refuses=(WebhookNotFound,)
)
def delete_webhook(request: Asked, webhook_id: Id) -> None:
    """Delete a webhook and the log of what it was told, for good."""
    drop_endpoint(endpoint_id=webhook_id, by=request.auth.by, at=request.auth.at)


@doors.get(
    "/webhooks/{webhook_id}/secret", scope=Scope.PROJECTS, answers=WebhookSecret, refuses=(WebhookNotFound,)
)
def get_webhook_secret(request: Asked, webhook_id: Id) -> WebhookSecret:
    """The secret by which a program checks that a message comes from this site."""
    return WebhookSecret(secret=shown_secret(own_endpoint(webhook_id, by=request.auth.by)))


@doors.post(
    "/webhooks/{webhook_id}/secret", scope=Scope.PROJECTS, answers=WebhookSecret, refuses=(WebhookNotFound,)
)
def rotate_webhook_secret(request: Asked, webhook_id: Id) -> WebhookSecret:
    """Make a new secret. For a day messages are signed with the earlier one too."""
    rotated = rotate_secret(endpoint_id=webhook_id, by=request.auth.by, at=request.auth.at)
    return WebhookSecret(secret=shown_secret(rotated))


@doors.post(
    "/webhooks/{webhook_id}/try",
    scope=Scope.PROJECTS,
    answers=WebhookMessage,
    status=201,
    refuses=(WebhookNotFound, WebhookNotActive, TooManyTries),
)
def try_webhook(request: Asked, webhook_id: Id) -> WebhookMessage:
    """Send a message of the type `webhook.tried`, which says nothing but that it works."""
    by = request.auth.by
    made = try_endpoint(endpoint_id=webhook_id, by=by, at=request.auth.at)
    return message_said(message_of(made.pk, endpoint_id=webhook_id, by=by))


@doors.get(
    "/webhooks/{webhook_id}/messages",
    scope=Scope.PROJECTS,
    answers=Page[WebhookMessage],
    refuses=(WebhookNotFound,),
)
def list_webhook_messages(
    request: Asked, webhook_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[WebhookMessage]:
    """What a webhook was told in the last 30 days, the latest first."""
    before = after(cursor, "webhook-messages")
    page = messages_of(webhook_id, by=request.auth.by, before=before, most=limit)
    return Page[WebhookMessage](
        items=[message_said(one) for one in page.messages],
        next_cursor=cursor_to("webhook-messages", page.next_before) if page.next_before else None,
    )


@doors.get(
    "/webhooks/{webhook_id}/messages/{message_id}",
    scope=Scope.PROJECTS,
    answers=WebhookMessage,
    refuses=(WebhookMessageNotFound,),
)
def get_webhook_message(request: Asked, webhook_id: Id, message_id: Id) -> WebhookMessage:
    """One message, with each attempt to send it."""
    return message_said(message_of(message_id, endpoint_id=webhook_id, by=request.auth.by))


@doors.post(
    "/webhooks/{webhook_id}/messages/{message_id}/send",
    scope=Scope.PROJECTS,
    answers=WebhookMessage,
    replays=Replays.NATURAL,
    refuses=(WebhookMessageNotFound, WebhookNotActive, TooManyTries),
)
def send_webhook_message_again(request: Asked, webhook_id: Id, message_id: Id) -> WebhookMessage:
    """Send a message again, under the same id; at most 60 an hour."""
    by = request.auth.by
    send_again(message_id=message_id, endpoint_id=webhook_id, by=by, at=request.auth.at)
    return message_said(message_of(message_id, endpoint_id=webhook_id, by=by))


@doors.post(
    "/webhooks/{webhook_id}/send-again",
    scope=Scope.PROJECTS,
    answers=WebhookSentAgain,
    replays=Replays.NATURAL,
    refuses=(WebhookNotFound, WebhookNotActive, TooManyTries),
)
def send_webhook_messages_again(request: Asked, webhook_id: Id) -> WebhookSentAgain:
    """Send all that was given up again, the oldest first, each message under its own id."""
    count = send_all_again(endpoint_id=webhook_id, by=request.auth.by, at=request.auth.at)
    return WebhookSentAgain(count=count)
