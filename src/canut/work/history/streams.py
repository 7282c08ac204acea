"""What a history is made of: one query for each kind of line, narrowed alike for page, file, API and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from canut.ledger.queries_about import is_booked, other_entries
from canut.people.models import Person
from canut.work.history.asked import OUTCOMES, PAID_IN, Asked, LineKind, Role
from canut.work.models import Assignment, Project, TopUp, WorkSession

SUBJECT = {LineKind.TASK: "assignment", LineKind.SESSION: "session", LineKind.TOP_UP: "topup"}
"""As what the ledger names each kind of row."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The rows of one kind, and the field that says when."""

    kind: LineKind
    rows: "QuerySet[Any]"
    moment: str


def streams_of(asked: Asked, *, by: Person, role: Role) -> Sequence[Stream]:
    """Return one stream for each kind of line, in a fixed order; what was not asked for is empty in it.

    Of a requester there is no other pay: it is only ever people's own.
    """
    own: dict[str, Any] = {"worker_id": by.pk}
    of_settlement: dict[str, Any] = own
    if role == Role.REQUESTER:
        projects = Project.objects.filter(owner_id=by.pk).values("pk")
        own, of_settlement = {"project__in": projects}, {"settlement__project__in": projects}
    streams = [
        Stream(LineKind.TASK, Assignment.objects.filter(**own), "taken_at"),
        Stream(LineKind.SESSION, WorkSession.objects.filter(**own), "opened_at"),
        Stream(LineKind.TOP_UP, TopUp.objects.filter(**of_settlement), "settlement__settled_at"),
    ]
    if role == Role.WORKER:
        others = other_entries(by.pk, known=tuple(SUBJECT.values()))
        streams.append(Stream(LineKind.OTHER, others, "recorded_at"))
    zone = ZoneInfo(by.time_zone)
    return [Stream(one.kind, _narrowed(one, asked, zone), one.moment) for one in streams]


def _narrowed(stream: Stream, asked: Asked, zone: ZoneInfo) -> "QuerySet[Any]":
    if not _is_asked(stream.kind, asked):
        return stream.rows.none()
    wanted = Q()
    if begins := asked.begins_at(zone):
        wanted &= Q(**{f"{stream.moment}__gte": begins})
    if ends := asked.ends_at(zone):
        wanted &= Q(**{f"{stream.moment}__lt": ends})
    if asked.project_id is not None:
        project = "settlement__project_id" if stream.kind is LineKind.TOP_UP else "project_id"
        wanted &= Q(**{project: asked.project_id})
    if asked.outcome:
        wanted &= Q(state__in=OUTCOMES[asked.outcome])
    if stream.kind is LineKind.OTHER:
        return stream.rows.filter(wanted, **({"reason": asked.pay} if asked.pay else {}))
    if asked.pay:
        wanted &= Q(is_booked(SUBJECT[stream.kind], reason=asked.pay))
    if asked.paid:
        is_paid = Q(is_booked(SUBJECT[stream.kind]))
        wanted &= is_paid if asked.paid == "yes" else ~is_paid
    return stream.rows.filter(wanted)


def _is_asked(kind: LineKind, asked: Asked) -> bool:
    """Tell whether lines of this kind can be among what is asked for."""
    if asked.pay and PAID_IN[asked.pay] is not kind:
        return False
    if asked.outcome and kind is not LineKind.TASK:
        return False
    return kind is not LineKind.OTHER or (asked.project_id is None and asked.paid != "no")
