"""The results of a question are worked out: at once where there is little, else by a job with progress.

What was worked out is kept and given again until new work has come in or something was decided.
"""

from array import array
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import translation

from canut.kernel.later import later
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.designs.items import Question
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Computation, Project, Revision, Task
from canut.work.queries.answers import TaskLine, read_answers, renewals, task_lines
from canut.work.queries.readings import Reading
from canut.work.queries.results_wanted import (
    ALL_REVISIONS,
    STATISTICS,
    results_wanted,
    revision_numbered,
)
from canut.work.results.answers import Answers, Comparisons
from canut.work.results.summary import HandedIn, Labels, Method, as_json, labels_of, rank, summarise
from canut.work.results.table import natural, write_table
from canut.work.usecases.computations import ask_for, begin, finish, note_fault, progress_of

COMPUTE_AT_ONCE = 500
"""Up to so many assignments and tasks are worked out within the request, unless pairs are to be ranked."""

SHOWN_FOR = timedelta(minutes=10)
"""So long results stay after newer ones have come: a page that shows them may still be asked for."""


@transaction.atomic
def compute_results(
    *,
    project_id: int,
    by: Person,
    at: datetime,
    question: str = "",
    revision: int | None = None,
    approved_only: bool = False,
    smoothing: int = 1,
    gold: str = "",
    item_a: str | None = None,
    item_b: str | None = None,
) -> Computation:
    """Return the results of one question of one revision of a project of `by`, or their progress.

    `question` is its name ("" for the first), `revision` a number (the newest published if None), or
    ALL_REVISIONS to mix the answers of all of them that ask this question in the same way.
    `approved_only` leaves undecided work out; rejected and returned work never counts. `smoothing` is
    Dawid and Skene's, 1 or 0. `gold` names the column of the uploaded rows that holds the right
    answers; `item_a` and `item_b` those that name what stands on the two sides of a comparison. ""
    is none; None lets Canut guess. `queries.results` reads what comes of it.

    Asking again gives the same results, or the same job, until new work has come in.

    Raises:
        ProjectNotFound: there is none of `by`.
        BadInput: there is no such question, revision or column; `errors` names each.
    """
    project = own_project(project_id, by=by, lock=True)
    wanted = results_wanted(
        project,
        question=question,
        revision=revision,
        approved_only=approved_only,
        smoothing=smoothing,
        gold=gold,
        item_a=item_a,
        item_b=item_b,
    )
    computation, is_new = ask_for(project, {"kind": STATISTICS, **wanted}, by=by, ending="jsonl", at=at)
    if is_new and not wanted["item_a"] and _is_little(project):
        work_out_results(computation_id=computation.pk, at=at)
        computation.refresh_from_db()
    elif is_new:
        later("work.compute_results", computation_id=computation.pk)
    return computation


def _is_little(project: Project) -> bool:
    most = COMPUTE_AT_ONCE + 1
    assignments = Assignment.objects.filter(project=project).order_by()[:most].count()
    return max(assignments, Task.objects.filter(project=project).order_by()[:most].count()) < most


def work_out_results(*, computation_id: int, at: datetime) -> None:
    """Work the results out and keep them. A job; run twice, it does nothing the second time."""
    computation = begin(computation_id)
    if computation is None:
        return
    tell = progress_of(computation)
    try:
        with translation.override(computation.asked_by.locale), TemporaryFile() as file:
            wanted = Wanted.of(computation)
            sums = sum_up(wanted, lambda share: tell(0.6 * share))
            result = summarise(sums.handed_in, sums.labels, wanted.method, gold=sums.gold)
            result |= {"places": sums.places, "gold_unknown": sums.gold_unknown, "gold": len(sums.gold or ())}
            tell(0.7)
            result["ranking"] = _ranking(wanted, sums)
            tell(0.9)
            result["table"] = write_table(file, sums.lines(), sums.figures())
            finish(computation, file, result, at=at)
    except Exception:
        if not transaction.get_connection().in_atomic_block:
            note_fault(computation)
        raise
    _forget_superseded(computation, at=at)


