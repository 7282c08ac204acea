"""The hot statements, joined from their files and run on Django's own connection.

Django's cursor binds parameters on the client, which keeps PostgreSQL from planning once; these run
on a psycopg cursor with `prepare=True` inside the same connection and transaction. It is a raw one: the
text goes as it is, with its parameters numbered, for psycopg would read one of this length anew each time.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from canut.charter.queries import in_force

_HERE = Path(__file__).parent
_PART = {path.stem: path.read_text().strip() for path in _HERE.glob("*.sql")}


_BY_RIGHT = "(NOT p.is_guarded OR work_may_enter(p.id, k.worker_id, k.at, %(unrated)s))"
_AS_NEWCOMER = "work_may_enter_as_newcomer(p.id, k.worker_id, k.at, %(first_beat)s, %(most)s)"


def _statement(name: str, *, chosen: str, entry: str = _BY_RIGHT) -> str:
    """Return a statement with the claim and its way of choosing a place put in, on one line."""
    whole = _PART[name].replace("{claim}", _PART["claim"])
    whole = whole.replace("{chosen}", _PART[chosen]).replace("{entry}", entry)
    whole = whole.replace("{shown}", _PART["shown"])
    return " ".join(re.sub(r"--.*", "", whole).split())


SUBMIT_AND_NEXT = _statement("submit_and_next", chosen="chosen_next")
TAKE_TASK = _statement("take_task", chosen="chosen_any")
TAKE_KEPT = _statement("take_task", chosen="chosen_kept", entry=_AS_NEWCOMER)


def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement with its parameters numbered as PostgreSQL wants them, and their names in order."""
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    return re.sub(r"%\((\w+)\)s", lambda found: numbers[found[1]], statement).encode(), names


_NUMBERED = {statement: _numbered(statement) for statement in (SUBMIT_AND_NEXT, TAKE_TASK, TAKE_KEPT)}

RANKS = 2**31 - 1
"""Ranks in a project's queue are drawn evenly from 0 up to here; of places kept for newcomers, below 0."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The charter's numbers that the claim compares with."""

    cap: int
    unrated: Decimal
    newcomers_first_beat: int
    newcomers_most: int


def limits_in_force(*, at: datetime) -> Limits:
    """Return what the charter says at this moment about taking tasks."""
    return Limits(
        cap=in_force("work.cap_in_hand", at=at),
        unrated=in_force("standing.unrated", at=at),
        newcomers_first_beat=in_force("newcomers.first_beat", at=at),
        newcomers_most=in_force("newcomers.most_places", at=at),
    )


@dataclass(frozen=True, slots=True)
class Next:
    """The task taken along with a submission; `shown` is JSON text of what the design shows."""

    assignment_id: int
    task_id: int
    revision_id: int
    seed: int
    reward_minor: int
    taken_at: datetime
    lease_until: datetime
    shown: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What the statement did: one submission, and the next task or None where there was none."""

    assignment_id: int
    submission_id: int
    project_id: int
    worker_id: int
    next: Next | None


def submit_and_next(
    *,
    key_hash: str | None,
    worker_id: int | None,
    assignment_id: int,
    revision_id: int,
    answer_json: str,
    active_seconds: int | None,
    measured_seconds: int | None = None,
    want_next: bool,
    cap: int,
    unrated: Decimal,
) -> HandedIn | None:
    """Hand in an answer that its revision's validator has accepted, and take the next task.

    A next task is only looked for in one place of the queue: where none came along, ask the twin,
    which recognises what was handed in and looks everywhere.

    Exactly one of `key_hash` (SHA-256 of an API key, in hex) and `worker_id` (proved by a work token) says
    who asks. Returns None if nothing was handed in; `submit_answer` then finds the reason.
    """
    row = _one(
        SUBMIT_AND_NEXT,
        {
            "key_hash": key_hash,
            "worker_id": worker_id,
            "assignment_id": assignment_id,
            "revision_id": revision_id,
            "answer": answer_json,
            "active_seconds": active_seconds,
            "measured_seconds": measured_seconds,
            "next": want_next,
            "cap": cap,
            "unrated": unrated,
            **_draw(),
        },
    )
    if row is None:
        return None
    assignment, submission, project, worker, *following = row
    next_task = None if following[0] is None else Next(*following)
    return HandedIn(assignment, submission, project, worker, next_task)


def claim(
    *, worker_id: int, project_id: int, task_id: int | None, at: datetime, limits: Limits
) -> int | None:
    """Claim a place by right and return the new assignment's id, or None if there was none to be had."""
    given = {"worker_id": worker_id, "project_id": project_id, "task_id": task_id, "at": at}
    row = _one(TAKE_TASK, {**given, "cap": limits.cap, "unrated": limits.unrated, **_draw()})
    return None if row is None else int(row[0])


def claim_kept(
    *, worker_id: int, project_id: int, task_id: int | None, at: datetime, limits: Limits
) -> int | None:
    """Claim a place kept for newcomers and return the new assignment's id, or None if none was to be had."""
    given = {"worker_id": worker_id, "project_id": project_id, "task_id": task_id, "at": at}
    kept = {"first_beat": limits.newcomers_first_beat, "most": limits.newcomers_most}
    row = _one(TAKE_KEPT, {**given, "cap": limits.cap, **kept, "seed": _random()})
    return None if row is None else int(row[0])


def _draw() -> dict[str, int]:
    return {"start": _random(), "seed": _random()}


def _random() -> int:
    return random.randrange(RANKS)  # noqa: S311


def _one(statement: str, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    text, names = _NUMBERED[statement]
    connection.ensure_connection()
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(text, [parameters[name] for name in names], prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
