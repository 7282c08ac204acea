"""Somebody has their own program told what happens, and changes or ends that."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.access import ensure_member, person_for_change
from canut.people.models import Person
from canut.webhooks import secrets
from canut.webhooks.access import own_endpoint
from canut.webhooks.models import LONGEST_NAME, LONGEST_URL, Endpoint, Message
from canut.webhooks.rules import may_be_told
from canut.webhooks.states import EndpointState, MessageState, Told

MOST_ENDPOINTS = 10
SIGNED_BEFORE_FOR = timedelta(hours=24)
"""How long messages are signed with the earlier secret too."""


class TooManyWebhooks(Refusal):
    code = "too_many_webhooks"


@transaction.atomic
def add_endpoint(*, name: str, url: str, events: Sequence[str], by: Person, at: datetime) -> Endpoint:
    """Have an address told what happens from now on; its secret is `secrets.shown_secret`.

    Raises:
        BadInput: no name, no event or an unknown one, or an address that nothing is sent to.
        TooManyWebhooks: `by` has ten.
        NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    ensure_member(person_for_change(by))
    cleaned = _cleaned(name, url, events)
    if Endpoint.objects.filter(owner_id=by.pk).count() >= MOST_ENDPOINTS:
        raise TooManyWebhooks(_("You have ten webhooks. Delete one that you no longer need, then try again."))
    endpoint = Endpoint.objects.create(owner_id=by.pk, sealed=secrets.new_sealed(), created_at=at, **cleaned)
    record(by, "webhook.added", endpoint, at=at, events=endpoint.events)
    return endpoint


@transaction.atomic
def change_endpoint(
    *,
    endpoint_id: int,
    by: Person,
    at: datetime,
    name: str | None = None,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
) -> Endpoint:
    """Change what an endpoint is, pause it, or let it go on; what happened while it was paused is not told.

    What is None stays as it is when this comes to it, not as somebody saw it before.

    Raises:
        WebhookNotFound: there is none of `by`. BadInput: as for a new one.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    cleaned = _cleaned(
        endpoint.name if name is None else name,
        endpoint.url if url is None else url,
        endpoint.events if events is None else events,
    )
    for field, value in cleaned.items():
        setattr(endpoint, field, value)
    if active is None:
        active = endpoint.state == EndpointState.ACTIVE
    if active and endpoint.state != EndpointState.ACTIVE:
        endpoint.state, endpoint.failing_since, endpoint.disabled_at = EndpointState.ACTIVE, None, None
    elif not active and endpoint.state == EndpointState.ACTIVE:
        endpoint.state = EndpointState.PAUSED
        give_up_waiting(endpoint, at=at)
    endpoint.save(update_fields=[*cleaned, "state", "failing_since", "disabled_at"])
    record(by, "webhook.changed", endpoint, at=at, state=endpoint.state, events=endpoint.events)
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint_id: int, by: Person, at: datetime) -> Endpoint:
    """Give an endpoint a new secret; for a day messages are signed with the earlier one too.

    Raises:
        WebhookNotFound: there is none of `by`.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    endpoint.sealed_before, endpoint.signed_before_until = endpoint.sealed, at + SIGNED_BEFORE_FOR
    endpoint.sealed = secrets.new_sealed()
    endpoint.save(update_fields=["sealed", "sealed_before", "signed_before_until"])
    record(by, "webhook.secret_rotated", endpoint, at=at)
    return endpoint


@transaction.atomic
def drop_endpoint(*, endpoint_id: int, by: Person, at: datetime) -> None:
    """Delete an endpoint and all that it was told, for good.

    Raises:
        WebhookNotFound: there is none of `by`.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    record(by, "webhook.dropped", endpoint, at=at)
    endpoint.delete()


def give_up_waiting(endpoint: Endpoint, *, at: datetime) -> None:
    """Give up what waits to be sent to an endpoint; it stays in the log, to be sent again by hand."""
    waiting = Message.objects.filter(endpoint=endpoint, state=MessageState.WAITING)
    waiting.update(state=MessageState.GIVEN_UP, next_at=None, ended_at=at)


def _cleaned(name: str, url: str, events: Sequence[str]) -> dict[str, object]:
    errors = {}
    name, url = name.strip(), url.strip()
    if not 1 <= len(name) <= LONGEST_NAME or "\0" in name:
        errors["name"] = str(_("Give the webhook a name of 1 to 60 characters, such as the program's."))
    if len(url) > LONGEST_URL or not may_be_told(url, allowed=settings.WEBHOOK_NETWORKS):
        errors["url"] = str(
            _("Give an address on the internet that begins with https://, with no name or password in it.")
        )
    if not events or not set(events) <= set(Told.values):
        errors["events"] = str(_("Choose at least one thing to be told of."))
    if errors:
        raise BadInput(_("Some of what you typed cannot be used. See each field."), errors=errors)
    return {"name": name, "url": url, "events": [event for event in Told.values if event in set(events)]}
