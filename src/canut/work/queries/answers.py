"""Reading all tasks and all answers of revisions, a million of them, in memory that stays small.

Rows come through a cursor on the server's side, from the database for long reads, and turn into
arrays of numbers as they come. A page never calls this: jobs do, and use cases about little data.
"""

import json
from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connections

from canut.work.models import Project, Revision, Upload
from canut.work.queries.readings import Reading
from canut.work.results.answers import Answers, Codes
from canut.work.results.summary import HandedIn
from canut.work.states import AssignmentState

READ_AT_ONCE_ROWS = 5_000

HANDED_IN = (
    AssignmentState.SUBMITTED,
    AssignmentState.RETURNED,
    AssignmentState.APPROVED,
    AssignmentState.REJECTED,
)
"""What progress counts: work that came in and whose place is not given to somebody else."""

COUNTED = (AssignmentState.APPROVED, AssignmentState.SUBMITTED)
"""Whose answers count for results: work that was approved, and work that is not decided yet."""

_TASKS = """
SELECT t.id, t.position, t.key, t.answers_wanted, {cells}
FROM work_task t JOIN work_revision r ON r.id = t.revision_id
WHERE t.revision_id = %s AND t.position <= r.paid_upto ORDER BY t.position
"""

# A task goes on to the next revision with the answers that it has. What it wants under one is what it
# does not have from the others; where it has gone on, what it got there.
_TASKS_OF_SEVERAL = """
WITH got AS (
    SELECT task_id, count(*) FILTER (WHERE revision_id = ANY(%s)) AS here,
           count(*) FILTER (WHERE revision_id <> ALL(%s)) AS elsewhere
    FROM work_assignment
    WHERE project_id = %s AND state = ANY(%s) AND NOT (state = 'rejected' AND place_released)
    GROUP BY task_id),
found AS (
    SELECT t.id, t.position, t.key, t.row, greatest(
        coalesce(got.here, 0), CASE WHEN t.revision_id = ANY(%s) AND t.position <= r.paid_upto
                                    THEN t.answers_wanted - coalesce(got.elsewhere, 0) ELSE 0 END) AS wanted
    FROM work_task t JOIN work_revision r ON r.id = t.revision_id LEFT JOIN got ON got.task_id = t.id
    WHERE t.project_id = %s)
SELECT id, position, key, wanted, {cells} FROM found WHERE wanted > 0 ORDER BY position, id
"""

_RENEWED = (
    "SELECT renews_id, id FROM work_task WHERE project_id = %s AND renews_id IS NOT NULL ORDER BY id DESC"
)

# The answer that stands: of the latest attempt.
_ANSWERS = """
SELECT a.task_id, a.worker_id, a.state, extract(epoch FROM a.submitted_at)::float8, s.active_seconds,
       s.answer -> %(question)s
FROM work_assignment a JOIN work_submission s ON s.assignment_id = a.id AND s.attempt = a.attempt
WHERE a.project_id = %(project)s AND a.revision_id = ANY(%(revisions)s) AND a.state = ANY(%(states)s)
      AND NOT (a.state = 'rejected' AND a.place_released)
ORDER BY a.id
"""

_KEYS_WITHOUT_FILE = """
SELECT DISTINCT jsonb_object_keys(found.row) FROM (
    SELECT row FROM work_task WHERE project_id = %s AND upload_id IS NULL ORDER BY id LIMIT %s) found
ORDER BY 1
"""

# What results depend on. Work only ever goes from one state to the next, and what comes back to a
# state comes back later, so that nothing can happen without one of these figures changing.
_STAND = """
SELECT coalesce((SELECT max(id) FROM work_task WHERE project_id = %(project)s), 0),
       coalesce((SELECT sum(paid_upto) FROM work_revision WHERE project_id = %(project)s), 0)::bigint,
       coalesce(sum(count), 0)::bigint, coalesce(max(newest), 0)::float8,
       coalesce(string_agg(state || ' ' || count, ', ' ORDER BY state), '')
FROM (SELECT state, count(*) AS count, extract(epoch FROM max(submitted_at)) AS newest
      FROM work_assignment WHERE project_id = %(project)s GROUP BY state) found
"""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task; `cells` are the asked columns of its row, None where it has none."""

    id: int
    position: int
    key: str
    answers_wanted: int
    cells: tuple[Any, ...]


def stand_of(project_id: int, *, alias: str = "default") -> str:
    """Return a text that is another one as soon as work has come in or was decided."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_STAND, {"project": project_id})
        return " ".join(str(figure) for figure in cursor.fetchone())


def row_columns(project: Project, *, most_rows: int | None = 1000) -> list[str]:
    """Return the columns of the rows that the project's tasks were made of, in the files' order.

    Tasks that came without a file are looked through as well, at most `most_rows` of them.
    """
    files = Upload.objects.filter(project=project).order_by("pk").values_list("columns", flat=True)
    columns = dict.fromkeys(column for of_file in files for column in of_file)
    with connections[settings.DATABASE_FOR_LONG_READS].cursor() as cursor:
        cursor.execute(_KEYS_WITHOUT_FILE, [project.pk, most_rows])
        columns.update(dict.fromkeys(name for (name,) in cursor.fetchall()))
    return list(columns)


