"""A history as a file: CSV for spreadsheets, JSON Lines for scripts, in pieces as it is read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from canut.people.models import Person
from canut.work.history.asked import PAID_IN, Asked, Role
from canut.work.history.lines import Line
from canut.work.history.pages import all_lines
from canut.work.queries.pricing import DUES
from canut.work.results.export import Column, Kind, write_csv, write_jsonl

FORMATS = ("csv", "jsonl")

_WHOLE = ("position", "attempt", "active_seconds", "count")
_TEXTS = (
    *("state", "decided_by", "return_reason", "ground", "evidence", "reason"),
    *("broken_kind", "appeal_state", "appeal_decided_by", "ended_by", "note"),
)
_TIMES = ("submitted_at", "returned_at", "decided_at", "ended_at")


def columns_of(role: Role) -> Sequence[Column]:
    """Return the columns of a file: the same ones for everybody, whatever was done."""
    other_side = "requester" if role == Role.WORKER else "worker"
    columns = [
        Column("kind", Kind.TEXT),
        Column("id", Kind.WHOLE),
        Column("at", Kind.TEXT),
        Column("project_id", Kind.WHOLE),
        Column("project", Kind.TEXT),
        Column(other_side, Kind.TEXT),
        Column("simulated", Kind.TRUTH),
        Column("prototype_round", Kind.TRUTH),
        Column("volunteer", Kind.TRUTH),
        Column("fund", Kind.TEXT),
        Column("task_id", Kind.WHOLE),
        *(Column(name, Kind.WHOLE) for name in _WHOLE),
        *(Column(name, Kind.TEXT) for name in (*_TEXTS, *_TIMES)),
        Column("rating", Kind.NUMBER),
        Column("currency", Kind.TEXT),
        *(Column(f"{reason}_minor", Kind.WHOLE) for reason in PAID_IN),
        Column("pay_minor", Kind.WHOLE),
    ]
    if role == Role.REQUESTER:
        columns.append(Column("task_key", Kind.TEXT))
        columns += [Column(f"{name}_share_minor", Kind.NUMBER) for name in DUES]
    return columns


def history_file(asked: Asked, *, by: Person, role: Role, at: datetime, file_format: str) -> Iterator[bytes]:
    """Give the file in pieces. Times are in the reader's zone, with its distance from UTC.

    What is decided while it is read may stand either way; nothing is left out and nothing comes twice.
    """
    zone, columns = ZoneInfo(by.time_zone), columns_of(role)
    write = write_csv if file_format == "csv" else write_jsonl
    heading = BytesIO()
    write([], columns, heading)
    yield heading.getvalue()
    for lines in all_lines(asked, by=by, role=role, at=at):
        piece = BytesIO()
        write([_row(line, role, zone) for line in lines], columns, piece)
        yield piece.getvalue()[heading.tell() :]


def _row(line: Line, role: Role, zone: ZoneInfo) -> dict[str, Any]:
    who = line.who
    row: dict[str, Any] = {
        "kind": str(line.kind),
        "id": line.id,
        "at": _written(line.at, zone),
        "project_id": line.project_id,
        "project": line.title,
        "requester" if role == Role.WORKER else "worker": who.screen_name if who else "",
        "simulated": who.simulated if who else None,
        "prototype_round": line.is_of_a_round,
        "volunteer": line.is_volunteer,
        "fund": line.fund,
        "task_id": line.task_id,
        **{name: getattr(line, name) for name in (*_WHOLE, *_TEXTS)},
        **{name: _written(getattr(line, name), zone) for name in _TIMES},
        "rating": None if line.rating is None else float(line.rating),
        "currency": line.currency,
        **{f"{reason}_minor": line.pay.get(reason, 0) for reason in PAID_IN},
        "pay_minor": line.pay_minor,
    }
    if role == Role.REQUESTER:
        row["task_key"] = line.task_key
        row |= {f"{name}_share_minor": float(line.charges.get(name, 0)) for name in DUES}
    return row


def _written(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
