"""How far a project has come, as its owner watches it: counts of answers, and its money."""

from dataclasses import dataclass

from django.db import connection

from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import Project
from canut.work.states import ProjectKind, ProjectState

# One pass over each table; every figure is of the same moment.
_COUNTS = """
SELECT wanted.*, queue.*, work.*
FROM (SELECT count(*) FILTER (WHERE paid_for),
             coalesce(sum(answers_wanted) FILTER (WHERE paid_for), 0)::bigint,
             count(*) FILTER (WHERE NOT paid_for),
             coalesce(sum(answers_wanted) FILTER (WHERE NOT paid_for), 0)::bigint
      FROM work_task WHERE project_id = %(project)s) wanted,
     (SELECT count(*) FROM work_place WHERE project_id = %(project)s AND rank IS NOT NULL) queue,
     (SELECT count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'submitted'),
             count(*) FILTER (WHERE state = 'returned'), count(*) FILTER (WHERE state = 'approved'),
             count(*) FILTER (WHERE state = 'rejected' AND NOT place_released),
             count(*) FILTER (WHERE state = 'rejected' AND place_released)
      FROM work_assignment WHERE project_id = %(project)s) work
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of tasks and answers, and money in minor units. An answer is one place filled by one worker.

    `answers_wanted` is what was paid for: the sum of `open`, `in_hand`, `to_decide`, `returned`,
    `approved` and `rejected`, and of those that are not opened yet or were closed unused. `rejected`
    are those whose place still waits for an appeal, `released` those whose place serves another.
    `rows_waiting` are rows that are not paid for.
    """

    project_id: int
    state: str
    currency: str
    is_volunteer: bool
    tasks: int
    answers_wanted: int
    rows_waiting: int
    answers_waiting: int
    open: int
    in_hand: int
    to_decide: int
    returned: int
    approved: int
    rejected: int
    released: int
    paid_minor: int
    set_aside_minor: int

    @property
    def answers_in(self) -> int:
        """How many answers have come, whatever was decided about them."""
        return self.to_decide + self.returned + self.approved + self.rejected

    @property
    def still_opening(self) -> int:
        """How many places a job is still opening, just after publication."""
        if self.state not in (ProjectState.LIVE, ProjectState.PAUSED):
            return 0
        return max(0, self.answers_wanted - self.open - self.in_hand - self.answers_in)

    @property
    def is_complete(self) -> bool:
        """Whether every answer is there and approved."""
        return 0 < self.answers_wanted == self.approved


def progress_of(project_id: int, *, by: Person) -> Progress:
    """Return how far a project of `by` has come, as it is at this moment.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    return progress(own_project(project_id, by=by))


def progress(project: Project) -> Progress:
    """Return how far a project has come, for whoever may know it already."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"project": project.pk})
        counts = cursor.fetchone()
    tasks, wanted, rows_waiting, answers_waiting, opened, held, to_decide, returned, approved, *rejected = (
        counts
    )
    return Progress(
        project_id=project.pk,
        state=project.state,
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        tasks=tasks,
        answers_wanted=wanted,
        rows_waiting=rows_waiting,
        answers_waiting=answers_waiting,
        open=opened,
        in_hand=held,
        to_decide=to_decide,
        returned=returned,
        approved=approved,
        rejected=rejected[0],
        released=rejected[1],
        paid_minor=project.paid_minor,
        set_aside_minor=sum(
            project_total_minor(project.pk, kind) for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE)
        ),
    )
