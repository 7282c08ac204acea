"""How far a project has come, as its owner watches it: counts of answers, and its money."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import Project
from canut.work.states import ProjectKind, ProjectState

# A published project's tasks change only when rows are added, paid for or taken away, and each of
# these changes one of the figures here: while they stay, the tasks need not be counted again.
_LAST_CHANGE = """
SELECT r.id, r.paid_upto, (SELECT max(position) FROM work_task WHERE revision_id = r.id),
       (SELECT max(id) FROM work_upload WHERE project_id = r.project_id)
FROM work_revision r WHERE r.project_id = %s ORDER BY r.number DESC LIMIT 1
"""

_TASKS = """
SELECT count(*) FILTER (WHERE t.position <= r.paid_upto),
       coalesce(sum(t.answers_wanted) FILTER (WHERE t.position <= r.paid_upto), 0)::bigint,
       count(*) FILTER (WHERE t.position > r.paid_upto),
       coalesce(sum(t.answers_wanted) FILTER (WHERE t.position > r.paid_upto), 0)::bigint
FROM work_task t JOIN work_revision r ON r.id = t.revision_id WHERE t.project_id = %s
"""

# One statement, so that every figure is of the same moment.
_WORK = """
SELECT queue.*, work.*
FROM (SELECT count(*) FROM work_place WHERE project_id = %(project)s AND rank IS NOT NULL) queue,
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
    tasks, wanted, rows_waiting, answers_waiting = _tasks(project)
    with connection.cursor() as cursor:
        cursor.execute(_WORK, {"project": project.pk})
        opened, held, to_decide, returned, approved, rejected, released = cursor.fetchone()
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
        rejected=rejected,
        released=released,
        paid_minor=project.paid_minor,
        set_aside_minor=sum(
            project_total_minor(project.pk, kind) for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE)
        ),
    )


def _tasks(project: Project) -> tuple[int, int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CHANGE, [project.pk])
        change = cursor.fetchone()
    if project.published_at is None:
        return _counted(project.pk)
    return _remembered(connection.settings_dict["NAME"], project.pk, change)


@lru_cache(maxsize=1024)
def _remembered(_database: str, project_id: int, _change: tuple[object, ...]) -> tuple[int, int, int, int]:
    return _counted(project_id)


def _counted(project_id: int) -> tuple[int, int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, [project_id])
        tasks, wanted, rows_waiting, answers_waiting = cursor.fetchone()
    return tasks, wanted, rows_waiting, answers_waiting
