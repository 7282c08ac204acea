"""What `rules.may_take` needs to know, read for one worker and one project."""

from datetime import datetime
from typing import Any

from django.db import connection

from canut.charter.queries import in_force
from canut.work.models import Assignment
from canut.work.rules import Asking, StandingAsked, newcomer_place_is_open
from canut.work.states import NOT_ASKED_AGAIN, AssignmentState

_FACTS = """
WITH listed AS (SELECT l.owner_id, l.kind FROM people_listing_v l WHERE l.person_id = %(worker)s),
mine AS (SELECT a.project_id, a.state FROM work_assignment a
         WHERE a.worker_id = %(worker)s AND a.state IN ('held', 'returned'))
SELECT p.state, p.deadline_at, coalesce(w.may_work OR barred.take, false), p.owner_id = %(worker)s,
       EXISTS (SELECT FROM listed l WHERE l.owner_id = p.owner_id AND l.kind = 'block'),
       EXISTS (SELECT FROM listed l WHERE l.owner_id = p.owner_id AND l.kind = 'allow'),
       p.allowed_only,
       EXISTS (SELECT FROM mine WHERE mine.project_id = p.id AND mine.state = 'held'),
       (SELECT count(*) FROM mine),
       p.risks <> '{}' AND NOT EXISTS (SELECT FROM work_workerchoice c
                                       WHERE c.worker_id = %(worker)s AND p.risks <@ c.accepted_risks),
       p.pay_basis = 'hour' AND work_session_of(p.id, %(worker)s, %(at)s) IS NULL,
       p.round_most,
       CASE WHEN p.round_most IS NULL THEN 0
            ELSE (SELECT count(*) FROM work_assignment a WHERE a.worker_id = %(worker)s
                    AND a.round_id = p.round_id
                    AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed')) END,
       p.threshold, p.cascade_beat, p.asks_standings,
       EXISTS (SELECT FROM discussion_hidden_v h
               WHERE h.subject_kind = 'project' AND h.subject_id = p.id AND h.until > %(at)s),
       EXISTS (SELECT FROM people_restriction_v r
               WHERE r.person_id = p.owner_id AND 'publish' = ANY (r.bars)),
       barred.take
FROM work_project p LEFT JOIN people_worker_v w ON w.worker_id = %(worker)s
CROSS JOIN (SELECT EXISTS (SELECT FROM people_restriction_v r
                           WHERE r.person_id = %(worker)s AND 'take' = ANY (r.bars)) AS take) barred
WHERE p.id = %(project)s
"""

_CASCADE = """
SELECT reputation_toward(%(worker)s, p.owner_id, p.group_id, %(unrated)s), work_has_stayed(p.id, %(worker)s),
       EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = %(worker)s),
       work_newcomers_taken(p.id, %(worker)s),
       EXISTS (SELECT FROM work_place q WHERE q.project_id = p.id AND q.rank < 0)
FROM work_project p WHERE p.id = %(project)s
"""

_STANDINGS = """
SELECT q.scale, q.scale_id, q.comparator, q.value, s.value
FROM work_requirement q
LEFT JOIN reputation_standing_v s
       ON s.party_id = %(worker)s AND s.scale = q.scale AND s.scale_id = q.scale_id
WHERE q.project_id = %(project)s ORDER BY q.id
"""

_NO_PROJECT: tuple[Any, ...] = ("draft", None, *[False] * 6, 0, False, False, None, 0, None, 0, *[False] * 4)


def asking(*, worker_id: int, project_id: int, at: datetime) -> Asking:
    """Return the facts of admission; a project that does not exist reads as somebody's draft."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"worker": worker_id, "project": project_id, "at": at})
        row = cursor.fetchone() or _NO_PROJECT
    state, deadline_at, may_work, owns, blocked, allowed, allowed_only, holds_one, in_hand, *guarded = row
    threshold, beat, asks_standings, is_hidden, is_stopped, is_restricted = guarded[4:]
    cascade = (
        {} if threshold is None else _cascade(worker_id, project_id, threshold, beat=int(beat or 0), at=at)
    )
    return Asking(
        project_state=state,
        deadline_at=deadline_at,
        worker_may_work=may_work,
        worker_owns_project=owns,
        worker_is_blocked=blocked,
        worker_is_allowed=allowed,
        allowed_only=allowed_only,
        holds_one_here=holds_one,
        in_hand=in_hand,
        cap_in_hand=in_force("work.cap_in_hand", at=at),
        at=at,
        risks_not_accepted=bool(guarded[0]),
        session_missing=bool(guarded[1]),
        round_most=guarded[2],
        taken_in_round=int(guarded[3] or 0),
        standings_asked=standings_asked(worker_id=worker_id, project_id=project_id) if asks_standings else (),
        project_is_hidden=is_hidden,
        project_is_stopped=is_stopped,
        worker_is_restricted=is_restricted,
        **cascade,
    )


def standings_asked(*, worker_id: int, project_id: int) -> tuple[StandingAsked, ...]:
    """Return what standings a project asks for, in the order given, each with the worker's own."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {"worker": worker_id, "project": project_id})
        return tuple(StandingAsked(*row) for row in cursor.fetchall())


def _cascade(worker_id: int, project_id: int, threshold: Any, *, beat: int, at: datetime) -> dict[str, Any]:
    """Return what admission looks at while a cascade runs: the standing, and the two other ways in."""
    unrated = in_force("standing.unrated", at=at)
    with connection.cursor() as cursor:
        cursor.execute(_CASCADE, {"worker": worker_id, "project": project_id, "unrated": unrated})
        standing, has_stayed, is_rated, taken, places_free = cursor.fetchone()
    newcomer = newcomer_place_is_open(
        is_rated=is_rated,
        beat=beat,
        first_beat=in_force("newcomers.first_beat", at=at),
        taken=taken,
        most=in_force("newcomers.most_places", at=at),
        places_free=places_free,
    )
    return {
        "threshold": threshold,
        "standing": standing,
        "has_stayed": has_stayed,
        "newcomer_place_free": newcomer,
    }


def done_already(*, worker_id: int, task_id: int) -> bool:
    """Return whether the worker has used up their one go at the task."""
    return Assignment.objects.filter(worker_id=worker_id, task_id=task_id, state__in=NOT_ASKED_AGAIN).exists()


def has_reported(*, worker_id: int, task_id: int) -> bool:
    """Return whether the worker has reported the task as broken; they are never given it again."""
    mine = Assignment.objects.filter(worker_id=worker_id, task_id=task_id)
    return mine.filter(state=AssignmentState.BROKEN).exists()


def task_is_for(*, worker_id: int, task_id: int) -> bool:
    """Return whether the task's design leaves it to this worker (`designs.displays.Takers`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT work_task_is_for(%s, %s)", [task_id, worker_id])
        return bool(cursor.fetchone()[0])
