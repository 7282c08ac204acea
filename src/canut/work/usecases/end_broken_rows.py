"""A requester answers reports of broken tasks: the row is mended, found whole, or withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from json import dumps
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_project, published_revision
from canut.work.designs.schema import columns_of, read_design
from canut.work.hot.statements import RANKS
from canut.work.models import Assignment, BrokenRow, Place, Project, Task
from canut.work.refusals import BrokenRowNotFound, ProjectClosed
from canut.work.states import COUNTS_AS_DONE, UNFILLED, PlaceState, ProjectState, RowState
from canut.work.uploads.objects import DEEPEST
from canut.work.uploads.problems import RowProblem, UploadRefused
from canut.work.uploads.reading import rows as read_rows
from canut.work.usecases.decide_round import decide_round_of
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.give_back_free import give_back_free
from canut.work.usecases.read_upload import site_limits

MOST_AT_ONCE = 1_000
MOST_WORDS = 2_000

# A paused place opens again at a fresh rank; while a prototype round runs, the others wait.
_REOPEN = """
UPDATE work_place q
SET state = now.state, rank = CASE now.state WHEN 'open' THEN
        CASE WHEN q.for_newcomers AND now.cascading THEN -1 - (random() * %(ranks)s)::int
             ELSE (random() * %(ranks)s)::int END END
FROM (
    SELECT own.id, p.threshold IS NOT NULL AS cascading,
           CASE WHEN own.round_id IS NOT DISTINCT FROM p.round_id THEN 'open' ELSE 'waiting' END AS state
    FROM work_place own JOIN work_project p ON p.id = own.project_id
    WHERE own.project_id = %(project)s AND own.task_id = ANY (%(tasks)s) AND own.state = 'paused') now
