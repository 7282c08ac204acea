"""A requester has the accepted answers to tasks of their project compared, and pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from random import SystemRandom

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import floor_highest, in_force
from canut.guilds.comparisons.design import wording
from canut.guilds.comparisons.limits import LAST_ROUND, MOST_PAIRS
from canut.guilds.comparisons.models import Comparison, ComparisonProject, Pair
from canut.guilds.comparisons.queries import qualities_by_task, stands_of
from canut.guilds.comparisons.refusals import (
    NobodyToCompare,
    NothingToCompare,
    RoundNotReached,
)
from canut.guilds.comparisons.rules import closest_pairs, expected_seconds
from canut.kernel.events import record_each
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import latest_revision, lock_owner, own_project, published_revision, require_requester
from canut.work.designs.schema import read_design, to_json
from canut.work.models import Project, Revision, Task
from canut.work.queries.accepted import Accepted, accepted_work, accepted_workers
from canut.work.queries.price import Price, price_of
from canut.work.queries.studio import PricedProject, priced_project
from canut.work.refusals import TaskNotFound
from canut.work.rules import least_reward_minor, paid_seconds
from canut.work.states import CascadePolicy, ProjectKind, ProjectState
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.create_project import create_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.put_tasks_to_judge import ToJudge, put_tasks_to_judge

_by_lot = SystemRandom()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the comparisons, the project in which they are done, and how many pairs there are.

    `is_repeat` tells that all of it had been asked for before: then nothing was charged.
    """

    comparisons: Sequence[Comparison]
    project_id: int
    pairs: int
    charged_minor: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What comparing would cost, priced like any project of its owner: nothing has been done yet."""

    round: int
    tasks: int
    pairs: int
    expected_seconds: int
    priced: PricedProject


@dataclass(frozen=True, slots=True)
class _Prepared:
    had: Sequence[Comparison]
    new: Sequence[Comparison]
    pairs: int
    project: Project
    revision: Revision
    price: Price | None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A task, and the pairs of its answers, their sides drawn by lot."""

    task_id: int
    key: str
    pairs: Sequence[tuple[Accepted, Accepted]]


@transaction.atomic
def ask_comparison(
    *,
    project_id: int,
    by: Person,
    round_number: int,
    at: datetime,
    task_ids: Sequence[int] | None = None,
    agreed_minor: int | None = None,
) -> Asked:
    """Have accepted answers compared in pairs, of the named tasks or of all that are ready for this round.

    Each task's round is asked for once: asking again returns what was asked for and charges nothing. The
    comparisons are tasks of a project of `by`, made at the first asking, which is published, or enlarged, by
    the rules of all projects: at or above the floor, with fee and levies, and a prototype round where one is
    due. They are offered to workers with accepted work in the project, never to the two authors. Of all
    tasks, those are passed over that have fewer than two accepted answers, are at another round, or whose
    answers nobody else can judge. `agreed_minor` is the total that the owner was shown.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s. TaskNotFound: a task is of another project.
        BadInput: the round is no number from 1 to 1,000, no task is named, or it comes to over 1,000 pairs.
        NothingToCompare: fewer than two accepted answers. NobodyToCompare: nobody else has accepted work.
        RoundNotReached: the round before is not over.
        What `publish_project` and `add_tasks` raise, RoundRunning, TotalChanged and InsufficientFunds first.
    """
    prepared = _prepare(project_id, by=by, round_number=round_number, task_ids=task_ids, at=at)
    if prepared.price is None:
        return Asked(prepared.had, prepared.project.pk, prepared.pairs, 0, is_repeat=True)
    if prepared.project.state == ProjectState.DRAFT:
        publish_project(project_id=prepared.project.pk, by=by, agreed_minor=agreed_minor, at=at)
    else:
        add_tasks(project_id=prepared.project.pk, by=by, agreed_minor=agreed_minor, at=at)
    record_each(
        by,
        "comparison.asked",
        (
            (one, {"project_id": project_id, "task_id": one.task_id, "round": one.round})
            for one in prepared.new
        ),
        at=at,
    )
    return Asked(
        [*prepared.had, *prepared.new],
        prepared.project.pk,
        prepared.pairs,
        prepared.price.now.total_minor,
        is_repeat=False,
    )


