"""What admission would have looked at in a past moment, put together from what was written down.

Rows that carry times (assignments, sessions, rounds, beats, ratings) and the events tell nearly all of it.
What was not kept is named, never guessed: which kinds of sensitive work somebody accepted is nobody's
business, so events say only that it changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from canut.charter.queries import in_force
from canut.discussion.hiding.queries import is_hidden
from canut.kernel.models import Event
from canut.people.models import Bar
from canut.people.queries import could_work_at, listed_at
from canut.people.queries_restrictions import was_barred
from canut.reputation.explained import kept_since, qualification_at, standing_at
from canut.reputation.models import ScaleKind
from canut.reputation.rules_explained import StandingExplained
from canut.work.models import (
    Admission,
    Assignment,
    CascadeBeat,
    Place,
    Project,
    Revision,
    Round,
    WorkBreak,
    WorkerChoice,
    WorkSession,
)
from canut.work.queries.admission import standings_asked
from canut.work.rules import Asking, StandingAsked, newcomer_place_is_open
from canut.work.states import COUNTS_AS_DONE, PayBasis, ProjectState

# What each event leaves a project in. `revision.discarded` leaves it as it was, see below.
_STATE_AFTER = {
    "project.published": ProjectState.LIVE,
    "revision.published": ProjectState.LIVE,
    "project.resumed": ProjectState.LIVE,
    "project.paused": ProjectState.PAUSED,
    "revision.begun": ProjectState.PAUSED,
    "project.reinstated": ProjectState.PAUSED,
    "project.closed": ProjectState.CLOSED,
    "project.withdrawn": ProjectState.CLOSED,
}

_IN_HAND = """
SELECT a.project_id,
       EXISTS (SELECT FROM work_submission s WHERE s.assignment_id = a.id AND s.submitted_at <= %(at)s)
FROM work_assignment a
WHERE a.worker_id = %(worker)s AND a.taken_at < %(at)s AND (a.ended_at IS NULL OR a.ended_at > %(at)s)
  AND (NOT EXISTS (SELECT FROM work_submission s WHERE s.assignment_id = a.id AND s.submitted_at <= %(at)s)
       OR (EXISTS (SELECT FROM work_submission s JOIN work_decision d ON d.submission_id = s.id
                   WHERE s.assignment_id = a.id AND d.outcome = 'returned' AND d.decided_at <= %(at)s)
           AND NOT EXISTS (SELECT FROM work_submission s
                           WHERE s.assignment_id = a.id AND s.attempt = 2 AND s.submitted_at <= %(at)s)))
"""

# A rejected place is free again once its hold has ended, and yet it was the worker's one.
_KEPT_PLACES = """
WITH kept AS (
    SELECT q.task_id, q.number FROM work_place q WHERE q.project_id = %(project)s AND q.for_newcomers),
used AS (
    SELECT a.task_id, a.place_number, a.worker_id, a.place_released AND a.held_until <= %(at)s AS is_released
    FROM kept k JOIN work_assignment a ON a.task_id = k.task_id AND a.place_number = k.number
    WHERE a.taken_at < %(at)s AND (a.state = ANY (%(done)s) OR a.ended_at IS NULL OR a.ended_at > %(at)s))
