"""What is stopped, what is moved, and what came of it, as people and programs read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from canut.charter.moratoria import INSTEAD, NAMES, Algorithm, Moratorium, moratorium
from canut.governance.moratoria.access import motion_known
from canut.governance.moratoria.in_force import needed_of, supporters_of
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.states import MAY_MOVE, OPEN, VOTED_ON, MoratoriumState
from canut.governance.usecases.open_proposal_vote import is_ratification_asked
from canut.membership.queries import MemberStanding, standing_of
from canut.membership.states import College
from canut.people.models import Person
from canut.people.queries import who_are

MOTIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class MotionCard:
    """One motion in a list."""

    id: int
    algorithm: Algorithm
    name: str
    college: College
    state: MoratoriumState
    moved_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlgorithmSeen:
    """One algorithm: whether it is stopped, what happens instead then, and the motions on their way."""

    algorithm: Algorithm
    name: str
    instead: str
    stopped: Moratorium | None
    motions: Sequence[MotionCard]


@dataclass(frozen=True, slots=True)
class MoratoriaPage:
    """The whole page. `why_not` says why who looks can move nothing; empty if they can.

    `next_before` is the number before which the list of ended motions goes on.
    """

    algorithms: Sequence[AlgorithmSeen]
    ended: Sequence[MotionCard]
    next_before: int | None
    college: College | None
    why_not: str


@dataclass(frozen=True, slots=True)
class MotionSeen:
    """One motion. `mover` is told once its college votes on it, or to themselves.

    `supports` and `needed` are there while it gathers support. `may_support` and `may_withdraw` say what who
    looks can do; `has_supported` whether they did. `waits_for_ratification` tells that it has support enough,
    and that no vote opens before the first.
    """

    id: int
    algorithm: Algorithm
    name: str
    instead: str
    college: College
    state: MoratoriumState
    reason: str
    mover: str
    moved_at: datetime
    ended_at: datetime | None
    supports: int
    needed: int
    is_own: bool
    has_supported: bool
    may_support: bool
    waits_for_ratification: bool
    vote_id: int | None
    decision_number: int | None
    keep_vote_id: int | None
    keep_decision_number: int | None
    stopped: Moratorium | None


def moratoria_page(
    *, by: Person | None, at: datetime, before: int | None = None, most: int = MOTIONS_A_PAGE
) -> MoratoriaPage:
    """Return what is stopped and what is moved, and the motions that have ended, the latest first."""
    standing = None if by is None else standing_of(by, at)
    open_ones = [_card(row) for row in Motion.objects.filter(state__in=OPEN).order_by("pk")]
    held = [_card(row) for row in Motion.objects.filter(state=MoratoriumState.HOLDS).order_by("pk")]
    ended, next_before = ended_motions(before=before, most=most)
    return MoratoriaPage(
        algorithms=tuple(
            AlgorithmSeen(
                algorithm=algorithm,
                name=str(NAMES[algorithm]),
                instead=str(INSTEAD[algorithm]),
                stopped=moratorium(algorithm, at=at),
                motions=tuple(one for one in [*held, *open_ones] if one.algorithm == algorithm),
            )
            for algorithm in Algorithm
        ),
        ended=ended,
        next_before=next_before,
        college=None if standing is None else standing.college,
        why_not=_why_not(standing),
    )


def ended_motions(
    *, before: int | None = None, most: int = MOTIONS_A_PAGE
) -> tuple[Sequence[MotionCard], int | None]:
    """Return motions that have ended, the latest first, and the number before which the list goes on."""
    rows = Motion.objects.filter(ended_at__isnull=False).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [_card(row) for row in rows[: most + 1]]
    shown = tuple(found[:most])
    return shown, shown[-1].id if len(found) > most else None


def motions_now() -> Sequence[MotionCard]:
    """Return the motions that have not ended, in the order in which they were moved."""
    return tuple(_card(row) for row in Motion.objects.filter(ended_at__isnull=True).order_by("pk"))


def motion_seen(motion_id: int, *, by: Person | None, at: datetime) -> MotionSeen:
    """Return a motion as `by` sees it; as anybody does if they are None.

    Raises:
        MoratoriumNotFound: there is none of this number.
    """
    motion = motion_known(motion_id)
    algorithm = Algorithm(motion.algorithm)
    is_own = by is not None and motion.mover_id == by.pk
    gathers = motion.state == MoratoriumState.GATHERING
    has_supported = by is not None and motion.supports.filter(person=by).exists()
    standing = standing_of(by, at) if by is not None and gathers else None
    supports = supporters_of(motion, at=at) if gathers else 0
    needed = needed_of(motion.college, at=at) if gathers else 0
    shows_mover = is_own or motion.state in VOTED_ON
    return MotionSeen(
        id=motion.pk,
        algorithm=algorithm,
        name=str(NAMES[algorithm]),
        instead=str(INSTEAD[algorithm]),
        college=College(motion.college),
        state=MoratoriumState(motion.state),
        reason=motion.reason,
        mover=who_are([motion.mover_id])[motion.mover_id].screen_name if shows_mover else "",
        moved_at=motion.moved_at,
        ended_at=motion.ended_at,
        supports=supports,
        needed=needed,
        is_own=is_own,
        has_supported=has_supported,
        may_support=standing is not None and standing.may_vote and standing.college == motion.college,
        waits_for_ratification=gathers and supports >= needed and not is_ratification_asked(),
        vote_id=motion.vote_id,
        decision_number=motion.decision_number,
        keep_vote_id=motion.keep_vote_id,
        keep_decision_number=motion.keep_decision_number,
        stopped=moratorium(algorithm, at=at),
    )


def _why_not(standing: MemberStanding | None) -> str:
    if standing is None:
        return _("Active members can move that an algorithm be stopped, when they have signed in.")
    if not standing.is_admitted:
        return _("Members can move that an algorithm be stopped. You are not admitted yet.")
    if not standing.may_vote:
        return _("Active members can move that an algorithm be stopped. You are not one at the moment.")
    if standing.college not in MAY_MOVE:
        return _(
            "Workers and requesters can stop an algorithm. The operating team decides no rule by itself."
        )
    return ""


def _card(row: Motion) -> MotionCard:
    algorithm = Algorithm(row.algorithm)
    return MotionCard(
        id=row.pk,
        algorithm=algorithm,
        name=str(NAMES[algorithm]),
        college=College(row.college),
        state=MoratoriumState(row.state),
        moved_at=row.moved_at,
        ended_at=row.ended_at,
    )
