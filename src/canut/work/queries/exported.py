"""The rows of the two exports: one an assignment with all its provenance, one a task and question.

Columns depend on the designs and on the uploaded files alone, never on what was answered, so a
project's exports have the same ones from its first day to its last.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connections

from canut.people.queries import who_are
from canut.work.designs.annotations import Marking
from canut.work.designs.columns import as_text
from canut.work.designs.files import FileAnswer
from canut.work.designs.pairwise import sides_swapped
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Project, Revision
from canut.work.queries.readings import Reading
from canut.work.queries.shown_work import submissions_shown
from canut.work.results.export import Column, Kind
from canut.work.round_names import name_in_round

PIECE = 2_000

FORMATS = ("csv", "jsonl", "parquet")

_FIRST = (
    Column("project_id", Kind.WHOLE),
    Column("project", Kind.TEXT),
    Column("revision", Kind.WHOLE),
    Column("design_sha256", Kind.TEXT),
    Column("task_id", Kind.WHOLE),
    Column("key", Kind.TEXT),
    Column("assignment_id", Kind.WHOLE),
    Column("attempt", Kind.WHOLE),
    Column("state", Kind.TEXT),
    Column("worker_id", Kind.WHOLE),
    Column("worker", Kind.TEXT),
    Column("simulated", Kind.TRUTH),
    Column("shown_first", Kind.TEXT),
    Column("taken_at", Kind.MOMENT),
    Column("first_submitted_at", Kind.MOMENT),
    Column("submitted_at", Kind.MOMENT),
    Column("active_seconds", Kind.WHOLE),
    Column("currency", Kind.TEXT),
    Column("reward_minor", Kind.WHOLE),
    Column("rework_minor", Kind.WHOLE),
    Column("returned_at", Kind.MOMENT),
    Column("return_reason", Kind.TEXT),
    Column("first_answer", Kind.JSON),
    Column("decided_at", Kind.MOMENT),
    Column("outcome", Kind.TEXT),
    Column("automatic", Kind.TRUTH),
    Column("decided_by", Kind.TEXT),
    Column("ground", Kind.TEXT),
    Column("evidence", Kind.TEXT),
    Column("reason", Kind.TEXT),
    Column("overturned_at", Kind.MOMENT),
    Column("overturned_by", Kind.TEXT),
    Column("overturn_reason", Kind.TEXT),
    Column("broken_at", Kind.MOMENT),
    Column("broken_kind", Kind.TEXT),
    Column("broken_words", Kind.TEXT),
    Column("broken_minor", Kind.WHOLE),
)

# Each piece is found by its ids, so its plan does not change with the size of the project. The first
# attempt is joined apart only where there was a second.
_PIECE = """
SELECT a.id, a.revision_id, a.task_id, t.key, a.worker_id, a.state, a.attempt, a.seed, a.reward_minor,
       a.taken_at, coalesce(first.submitted_at, latest.submitted_at), latest.submitted_at,
       latest.active_seconds, latest.answer, first.answer, t.row,
       returned.rework_minor, returned.decided_at, returned.reason,
       decided.decided_at, decided.outcome, decided.automatic, decided.decided_by_id, decided.ground,
       decided.evidence, decided.reason,
       overturned.decided_at, overturned.decided_by_id, overturned.reason, a.round_id,
       broken.reported_at, broken.kind, broken.words, broken.amount_minor
FROM work_assignment a
JOIN work_task t ON t.id = a.task_id
LEFT JOIN work_submission latest ON latest.assignment_id = a.id AND latest.attempt = a.attempt
LEFT JOIN work_submission first ON first.assignment_id = a.id AND first.attempt = 1 AND a.attempt = 2
LEFT JOIN work_decision returned ON returned.submission_id = coalesce(first.id, latest.id)
                                AND returned.outcome = 'returned'
LEFT JOIN work_decision decided ON decided.submission_id = latest.id
                               AND decided.outcome IN ('approved', 'returned', 'rejected')
LEFT JOIN work_decision overturned ON overturned.submission_id = latest.id
                                  AND overturned.outcome = 'overturned'
LEFT JOIN work_brokenreport broken ON broken.assignment_id = a.id
WHERE a.id = ANY(%s) ORDER BY a.id
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a project's export, and where each of its changing ones comes from."""

    columns: tuple[Column, ...]
    row_columns: Mapping[str, str]
    answer_columns: Mapping[str, str]
    as_text: frozenset[str]
    shown_columns: Mapping[str, int]


def layout(revisions: Sequence[Revision], row_columns: Sequence[str], *, file_format: str) -> Layout:
    """Return the columns of the export of assignments.

    Cells of the uploaded rows may be of any type. JSON Lines keep it; in CSV and Parquet, where a
    column has one type, they are text. So is the answer to a question whose type changed. Where work was
    shown to be judged, a column for each says which submission that was.
    """
    nested = file_format == "jsonl"
    of_answer: dict[str, Kind] = {}
    numbers: set[int] = set()
    for revision in revisions:
        design = read_design(revision.design)
        numbers |= {work.number for work in design.works}
        for question in design.questions:
            kind = _kind_of(Reading(question))
            known = of_answer.setdefault(question.name, kind)
            if known != kind:
                of_answer[question.name] = Kind.JSON if nested else Kind.TEXT
    rows = {f"row.{name}": name for name in row_columns}
    answers = {f"answer.{name}": name for name in of_answer}
    shown = {f"shown_submission_{number}": number for number in sorted(numbers)}
    columns = [
        *_FIRST,
        *(Column(name, Kind.WHOLE) for name in shown),
        *(Column(f"answer.{name}", kind) for name, kind in of_answer.items()),
        *(Column(name, Kind.JSON if nested else Kind.TEXT) for name in rows),
    ]
    made_text = {column.name for column in columns if column.kind is Kind.TEXT}
    made_text -= {column.name for column in _FIRST}
    return Layout(tuple(columns), rows, answers, frozenset(made_text), shown)


