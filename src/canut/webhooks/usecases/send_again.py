"""Somebody tries their endpoint out, or has a message sent again."""

from datetime import datetime

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
        TooManyTries: several are still on their way.
    """
    endpoint = own_endpoint(endpoint_id, by=by, lock=True)
    _refuse_unless_active(endpoint)
    waiting = Message.objects.filter(endpoint=endpoint, name=TRIED, state=MessageState.WAITING)
    if waiting.count() >= MOST_TRIES_WAITING:
        raise TooManyTries(_("Several such messages are on their way. See the log for what came of them."))
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
    """
    message = own_message(message_id, endpoint_id=endpoint_id, by=by, lock=True)
    _refuse_unless_active(message.endpoint)
    if message.state != MessageState.WAITING:
        message.attempts, message.ended_at = 0, None
    message.state, message.next_at = MessageState.WAITING, at
    message.save(update_fields=["state", "attempts", "next_at", "ended_at"])
    later("webhooks.send", endpoint_id=endpoint_id)
    return message


def _refuse_unless_active(endpoint: Endpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise WebhookNotActive(_("Nothing is sent to this webhook now. Let it go on first."))
