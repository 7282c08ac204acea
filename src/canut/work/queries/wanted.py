"""Which answers of a revision's tasks nobody fills and nobody has paid for yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from canut.work.models import Project, Revision

# What each task still wants: of a task whose money is not set aside, the answers for which no place is
# taken or open; of a paid one, those of its places that were closed. Before a revision of a published
# project is published, its tasks are still those of the revision before it: then all that nobody fills is
# wanted anew, and with `anew` all there is. `answers` are the revision's own, where the file says none. Of a
# row that is out of the feed nothing is wanted; once it is back, all that it has no place for.
WANTING = """
filled AS (
    SELECT q.task_id, count(*) FILTER (WHERE q.state = 'taken') AS taken,
           count(*) FILTER (WHERE q.state IN ('open', 'waiting', 'paused')) AS kept,
           count(*) FILTER (WHERE q.state = 'closed') AS closed
    FROM work_place q WHERE q.project_id = %(project)s GROUP BY q.task_id
),
wanting AS (
    SELECT t.id, t.position, t.answers_wanted AS of_task, CASE
        WHEN t.id IN (SELECT b.task_id FROM work_brokenrow b WHERE b.project_id = %(project)s
                      AND b.state IN ('paused', 'withdrawn')) THEN 0
        WHEN %(anew)s THEN w.answers
        WHEN %(unfinished)s THEN greatest(0, w.answers - coalesce(f.taken, 0))
        WHEN t.position > %(paid_upto)s
            THEN greatest(0, w.answers - coalesce(f.taken, 0) - coalesce(f.kept, 0))
        WHEN t.position <= %(opened_to)s
            THEN greatest(0, w.answers - coalesce(f.taken, 0) - coalesce(f.kept, 0))
        ELSE least(coalesce(f.closed, 0), greatest(0, w.answers - coalesce(f.taken, 0) - coalesce(f.kept, 0)))
        END AS wanted
    FROM work_task t LEFT JOIN filled f ON f.task_id = t.id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN NOT %(unfinished)s OR EXISTS (SELECT FROM work_upload u WHERE u.id = t.upload_id
                                           AND coalesce(u.mapping->>'answers', '') <> '')
        THEN t.answers_wanted ELSE %(answers)s END AS answers) w
    WHERE t.revision_id = %(source)s
)
"""

_BY_NUMBER = "WITH {wanting} SELECT wanted, count(*) FROM wanting WHERE wanted > 0 {upto} GROUP BY wanted"

# A task has begun under a design if somebody has worked on it under one of these revisions, or if a place
# of it is paid for under one of them.
_BEGUN = """
WITH {wanting},
begun AS (
    SELECT t.id FROM work_task t
    WHERE t.project_id = %(project)s AND (
        EXISTS (SELECT FROM work_assignment a WHERE a.task_id = t.id AND a.project_id = %(project)s
                AND a.revision_id = ANY (%(same)s)
                AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
        OR (t.revision_id = ANY (%(same)s) AND (
            (t.revision_id = %(source)s AND t.position > %(opened_to)s AND t.position <= %(paid_upto)s)
            OR EXISTS (SELECT FROM work_place q WHERE q.project_id = %(project)s AND q.task_id = t.id
                       AND q.state IN ('open', 'waiting', 'paused')))))
),
waiting AS (
    SELECT w.position, b.id IS NULL AS is_new FROM wanting w LEFT JOIN begun b ON b.id = w.id
    WHERE w.wanted > 0
),
counted AS (
    SELECT position, count(*) FILTER (WHERE is_new) OVER (ORDER BY position) AS new_so_far FROM waiting
)
SELECT (SELECT count(*) FROM begun),
       (SELECT count(*) FROM waiting WHERE is_new),
       (SELECT max(position) FROM counted
        WHERE new_so_far <= greatest(0, %(covered)s - (SELECT count(*) FROM begun)))
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many tasks want how many answers, by the number of answers."""

    by_number: Mapping[int, int]

    @property
    def tasks(self) -> int:
        return sum(self.by_number.values())

    @property
    def places(self) -> int:
        return sum(answers * tasks for answers, tasks in self.by_number.items())


@dataclass(frozen=True, slots=True)
class Begun:
    """How many tasks have begun under a design, how many of those that wait are new to it, and up to
    which position those may begin that are covered; zero for none."""

    tasks: int
    waiting_new: int
    covered_upto: int


def wanted_of(project: Project, revision: Revision, *, upto: int | None = None) -> Wanted:
    """Return what a revision's tasks want that is not paid for; of an unpublished one, all it will ask.

    `upto` leaves out the tasks after a position.
    """
    statement = _BY_NUMBER.format(wanting=WANTING, upto="" if upto is None else "AND position <= %(upto)s")
    with connection.cursor() as cursor:
        cursor.execute(statement, {**about(project, revision), "upto": upto})
        return Wanted(dict(cursor.fetchall()))


def begun_under(project: Project, revision: Revision, *, same: list[int], covered: int) -> Begun:
    """Return which tasks have begun under these revisions, which are of the same design as `revision`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGUN.format(wanting=WANTING), {**about(project, revision), "same": same, "covered": covered}
        )
        tasks, waiting_new, upto = cursor.fetchone()
    return Begun(tasks, waiting_new, upto or 0)


def about(project: Project, revision: Revision) -> dict[str, Any]:
    """Return the parameters of WANTING."""
    source = source_of(project, revision)
    unfinished = source.pk != revision.pk
    return {
        "project": project.pk,
        "source": source.pk,
        "unfinished": unfinished,
        "anew": unfinished and not revision.keeps_answers,
        "answers": revision.answers_per_task,
        "paid_upto": 0 if unfinished else revision.paid_upto,
        "opened_to": 0 if unfinished else revision.places_opened_to,
    }


def source_of(project: Project, revision: Revision) -> Revision:
    """Return the revision that holds the tasks: until one of a published project is published, the last."""
    if revision.published_at is not None or project.published_at is None:
        return revision
    published = Revision.objects.filter(project=project, published_at__isnull=False)
    return published.order_by("-number").first() or revision