def offer_comparison(
    *, project_id: int, by: Person, round_number: int, at: datetime, task_ids: Sequence[int] | None = None
) -> Offer | None:
    """Return what `ask_comparison` would do now and charge, and do nothing; None if it was asked for before.

    It is found by doing it and undoing it, so that it cannot differ.

    Raises: as `ask_comparison`, but for what money and rounds may refuse.
    """
    with transaction.atomic():
        prepared = _prepare(project_id, by=by, round_number=round_number, task_ids=task_ids, at=at)
        offer = None
        if prepared.price is not None:
            offer = Offer(
                round=round_number,
                tasks=len(prepared.new),
                pairs=prepared.pairs,
                expected_seconds=prepared.revision.expected_seconds,
                priced=priced_project(prepared.project.pk, by=by, at=at),
            )
        transaction.set_rollback(True)
    return offer


def ready_tasks(project_id: int, *, by: Person, round_number: int) -> list[int]:
    """Return the tasks of a project of `by` whose turn it is in this round, as many as may be asked at once.

    Naming them, rather than asking for all, makes a repeat mean the same tasks whatever becomes ready since.

    Raises:
        ProjectNotFound: there is no such project of `by`.
    """
    project = own_project(project_id, by=by)
    by_task: dict[int, list[Accepted]] = {}
    for work in accepted_work(project.pk):
        by_task.setdefault(work.task_id, []).append(work)
    stands, judges = stands_of(list(by_task)), set(accepted_workers(project.pk))
    ready, pairs = [], 0
    for task_id, answers in by_task.items():
        stand = stands[task_id]
        if _hindrance(task_id, answers, round_number, stand.round, stand.is_over, judges) is None:
            pairs += ceil(len(answers) / 2)
            if pairs > MOST_PAIRS:
                break
            ready.append(task_id)
    return ready


def _prepare(
    project_id: int, *, by: Person, round_number: int, task_ids: Sequence[int] | None, at: datetime
) -> _Prepared:
    """Write the pairs and their tasks, which wait to be paid for; or find that all of it was asked before."""
    require_requester(by)
    lock_owner(by)
    project = own_project(project_id, by=by, lock=True)
    _refuse_misshapen(round_number, task_ids)
    named = None if task_ids is None else _of_project(project, task_ids)
    works = accepted_work(project.pk, task_ids=named)
    asked = Comparison.objects.filter(project=project, round=round_number)
    had = list(asked if named is None else asked.filter(task_id__in=named))
    before = {one.task_id for one in had}
    drawn = _draw(
        project, [one for one in works if one.task_id not in before], round_number, named, before=before
    )
    if not drawn:
        if not had:
            raise _nothing(round_number, named, works)
        last = Pair.objects.filter(comparison__in=had).order_by("-pk").select_related("task__project")[0]
        pairs = Pair.objects.filter(comparison__in=had).count()
        return _Prepared(had, [], pairs, last.task.project, latest_revision(last.task.project), None)
    place, revision = _project_for(project, by=by, at=at)
    new = _write(project, place, revision, drawn, round_number, by=by, at=at)
    price = price_of(place, revision, at=at)
    return _Prepared(had, new, sum(len(one.pairs) for one in drawn), place, revision, price)


def _refuse_misshapen(round_number: int, task_ids: Sequence[int] | None) -> None:
    errors = {}
    if not 1 <= round_number <= LAST_ROUND:
        errors["round"] = _("Rounds are counted from 1 to 1,000.")
    if task_ids is not None and not 1 <= len(task_ids) <= MOST_PAIRS:
        errors["task_ids"] = _("Name 1 to 1,000 tasks, or none for all.")
    if errors:
        raise BadInput(_("This cannot be compared. Nothing was changed."), errors=errors)


