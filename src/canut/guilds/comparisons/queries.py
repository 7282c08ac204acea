"""How comparisons of a project stand: rounds, scores and ranks, worked out from the judgements that count.

Nothing of this is stored. A judgement that is rejected, or an answer that is accepted no more, is left out
of the next reading, and the rest is scored as if it had never been.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby

from canut.charter.queries import in_force
from canut.guilds.comparisons.limits import FIRST, QUESTION, SECOND, TIE
from canut.guilds.comparisons.models import Comparison, ComparisonProject, Pair
from canut.guilds.comparisons.rules import Judged, Quality, qualities_of, ranks_of
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import BrokenRow
from canut.work.queries.accepted import Accepted, accepted_work, given_answers
from canut.work.states import ProjectState, RowState

TASKS_A_PAGE = 20
TASKS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a task's comparisons have come: the last round, its pairs, and how many of them are decided.

    A round is over when each of its pairs is decided, or can be by nobody any more.
    """

    round: int
    pairs: int
    decided: int
    is_over: bool


NOT_BEGUN = Stand(round=0, pairs=0, decided=0, is_over=True)


@dataclass(frozen=True, slots=True)
class Scored:
    """An accepted answer, its quality by TrueSkill, and its rank among those to the same task."""

    submission_id: int
    assignment_id: int
    rank: int
    mu: float
    sigma: float
    score: float
    comparisons: int
    wins: int
    ties: int


@dataclass(frozen=True, slots=True)
class ScoredTask:
    """A task whose answers are compared, the best answer first."""

    task_id: int
    key: str
    stand: Stand
    answers: Sequence[Scored]


@dataclass(frozen=True, slots=True)
class ComparisonsPage:
    """A page of the tasks of a project whose answers are compared, in the order of its tasks."""

    tasks: Sequence[ScoredTask]
    number: int
    pages: int
    tasks_in_all: int
    projects: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Judgement:
    task_id: int
    judged: Judged[int]


def stands_of(task_ids: Collection[int]) -> dict[int, Stand]:
    """Return how far the comparisons of each of these tasks have come."""
    pairs = list(
        Pair.objects.filter(comparison__task_id__in=task_ids)
        .select_related("comparison", "task__project")
        .order_by("comparison__task_id", "comparison__round", "number")
    )
    decided, ended = {pair_id for pair_id, _judgement in _judgements(pairs)}, _ended(pairs)
    found = {}
    for task_id, all_rounds in groupby(pairs, key=lambda pair: pair.comparison.task_id):
        rounds = list(all_rounds)
        number = rounds[-1].comparison.round
        last = [pair for pair in rounds if pair.comparison.round == number]
        done = sum(pair.pk in decided for pair in last)
        over = all(pair.pk in decided or pair.pk in ended for pair in last)
        found[task_id] = Stand(round=number, pairs=len(last), decided=done, is_over=over)
    return {task_id: found.get(task_id, NOT_BEGUN) for task_id in task_ids}


def qualities_by_task(works: Sequence[Accepted]) -> dict[int, dict[int, Quality]]:
    """Return the quality of each of these accepted answers by task and submission."""
    submissions: dict[int, list[int]] = {}
    for work in works:
        submissions.setdefault(work.task_id, []).append(work.submission_id)
    judged = _judged_by_task(submissions)
    return {task_id: qualities_of(names, judged.get(task_id, [])) for task_id, names in submissions.items()}


def scored_tasks(project_id: int, task_ids: Collection[int]) -> list[ScoredTask]:
    """Return these tasks of a project, scored. Whose project it is, is the caller's question."""
    stands, judged = stands_of(task_ids), _judged_by_task(task_ids)
    works = accepted_work(project_id, task_ids=task_ids)
    found = []
    for (task_id, key), group in groupby(works, key=lambda work: (work.task_id, work.task_key)):
        answers = _scored(list(group), judged.get(task_id, []))
        found.append(ScoredTask(task_id, key, stands[task_id], answers))
    return found