SELECT (SELECT count(*) FROM kept),
       (SELECT count(DISTINCT (u.task_id, u.place_number)) FROM used u WHERE u.is_released IS NOT TRUE),
       (SELECT count(*) FROM used u WHERE u.worker_id = %(worker)s)
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the places kept for newcomers looked like to one worker. `places` counts those that were kept.

    `is_known` is false where tasks were added since: their places cannot be told from those of then.
    """

    is_rated: bool
    first_beat: int
    taken: int
    most: int
    places: int
    free: int
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class FactsThen:
    """The facts of admission at a moment. `unknown` names those of `Asking` that were not kept."""

    asking: Asking
    unknown: frozenset[str]
    standing: StandingExplained
    beats: tuple[CascadeBeat, ...]
    beat: int
    policy: str
    newcomer: Newcomer


def facts_at(*, project: Project, worker_id: int, at: datetime) -> FactsThen:
    """Return what `may_take` looked at for this worker just before `at`, as far as it was kept.

    What happens at `at` itself, such as the claim that is to be explained, is not in it; a beat or a
    rating of that moment is.
    """
    unknown: set[str] = set()
    standing = standing_at(worker_id, requester_id=project.owner_id, group_id=project.group_id, at=at)
    moves = CascadeBeat.objects.alias(held_from=Coalesce("written_at", "at"))
    beats = tuple(moves.filter(project=project, held_from__lte=at).order_by("pk"))
    beat = _beat(beats, project=project, at=at)
    a_round = (
        Round.objects.filter(project=project, opened_at__lte=at)
        .filter(Q(decided_at__isnull=True) | Q(decided_at__gt=at))
        .first()
    )
    newcomer = _newcomer(project, worker_id, standing, at=at)
    threshold = beats[-1].threshold if beats else None
    held = _in_hand(worker_id, at)
    may_work = could_work_at(worker_id, at=at)
    if may_work is None:
        unknown.add("worker_may_work")
    risks_not_accepted = _risks_not_accepted(project, worker_id, at=at)
    if risks_not_accepted is None:
        unknown.add("risks_not_accepted")
    if threshold is not None and not newcomer.is_known and _could_be_newcomer(newcomer, beat):
        unknown.add("newcomer_place_free")
    standings = standings_then(project, worker_id, at=at)
    if not standings.is_known:
        unknown.add("standings_asked")
    revision = _revision_at(project, at)
    asking = Asking(
        project_state=_state_at(project, at),
        deadline_at=_deadline_at(project, at),
        worker_may_work=bool(may_work),
        worker_owns_project=project.owner_id == worker_id,
        worker_is_blocked=listed_at(owner_id=project.owner_id, person_id=worker_id, at=at) == "block",
        worker_is_allowed=listed_at(owner_id=project.owner_id, person_id=worker_id, at=at) == "allow",
        allowed_only=project.allowed_only,
        holds_one_here=(project.pk, False) in held,
        in_hand=len(held),
        cap_in_hand=in_force("work.cap_in_hand", at=at),
        at=at,
        risks_not_accepted=bool(risks_not_accepted),
        session_missing=project.pay_basis == PayBasis.HOUR and not _has_session(project, worker_id, at),
        round_most=None if a_round is None else a_round.most_per_worker,
        taken_in_round=0 if a_round is None else _used_in(a_round, worker_id, at),
        threshold=threshold,
        standing=standing.value if threshold is not None else Decimal(0),
        has_stayed=threshold is not None
        and revision is not None
        and _has_stayed(project, revision, worker_id, at=at),
        newcomer_place_free=threshold is not None
        and newcomer_place_is_open(
            is_rated=newcomer.is_rated,
            beat=beat,
            first_beat=newcomer.first_beat,
            taken=newcomer.taken,
            most=newcomer.most,
            places_free=newcomer.free > 0,
        ),
        project_is_hidden=is_hidden("project", project.pk, at),
        project_is_stopped=was_barred(project.owner_id, Bar.PUBLISH, at=at),
        worker_is_restricted=was_barred(worker_id, Bar.TAKE, at=at),
        standings_asked=standings.asked,
    )
    return FactsThen(
        asking=asking,
        unknown=frozenset(unknown),
        standing=standing,
        beats=beats,
        beat=beat,
        policy=beats[-1].policy if beats else project.cascade_policy,
        newcomer=newcomer,
    )


@dataclass(frozen=True, slots=True)
class StandingsThen:
    """What standings a project asked for at a moment, with the worker's own, and whether all were kept."""

    asked: tuple[StandingAsked, ...]
    is_known: bool


def standings_then(project: Project, worker_id: int, *, at: datetime) -> StandingsThen:
    """Return what standings the project asked for just before `at`, and what the worker had of them.

    What it asked is in its events, and values of qualifications are kept as they were given. Of a level in a
    guild only that of now is known here, and since when.
    """
    now = standings_asked(worker_id=worker_id, project_id=project.pk)
    changes = Event.objects.filter(
        subject_kind="project", subject_id=project.pk, name="project.standings_asked"
    ).order_by("at", "pk")
    asked = [(one.scale, one.scale_id, one.comparator, one.value) for one in now]
    later_ones = [change for change in changes if change.at > at]
    if later_ones:
        asked = [
            (scale, int(scale_id), comparator, None if value is None else Decimal(value))
            for scale, scale_id, comparator, value in later_ones[0].data["before"]
        ]
    found, is_known = [], True
    for scale, scale_id, comparator, value in asked:
        if scale == ScaleKind.QUALIFICATION:
            own = qualification_at(scale_id, worker_id=worker_id, at=at)
        else:
            own, known = kept_since(scale, scale_id, worker_id=worker_id, at=at)
            is_known = is_known and known
        found.append(StandingAsked(scale, scale_id, comparator, value, own))
    return StandingsThen(tuple(found), is_known)


def _could_be_newcomer(newcomer: Newcomer, beat: int) -> bool:
    """Tell whether all that matters is whether a place was free."""
    return newcomer_place_is_open(
        is_rated=newcomer.is_rated,
        beat=beat,
        first_beat=newcomer.first_beat,
        taken=newcomer.taken,
        most=newcomer.most,
        places_free=True,
    )