@dataclass(frozen=True)
class Wanted:
    """One question, the revisions whose answers count, and how to sum them up.

    `revision` is the one whose design asks it so; where answers are mixed, the newest of `revision_ids`.
    """

    project: Project
    revision: Revision
    revision_ids: tuple[int, ...]
    reading: Reading
    method: Method
    approved_only: bool
    gold: str = ""
    item_a: str = ""
    item_b: str = ""

    @classmethod
    def of(cls, computation: Computation) -> "Wanted":
        asked = computation.asked
        revision = revision_numbered(computation.project, asked["revision"])
        assert revision is not None, "a revision is never removed once it was published"
        questions = read_design(revision.design).questions
        return cls.about(
            computation.project,
            revision,
            next(question for question in questions if question.name == asked["question"]),
            asked,
        )

    @classmethod
    def about(
        cls, project: Project, revision: Revision, question: Question, asked: dict[str, Any]
    ) -> "Wanted":
        reading = Reading(question)
        mixes = asked["revision"] == ALL_REVISIONS
        return cls(
            project=project,
            revision=revision,
            revision_ids=_asking_the_same(project, question) if mixes else (revision.pk,),
            reading=reading,
            method=Method(
                closed=reading.is_closed, numbers=reading.is_number, smoothing=float(asked["smoothing"])
            ),
            approved_only=asked["approved_only"],
            gold=asked["gold"],
            item_a=asked.get("item_a", ""),
            item_b=asked.get("item_b", ""),
        )

    @property
    def mixes(self) -> bool:
        return len(self.revision_ids) > 1


def _asking_the_same(project: Project, question: Question) -> tuple[int, ...]:
    """Return the published revisions that ask a question of this name in this way, oldest first."""
    published = Revision.objects.filter(project=project, published_at__isnull=False).order_by("number")
    return tuple(
        revision.pk
        for revision in published
        if any(
            asked.name == question.name and asked.type == question.type
            for asked in read_design(revision.design).questions
        )
    )


@dataclass
class Sums:
    """The tasks and answers of a question, with what each method says of each task.

    `gold` is None where no column was chosen; `gold_unknown` counts tasks whose cell is no possible
    answer. `items` are the two sides' items of each task, None where a row does not name both.
    """

    handed_in: HandedIn
    labels: Labels
    keys: list[str] = field(default_factory=list)
    positions: Sequence[int] = ()
    places: int = 0
    gold: dict[Hashable, Hashable] | None = None
    gold_unknown: int = 0
    items: list[tuple[str, str] | None] = field(default_factory=list)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Give each task with what is said of it."""
        for place, task_id in enumerate(self.labels.answers.tasks):
            right = (self.gold or {}).get(task_id)
            yield {
                "task": task_id,
                "key": self.keys[place],
                "position": self.positions[place],
                **self.labels.of_task(place),
                "gold": None if right is None else as_json(right),
            }

    def figures(self) -> dict[str, Any]:
        """Return what the table of tasks can be sorted by, NaN where a task has no figure."""
        most, estimate = self.labels.majority, self.labels.estimate
        by_key = sorted(range(len(self.keys)), key=lambda place: natural(self.keys[place]))
        rank_of_key = np.empty(len(by_key))
        rank_of_key[by_key] = np.arange(len(by_key))
        certainty = most.share
        if estimate is not None:
            certainty = np.where(most.count > 0, estimate.posterior.max(axis=1, initial=0), np.nan)
        return {
            "position": np.arange(len(self.keys), dtype=np.float64),
            "key": rank_of_key,
            "answers": most.count.astype(np.float64),
            "share": most.share,
            "certainty": certainty,
        }


def sum_up(wanted: Wanted, tell: Any) -> Sums:
    """Read all tasks and answers, and sum each task's answers up. `tell` is told the share that is done."""
    columns = [column for column in (wanted.gold, wanted.item_a, wanted.item_b) if column]
    ids, keys, positions = array("q"), [], array("q")
    places = unknown = 0
    gold: dict[Hashable, Hashable] | None = {} if wanted.gold else None
    items: list[tuple[str, str] | None] = []
    renewed = renewals(wanted.project) if wanted.mixes else {}
    for line in task_lines(wanted.project, wanted.revision_ids, columns):
        places += line.answers_wanted
        if line.id in renewed:
            continue
        ids.append(line.id)
        keys.append(line.key)
        positions.append(line.position)
        if gold is not None:
            unknown += not _note_gold(gold, line, wanted.reading)
        if wanted.item_a:
            items.append(_items(line))
        tell(0.1)
    expected = max(1, places)
    handed_in = read_answers(
        project_id=wanted.project.pk,
        revision_ids=wanted.revision_ids,
        reading=wanted.reading,
        task_ids=ids.tolist(),
        approved_only=wanted.approved_only,
        renewed=renewed,
        said=lambda rows: tell(0.1 + 0.6 * min(1.0, rows / expected)),
    )
    labels = labels_of(handed_in, wanted.method)
    tell(1.0)
    return Sums(handed_in, labels, keys, positions, places, gold, unknown, items)


