"""The hot statements, joined from their files and run on Django's own connection.

Django's cursor binds parameters on the client, which keeps PostgreSQL from planning once; these run
on a psycopg cursor with `prepare=True` inside the same connection and transaction.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

_HERE = Path(__file__).parent
_PART = {path.stem: path.read_text().strip() for path in _HERE.glob("*.sql")}


def _statement(name: str, *, chosen: str) -> str:
    """Return a statement with the claim and its way of choosing a place put in, on one line.

    Comments and indentation go: psycopg keeps what it has read of a statement only under 4,096 characters.
    """
    whole = _PART[name].replace("{claim}", _PART["claim"]).replace("{chosen}", _PART[chosen])
    return " ".join(re.sub(r"--.*", "", whole).split())


SUBMIT_AND_NEXT = _statement("submit_and_next", chosen="chosen_next")
TAKE_TASK = _statement("take_task", chosen="chosen_any")

RANKS = 2**31 - 1
"""Ranks in a project's queue are drawn evenly from 0 up to here."""


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
            **_draw(cap),
        },
    )
    if row is None:
        return None
    assignment, submission, project, worker, *following = row
    next_task = None if following[0] is None else Next(*following)
    return HandedIn(assignment, submission, project, worker, next_task)


def claim(*, worker_id: int, project_id: int, task_id: int | None, at: datetime, cap: int) -> int | None:
    """Claim a place and return the new assignment's id, or None if there was none to be had."""
    row = _one(
        TAKE_TASK,
        {"worker_id": worker_id, "project_id": project_id, "task_id": task_id, "at": at, **_draw(cap)},
    )
    return None if row is None else int(row[0])


def _draw(cap: int) -> dict[str, int]:
    return {"cap": cap, "start": random.randrange(RANKS), "seed": random.randrange(RANKS)}  # noqa: S311


def _one(statement: str, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
