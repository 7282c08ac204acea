"""Results as their owner reads them: what can be asked for, what came of it, the table, the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from canut.people.models import Person
from canut.work.access import own_computation, own_project
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.schema import read_design
from canut.work.models import Computation, Revision
from canut.work.queries.answers import row_columns, stand_of
from canut.work.queries.readings import Reading, choice_names
from canut.work.queries.results_wanted import (
    ALL_REVISIONS,
    STATISTICS,
    results_wanted,
    revision_numbered,
)
from canut.work.refusals import ProjectNotFound
from canut.work.results.table import Table
from canut.work.usecases.computations import KEPT_DAYS

ROWS_A_PAGE = 50
EXPORTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the design: its name, its words, and what its answers are called."""

    name: str
    label: str
    type: str
    names: Mapping[str, str]
    is_pairwise: bool
    is_number: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What results of a project can be asked for, and what `wanted` asks for, defaults put in.

    `questions` are those of the chosen revision, of the newest where all are mixed; `columns` those of
    the uploaded rows.
    """

    revisions: Sequence[int]
    questions: Sequence[Asked]
    columns: Sequence[str]
    wanted: Mapping[str, Any]

    @property
    def mixes(self) -> bool:
        return bool(self.wanted["revision"] == ALL_REVISIONS)

    @property
    def question(self) -> Asked:
        return next(asked for asked in self.questions if asked.name == self.wanted["question"])


@dataclass(frozen=True, slots=True)
class Results:
    """What was worked out, or how far it is. `figures` is None until it is done.

    `figures` is plain JSON: see `canut.work.results.summary` for its parts. `is_stale` tells that
    work has come in, or was decided, since.
    """

    id: int
    done_share: float
    problem: str
    asked_at: datetime
    finished_at: datetime | None
    is_stale: bool
    figures: Mapping[str, Any] | None

    @property
    def rows(self) -> int:
        return int(self.figures["table"]["rows"]) if self.figures else 0


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was asked for: while `finished_at` is None, `done_share` says how far it is."""

    id: int
    kind: str
    format: str
    asked: Mapping[str, Any]
    asked_at: datetime
    finished_at: datetime | None
    kept_until: datetime
    done_share: float
    problem: str
    rows: int
    size_bytes: int
    is_stale: bool

    @property
    def is_done(self) -> bool:
        return self.finished_at is not None


def choices(project_id: int, *, by: Person, **wanted: Any) -> Choices:
    """Return what can be asked for of a project of `by`; `wanted` is as `compute_results` takes it.

    Raises:
        ProjectNotFound: there is none of `by`. BadInput: as `compute_results`.
    """
    project = own_project(project_id, by=by)
    full = results_wanted(project, **wanted)
    revision = revision_numbered(project, full["revision"])
    assert revision is not None
    numbers = Revision.objects.filter(project=project, published_at__isnull=False).order_by("number")
    return Choices(
        revisions=list(numbers.values_list("number", flat=True)) or [revision.number],
        questions=[_asked(question) for question in read_design(revision.design).questions],
        columns=row_columns(project),
        wanted=full,
    )


def newest_results(project_id: int, *, by: Person, wanted: Mapping[str, Any]) -> Results | None:
    """Return the newest results that are done for what is `wanted` in full (`Choices.wanted`), if any.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    same = Computation.objects.filter(project=project, asked__contains={"kind": STATISTICS, **wanted})
    found = same.exclude(finished_at=None).order_by("-pk").first()
    return None if found is None else results_of(found)


def results(computation_id: int, *, by: Person) -> Results:
    """Return results of a project of `by`, or how far they are.

    Raises:
        ProjectNotFound: there are none.
    """
    found = own_computation(computation_id, by=by)
    if found.asked["kind"] != STATISTICS:
        raise _no_result()
    return results_of(found)


def results_of(computation: Computation) -> Results:
    """Return what a computation came to, for whoever may know it already."""
    return Results(
        id=computation.pk,
        done_share=computation.done_share,
        problem=computation.problem,
        asked_at=computation.asked_at,
        finished_at=computation.finished_at,
        is_stale=computation.asked["as_of"] != stand_of(computation.project_id),
        figures=computation.result if computation.finished_at else None,
    )


def tasks_page(
    computation_id: int, *, by: Person, order: str = "position", page: int = 1, most: int = ROWS_A_PAGE
) -> Sequence[Mapping[str, Any]]:
    """Return a page of the table of tasks of results that are done; an unknown order is by position.

    Raises:
        ProjectNotFound: there are no such results of `by`, or they are not done.
    """
    computation = own_computation(computation_id, by=by)
    result = computation.result or {}
    if computation.finished_at is None or "table" not in result:
        raise _no_result()
    table = Table.of(result["table"])
    with default_storage.open(computation.stored_as) as file:
        known = order if order in table.orders else "position"
        return table.read(file, order=known, first=(max(1, page) - 1) * most, most=most)


def exports(project_id: int, *, by: Person) -> Sequence[Export]:
    """Return the files asked for of a project of `by` that are not forgotten yet, newest first.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = Computation.objects.filter(project=project).exclude(asked__kind=STATISTICS).order_by("-pk")
    stand = stand_of(project.pk)
    return [_export(row, stand) for row in rows[:EXPORTS_SHOWN]]


def export(computation_id: int, *, by: Person) -> Export:
    """Return one file that was asked for of a project of `by`.

    Raises:
        ProjectNotFound: there is none.
    """
    found = own_computation(computation_id, by=by)
    if found.asked["kind"] == STATISTICS:
        raise _no_result()
    return _export(found, stand_of(found.project_id))


def exported_file(computation_id: int, *, by: Person) -> tuple[str, str, str]:
    """Return where a finished export is stored, a name to save it under, and its format.

    Raises:
        ProjectNotFound: there is none of `by`, or it is not finished.
    """
    found = own_computation(computation_id, by=by)
    if found.finished_at is None or found.asked["kind"] == STATISTICS:
        raise _no_result()
    file_format = found.asked["format"]
    name = f"canut-{found.project_id}-{found.asked['kind']}-{found.asked_at:%Y%m%d-%H%M}.{file_format}"
    return found.stored_as, name, file_format


def _no_result() -> ProjectNotFound:
    return ProjectNotFound(_("There is no such result."))


def _export(row: Computation, stand: str) -> Export:
    result = row.result or {}
    return Export(
        id=row.pk,
        kind=row.asked["kind"],
        format=row.asked["format"],
        asked=row.asked,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        kept_until=row.asked_at + timedelta(days=KEPT_DAYS),
        done_share=row.done_share,
        problem=row.problem,
        rows=result.get("rows", 0),
        size_bytes=result.get("size_bytes", 0),
        is_stale=row.finished_at is not None and row.asked["as_of"] != stand,
    )


def _asked(question: Any) -> Asked:
    reading = Reading(question)
    return Asked(
        name=question.name,
        label=question.label,
        type=question.type,
        names=choice_names(question),
        is_pairwise=isinstance(question, Pairwise),
        is_number=reading.is_number,
        is_closed=reading.is_closed,
    )
