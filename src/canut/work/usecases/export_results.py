"""Results as a file: every assignment with its provenance, or every task with its aggregated answers.

A job writes the file, whatever its length, in the memory of a few thousand rows; it is kept a week.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.designs.columns import as_text
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Computation, Revision, Task
from canut.work.queries.answers import row_columns
from canut.work.queries.exported import FORMATS, assignment_rows, design_hash, layout
from canut.work.queries.label_studio import label_studio_tasks
from canut.work.queries.results_wanted import ALL_REVISIONS, results_wanted, revision_numbered
from canut.work.results.answers import NO_LABEL
from canut.work.results.export import Column, Kind, write_csv, write_jsonl, write_parquet
from canut.work.results.label_studio import write_label_studio
from canut.work.results.summary import as_json
from canut.work.usecases.computations import Tell, ask_for, begin, finish, note_fault, progress_of
from canut.work.usecases.compute_results import Sums, Wanted, sum_up
from canut.work.usecases.write_files import write_files

ASSIGNMENTS = "assignments"
AGGREGATED = "aggregated"
LABEL_STUDIO = "label-studio"
FILES = "files"
KINDS = (ASSIGNMENTS, AGGREGATED, LABEL_STUDIO, FILES)

ONLY_FORMAT = {LABEL_STUDIO: "json", FILES: "zip"}
"""The kinds that have one format, whatever is asked for."""

WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


@transaction.atomic
def export_results(
    *,
    project_id: int,
    by: Person,
    at: datetime,
    kind: str = ASSIGNMENTS,
    file_format: str = "csv",
    revision: int | None = None,
    approved_only: bool = False,
    smoothing: int = 1,
    gold: str = "",
    gold_question: str = "",
) -> Computation:
    """Ask for a file of the results of a project of `by`; a job writes it, and `asked` says what it is.

    `kind` is "assignments" (a row for each, in any state, which says its revision; of all revisions unless
    one is named), "aggregated" (a row for each task and question of one revision; of several mixed only
    if `revision` is ALL_REVISIONS) or "label-studio" (the tasks with their answers, approved or waiting,
    as Label Studio exports its own; always as JSON) or "files" (the files that workers handed in, in
    folders by row and worker; always as ZIP). `file_format` is "csv", "jsonl" or "parquet". The
    rest is for the aggregated one, as in `compute_results`; the column `gold` is compared with the
    answers to `gold_question` ("" for the first).

    Asking again while nothing has come in gives the same file.

    Raises:
        ProjectNotFound: there is none of `by`.
        BadInput: there is no such kind, format, question, revision or column; `errors` names each.
    """
    project = own_project(project_id, by=by, lock=True)
    errors = {}
    if kind not in KINDS:
        errors["kind"] = _("Choose one row for each assignment, or the aggregated answers.")
    if kind in ONLY_FORMAT:
        file_format = ONLY_FORMAT[kind]
    elif file_format not in FORMATS:
        errors["file_format"] = _("Choose CSV, JSON Lines or Parquet.")
    if kind != AGGREGATED and revision and revision_numbered(project, revision) is None:
        errors["revision"] = _("There is no such revision.")
    if errors:
        raise BadInput(_("This file cannot be made: look at what was chosen."), errors=errors)
    asked: dict[str, Any] = {"kind": kind, "format": file_format, "revision": revision or ALL_REVISIONS}
    if kind == AGGREGATED:
        wanted = results_wanted(
            project,
            question=gold_question,
            revision=revision,
            approved_only=approved_only,
            smoothing=smoothing,
            gold=gold,
            item_a="",
            item_b="",
        )
        asked |= {name: wanted[name] for name in ("revision", "approved_only", "smoothing", "gold")}
        asked["gold_question"] = wanted["question"]
    computation, is_new = ask_for(project, asked, by=by, ending=file_format, at=at)
    if is_new:
        record(by, "results.exported", project, at=at, kind=kind, format=file_format)
        later("work.export_results", computation_id=computation.pk)
    return computation


def write_export(*, computation_id: int, at: datetime) -> None:
    """Write the file that was asked for. A job; run twice, it does nothing the second time."""
    computation = begin(computation_id)
    if computation is None:
        return
    tell = progress_of(computation)
    try:
        with translation.override(computation.asked_by.locale), TemporaryFile() as file:
            written = _write(computation, cast(BinaryIO, file), tell)
            finish(computation, file, {"rows": written}, at=at)
    except Exception:
        if not transaction.get_connection().in_atomic_block:
            note_fault(computation)
        raise


def _write(computation: Computation, file: BinaryIO, tell: Tell) -> int:
    """Write the file, and return how many rows it has."""
    kind = computation.asked["kind"]
    if kind == FILES:
        only = _only_revision(computation)
        return write_files(computation.project, file, tell, revision_id=only.pk if only else None)
    if kind == LABEL_STUDIO:
        return write_label_studio(_labelled(computation, tell), file)
    rows, columns = (_aggregated if kind == AGGREGATED else _assignments)(computation, tell)
    return WRITERS[computation.asked["format"]](rows, columns, file)


def _labelled(computation: Computation, tell: Tell) -> Iterator[dict[str, Any]]:
    project, only = computation.project, _only_revision(computation)
    expected = Task.objects.filter(project=project).count()
    return _told(label_studio_tasks(project, revision_id=only.pk if only else None), tell, expected)


def _only_revision(computation: Computation) -> Revision | None:
    """Return the revision that was asked for, None if all of them were."""
    number = computation.asked["revision"]
    if not isinstance(number, int):
        return None
    return Revision.objects.filter(project=computation.project, number=number).first()


def _assignments(computation: Computation, tell: Tell) -> tuple[Iterable[object], list[Column]]:
    project, number = computation.project, computation.asked["revision"]
    revisions = list(Revision.objects.filter(project=project).order_by("number"))
    laid_out = layout(
        revisions, row_columns(project, most_rows=None), file_format=computation.asked["format"]
    )
    only = next((one.pk for one in revisions if one.number == number), None)
    expected = Assignment.objects.filter(project=project).count()
    rows = assignment_rows(project, laid_out, revision_id=only)
    return _told(rows, tell, expected), list(laid_out.columns)


def _aggregated(computation: Computation, tell: Tell) -> tuple[Iterable[object], list[Column]]:
    """Return the rows of one revision's questions, one question after the other.

    Where several are mixed, a row names none, unless no other one asks its question.
    """
    asked, project = computation.asked, computation.project
    revision = revision_numbered(project, asked["revision"])
    assert revision is not None, "a revision is never removed"
    questions = read_design(revision.design).questions
    label = Kind.JSON if asked["format"] == "jsonl" else Kind.TEXT
    columns = [
        Column("project_id", Kind.WHOLE),
        Column("project", Kind.TEXT),
        Column("revision", Kind.WHOLE),
        Column("design_sha256", Kind.TEXT),
        Column("task_id", Kind.WHOLE),
        Column("key", Kind.TEXT),
        Column("question", Kind.TEXT),
        Column("counted", Kind.TEXT),
        Column("answers", Kind.WHOLE),
        Column("majority", label),
        Column("majority_votes", Kind.WHOLE),
        Column("majority_share", Kind.NUMBER),
        Column("majority_tied", Kind.TRUTH),
        Column("dawid_skene", label),
        Column("dawid_skene_posterior", Kind.NUMBER),
        Column("dawid_skene_smoothing", Kind.WHOLE),
        Column("median", Kind.NUMBER),
        Column("median_seconds", Kind.NUMBER),
        Column("gold", label),
    ]

    def rows() -> Iterator[dict[str, Any]]:
        for number, question in enumerate(questions):
            gold = asked["gold"] if question.name == asked["gold_question"] else ""
            wanted = Wanted.about(project, revision, question, {**asked, "gold": gold})
            begun = number / len(questions)
            sums = sum_up(wanted, lambda share, begun=begun: tell(begun + share / len(questions)))
            fixed = {
                "project_id": project.pk,
                "project": project.title,
                "revision": None if wanted.mixes else revision.number,
                "design_sha256": None if wanted.mixes else design_hash(revision),
                "question": question.name,
                "counted": "approved" if wanted.approved_only else "approved and submitted",
            }
            for place in range(len(sums.keys)):
                yield {**fixed, **_aggregated_row(sums, place, asked, as_words=label is Kind.TEXT)}

    return rows(), columns


def _aggregated_row(sums: Sums, place: int, asked: dict[str, Any], *, as_words: bool) -> dict[str, Any]:
    task_id = sums.labels.answers.tasks[place]
    said = sums.labels.of_task(place)
    right = sums.gold.get(task_id) if sums.gold else None
    estimated = sums.labels.estimate is not None and sums.labels.estimate.label[place] != NO_LABEL

    def label(value: Any) -> Any:
        return value if value is None or not as_words else as_text(value)

    return {
        "task_id": task_id,
        "key": sums.keys[place],
        "answers": said["answers"],
        "majority": label(said["majority"]),
        "majority_votes": said["votes"],
        "majority_share": said["share"],
        "majority_tied": said["tied"],
        "dawid_skene": label(said["dawid_skene"]),
        "dawid_skene_posterior": said["posterior"],
        "dawid_skene_smoothing": asked["smoothing"] if estimated else None,
        "median": said["median"],
        "median_seconds": said["seconds"],
        "gold": label(None if right is None else as_json(right)),
    }


def _told(rows: Iterable[dict[str, Any]], tell: Tell, expected: int) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        tell(number / max(1, expected))
        yield row
