"""A revision takes over the tasks of the one before it, so that nobody gets a row twice."""

from datetime import datetime
from typing import Any

from django.db import connection

from canut.work.designs.schema import columns_of, read_design
from canut.work.models import Place, Project, Revision
from canut.work.queries.wanted import source_of
from canut.work.states import UNFILLED, PlaceState
from canut.work.usecases.decide_round import end_round_early

_SHOWN = """(SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(t.row) e
             WHERE e.key = ANY (%(columns)s))"""

_ANSWERS = """CASE WHEN EXISTS (SELECT FROM work_upload u WHERE u.id = t.upload_id
                                AND coalesce(u.mapping->>'answers', '') <> '')
                   THEN t.answers_wanted ELSE %(answers)s END"""

_HAS_ANSWERS = """EXISTS (SELECT FROM work_place q WHERE q.project_id = t.project_id AND q.task_id = t.id
                          AND q.state = 'taken')"""

_IS_OFF = """EXISTS (SELECT FROM work_brokenrow b WHERE b.task_id = t.id
                    AND b.state IN ('paused', 'withdrawn'))"""

# Rows that somebody answers or has answered are asked anew by tasks of their own; the old ones stay. Rows
# that are out of the feed come along as they are, and stay out of it.
_RENEW = """
INSERT INTO work_task
    (project_id, revision_id, upload_id, position, key, row, shown, answers_wanted, renews_id)
SELECT t.project_id, %(new)s, t.upload_id, t.position, t.key, t.row, {shown}, {answers}, t.id
FROM work_task t WHERE t.revision_id = %(old)s AND {has_answers} AND NOT {is_off}
"""

_MOVE = """
UPDATE work_task t SET revision_id = %(new)s, shown = {shown}, answers_wanted = {answers}
WHERE t.revision_id = %(old)s AND (NOT (%(anew)s AND {has_answers}) OR {is_off})
"""


def take_over_tasks(project: Project, revision: Revision, *, at: datetime) -> None:
    """Move the tasks of a project to its revision that is about to be published, fitted to its design.

    They keep their ids and what was answered. If the revision does not keep answers, rows with answers
    become new tasks instead, and everybody may do them again. Places that nobody fills close, and a running
    round ends; the money of both is the caller's to give back. Work in hand stays what it was. The
    project's row must be locked.
    """
    old = source_of(project, revision)
    end_round_early(project, at=at)
    unfilled = Place.objects.filter(project=project, state__in=UNFILLED)
    unfilled.update(state=PlaceState.CLOSED, rank=None, round=None)
    parts = {"shown": _SHOWN, "answers": _ANSWERS, "has_answers": _HAS_ANSWERS, "is_off": _IS_OFF}
    given: dict[str, Any] = {
        "old": old.pk,
        "new": revision.pk,
        "columns": list(columns_of(read_design(revision.design))),
        "answers": revision.answers_per_task,
        "anew": not revision.keeps_answers,
    }
    with connection.cursor() as cursor:
        if not revision.keeps_answers:
            cursor.execute(_RENEW.format(**parts), given)
        cursor.execute(_MOVE.format(**parts), given)
