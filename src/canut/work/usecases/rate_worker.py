"""A requester says what they think of a worker's work; it decides who sees their next tasks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, NotFound
from canut.people.models import Person
from canut.reputation.models import Rating, Side
from canut.reputation.rules_ratings import stretched
from canut.reputation.usecases.recompute_standings import forget_ratings
from canut.reputation.usecases.record_rating import record_rating
from canut.work.access import submission_for_decision
from canut.work.models import Assignment

MOST_AT_ONCE = 1_000
"""How many workers one call rates."""


class RatedIsForeign(NotFound):
    """A task or worker in the call is none of the caller's, so nothing of it was kept. Fact: `index`."""

    code = "rated_is_foreign"


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of a bulk rating: which worker's work on which task, and its weight on the caller's scale."""

    task_id: int
    worker_id: int
    weight: Decimal


@transaction.atomic
def rate_worker(*, submission_id: int, by: Person, value: Decimal, at: datetime) -> Rating:
    """Rate the work of one submission: 3 for ✓+, 2 for ✓, 1 for ✓−, or anything between.

    Rating again replaces the first; both are kept. Nobody is shown who rated whom.

    Raises:
        SubmissionNotFound: there is none, or its project is not `by`'s.
        BadInput: the value is not on the scale.
    """
    submission = submission_for_decision(submission_id, by=by)
    return _rate(submission.assignment, by=by, value=value, at=at)


@transaction.atomic
def rate_workers(
    *, judged: Sequence[Judged], by: Person, at: datetime, ignore_history: bool = False
) -> list[Rating]:
    """Rate many at once, on any scale: the weights of the call are stretched to 1..3 (MECHANISMS 1.5).

    All or nothing. With `ignore_history`, what `by` said of these workers before counts no more.

    Raises:
        BadInput: no line, too many, one worker's task twice, or a weight that is no finite number.
        RatedIsForeign: a task is not `by`'s, or its worker has handed in nothing there; nothing is kept.
    """
    if not 0 < len(judged) <= MOST_AT_ONCE:
        raise BadInput(_("Rate between 1 and 1,000 workers at once."))
    pairs = [(line.task_id, line.worker_id) for line in judged]
    if len(set(pairs)) < len(pairs):
        raise BadInput(_("A worker's task stands twice among the ratings. Name each once."))
    if not all(line.weight.is_finite() for line in judged):
        raise BadInput(_("A weight is a number, such as 0.5 or 80."))
    best, _middle, least = in_force("rating.weights", at=at)
    assignments = _assignments_of(pairs, by=by)
    values = stretched({index: line.weight for index, line in enumerate(judged)}, lowest=least, highest=best)
    if ignore_history:
        forget_ratings(rater_id=by.pk, party_ids=sorted({worker for _task, worker in pairs}), at=at)
    return [
        _rate(assignments[pairs[index]], by=by, value=values[index], at=at)
        for index in sorted(
            values, key=lambda index: pairs[index][1]
        )  # workers in id order, as locks are taken
    ]


def _assignments_of(pairs: Sequence[tuple[int, int]], *, by: Person) -> Mapping[tuple[int, int], Assignment]:
    """Return the handed-in assignment of each pair of task and worker, or refuse the whole."""
    rows = Assignment.objects.select_related("project").filter(
        project__owner_id=by.pk,
        submitted_at__isnull=False,
        task_id__in={task for task, _worker in pairs},
        worker_id__in={worker for _task, worker in pairs},
    )
    found = {(row.task_id, row.worker_id): row for row in rows.order_by("pk")}
    for index, pair in enumerate(pairs):
        if pair not in found:
            raise RatedIsForeign(
                _("Nothing was rated: line %(number)s is not a worker's finished task of yours.")
                % {"number": index + 1},
                index=index,
            )
    return found


def _rate(assignment: Assignment, *, by: Person, value: Decimal, at: datetime) -> Rating:
    rating = record_rating(
        side=Side.WORKER,
        rater_id=by.pk,
        rated_id=assignment.worker_id,
        assignment_id=assignment.pk,
        group_id=assignment.project.group_id,
        value=value,
        at=at,
    )
    if rating.given_at == at:
        record(by, "worker.rated", assignment, at=at, project_id=assignment.project_id)
    return rating
