"""A requester says what they think of workers' work; it decides who sees their next tasks first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record_each
from canut.kernel.refusals import BadInput, NotFound
from canut.people.models import Person
from canut.reputation.models import Rating, Side
from canut.reputation.queries import rated_assignments
from canut.reputation.rules_ratings import stretched
from canut.reputation.usecases.recompute_standings import forget_ratings
from canut.reputation.usecases.record_rating import Judgement, Recorded, lock_rated, record_ratings
from canut.work.models import Assignment, Submission
from canut.work.refusals import SubmissionNotFound

MOST_AT_ONCE = 1_000
"""How many pieces of work one call rates."""

LARGEST_WEIGHT = 1_000_000_000
WEIGHT_STEP = Decimal(1).scaleb(-18)
"""Weights that differ by less than this are the same."""


class RatedIsForeign(NotFound):
    """A task or worker in the call is none of the caller's, so nothing of it was kept. Fact: `index`."""

    code = "rated_is_foreign"


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of a bulk rating: which work, and its weight on the caller's scale.

    The work is named by its task and worker, or by its submission, which alone names that of a
    prototype round, whose workers the requester does not know.
    """

    task_id: int | None
    worker_id: int | None
    weight: Decimal
    submission_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    """One assignment that was handed in to the caller, with what a rating of it hangs on."""

    assignment_id: int
    worker_id: int
    project_id: int
    group_id: int
    round_id: int | None


@transaction.atomic
def rate_worker(*, submission_id: int, by: Person, value: Decimal, at: datetime) -> Rating:
    """Rate the work of one submission: 3 for ✓+, 2 for ✓, 1 for ✓−, or anything between.

    Rating again replaces the first; both are kept. Nobody is shown who rated whom.

    Raises:
        SubmissionNotFound: there is none, or its project is not `by`'s.
        BadInput: the value is not on the scale.
    """
    return rate_alike(submission_ids=[submission_id], by=by, value=value, at=at)[0].rating


@transaction.atomic
def rate_alike(
    *, submission_ids: Collection[int], by: Person, value: Decimal, at: datetime
) -> list[Recorded]:
    """Rate the work of several submissions the same, all or none; two submissions of one work count once.

    Raises:
        SubmissionNotFound: there is none of a number, or its project is not `by`'s.
        BadInput: the value is not on the scale, or there is no submission or too many.
    """
    if not 0 < len(submission_ids) <= MOST_AT_ONCE:
        raise BadInput(_("Rate between 1 and 1,000 pieces of work at once."))
    found = _by_submission(submission_ids, by=by)
    if len(found) < len(set(submission_ids)):
        raise SubmissionNotFound(_("There is no such submission to a project of yours."))
    works = list({work.assignment_id: work for work in found.values()}.values())
    return _rate(works, [value] * len(works), by=by, at=at)


@transaction.atomic
def rate_workers(
    *, judged: Sequence[Judged], by: Person, at: datetime, ignore_history: bool = False
) -> list[Recorded]:
    """Rate many at once, on any scale: the weights of the call are stretched to 1..3 (MECHANISMS 1.5).

    All or nothing, and the same call again changes nothing. With `ignore_history`, what `by` said before
    of other work of these workers counts no more. What was said of a prototype round's work is left out
    of that, and its lines touch that round's alone: else the change would tell who its workers are.

    Raises:
        BadInput: no line, too many, one work twice, a work not named, or a weight that is no usable number.
        RatedIsForeign: a task is not `by`'s, or its worker has handed in nothing there; nothing is kept.
    """
    if not 0 < len(judged) <= MOST_AT_ONCE:
        raise BadInput(_("Rate between 1 and 1,000 pieces of work at once."))
    weights = [_weight(line, index) for index, line in enumerate(judged)]
    works = _works(judged, by=by)
    best, _middle, least = in_force("rating.weights", at=at)
    values = stretched(dict(enumerate(weights)), lowest=least, highest=best)
    if ignore_history:
        _forget_others(works, by=by, at=at)
    return _rate(works, [values[index] for index in range(len(works))], by=by, at=at)


def _weight(line: Judged, index: int) -> Decimal:
    if not line.weight.is_finite() or abs(line.weight) > LARGEST_WEIGHT:
        raise BadInput(
            _("Line %(number)s: a weight is a number of at most nine digits before the point.")
            % {"number": index + 1},
            index=index,
        )
    return line.weight.quantize(WEIGHT_STEP, rounding=ROUND_HALF_UP)


def _works(judged: Sequence[Judged], *, by: Person) -> list[_Work]:
    """Return the work of each line, or refuse the whole."""
    for index, line in enumerate(judged):
        by_pair = line.task_id is not None and line.worker_id is not None and line.submission_id is None
        by_submission = line.submission_id is not None and line.task_id is None and line.worker_id is None
        if not by_pair and not by_submission:
            raise BadInput(
                _("Line %(number)s: name the work by task_id and worker_id, or by submission_id alone.")
                % {"number": index + 1},
                index=index,
            )
    submissions = _by_submission([line.submission_id for line in judged if line.submission_id], by=by)
    pairs = _by_pair(
        [(line.task_id, line.worker_id) for line in judged if line.task_id and line.worker_id], by=by
    )
    works: dict[int, _Work] = {}
    for index, line in enumerate(judged):
        work = (
            submissions.get(line.submission_id)
            if line.submission_id is not None
            else pairs.get((line.task_id, line.worker_id))
        )
        if work is None:
            raise RatedIsForeign(
                _("Nothing was rated: on line %(number)s, this worker has handed in no such task of yours.")
                % {"number": index + 1},
                index=index,
            )
        if work.assignment_id in works:
            raise BadInput(
                _("Line %(number)s names work that stands among the ratings already. Name each once.")
                % {"number": index + 1},
                index=index,
            )
        works[work.assignment_id] = work
    return list(works.values())


def _by_submission(submission_ids: Collection[int], *, by: Person) -> Mapping[int, _Work]:
    """Return the work that each of these submissions to projects of `by` belongs to."""
    rows = Submission.objects.filter(pk__in=submission_ids, project__owner_id=by.pk)
    found = rows.values_list(
        "pk",
        "assignment_id",
        "assignment__worker_id",
        "project_id",
        "project__group_id",
        "assignment__round_id",
    )
    return {pk: _Work(*rest) for pk, *rest in found}


def _by_pair(
    pairs: Sequence[tuple[int, int]], *, by: Person
) -> Mapping[tuple[int | None, int | None], _Work]:
    """Return what a worker has handed in of a task of `by`, by task and worker; the newest, if redone.

    Work of a prototype round is not found so: trying one worker after the other would tell whose it is.
    """
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT asked.task_id, asked.worker_id, one.id, one.worker_id, one.project_id, p.group_id, NULL
            FROM unnest(%(tasks)s::bigint[], %(workers)s::bigint[]) asked (task_id, worker_id)
            CROSS JOIN LATERAL (
                SELECT a.id, a.worker_id, a.project_id FROM work_assignment a
                WHERE a.worker_id = asked.worker_id AND a.task_id = asked.task_id
                  AND a.submitted_at IS NOT NULL AND a.round_id IS NULL
                ORDER BY a.id DESC LIMIT 1
            ) one
            JOIN work_project p ON p.id = one.project_id AND p.owner_id = %(owner)s
            """,
            {
                "tasks": [task for task, _worker in pairs],
                "workers": [worker for _task, worker in pairs],
                "owner": by.pk,
            },
        )
        return {(task, worker): _Work(*rest) for task, worker, *rest in cursor.fetchall()}