def _note_gold(gold: dict[Hashable, Hashable], line: TaskLine, reading: Reading) -> bool:
    """Note a task's right answer if its row names one; tell whether that could be understood."""
    try:
        right = reading.gold(line.cells[0])
    except ValueError:
        return False
    if right is not None:
        gold[line.id] = right
    return True


def _items(line: TaskLine) -> tuple[str, str] | None:
    a, b = (_name(cell) for cell in line.cells[-2:])
    return (a, b) if a and b else None


def _name(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _ranking(wanted: Wanted, sums: Sums) -> dict[str, Any] | None:
    if not wanted.item_a:
        return None
    answers = sums.labels.answers
    compared, unnamed, same = _comparisons(answers, sums.items)
    return {**rank(compared), "unnamed": unnamed, "same": same}


def _comparisons(answers: Answers, items: Sequence[tuple[str, str] | None]) -> tuple[Comparisons, int, int]:
    """Return the answers as comparisons of items, and how many name none, or the same one twice."""
    names = sorted({name for pair in items if pair for name in pair})
    code_of = {name: code for code, name in enumerate(names)}
    a = np.array([code_of[pair[0]] if pair else -1 for pair in items], dtype=np.intp)
    b = np.array([code_of[pair[1]] if pair else -1 for pair in items], dtype=np.intp)
    outcome_of = {"tie": 0, "both_bad": 0, "a": 1, "b": 2}
    outcome = np.array([outcome_of[str(label)] for label in answers.labels], dtype=np.intp)
    named = a[answers.task] >= 0
    different = a[answers.task] != b[answers.task]
    kept = named & different
    task = answers.task[kept]
    compared = Comparisons(
        workers=answers.workers,
        tasks=answers.tasks,
        items=tuple(names),
        worker=answers.worker[kept],
        task=task,
        a=a[task],
        b=b[task],
        outcome=outcome[answers.label[kept]],
    )
    return compared, int((~named).sum()), int((named & ~different).sum())


def _forget_superseded(computation: Computation, *, at: datetime) -> None:
    """Forget older results of the same question and choices, unless somebody may just be shown them."""
    same = {name: value for name, value in computation.asked.items() if name != "as_of"}
    with transaction.atomic():
        older = Computation.objects.filter(
            project_id=computation.project_id, asked__contains=same, pk__lt=computation.pk
        ).filter(finished_at__lt=at - SHOWN_FOR)
        for stored_as in older.values_list("stored_as", flat=True):
            later("work.forget_file", stored_as=stored_as)
        older.delete()