def _of_project(project: Project, task_ids: Sequence[int]) -> list[int]:
    found = set(Task.objects.filter(project=project, pk__in=task_ids).values_list("pk", flat=True))
    if missing := [task_id for task_id in task_ids if task_id not in found]:
        raise TaskNotFound(_("There is no such task in this project."), task_id=missing[0])
    return sorted(found)


def _draw(
    project: Project,
    works: Sequence[Accepted],
    round_number: int,
    named: Sequence[int] | None,
    *,
    before: set[int],
) -> list[_Drawn]:
    """Return the pairs of each task whose turn it is; of tasks named, all of them or a refusal."""
    by_task: dict[int, list[Accepted]] = {}
    for work in works:
        by_task.setdefault(work.task_id, []).append(work)
    if named is not None:
        by_task |= {task_id: [] for task_id in named if task_id not in by_task and task_id not in before}
    stands, judges = stands_of(list(by_task)), set(accepted_workers(project.pk))
    ready = {}
    for task_id, answers in by_task.items():
        stand = stands[task_id]
        if (
            refusal := _hindrance(task_id, answers, round_number, stand.round, stand.is_over, judges)
        ) is None:
            ready[task_id] = answers
        elif named is not None:
            raise refusal
    pairs = sum(ceil(len(answers) / 2) for answers in ready.values())
    if pairs > MOST_PAIRS:
        sentence = _("These are %(pairs)s comparisons; at most %(most)s can be asked for at once.")
        raise BadInput(
            _("This cannot be compared all at once. Nothing was changed. Name fewer tasks."),
            errors={"task_ids": sentence % {"pairs": pairs, "most": MOST_PAIRS}},
        )
    qualities = qualities_by_task([one for answers in ready.values() for one in answers])
    found = []
    for task_id, answers in ready.items():
        of = {one.submission_id: one for one in answers}
        order = list(of)
        _by_lot.shuffle(order)  # so that of equal answers none is paired by when it came
        paired = closest_pairs([(name, qualities[task_id][name].mu) for name in order])
        sides = [(of[one], of[other]) for one, other in (_by_lot.sample(pair, 2) for pair in paired)]
        found.append(_Drawn(task_id, answers[0].task_key, sides))
    return found


def _hindrance(
    task_id: int, answers: Sequence[Accepted], number: int, last: int, is_over: bool, judges: set[int]
) -> NothingToCompare | RoundNotReached | NobodyToCompare | None:
    """Return why this round of a task cannot be, if it cannot."""
    if len(answers) < 2:
        return NothingToCompare(
            _("This task has fewer than two accepted answers, so there is nothing to compare."),
            task_id=task_id,
        )
    if number != last + 1 or not is_over:
        return RoundNotReached(
            _("Round %(number)s comes when the one before it is over: then ask for it again.")
            % {"number": max(number, last + 1)},
            task_id=task_id,
            next_round=last + 1,
        )
    # Two answers are judged by a third person; of three people or more, any pair has one.
    if len(judges | {one.worker_id for one in answers}) < 3:
        return NobodyToCompare(
            _(
                "Nobody but the two who answered has accepted work in this project, so nobody can judge. "
                "Approve work of others first."
            ),
            task_id=task_id,
        )
    return None


def _nothing(
    round_number: int, named: Sequence[int] | None, works: Sequence[Accepted]
) -> NothingToCompare | RoundNotReached | NobodyToCompare:
    """Return why no task of the whole project can be compared in this round."""
    by_task: dict[int, int] = {}
    for work in works:
        by_task[work.task_id] = by_task.get(work.task_id, 0) + 1
    several = [task_id for task_id, count in by_task.items() if count > 1]
    if not several:
        return NothingToCompare(
            _("No task of this project has two accepted answers yet, so there is nothing to compare.")
        )
    if len({work.worker_id for work in works}) < 3:
        return NobodyToCompare(
            _(
                "Nobody but the two who answered has accepted work in this project, so nobody can judge. "
                "Approve work of others first."
            )
        )
    following = min(stand.round for stand in stands_of(several).values()) + 1
    return RoundNotReached(
        _("Round %(number)s comes when the one before it is over: then ask for it again.")
        % {"number": max(round_number, following)},
        next_round=following,
    )


