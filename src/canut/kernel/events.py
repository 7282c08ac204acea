"""The append-only record of what happened, and reading it without missing anything.

Rooms above that react to what rooms below did (records, notices, hooks) read it by cursor from a
job; nothing calls upwards. Ids are given out before commits happen, so a reader that trusted ids
would step over a slow writer: `read_new` goes by transaction, and ends before the oldest open one.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from canut.kernel.models import Event, EventCursor


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as readers see it; `data` holds plain JSON values."""

    id: int
    at: datetime
    by_id: int | None
    name: str
    subject_kind: str
    subject_id: int
    data: dict[str, Any]


def record(by: Any, name: str, subject: models.Model, *, at: datetime, **data: Any) -> None:
    """Write down that `by` (a party, a person, or None for the software) did `name` to `subject`.

    `name` is `subject.verb_in_past`, such as "submission.approved". `data` holds JSON values and no
    personal detail: events are kept when a person's details are removed.
    """
    record_each(by, name, [(subject, data)], at=at)


def record_each(
    by: Any, name: str, happened: Iterable[tuple[models.Model, dict[str, Any]]], *, at: datetime
) -> None:
    """Write down the same thing done to many subjects, each with its own data, in one statement."""
    Event.objects.bulk_create(
        Event(
            at=at,
            by_id=None if by is None else by.pk,
            name=name,
            subject_kind=subject._meta.model_name or "",
            subject_id=subject.pk,
            data=data,
        )
        for subject, data in happened
    )


def read_new(reader: str, *, names: Collection[str], most: int) -> list[Happened]:
    """Return up to `most` events that `reader` has not had yet, and note that it has them now.

    Must run inside the transaction that does the reader's work: both are kept or neither. Two
    runners of one reader take turns on the cursor's row, so no event is had twice. Events whose
    neighbours may still be uncommitted wait for a later call, so none is stepped over.
    """
    EventCursor.objects.get_or_create(reader=reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generation, transaction, event_id FROM kernel_eventcursor WHERE reader = %s FOR UPDATE",
            [reader],
        )
        generation, transaction, event_id = cursor.fetchone()
        cursor.execute(
            """
            SELECT generation, recorded_in::text, id, at, by_id, name, subject_kind, subject_id, data::text
            FROM kernel_event
            WHERE (generation, recorded_in, id) > (%(generation)s, %(transaction)s::xid8, %(event_id)s)
              AND (generation < (SELECT number FROM kernel_generation)
                   OR recorded_in < pg_snapshot_xmin(pg_current_snapshot()))
              AND name = ANY(%(names)s)
            ORDER BY generation, recorded_in, id LIMIT %(most)s
            """,
            {
                "generation": generation,
                "transaction": transaction,
                "event_id": event_id,
                "names": list(names),
                "most": most,
            },
        )
        rows = cursor.fetchall()
        if rows:
            cursor.execute(
                "UPDATE kernel_eventcursor SET generation = %s, transaction = %s, event_id = %s"
                " WHERE reader = %s",
                [*rows[-1][:3], reader],
            )
    return [
        Happened(event_id, at, by_id, name, kind, subject_id, json.loads(data))
        for _generation, _transaction, event_id, at, by_id, name, kind, subject_id, data in rows
    ]