def assignment_rows(
    project: Project, laid_out: Layout, *, revision_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Give a row for each assignment of a project, in any state, oldest first; of one revision if named.

    Each row is as it is when it is read: work that is decided meanwhile may stand either way.
    """
    revisions = {revision.pk: revision for revision in Revision.objects.filter(project=project)}
    hashes = {pk: design_hash(revision) for pk, revision in revisions.items()}
    alias = settings.DATABASE_FOR_LONG_READS
    ids = Assignment.objects.using(alias).filter(project_id=project.pk).order_by("pk")
    if revision_id is not None:
        ids = ids.filter(revision_id=revision_id)
    numbers = ids.values_list("pk", flat=True).iterator(chunk_size=PIECE)
    while piece := list(islice(numbers, PIECE)):
        with connections[alias].cursor() as cursor:
            cursor.execute(_PIECE, [piece])
            found = cursor.fetchall()
        shown = submissions_shown({line[2] for line in found}) if laid_out.shown_columns else {}
        workers = who_are({line[4] for line in found})
        for line in found:
            revision = revisions[line[1]]
            values = _row(line, project, revision.number, hashes[line[1]], workers[line[4]], laid_out)
            for name, number in laid_out.shown_columns.items():
                values[name] = shown.get(line[2], {}).get(number)
            yield values


def design_hash(revision: Revision) -> str:
    """Return the SHA-256 of a design: of its JSON with sorted keys and without blanks, in UTF-8."""
    written = json.dumps(revision.design, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def _row(
    line: Sequence[Any], project: Project, number: int, design: str, worker: Any, laid_out: Layout
) -> dict[str, Any]:
    (assignment_id, _revision, task_id, key, worker_id, state, attempt, seed, reward_minor, *rest) = line
    (taken_at, first_at, submitted_at, seconds, answer, first_answer, row, *decisions) = rest
    (rework_minor, returned_at, return_reason, *decided) = decisions
    (decided_at, outcome, automatic, decided_by, ground, evidence, reason, *overturned) = decided
    (overturned_at, overturned_by, overturn_reason, round_id, *broken) = overturned
    broken_at, broken_kind, broken_words, broken_minor = broken
    of_round = round_id is not None  # its workers are not named
    answered, uploaded = _json(answer) or {}, _json(row) or {}
    values = {
        "project_id": project.pk,
        "project": project.title,
        "revision": number,
        "design_sha256": design,
        "task_id": task_id,
        "key": key,
        "assignment_id": assignment_id,
        "attempt": attempt,
        "state": state,
        "worker_id": None if of_round else worker_id,
        "worker": name_in_round(round_id=round_id, worker_id=worker_id) if of_round else worker.screen_name,
        "simulated": worker.simulated,
        "shown_first": "b" if sides_swapped(seed) else "a",
        "taken_at": taken_at,
        "first_submitted_at": first_at,
        "submitted_at": submitted_at,
        "active_seconds": seconds,
        "currency": project.currency,
        "reward_minor": reward_minor,
        "rework_minor": rework_minor,
        "returned_at": returned_at,
        "return_reason": return_reason,
        "first_answer": _json(first_answer),
        "decided_at": decided_at,
        "outcome": outcome,
        "automatic": automatic,
        "decided_by": _role(project, decided_at, decided_by),
        "ground": ground,
        "evidence": evidence,
        "reason": reason,
        "overturned_at": overturned_at,
        "overturned_by": _role(project, overturned_at, overturned_by, nobody="peers"),
        "overturn_reason": overturn_reason,
        "broken_at": broken_at,
        "broken_kind": broken_kind,
        "broken_words": broken_words,
        "broken_minor": broken_minor,
    }
    for name, asked in laid_out.answer_columns.items():
        values[name] = _cell(answered.get(asked), as_words=name in laid_out.as_text)
    for name, column in laid_out.row_columns.items():
        values[name] = _cell(uploaded.get(column), as_words=name in laid_out.as_text)
    return values


def _role(project: Project, at: Any, person_id: int | None, *, nobody: str = "software") -> str | None:
    """Return who decided: nobody is named to the outside but by what they are in the matter.

    `nobody` is said where no person is known: silence approves, and peers overturn a rejection.
    """
    if at is None:
        return None
    if person_id is None:
        return nobody
    return "requester" if person_id == project.owner_id else "operator"


def _kind_of(reading: Reading) -> Kind:
    if reading.is_number:
        return Kind.NUMBER
    has_parts = isinstance(reading.question, Marking | FileAnswer)
    return Kind.JSON if has_parts or (reading.is_closed and reading.labels is None) else Kind.TEXT


def _cell(value: Any, *, as_words: bool) -> Any:
    return as_text(value) if as_words and value is not None else value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
