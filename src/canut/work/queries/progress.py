"""How far a project has come, as its owner watches it: counts of answers, and its money."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import Place, Project
from canut.work.states import PlaceState, ProjectKind, ProjectState

# Once all that a project has is paid for, its tasks change only when rows are added, a revision is published
# or a place of an earlier revision is left, and each of these changes one of the figures here: while they
# stay, the tasks need not be counted again.
_LAST_CHANGE = """
SELECT r.id, r.paid_upto, (SELECT max(position) FROM work_task WHERE revision_id = r.id),
       (SELECT max(id) FROM work_upload WHERE project_id = r.project_id),
       (SELECT count(*) FROM work_task t JOIN work_place q ON q.project_id = t.project_id AND q.task_id = t.id
        WHERE t.project_id = r.project_id AND t.revision_id <> r.id AND q.state <> 'closed')
FROM work_revision r WHERE r.project_id = %s ORDER BY r.number DESC LIMIT 1
"""

# Of a task that is paid for, all answers count as wanted; of any other, those for which it has a place in a
# prototype round, or had one under an earlier revision.
_TASKS = """
WITH last AS (
    SELECT id FROM work_revision WHERE project_id = %(project)s
    ORDER BY published_at IS NULL, number DESC LIMIT 1),
counted AS (
    SELECT t.answers_wanted, t.revision_id = last.id AS is_current,
           t.id IN (SELECT b.task_id FROM work_brokenrow b WHERE b.project_id = %(project)s
                      AND b.state IN ('paused', 'withdrawn')) AS is_off,
           CASE WHEN t.revision_id = last.id AND t.position <= r.paid_upto THEN t.answers_wanted
                ELSE (SELECT count(*) FROM work_place q
                      WHERE q.project_id = t.project_id AND q.task_id = t.id AND q.state <> 'closed')
           END AS paid
    FROM last, work_task t JOIN work_revision r ON r.id = t.revision_id WHERE t.project_id = %(project)s)
SELECT count(*) FILTER (WHERE paid > 0), coalesce(sum(paid), 0)::bigint,
       count(*) FILTER (WHERE is_current AND answers_wanted > paid AND NOT is_off),
       coalesce(sum(answers_wanted - paid) FILTER (WHERE is_current AND answers_wanted > paid AND NOT is_off),
                0)::bigint
FROM counted
"""

# One statement, so that every figure is of the same moment. Of rows that were reported as broken, what has no
# place is not wanted now: `off`, or once the row is back, `back`, which waits to be paid for. Of an earlier
# revision's tasks only the places that there are count as wanted, so nothing is taken from those.
_WORK = """
WITH reported AS (
    SELECT DISTINCT ON (b.task_id) b.state IN ('paused', 'withdrawn') AS is_off,
           t.position <= r.places_opened_to AS is_opened,
           greatest(0, t.answers_wanted - f.filled) AS lacking, f.filled
    FROM work_brokenrow b JOIN work_task t ON t.id = b.task_id
    JOIN (SELECT * FROM work_revision WHERE project_id = %(project)s
          ORDER BY published_at IS NULL, number DESC LIMIT 1) r ON r.id = t.revision_id
    CROSS JOIN LATERAL (SELECT count(*) AS filled FROM work_place q
                        WHERE q.project_id = t.project_id AND q.task_id = t.id AND q.state <> 'closed') f
    WHERE b.project_id = %(project)s AND t.position <= r.paid_upto
    ORDER BY b.task_id, b.id DESC)
SELECT queue.*, paused.*, broken.*, off.*, back.*, work.*
FROM (SELECT count(*) FROM work_place WHERE project_id = %(project)s AND rank IS NOT NULL) queue,
     (SELECT count(*) FROM work_place WHERE project_id = %(project)s AND state = 'paused') paused,
     (SELECT count(*) FROM work_brokenrow WHERE project_id = %(project)s AND state = 'paused') broken,
     (SELECT count(*) FILTER (WHERE filled = 0), coalesce(sum(lacking), 0)::bigint
      FROM reported WHERE is_off OR is_opened) off,
     (SELECT count(*), coalesce(sum(lacking), 0)::bigint
      FROM reported WHERE NOT is_off AND is_opened AND lacking > 0) back,
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
    `rows_waiting` are rows that are not paid for. `suspended` are paid places that open again when the
    prototype round that runs has ended. `broken_rows` are rows out of the feed because somebody reported them
    as broken, and `paused` their places, paid for and not counted as done.
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
    suspended: int = 0
    paused: int = 0
    broken_rows: int = 0

    @property
    def answers_in(self) -> int:
        """How many answers have come, whatever was decided about them."""
        return self.to_decide + self.returned + self.approved + self.rejected

    @property
    def still_opening(self) -> int:
        """How many places a job is still opening, just after publication."""
        if self.state not in (ProjectState.LIVE, ProjectState.PAUSED):
            return 0
        there = self.open + self.in_hand + self.answers_in + self.suspended + self.paused
        return max(0, self.answers_wanted - there)

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
        opened, paused, broken, tasks_off, answers_off, rows_back, answers_back, *work = cursor.fetchone()
    held, to_decide, returned, approved, rejected, released = work
    return Progress(
        project_id=project.pk,
        state=project.state,
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        tasks=tasks - tasks_off,
        answers_wanted=wanted - answers_off,
        rows_waiting=rows_waiting + rows_back,
        answers_waiting=answers_waiting + answers_back,
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
        suspended=_suspended(project),
        paused=paused,
        broken_rows=broken,
    )


def _suspended(project: Project) -> int:
    if project.round_id is None:
        return 0
    return Place.objects.filter(project=project, state=PlaceState.WAITING).count()


def _tasks(project: Project) -> tuple[int, int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CHANGE, [project.pk])
        change = cursor.fetchone()
    _revision, paid_upto, last_position, _upload, _places_before = change
    if project.published_at is None or paid_upto < (last_position or 1):
        return _counted(project.pk)
    return _remembered(connection.settings_dict["NAME"], project.pk, change)


@lru_cache(maxsize=1024)
def _remembered(_database: str, project_id: int, _change: tuple[object, ...]) -> tuple[int, int, int, int]:
    return _counted(project_id)


def _counted(project_id: int) -> tuple[int, int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, {"project": project_id})
        tasks, wanted, rows_waiting, answers_waiting = cursor.fetchone()
    return tasks, wanted, rows_waiting, answers_waiting