WHERE q.id = now.id
"""


class RowDecidedAlready(Refusal):
    """Facts: `state`, what became of the row."""

    code = "row_decided_already"


class RowHasAnswers(Refusal):
    """Somebody has answered the row as it was, or has it in hand."""

    code = "row_has_answers"


class PlacesStillOpening(Refusal):
    code = "places_still_opening"


@transaction.atomic
def put_back_rows(
    *, project_id: int, row_ids: Sequence[int], by: Person, at: datetime, words: str = ""
) -> int:
    """Say of reported rows that they are whole: they are back in the feed. Returns how many are, now.

    Whoever reported one is not given it again, and is paid all the same. Those decided on before are left as
    they are, so repeating it is safe. Where a revision was published meanwhile, a row's answers wait to be
    paid for, as new rows do.

    Raises:
        ProjectNotFound: there is none of `by`. BrokenRowNotFound: a row is not one of its reported ones.
        ProjectClosed: nothing more of it is done. BadInput: more than a thousand, or too many words.
        PlacesStillOpening, RowsUnderWay: a job is at the project's places or rows; wait for it.
    """
    project, paused = _paused(project_id, row_ids, by=by)
    words = _checked(words)
    _end(project, paused, RowState.WHOLE, words=words, by=by, at=at)
    return len(paused)


@transaction.atomic
def withdraw_rows(
    *, project_id: int, row_ids: Sequence[int], by: Person, at: datetime, words: str = ""
) -> int:
    """Take reported rows out of a project for good; what was set aside for them comes back.

    Returns how many are withdrawn now. Whoever has one in hand may still hand it in, and is paid. A
    prototype round does not wait for them any more. Raises what `put_back_rows` raises.
    """
    project, paused = _paused(project_id, row_ids, by=by)
    words = _checked(words)
    if not paused:
        return 0
    tasks = [row.task_id for row in paused]
    _end(project, paused, RowState.WITHDRAWN, words=words, by=by, at=at)
    unfilled = Place.objects.filter(project=project, task__in=tasks, state__in=UNFILLED)
    unfilled.update(state=PlaceState.CLOSED, rank=None)
    decide_round_of(project, at=at)
    give_back_free(project, at=at)
    return len(paused)


@transaction.atomic
def mend_row(
    *, project_id: int, row_id: int, row: Mapping[str, Any], by: Person, at: datetime, words: str = ""
) -> BrokenRow:
    """Change the data of a reported row, which is then back in the feed, and return it.

    `row` names every column that it had. The row as it was stays on record. Repeating it is safe.

    Raises:
        RowDecidedAlready: it is back or withdrawn already.
        RowHasAnswers: somebody has answered it as it was, or is at it.
        BadInput: a column is missing or not one of the row's, or a value cannot be kept.
        Otherwise as `put_back_rows`.
    """
    project, paused = _paused(project_id, [row_id], by=by)
    if not paused:
        known = BrokenRow.objects.select_related("task").get(pk=row_id)
        if known.state == RowState.MENDED and known.task.row == dict(row):
            return known
        raise RowDecidedAlready(
            _("This row is not paused any more: it was decided on already."), state=known.state
        )
    words = _checked(words)
    task = Task.objects.get(pk=paused[0].task_id)
    refuse_while_rows_move(project)
    if Assignment.objects.filter(task=task, state__in=COUNTS_AS_DONE).exists():
        raise RowHasAnswers(
            _(
                "Somebody has answered this row as it is, or has it in hand, so it cannot be changed under "
                "their answer. Put it back as it is, or withdraw it and upload the mended row as a new one."
            )
        )
    before, task.row = task.row, _storable(task, row)
    shown = columns_of(read_design(published_revision(project).design))
    task.shown = {name: value for name, value in task.row.items() if name in shown}
    task.save(update_fields=["row", "shown"])
    paused[0].row_before = before
    _end(project, paused, RowState.MENDED, words=words, by=by, at=at)
    return paused[0]


def _paused(project_id: int, row_ids: Sequence[int], *, by: Person) -> tuple[Project, list[BrokenRow]]:
    """Return a project of `by`, its row locked, and those of the named rows that are still paused."""
    if len(row_ids) > MOST_AT_ONCE:
        too_many = _("At most 1,000 rows can be decided on at once.")
        raise BadInput(too_many, errors={"rows": too_many})
    project = own_project(project_id, by=by, lock=True)
    wanted = set(row_ids)
    found = list(BrokenRow.objects.filter(project=project, pk__in=wanted).order_by("pk"))
    if len(found) < len(wanted):
        raise BrokenRowNotFound(_("This project has no such reported row."))
    paused = [row for row in found if row.state == RowState.PAUSED]
    if paused and project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    revision = published_revision(project)
    if paused and revision.places_opened_to < revision.paid_upto:
        raise PlacesStillOpening(
            _("The places of this project are still being opened. Decide on its rows in a minute.")
        )
    return project, paused


def _end(
    project: Project, paused: Sequence[BrokenRow], state: RowState, *, words: str, by: Person, at: datetime
) -> None:
    """End the pause of rows whose project's row is locked; unless they are withdrawn, their places open."""
    for row in paused:
        row.state, row.ended_at, row.ended_by, row.words = state, at, by, words
        row.save(update_fields=["state", "ended_at", "ended_by", "words", "row_before"])
        record(by, f"broken_row.{state}", row, at=at, project_id=project.pk, task_id=row.task_id)
    if paused:
        later("work.tell_reporters_of_broken", row_ids=[row.pk for row in paused])
    tasks = [row.task_id for row in paused]
    places = Place.objects.filter(project=project, task__in=tasks)
    list(places.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if state != RowState.WITHDRAWN and tasks:
        with connection.cursor() as cursor:
            cursor.execute(_REOPEN, {"ranks": RANKS - 1, "project": project.pk, "tasks": tasks})


def _checked(words: str) -> str:
    words = words.replace("\0", "").strip()
    if len(words) > MOST_WORDS:
        too_long = _("Write at most 2,000 characters; those who reported the row read them.")
        raise BadInput(too_long, errors={"words": too_long})
    return words


def _storable(task: Task, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as an upload of it would be kept.

    Raises:
        BadInput: other columns than the task's, or a value that no upload may hold.
    """
    if set(row) != set(task.row):
        others = _("Give the row with exactly the columns that it has: only the values can be changed.")
        raise BadInput(others, errors={"row": others})
    try:
        line = _written(row)
        (read,) = read_rows(BytesIO(line), "jsonl", site_limits())
    except UploadRefused as refused:
        told = refused.problem.sentence
        raise BadInput(told, errors={"row": told}) from refused
    return dict(read.values)


def _written(row: Mapping[str, Any]) -> bytes:
    try:
        return dumps(dict(row)).encode()
    except RecursionError:
        raise UploadRefused(RowProblem(1, "too_deep", {"at_most": DEEPEST})) from None
