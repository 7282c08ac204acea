"""Messages leave: one endpoint's in their order, each tried again until it is taken or given up."""

from datetime import datetime, timedelta

from django.db import transaction

from canut.kernel.alone import alone
from canut.kernel.later import later
from canut.webhooks.models import Attempt, Endpoint, Message
from canut.webhooks.rules import DISABLED_AFTER, GONE, again_after
from canut.webhooks.sending import Sent, send
from canut.webhooks.states import EndpointState, MessageState, Outcome
from canut.webhooks.usecases.manage_endpoint import give_up_waiting

MOST_AT_ONCE = 50
KEPT_FOR = timedelta(days=30)
"""How long messages are kept, for their owner to see and to send again."""
LOCK = 4_217_734
"""One of the two numbers of an advisory lock of PostgreSQL; the other is the endpoint's."""


def send_messages(*, endpoint_id: int, at: datetime) -> int:
    """Send an endpoint what is due, the oldest first, and return how many messages were taken. A job.

    It ends with the first that is not taken, so that a program that is away holds nobody up. The program may
    have had a message although its answer did not reach us: then it has it again, under the same id.
    """
    taken = 0
    with alone(LOCK, endpoint_id) as is_alone:
        while is_alone and taken < MOST_AT_ONCE:
            message = _next(endpoint_id, at=at)
            if message is None:
                return taken
            sent = send(message.endpoint, uid=message.uid, body=message.body, at=at)
            if not note_attempt(message_id=message.pk, sent=sent, at=at):
                return taken
            taken += 1
    if is_alone and _next(endpoint_id, at=at) is not None:
        later("webhooks.send", endpoint_id=endpoint_id)
    return taken


def send_what_is_due(*, at: datetime) -> int:
    """Have everything sent that is due, also what a runner had in hand that was killed. A sweep."""
    due = Message.objects.filter(
        state=MessageState.WAITING, next_at__lte=at, endpoint__state=EndpointState.ACTIVE
    )
    endpoints = sorted(set(due.values_list("endpoint_id", flat=True)))
    for endpoint_id in endpoints:
        later("webhooks.send", endpoint_id=endpoint_id)
    return len(endpoints)


@transaction.atomic
def note_attempt(*, message_id: int, sent: Sent, at: datetime) -> bool:
    """Write down what came of an attempt, and when the next one is; return whether the message was taken."""
    # The endpoint first, as whoever pauses or deletes it does: its messages come after it.
    rows = Endpoint.objects.select_for_update(of=("self",), no_key=True)
    endpoint = rows.filter(messages=message_id).first()
    found = Message.objects.select_for_update(of=("self",), no_key=True).filter(pk=message_id).first()
    if endpoint is None or found is None:
        return False  # the endpoint was deleted meanwhile
    Attempt.objects.create(
        message=found,
        at=at,
        outcome=sent.outcome,
        status=sent.status,
        milliseconds=sent.milliseconds,
        said=sent.said,
    )
    found.attempts += 1
    taken = sent.outcome == Outcome.TAKEN
    if found.state == MessageState.WAITING:
        wait = again_after(found.attempts)
        if taken:
            found.state, found.next_at, found.ended_at = MessageState.DELIVERED, None, at
        elif wait is None:
            found.state, found.next_at, found.ended_at = MessageState.GIVEN_UP, None, at
        else:
            found.next_at = at + wait
    found.save(update_fields=["attempts", "state", "next_at", "ended_at"])
    _note_health(endpoint, taken=taken, gone=sent.status == GONE, at=at)
    return taken


def forget_old_messages(*, at: datetime) -> int:
    """Delete messages, with their attempts, that are older than 30 days; return how many rows went."""
    gone, _each = Message.objects.filter(made_at__lt=at - KEPT_FOR).delete()
    return gone


def _note_health(endpoint: Endpoint, *, taken: bool, gone: bool, at: datetime) -> None:
    """Note since when an endpoint has taken nothing; after days of it, or if it asks so, stop sending."""
    if taken:
        if endpoint.failing_since is not None:
            endpoint.failing_since = None
            endpoint.save(update_fields=["failing_since"])
        return
    since = endpoint.failing_since or at
    if endpoint.state == EndpointState.ACTIVE and (gone or at - since >= DISABLED_AFTER):
        endpoint.state, endpoint.disabled_at = EndpointState.DISABLED, at
        give_up_waiting(endpoint, at=at)
        later("webhooks.tell_owner", endpoint_id=endpoint.pk)
    endpoint.failing_since = since
    endpoint.save(update_fields=["failing_since", "state", "disabled_at"])


def _next(endpoint_id: int, *, at: datetime) -> Message | None:
    due = Message.objects.select_related("endpoint").filter(
        endpoint_id=endpoint_id,
        endpoint__state=EndpointState.ACTIVE,
        state=MessageState.WAITING,
        next_at__lte=at,
    )
    return due.order_by("next_at", "pk").first()