def _forget_others(works: Sequence[_Work], *, by: Person, at: datetime) -> None:
    """Let what `by` said of these workers' other work count no more; in rounds, of the same round's."""
    workers = {work.worker_id for work in works}
    lock_rated(workers)
    kept = {work.assignment_id for work in works}
    given = rated_assignments(by.pk, party_ids=workers)
    rounds = dict(
        Assignment.objects.filter(pk__in=set(given) - kept).values_list("pk", "round_id").iterator()
    )
    asked = {(work.worker_id, work.round_id) for work in works}
    gone = [pk for pk, round_id in rounds.items() if (given[pk], round_id) in asked]
    forget_ratings(rater_id=by.pk, party_ids=workers, at=at, only=gone)


def _rate(works: Sequence[_Work], values: Sequence[Decimal], *, by: Person, at: datetime) -> list[Recorded]:
    judgements = [
        Judgement(work.worker_id, work.assignment_id, work.group_id, value)
        for work, value in zip(works, values, strict=True)
    ]
    recorded = record_ratings(side=Side.WORKER, rater_id=by.pk, judgements=judgements, at=at)
    record_each(
        by,
        "worker.rated",
        [
            (Assignment(pk=work.assignment_id), {"project_id": work.project_id})
            for work, one in zip(works, recorded, strict=True)
            if one.is_new
        ],
        at=at,
    )
    return recorded
