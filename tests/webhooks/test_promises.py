"""What the database promises about webhooks, each promise broken."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.builders import NOON, a_requester
from tests.promises import broken

from canut.webhooks.models import Attempt, Endpoint, Message
from canut.webhooks.usecases.manage_endpoint import add_endpoint
from canut.webhooks.usecases.send_again import try_endpoint


def endpoint(**changes: Any) -> None:
    Endpoint.objects.update(**changes)


def message(**changes: Any) -> None:
    Message.objects.update(**changes)


def attempt(**changes: Any) -> None:
    given = {"at": NOON, "outcome": "taken", "status": 200, "milliseconds": 1}
    Attempt.objects.create(message=Message.objects.get(), **given | changes)


def told_twice() -> None:
    first = Message.objects.get()
    Message.objects.filter(pk=first.pk).update(event_id=1)
    first.pk, first.uid, first.event_id = None, "msg_another", 1
    first.save()


def same_uid() -> None:
    first = Message.objects.get()
    first.pk = None
    first.save()


WAYS: Mapping[str, list[Callable[[], None]]] = {
    "webhook_endpoint_state_known": [lambda: endpoint(state="asleep")],
    "webhook_endpoint_told_of_something": [
        lambda: endpoint(events=[]),
        lambda: endpoint(events=["submission.bought"]),
    ],
    "webhook_endpoint_url_shape": [lambda: endpoint(url="ftp://x.org"), lambda: endpoint(url="https://a b")],
    "webhook_endpoint_disabled_has_time": [
        lambda: endpoint(state="disabled"),
        lambda: endpoint(disabled_at=NOON),
    ],
    "webhook_endpoint_secret_before_ends": [
        lambda: endpoint(sealed_before=b"x"),
        lambda: endpoint(signed_before_until=NOON),
    ],
    "webhook_endpoint_by_hand_counted": [
        lambda: endpoint(by_hand=2, by_hand_since=None),
        lambda: endpoint(by_hand=0, by_hand_since=NOON),
    ],
    "webhook_message_once": [told_twice],
    "webhooks_message_uid_key": [same_uid],
    "webhook_message_name_known": [lambda: message(name="submission.bought")],
    "webhook_message_state": [
        lambda: message(state="lost"),
        lambda: message(next_at=None),
        lambda: message(state="delivered", next_at=None),
        lambda: message(state="given_up", ended_at=NOON),
        lambda: message(state="delivered", next_at=None, ended_at=NOON - timedelta(seconds=1)),
    ],
    "webhook_attempt_outcome_known": [lambda: attempt(outcome="lost", status=None)],
    "webhook_attempt_answered_has_status": [
        lambda: attempt(status=None),
        lambda: attempt(outcome="too_slow"),
    ],
}


@pytest.mark.django_db
def test_the_database_refuses_what_must_not_be() -> None:
    owner = a_requester()
    made = add_endpoint(
        name="x", url="https://hooks.example.org/", events=["project.done"], by=owner, at=NOON
    )
    try_endpoint(endpoint_id=made.pk, by=owner, at=NOON)
    for name, ways in WAYS.items():
        for number, way in enumerate(ways):
            print(f"{name}, way {number}")  # the last one printed is the one that was let through
            with broken(name):
                way()


def test_every_promise_is_broken_somewhere() -> None:
    named = {one.name for model in (Endpoint, Message, Attempt) for one in model._meta.constraints}
    assert named <= WAYS.keys()