def comparisons_page(project_id: int, *, by: Person, number: int = 1) -> ComparisonsPage:
    """Return one page of what came of comparing in a project of `by`; the nearest there is.

    Raises:
        ProjectNotFound: there is no such project of `by`.
    """
    project = own_project(project_id, by=by)
    ids = _compared_tasks(project.pk)
    pages = max(1, -(-len(ids) // TASKS_A_PAGE))
    number = min(max(number, 1), pages)
    shown = ids[(number - 1) * TASKS_A_PAGE : number * TASKS_A_PAGE]
    made_in = ComparisonProject.objects.filter(of=project).order_by("-project_id")
    return ComparisonsPage(
        tasks=scored_tasks(project.pk, shown),
        number=number,
        pages=pages,
        tasks_in_all=len(ids),
        projects=list(made_in.values_list("project_id", "project__title")),
    )


def compared_tasks(project_id: int, *, by: Person, after_id: int | None, most: int) -> list[ScoredTask]:
    """Return the compared tasks of a project of `by` after one of them, by their ids, for programs.

    Raises:
        ProjectNotFound: there is no such project of `by`.
    """
    project = own_project(project_id, by=by)
    asked = Comparison.objects.filter(project=project, round=1, task_id__gt=after_id or 0)
    ids = list(asked.order_by("task_id").values_list("task_id", flat=True)[:most])
    return sorted(scored_tasks(project.pk, ids), key=lambda task: task.task_id)


def next_round(project_id: int, *, by: Person) -> int:
    """Return the round that the tasks of a project of `by` which have come least far can be asked for next.

    Raises:
        ProjectNotFound: there is no such project of `by`.
    """
    project = own_project(project_id, by=by)
    counts: dict[int, int] = {}
    for work in accepted_work(project.pk):
        counts[work.task_id] = counts.get(work.task_id, 0) + 1
    several = [task_id for task_id, count in counts.items() if count > 1]
    stands = stands_of(several).values()
    ready = [stand.round for stand in stands if stand.is_over] or [stand.round for stand in stands]
    return min(ready, default=0) + 1


def all_scored(project_id: int, *, by: Person) -> Iterator[ScoredTask]:
    """Yield every task of a project of `by` whose answers are compared, for a file.

    Raises:
        ProjectNotFound: there is no such project of `by`; at once, before anything is yielded.
    """
    project = own_project(project_id, by=by)
    ids = _compared_tasks(project.pk)
    return (
        task
        for start in range(0, len(ids), TASKS_AT_ONCE)
        for task in scored_tasks(project.pk, ids[start : start + TASKS_AT_ONCE])
    )


def _compared_tasks(project_id: int) -> list[int]:
    asked = Comparison.objects.filter(project_id=project_id, round=1)
    return list(asked.order_by("task__position", "task_id").values_list("task_id", flat=True))


def _judged_by_task(task_ids: Collection[int]) -> Mapping[int, list[Judged[int]]]:
    pairs = list(Pair.objects.filter(comparison__task_id__in=task_ids).select_related("comparison"))
    found: dict[int, list[Judged[int]]] = {}
    for _pair_id, one in _judgements(pairs):
        found.setdefault(one.task_id, []).append(one.judged)
    return found


def undecided(comparison_id: int) -> list[Pair]:
    """Return the pairs of a comparison that nobody has decided on and somebody still can, in their order."""
    rows = Pair.objects.filter(comparison_id=comparison_id)
    pairs = list(rows.select_related("comparison", "task__project").order_by("number"))
    decided = {pair_id for pair_id, _judgement in _judgements(pairs)} | _ended(pairs)
    return [pair for pair in pairs if pair.pk not in decided]


def _ended(pairs: Sequence[Pair]) -> set[int]:
    """Return which of these pairs nobody is given any more: withdrawn ones, and those of closed projects."""
    withdrawn = BrokenRow.objects.filter(task__in=[pair.task_id for pair in pairs], state=RowState.WITHDRAWN)
    tasks = set(withdrawn.values_list("task_id", flat=True))
    return {
        pair.pk for pair in pairs if pair.task_id in tasks or pair.task.project.state == ProjectState.CLOSED
    }


def _judgements(pairs: Sequence[Pair]) -> list[tuple[int, _Judgement]]:
    """Return what was said of these pairs and counts, in the order in which it was handed in."""
    by_task = {pair.task_id: pair for pair in pairs}
    shares = cache(lambda asked_at: _draw_share(asked_at))
    found = []
    for given in given_answers(list(by_task)):
        pair, said = by_task[given.task_id], given.answer.get(QUESTION)
        share = shares(pair.comparison.asked_at)
        # Whoever revised the design of the project may have put other answers there.
        if said not in (FIRST, SECOND, TIE) or (said == TIE and not share):
            continue
        sides = (pair.first_id, pair.second_id)
        better, worse = reversed(sides) if said == SECOND else sides
        judged = Judged(better, worse, draw_share=share, tie=said == TIE)
        found.append((pair.pk, _Judgement(pair.comparison.task_id, judged)))
    return found


def _draw_share(at: datetime) -> Decimal:
    return in_force("comparison.draw_share", at=at)


def _scored(works: Sequence[Accepted], judged: Sequence[Judged[int]]) -> list[Scored]:
    qualities = qualities_of([work.submission_id for work in works], judged)
    ranks = ranks_of(qualities)
    found = []
    for work in works:
        name, quality = work.submission_id, qualities[work.submission_id]
        mine = [
            one
            for one in judged
            if name in (one.better, one.worse) and one.better in qualities and one.worse in qualities
        ]
        found.append(
            Scored(
                submission_id=name,
                assignment_id=work.assignment_id,
                rank=ranks[name],
                mu=quality.mu,
                sigma=quality.sigma,
                score=quality.sure,
                comparisons=len(mine),
                wins=sum(one.better == name and not one.tie for one in mine),
                ties=sum(one.tie for one in mine),
            )
        )
    return sorted(found, key=lambda one: (one.rank, one.submission_id))
