"""What a worker is told of how a project opens to them, and which projects open to them soon.

Told are the scope, the number of ratings, the band and when it opens (MECHANISMS 1.12); the whole
explanation is `queries.explanations`. Whether it is open decides `rules.may_take` alone.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.db import connection

from canut.charter.queries import in_force
from canut.kernel.refusals import Refusal
from canut.people.models import Bar, Person
from canut.people.queries import WhoIs, who_are, worker
from canut.people.queries_restrictions import bars_of
from canut.reputation.queries import standing_of
from canut.reputation.rules_cascade import Ladders, Policy
from canut.reputation.rules_ratings import band_of
from canut.work.access import require_worker, visible_project
from canut.work.models import Project
from canut.work.queries.admission import asking
from canut.work.queries.cascading import ladders_in_force
from canut.work.queries.requirements import standing_not_met
from canut.work.refusals import admission_refusal
from canut.work.rules import Asking, may_take, way_in
from canut.work.rules_explained import Clock, Opening, conditions_of, opening_of
from canut.work.states import ProjectKind, ProjectState

A_PAGE = 20

_SOON = (Path(__file__).parent / "opening_soon.sql").read_text()

_NEWCOMER = """
SELECT EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = %(worker)s),
       work_newcomers_taken(%(project)s, %(worker)s),
       EXISTS (SELECT FROM work_place q WHERE q.project_id = %(project)s AND q.rank < 0)
"""


@dataclass(frozen=True, slots=True)
class NewcomersPlace:
    """Whether a place kept for workers nobody has rated is there for a worker, and from when on.

    `state` is "rated" for whom it is not, "used" for who has had as many as one may, "none_free", "later"
    with `opens_at`, or "open". The clock's pauses put `opens_at` off; None while it stands still.
    """

    state: str
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpeningSeen:
    """How a project whose cascade runs opens to one worker, as the worker is told it.

    `way` is how the cascade lets them in now, empty where it does not. Then `opens` says when it will: "at"
    that moment at the latest, "not_before" the next beat, "paused" while the clock stands still, or
    "too_late" where the project's deadline comes first.
    `scope` is whose ratings count: "project_group", "requester", "platform", or "unrated".
    """

    project_id: int
    policy: str
    way: str
    opens: str
    opens_at: datetime | None
    next_beat_at: datetime | None
    scope: str
    ratings: int
    band: str
    newcomers: NewcomersPlace

    @property
    def is_open(self) -> bool:
        return bool(self.way)


@dataclass(frozen=True, slots=True)
class SoonLine:
    """A project that only the cascade keeps from a worker, with when it opens to them (`OpeningSeen`).

    `newcomers_at` is when whom nobody has rated may take a place kept for newcomers, if one is left then.
    """

    project_id: int
    title: str
    requester: WhoIs
    is_volunteer: bool
    language: str
    published_at: datetime
    policy: str
    opens: str
    opens_at: datetime | None
    newcomers_at: datetime | None


@dataclass(frozen=True, slots=True)
class SoonPage:
    """A page of them; `why_none` is the sentence that says why nothing at all can be taken now."""

    lines: Sequence[SoonLine]
    next_cursor: str
    why_none: str


def opening_seen(project_id: int, *, by: Person, at: datetime) -> OpeningSeen | None:
    """Return how the project opens to `by`, or None where no cascade stands between the two.

    That is where none runs, in a prototype round, for the project's owner, for who is no worker, and where
    something else keeps them from it that they cannot mend here: a list, a standing asked for, a deadline.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft.
    """
    project = visible_project(project_id, by=by)
    if project.threshold is None or project.round_id is not None or not by.is_worker:
        return None
    facts = asking(worker_id=by.pk, project_id=project.pk, at=at)
    if facts.threshold is None or facts.project_state not in (ProjectState.LIVE, ProjectState.PAUSED):
        return None
    besides = replace(facts, threshold=None, project_state=ProjectState.LIVE, holds_one_here=False, in_hand=0)
    if may_take(besides) not in (None, "risk_not_accepted", "no_session_open"):
        return None
    standing = standing_of(by.pk, requester_id=project.owner_id, group_id=project.group_id, at=at)
    clock = _clock(project, at=at)
    opening = _opening(facts, clock, facts.standing, numbers=ladders_in_force(at=at))
    return OpeningSeen(
        project_id=project.pk,
        policy=project.cascade_policy,
        way=way_in(facts) or "",
        opens="" if way_in(facts) else opening.kind,
        opens_at=None if way_in(facts) else opening.at,
        next_beat_at=clock.next_at if clock.is_running else None,
        scope=standing.scope,
        ratings=len(standing.ratings),
        band=band_of(facts.standing, weights=in_force("rating.weights", at=at)),
        newcomers=_newcomers_place(project, by, clock, at=at),
    )


def opening_soon(*, by: Person, at: datetime, cursor: str = "", most: int = A_PAGE) -> SoonPage:
    """Return the projects from which `by` could take a task but for the cascade, those that open first first.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    if (why := _why_nothing(by, at=at)) is not None:
        return SoonPage((), "", why)
    numbers = ladders_in_force(at=at)
    after_at, after_id = _read_cursor(cursor)
    given: dict[str, Any] = {
        "worker": by.pk,
        "at": at,
        "most": most + 1,
        "unrated": in_force("standing.unrated", at=at),
        "ladder": list(numbers.ladder),
        "last": numbers.last,
        "beat_seconds": in_force("cascade.beat_seconds", at=at),
        "first_beat": in_force("newcomers.first_beat", at=at),
        "newcomers_most": in_force("newcomers.most_places", at=at),
        "after_at": after_at,
        "after_id": after_id,
    }
    with connection.cursor() as opened:
        opened.execute(_SOON, given)
        names = [column.name for column in opened.description]
        rows = [dict(zip(names, row, strict=True)) for row in opened.fetchall()]
    shown = rows[:most]
    owners = who_are({row["owner_id"] for row in shown})
    lines = [_line(row, owners[row["owner_id"]], numbers, at=at) for row in shown]
    return SoonPage(lines, _write_cursor(shown[-1]) if len(rows) > most else "", "")