def task_lines(project: Project, revision_ids: Sequence[int], columns: Sequence[str]) -> Iterator[TaskLine]:
    """Give the tasks of revisions in their order, with some columns of their rows.

    They are the paid ones, and those that have gone on to another revision and left answers there;
    `answers_wanted` is what they want, or got, under these revisions.
    """
    cells_sql = ", ".join(["row -> %s"] * len(columns)) or "NULL"
    if Revision.objects.filter(project=project).count() == 1:
        sql, given = _TASKS.format(cells=cells_sql), [*columns, *revision_ids]
    else:
        sql, ids = _TASKS_OF_SEVERAL.format(cells=cells_sql), list(revision_ids)
        states = [str(state) for state in HANDED_IN]
        given = [ids, ids, project.pk, states, ids, project.pk, *columns]
    for task_id, position, key, wanted, *cells in in_pieces(sql, given):
        yield TaskLine(task_id, position, key, wanted, tuple(_decoded(cell) for cell in cells))


def renewals(project: Project) -> Mapping[int, int]:
    """Return, for each task whose row was asked anew, the last task that asks it."""
    last: dict[int, int] = {}
    for renewed, renewing in in_pieces(_RENEWED, [project.pk]):
        last[renewed] = last.get(renewing, renewing)
    return last


def read_answers(
    *,
    project_id: int,
    revision_ids: Sequence[int],
    reading: Reading,
    task_ids: Sequence[int],
    approved_only: bool,
    renewed: Mapping[int, int] | None = None,
    said: Callable[[int], object] = lambda rows: None,
) -> HandedIn:
    """Read the answers to one question of revisions. `said` is told now and then how many are read.

    Answers that are left blank do not count, nor those of tasks not in `task_ids`. A worker's latest
    attempt at a task is the one that counts, also where the row was asked anew: an answer to a task in
    `renewed` counts for the one that it names.
    """
    counted = {AssignmentState.APPROVED} if approved_only else set(COUNTED)
    place_of = {task_id: place for place, task_id in enumerate(task_ids)}
    code_of: dict[Hashable, int] = {label: code for code, label in enumerate(reading.labels or ())}
    workers, tasks, labels = array("q"), array("q"), array("q")
    seconds, moments = array("d"), array("d")
    answered: dict[tuple[int, int], int] = {}
    asked = {
        "project": project_id,
        "revisions": list(revision_ids),
        "question": reading.question.name,
        "states": [str(state) for state in HANDED_IN],
    }
    for rows, (task_id, worker_id, state, moment, active, written) in enumerate(in_pieces(_ANSWERS, asked)):
        if rows % READ_AT_ONCE_ROWS == 0:
            said(rows)
        moments.append(moment)
        label = reading.label(_decoded(written)) if state in counted else None
        task_id = renewed.get(task_id, task_id) if renewed else task_id
        if label is None or task_id not in place_of:
            continue
        code, took = code_of.setdefault(label, len(code_of)), float("nan") if active is None else active
        if renewed:
            entry = answered.setdefault((worker_id, task_id), len(workers))
            if entry < len(workers):
                labels[entry], seconds[entry] = code, took
                continue
        workers.append(worker_id)
        tasks.append(place_of[task_id])
        labels.append(code)
        seconds.append(took)
    names, new_codes = _in_order(list(code_of), is_given=reading.labels is not None)
    worker_ids, worker = np.unique(np.array(workers, dtype=np.int64), return_inverse=True)
    answers = Answers(
        workers=tuple(worker_ids.tolist()),
        tasks=tuple(task_ids),
        labels=tuple(names),
        worker=worker.astype(np.intp),
        task=np.array(tasks, dtype=np.intp),
        label=new_codes[np.array(labels, dtype=np.intp)],
    )
    return HandedIn(answers, np.array(seconds, dtype=np.float64), np.array(moments, dtype=np.float64))


def in_pieces(sql: str, parameters: Any) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a query one by one, fetched in pieces from the database for long reads."""
    with closing(connections[settings.DATABASE_FOR_LONG_READS].chunked_cursor()) as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(READ_AT_ONCE_ROWS):
            yield from rows


def _in_order(names: list[Hashable], *, is_given: bool) -> tuple[list[Hashable], Codes]:
    """Put labels in order, unless the design gave one; return them and what each old code is now."""
    if is_given:
        return names, np.arange(len(names), dtype=np.intp)
    places = sorted(range(len(names)), key=lambda code: _rank(names[code]))
    new_codes = np.empty(len(names), dtype=np.intp)
    new_codes[places] = np.arange(len(names), dtype=np.intp)
    return [names[place] for place in places], new_codes


def _rank(label: Hashable) -> tuple[str, Any]:
    return ("number", label) if isinstance(label, int | float) else (type(label).__name__, label)


def _decoded(cell: Any) -> Any:
    return json.loads(cell) if isinstance(cell, str) else cell