def _beat(beats: Collection[CascadeBeat], *, project: Project, at: datetime) -> int:
    """Return which beat ran: the last one written down, or a later one by which somebody came in."""
    if not beats:
        return 0
    last = max(beats, key=lambda one: one.pk)
    held_from = last.written_at or last.at
    since = Admission.objects.filter(project=project, at__gte=held_from, at__lte=at).order_by("-at")
    seen = since.values_list("beat", flat=True).first()
    return max(last.beat, seen or 0)


def _state_at(project: Project, at: datetime) -> str:
    state: str = ProjectState.DRAFT
    withdrawn = False
    for name in _names(project, [*_STATE_AFTER, "revision.discarded"], at=at):
        if name == "project.withdrawn":
            withdrawn = True
        elif name in ("project.published", "revision.published"):
            withdrawn = False
        if name == "revision.discarded":
            state = ProjectState.CLOSED if withdrawn else state
        elif not (name == "revision.begun" and state == ProjectState.CLOSED):
            state = _STATE_AFTER[name]
    return state


def _deadline_at(project: Project, at: datetime) -> datetime | None:
    changes = Event.objects.filter(
        subject_kind="project", subject_id=project.pk, name="project.deadline_changed"
    ).order_by("at", "pk")
    if not changes:
        return project.deadline_at
    then = None
    for change in changes:
        if change.at <= at:
            then = change.data["deadline_at"]
    return None if then is None else datetime.fromisoformat(then)


def _names(project: Project, names: Collection[str], *, at: datetime) -> list[str]:
    rows = Event.objects.filter(
        subject_kind="project", subject_id=project.pk, name__in=names, at__lte=at
    ).order_by("at", "pk")
    return list(rows.values_list("name", flat=True))


def _revision_at(project: Project, at: datetime) -> Revision | None:
    return Revision.objects.filter(project=project, published_at__lte=at).order_by("-number").first()


def _risks_not_accepted(project: Project, worker_id: int, *, at: datetime) -> bool | None:
    """Return whether the worker had not accepted what the work may show; None where that was not kept."""
    revision = _revision_at(project, at)
    risks = set(project.risks if revision is None else revision.risks)
    if not risks:
        return False
    choice = WorkerChoice.objects.filter(worker_id=worker_id).first()
    if choice is None:
        return True
    changed = Event.objects.filter(
        subject_kind="workerchoice", subject_id=choice.pk, name="worker.risks_chosen", at__gt=at
    )
    return None if changed.exists() else not risks <= set(choice.accepted_risks)


def _has_session(project: Project, worker_id: int, at: datetime) -> bool:
    running = WorkSession.objects.filter(
        project=project, worker_id=worker_id, opened_at__lte=at, ends_at__gt=at
    ).filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at))
    resting = WorkBreak.objects.filter(session__in=running, began_at__lte=at).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    )
    return running.exists() and not resting.exists()


def _in_hand(worker_id: int, at: datetime) -> list[tuple[int, bool]]:
    """Return the projects of what the worker had in hand then, each with whether it had been returned."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_HAND, {"worker": worker_id, "at": at})
        return [(int(project_id), bool(returned)) for project_id, returned in cursor.fetchall()]


def _used_in(a_round: Round, worker_id: int, at: datetime) -> int:
    """Return how many places of a round the worker had used up: all that they had not left by then."""
    mine = Assignment.objects.filter(round=a_round, worker_id=worker_id, taken_at__lt=at)
    return mine.filter(Q(state__in=COUNTS_AS_DONE) | Q(ended_at__isnull=True) | Q(ended_at__gt=at)).count()


def _has_stayed(project: Project, revision: Revision, worker_id: int, *, at: datetime) -> bool:
    """Tell whether the worker had handed in work of the revision, in no round and no newcomer's place."""
    handed_in = Assignment.objects.filter(
        worker_id=worker_id,
        project=project,
        revision=revision,
        round__isnull=True,
        submissions__submitted_at__lte=at,
    )
    places = Place.objects.filter(
        project=project,
        for_newcomers=False,
        task_id=OuterRef("task_id"),
        number=OuterRef("place_number"),
    )
    return bool(handed_in.filter(Exists(places)).exists())


def _newcomer(project: Project, worker_id: int, standing: StandingExplained, *, at: datetime) -> Newcomer:
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "project": project.pk,
            "worker": worker_id,
            "at": at,
            "done": list(COUNTS_AS_DONE),
        }
        cursor.execute(_KEPT_PLACES, asked)
        places, occupied, mine = cursor.fetchone()
    return Newcomer(
        is_rated=not standing.is_newcomer,
        first_beat=in_force("newcomers.first_beat", at=at),
        taken=mine,
        most=in_force("newcomers.most_places", at=at),
        places=places,
        free=places - occupied,
        is_known=not Event.objects.filter(
            subject_kind="project", subject_id=project.pk, name="project.tasks_added", at__gte=at
        ).exists(),
    )