def refusal_for(code: str, *, project_id: int, worker_id: int) -> Refusal:
    """Return the refusal of one worker for a code of admission.

    Where the cascade refuses, with when its next beat is; where a standing lacks, with which.
    """
    if code == "standing_not_met":
        return standing_not_met(project_id, worker_id=worker_id)
    if code != "not_open_to_you_yet":
        return admission_refusal(code)
    next_at = Project.objects.filter(pk=project_id).values_list("cascade_next_at", flat=True).first()
    return admission_refusal(code, next_beat_at=next_at)


def _line(row: dict[str, Any], owner: WhoIs, numbers: Ladders, *, at: datetime) -> SoonLine:
    facts = _waiting(row["threshold"], row["standing"], at=at)
    clock = Clock(
        policy=cast(Policy, row["cascade_policy"]),
        threshold=row["threshold"],
        beat=row["cascade_beat"],
        next_at=row["cascade_next_at"],
        beat_seconds=in_force("cascade.beat_seconds", at=at),
    )
    opening = _opening(facts, clock, row["standing"], numbers=numbers)
    return SoonLine(
        project_id=row["id"],
        title=row["title"],
        requester=owner,
        is_volunteer=row["kind"] == ProjectKind.VOLUNTEER,
        language=row["language"],
        published_at=row["published_at"],
        policy=row["cascade_policy"],
        opens=opening.kind,
        opens_at=opening.at,
        newcomers_at=_opens_to_newcomers(clock, at=at) if row["has_place"] else None,
    )


def _opening(facts: Asking, clock: Clock, standing: Decimal, *, numbers: Ladders) -> Opening:
    """Return when the cascade opens it by standing; places for newcomers may be gone by then.

    Whatever else may stand in the way is said beside it.
    """
    of_cascade = [one for one in conditions_of(facts) if one.name in ("project_is_live", "cascade_lets_in")]
    return opening_of(of_cascade, clock=clock, standing=standing, numbers=numbers)


def _clock(project: Project, *, at: datetime) -> Clock:
    return Clock(
        policy=cast(Policy, project.cascade_policy),
        threshold=project.threshold,
        beat=project.cascade_beat,
        next_at=project.cascade_next_at,
        beat_seconds=in_force("cascade.beat_seconds", at=at),
        is_running=project.cascade_stopped_at is None,
        deadline_at=project.deadline_at,
    )


def _newcomers_place(project: Project, by: Person, clock: Clock, *, at: datetime) -> NewcomersPlace:
    with connection.cursor() as cursor:
        cursor.execute(_NEWCOMER, {"worker": by.pk, "project": project.pk})
        is_rated, taken, is_free = cursor.fetchone()
    if is_rated:
        return NewcomersPlace("rated")
    if taken >= in_force("newcomers.most_places", at=at):
        return NewcomersPlace("used")
    if not is_free:
        return NewcomersPlace("none_free")
    if clock.beat >= in_force("newcomers.first_beat", at=at):
        return NewcomersPlace("open")
    return NewcomersPlace("later", _opens_to_newcomers(clock, at=at))


def _opens_to_newcomers(clock: Clock, *, at: datetime) -> datetime | None:
    """Return when the places kept for newcomers open to them, None while the clock stands still."""
    if not clock.is_running or clock.next_at is None:
        return None
    beats = max(0, in_force("newcomers.first_beat", at=at) - clock.beat - 1)
    return clock.next_at + timedelta(seconds=clock.beat_seconds) * beats


def _why_nothing(by: Person, *, at: datetime) -> str | None:
    """Return what keeps the worker from every project but for a full hand, which is emptied soon."""
    known = worker(by.pk)
    may_work = known is not None and known.may_work
    facts = replace(
        _waiting(None, Decimal(0), at=at),
        worker_may_work=may_work,
        worker_is_restricted=Bar.TAKE in bars_of(by.pk),
    )
    code = may_take(facts)
    return None if code is None else str(admission_refusal(code))


def _waiting(threshold: Decimal | None, standing: Decimal, *, at: datetime) -> Asking:
    """Return the facts of a worker whom nothing but the cascade keeps from a live project."""
    return Asking(
        project_state=ProjectState.LIVE,
        deadline_at=None,
        worker_may_work=True,
        worker_owns_project=False,
        worker_is_blocked=False,
        worker_is_allowed=True,
        allowed_only=False,
        holds_one_here=False,
        in_hand=0,
        cap_in_hand=1,
        at=at,
        threshold=threshold,
        standing=standing,
    )


def _read_cursor(cursor: str) -> tuple[datetime | None, int | None]:
    """Return where to go on; from the beginning with a spoilt cursor."""
    try:
        micros, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not (isinstance(micros, int) and isinstance(row_id, int) and 0 <= row_id < 2**63):
            return None, None
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros), row_id
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        return None, None


def _write_cursor(row: dict[str, Any]) -> str:
    micros = (row["opens_at"] - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(json.dumps([micros, row["id"]]).encode()).decode().rstrip("=")
