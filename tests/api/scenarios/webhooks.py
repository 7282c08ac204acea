"""Situations of webhooks."""

from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several

from canut.webhooks.models import Endpoint, Message
from canut.webhooks.usecases.manage_endpoint import (
    MOST_ENDPOINTS,
    add_endpoint,
    change_endpoint,
    give_up_waiting,
)
from canut.webhooks.usecases.send_again import MOST_BY_HAND, MOST_TRIES_WAITING, try_endpoint

BODY: dict[str, Any] = {
    "name": "Mine",
    "url": "https://hooks.example.org/canut",
    "events": ["submission.submitted", "project.done"],
}


def endpoint(cast: Cast) -> Endpoint:
    return add_endpoint(**BODY, by=cast.requester, at=cast.at)


def tried(cast: Cast) -> Message:
    return try_endpoint(endpoint_id=endpoint(cast).pk, by=cast.requester, at=cast.at)


def paused(cast: Cast, endpoint_id: int) -> None:
    change_endpoint(endpoint_id=endpoint_id, **BODY, active=False, by=cast.requester, at=cast.at)


ABOUT_ONE = {
    "get_webhook": lambda cast, pk: cast.get(cast.requester, f"/webhooks/{pk}"),
    "change_webhook": lambda cast, pk: Call(cast.requester, "PATCH", f"/webhooks/{pk}", {"active": False}),
    "delete_webhook": lambda cast, pk: Call(cast.requester, "DELETE", f"/webhooks/{pk}"),
    "get_webhook_secret": lambda cast, pk: cast.get(cast.requester, f"/webhooks/{pk}/secret"),
    "rotate_webhook_secret": lambda cast, pk: cast.post(cast.requester, f"/webhooks/{pk}/secret"),
    "try_webhook": lambda cast, pk: cast.post(cast.requester, f"/webhooks/{pk}/try"),
    "send_webhook_messages_again": lambda cast, pk: cast.post(cast.requester, f"/webhooks/{pk}/send-again"),
    "list_webhook_messages": lambda cast, pk: cast.get(cast.requester, f"/webhooks/{pk}/messages"),
}
for _operation, _call in ABOUT_ONE.items():
    _status = {"delete_webhook": "204", "try_webhook": "201"}.get(_operation, "200")
    says(_operation, _status)(lambda cast, call=_call: call(cast, tried(cast).endpoint_id))  # type: ignore[misc]
several(ABOUT_ONE, "webhook_not_found", lambda cast: endpoint(cast).pk + 1)


def of_message(cast: Cast, message: Message, way: str = "", number: int | None = None) -> Call:
    path = f"/webhooks/{message.endpoint_id}/messages/{message.pk if number is None else number}{way}"
    return cast.post(cast.requester, path) if way else cast.get(cast.requester, path)


for _operation, _way in (("get_webhook_message", ""), ("send_webhook_message_again", "/send")):
    says(_operation, "200")(lambda cast, way=_way: of_message(cast, tried(cast), way))  # type: ignore[misc]
    says(_operation, "webhook_message_not_found")(
        lambda cast, way=_way: of_message(cast, tried(cast), way, 2**40)  # type: ignore[misc]
    )


@says("list_webhooks", "200")
def _(cast: Cast) -> Call:
    endpoint(cast)
    return cast.get(cast.requester, "/webhooks")


says("make_webhook", "201")(lambda cast: cast.post(cast.requester, "/webhooks", BODY))


@says("make_webhook", "too_many_webhooks")
def _(cast: Cast) -> Call:
    for _number in range(MOST_ENDPOINTS):
        endpoint(cast)
    return cast.post(cast.requester, "/webhooks", BODY)


@says("try_webhook", "webhook_not_active")
def _(cast: Cast) -> Call:
    made = endpoint(cast)
    paused(cast, made.pk)
    return ABOUT_ONE["try_webhook"](cast, made.pk)


@says("try_webhook", "too_many_webhook_tries")
def _(cast: Cast) -> Call:
    made = endpoint(cast)
    for _number in range(MOST_TRIES_WAITING):
        try_endpoint(endpoint_id=made.pk, by=cast.requester, at=cast.at)
    return ABOUT_ONE["try_webhook"](cast, made.pk)


@says("send_webhook_message_again", "webhook_not_active")
def _(cast: Cast) -> Call:
    message = tried(cast)
    paused(cast, message.endpoint_id)
    return of_message(cast, message, "/send")


def given_up(cast: Cast) -> Message:
    """A message that was given up, at an endpoint by which enough was sent by hand within the hour."""
    message = tried(cast)
    give_up_waiting(message.endpoint, at=cast.at)
    Endpoint.objects.update(by_hand=MOST_BY_HAND, by_hand_since=cast.at)
    return message


says("send_webhook_message_again", "too_many_webhook_tries")(
    lambda cast: of_message(cast, given_up(cast), "/send")
)
says("send_webhook_messages_again", "too_many_webhook_tries")(
    lambda cast: ABOUT_ONE["send_webhook_messages_again"](cast, given_up(cast).endpoint_id)
)


@says("send_webhook_messages_again", "webhook_not_active")
def _(cast: Cast) -> Call:
    made = endpoint(cast)
    paused(cast, made.pk)
    return ABOUT_ONE["send_webhook_messages_again"](cast, made.pk)