def _project_for(project: Project, *, by: Person, at: datetime) -> tuple[Project, Revision]:
    """Return the project in which these comparisons are done: the last one made for it, or another."""
    of = published_revision(project)
    seconds = expected_seconds(
        of_task=of.expected_seconds,
        time_share=in_force("comparison.time_share", at=at),
        least_seconds=in_force("comparison.least_seconds", at=at),
    )
    with_tie = in_force("comparison.draw_share", at=at) > 0
    title, design = wording(project.title, project.language, with_tie=with_tie)
    made = ComparisonProject.objects.filter(of=project).order_by("-project_id").first()
    if made is not None:
        last = own_project(made.project_id, by=by, lock=True)
        revision = latest_revision(last)
        price = price_of(last, revision, at=at)
        # What its owner has revised is their own.
        same = revision.number > 1 or revision.design == to_json(read_design(design))
        if last.state != ProjectState.CLOSED and same and not price.now.under_floor:
            return last, revision
        seconds = max(seconds, ceil(price.tried_seconds or 0))
    share = in_force("pay.risk_break_share", at=at)
    paid = paid_seconds(seconds, project.risks, share)
    reward = least_reward_minor(expected_seconds=paid, floor_hourly_minor=floor_highest(at=at))
    place = create_project(
        by=by,
        title=title,
        design=design,
        kind=project.kind,
        currency=project.currency,
        language=project.language,
        reward_minor=reward if project.kind == ProjectKind.PAID else 0,
        expected_seconds=seconds,
        device=project.device,
        risks=project.risks,
        launches_itself=True,
        may_show_work=True,
        cascade_policy=CascadePolicy.OPEN,
        at=at,
    )
    ComparisonProject.objects.create(project=place, of=project)
    return place, latest_revision(place)


def _write(
    project: Project,
    place: Project,
    revision: Revision,
    drawn: Sequence[_Drawn],
    round_number: int,
    *,
    by: Person,
    at: datetime,
) -> list[Comparison]:
    """Write the comparisons, and a task for each pair, offered to those who worked last."""
    new = Comparison.objects.bulk_create(
        Comparison(project=project, task_id=one.task_id, round=round_number, asked_by=by, asked_at=at)
        for one in drawn
    )
    judges, most = accepted_workers(project.pk), in_force("comparison.offer_members", at=at)
    flat = [
        (comparison, number, one, sides)
        for comparison, one in zip(new, drawn, strict=True)
        for number, sides in enumerate(one.pairs, start=1)
    ]
    tasks = put_tasks_to_judge(
        place,
        revision,
        [
            ToJudge(
                key=f"{one.key[:150]} {round_number}.{number}",
                row={"task": one.key, "round": round_number, "pair": number},
                shows=[work.submission_id for work in sides],
                offered_to=_others(judges, sides, most=most),
                barred={work.worker_id for work in sides},
            )
            for _comparison, number, one, sides in flat
        ],
        at=at,
    )
    Pair.objects.bulk_create(
        Pair(
            comparison=comparison,
            number=number,
            task=task,
            first_id=sides[0].submission_id,
            second_id=sides[1].submission_id,
        )
        for (comparison, number, _one, sides), task in zip(flat, tasks, strict=True)
    )
    return new


def _others(judges: Sequence[int], sides: tuple[Accepted, Accepted], *, most: int) -> list[int]:
    authors = {work.worker_id for work in sides}
    return [worker for worker in judges if worker not in authors][:most]
