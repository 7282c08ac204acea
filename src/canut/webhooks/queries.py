"""Endpoints and what they were told, as their owner sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.kernel.plain_rows import Told as OwnData
from canut.kernel.plain_rows import plain_rows
from canut.people.models import Person
from canut.webhooks.access import own_endpoint, own_message
from canut.webhooks.models import Endpoint, Message
from canut.webhooks.states import TRIED, EndpointState, MessageState, Outcome, Told


@dataclass(frozen=True, slots=True)
class EndpointSeen:
    id: int
    name: str
    url: str
    events: Sequence[str]
    state: str
    created_at: datetime
    failing_since: datetime | None

    @property
    def state_said(self) -> str:
        return str(EndpointState(self.state).label)

    @property
    def is_active(self) -> bool:
        return self.state == EndpointState.ACTIVE

    @property
    def events_said(self) -> Sequence[str]:
        return [str(Told(event).label) for event in self.events]


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    at: datetime
    outcome: str
    status: int | None
    milliseconds: int
    said: str

    @property
    def outcome_said(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message; `tries` is empty in lists."""

    id: int
    uid: str
    name: str
    body: str
    state: str
    made_at: datetime
    attempts: int
    next_at: datetime | None
    ended_at: datetime | None
    tries: Sequence[AttemptSeen] = ()

    @property
    def state_said(self) -> str:
        return str(MessageState(self.state).label)

    @property
    def name_said(self) -> str:
        return self.name if self.name == TRIED else str(Told(self.name).label)


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some of what an endpoint was told; `has_given_up` speaks of all that is kept."""

    messages: Sequence[MessageSeen]
    next_before: int | None
    has_given_up: bool


def endpoints_of(person_id: int) -> Sequence[EndpointSeen]:
    """Return a person's endpoints, the oldest first; there are ten at most."""
    return [_endpoint(row) for row in Endpoint.objects.filter(owner_id=person_id).order_by("pk")]


def endpoint_of(endpoint_id: int, *, by: Person) -> EndpointSeen:
    """Return one of `by`'s endpoints.

    Raises:
        WebhookNotFound: there is none.
    """
    return _endpoint(own_endpoint(endpoint_id, by=by))


def messages_of(
    endpoint_id: int, *, by: Person, before: int | None = None, state: str = "", most: int = 50
) -> MessagePage:
    """Return what one of `by`'s endpoints was told, the latest first; perhaps only what is in one state.

    Raises:
        WebhookNotFound: there is none.
    """
    every = Message.objects.filter(endpoint=own_endpoint(endpoint_id, by=by))
    rows = every.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if state:
        rows = rows.filter(state=state)
    found = list(rows[: most + 1])
    shown = [_message(row) for row in found[:most]]
    return MessagePage(
        shown,
        next_before=shown[-1].id if len(found) > most else None,
        has_given_up=every.filter(state=MessageState.GIVEN_UP).exists(),
    )


def message_of(message_id: int, *, endpoint_id: int, by: Person) -> MessageSeen:
    """Return one message with each attempt to send it, the latest first.

    Raises:
        WebhookMessageNotFound: there is none.
    """
    row = own_message(message_id, endpoint_id=endpoint_id, by=by)
    tries = [
        AttemptSeen(one.at, one.outcome, one.status, one.milliseconds, one.said)
        for one in row.tries.order_by("-pk")[:100]
    ]
    return _message(row, tries)


def _endpoint(row: Endpoint) -> EndpointSeen:
    return EndpointSeen(row.pk, row.name, row.url, row.events, row.state, row.created_at, row.failing_since)


def _message(row: Message, tries: Sequence[AttemptSeen] = ()) -> MessageSeen:
    return MessageSeen(
        id=row.pk,
        uid=row.uid,
        name=row.name,
        body=row.body,
        state=row.state,
        made_at=row.made_at,
        attempts=row.attempts,
        next_at=row.next_at,
        ended_at=row.ended_at,
        tries=tries,
    )


def data_of(party_id: int) -> OwnData:
    """Return somebody's endpoints, for their own export. What they were sent is kept for a few days only."""
    rows = Endpoint.objects.filter(owner_id=party_id)
    return {"endpoints": plain_rows(rows, "name", "url", "events", "state", "created_at", "disabled_at")}
