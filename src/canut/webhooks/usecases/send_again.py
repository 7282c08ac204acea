"""Somebody tries their endpoint out, or has a message sent again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.webhooks.access import own_endpoint, own_message
from canut.webhooks.models import Endpoint, Message
from canut.webhooks.states import TRIED, EndpointState, MessageState
from canut.webhooks.usecases.follow_events import body_of, new_uid

MOST_TRIES_WAITING = 5
MOST_BY_HAND = 60
AN_HOUR = timedelta(hours=1)
"""How often an owner may have something sent within an hour: the address may be somebody else's."""


class WebhookNotActive(Refusal):
    code = "webhook_not_active"


class TooManyTries(Refusal):
    code = "too_many_webhook_tries"
    status = 429


@transaction.atomic
def try_endpoint(*, endpoint_id: int, by: Person, at: datetime) -> Message:
    """Send an endpoint a message that says nothing but that it works.

    Raises:
        WebhookNotFound: there is none of `by`. WebhookNotActive: nothing is sent to it now.
        TooManyTries: several are still on their way, or were sent within the hour.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    _refuse_unless_active(endpoint)
    waiting = Message.objects.filter(endpoint=endpoint, name=TRIED, state=MessageState.WAITING)
    if waiting.count() >= MOST_TRIES_WAITING:
        raise TooManyTries(_("Several such messages are on their way. See the log for what came of them."))
    _count(endpoint, at=at)
    message = Message.objects.create(
        endpoint=endpoint,
        uid=new_uid(),
        name=TRIED,
        body=body_of(TRIED, {"webhook_id": endpoint.pk}, at=at),
        made_at=at,
        next_at=at,
    )
    later("webhooks.send", endpoint_id=endpoint.pk)
    return message


@transaction.atomic
def send_again(*, message_id: int, endpoint_id: int, by: Person, at: datetime) -> Message:
    """Send a message again, under the same id, with as many attempts as a new one. Twice at once is once.

    Raises:
        WebhookMessageNotFound: there is none. WebhookNotActive: nothing is sent to the endpoint now.
        TooManyTries: enough was sent by hand within the hour.
    """
    own_message(message_id, endpoint_id=endpoint_id, by=by)
    # The endpoint first, as whoever notes an attempt does: its messages come after it.
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    message = own_message(message_id, endpoint_id=endpoint_id, by=by, lock=True)
    if message.is_due(at):
        return message
    _refuse_unless_active(endpoint)
    _count(endpoint, at=at)
    if message.state != MessageState.WAITING:
        message.attempts, message.ended_at = 0, None
    message.state, message.next_at = MessageState.WAITING, at
    message.save(update_fields=["state", "attempts", "next_at", "ended_at"])
    later("webhooks.send", endpoint_id=endpoint_id)
    return message


@transaction.atomic
def send_all_again(*, endpoint_id: int, by: Person, at: datetime) -> int:
    """Send all that was given up again, the oldest first, and return how many messages that is.

    Raises:
        WebhookNotFound: there is none of `by`. WebhookNotActive: nothing is sent to it now.
        TooManyTries: enough was sent by hand within the hour.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    _refuse_unless_active(endpoint)
    given_up = Message.objects.filter(endpoint=endpoint, state=MessageState.GIVEN_UP)
    if not given_up.exists():
        return 0
    _count(endpoint, at=at)
    count = given_up.update(state=MessageState.WAITING, attempts=0, next_at=at, ended_at=None)
    later("webhooks.send", endpoint_id=endpoint_id)
    return count


def _count(endpoint: Endpoint, *, at: datetime) -> None:
    """Count what an owner has sent by hand, on the endpoint's locked row; raise TooManyTries after enough."""
    if endpoint.by_hand_since is None or at >= endpoint.by_hand_since + AN_HOUR:
        endpoint.by_hand, endpoint.by_hand_since = 0, at
    if endpoint.by_hand >= MOST_BY_HAND:
        raise TooManyTries(
            _("You have had %(most)s messages sent by hand within an hour. Wait a little, then try again.")
            % {"most": MOST_BY_HAND}
        )
    endpoint.by_hand += 1
    endpoint.save(update_fields=["by_hand", "by_hand_since"])


def _refuse_unless_active(endpoint: Endpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise WebhookNotActive(_("Nothing is sent to this webhook now. Let it go on first."))
