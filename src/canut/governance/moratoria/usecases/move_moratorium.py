"""A member moves that an algorithm be stopped at once, and their college is asked for its support."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from canut.charter.moratoria import Algorithm, moratorium
from canut.charter.queries import in_force
from canut.governance.ballots.queries import who_would_be_asked
from canut.governance.moratoria.models import LONGEST_REASON, Motion, MotionSupport
from canut.governance.moratoria.refusals import (
    AlreadyStopped,
    CollegeMovesNone,
    CollegeTooSmall,
    MotionRests,
    MotionRuns,
)
from canut.governance.moratoria.states import MAY_MOVE, OPEN, MoratoriumState
from canut.governance.moratoria.usecases.advance_motion import CLASS, advance_if_supported
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.membership.access import require_active_member
from canut.membership.states import College
from canut.people.models import Person


@transaction.atomic
def move_moratorium(*, algorithm: str, reason: str, by: Person, at: datetime) -> Motion:
    """Move that an algorithm be stopped at once. Moving the same again returns the motion there is.

    The mover's college alone supports it and votes on it; the mover is its first supporter.

    Raises:
        NotAMember, NotAnActiveMember: `by` cannot vote themselves.
        BadInput: there is no such algorithm, or no reason of at most 2,000 characters.
        CollegeMovesNone: `by` is of the operating team. CollegeTooSmall: too few are active in the college.
        AlreadyStopped: it is stopped. MotionRuns: another of the college has moved the same.
        MotionRests: the same was not adopted a short while ago.
    """
    college = require_active_member(by, at).college
    assert college is not None  # an active member has one
    reason = reason.strip()
    _check_words(algorithm, reason)
    _take_turns()
    running = Motion.objects.filter(algorithm=algorithm, college=college, state__in=OPEN).first()
    if running is not None and running.mover_id == by.pk and running.reason == reason:
        return running
    _must_be_movable(Algorithm(algorithm), college, running, at=at)

    motion = Motion.objects.create(algorithm=algorithm, college=college, mover=by, reason=reason, moved_at=at)
    MotionSupport.objects.create(motion=motion, person=by, given_at=at)
    record(None, "moratorium.moved", motion, at=at, algorithm=algorithm, college=str(college))
    advance_if_supported(motion, at=at)
    return motion


def _check_words(algorithm: str, reason: str) -> None:
    errors = {}
    if algorithm not in list(Algorithm):
        errors["algorithm"] = _("Choose what is to be stopped.")
    if not 1 <= len(reason) <= LONGEST_REASON or "\0" in reason:
        errors["reason"] = _("Say why, in at most 2,000 characters.")
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was kept."), errors=errors)


def _must_be_movable(algorithm: Algorithm, college: College, running: Motion | None, *, at: datetime) -> None:
    if college not in MAY_MOVE:
        raise CollegeMovesNone(
            _("Workers and requesters can stop an algorithm. The operating team decides no rule by itself.")
        )
    stopped = moratorium(algorithm, at=at)
    if stopped is not None:
        raise AlreadyStopped(
            _("The members have stopped it already."), decision_number=stopped.decision_number
        )
    if running is not None:
        raise MotionRuns(
            _("Somebody of your college has moved the same. Support that motion."), motion_id=running.pk
        )
    if not who_would_be_asked(CLASS, at=at, only_college=college)[college]:
        raise CollegeTooSmall(_("Your college has too few active members to be asked now."))
    rest = timedelta(days=in_force("governance.comeback_days", at=at))
    last = (
        Motion.objects.filter(algorithm=algorithm, ended_at__gt=at - rest)
        .filter(Q(state=MoratoriumState.REJECTED, college=college) | Q(state=MoratoriumState.RUNS_AGAIN))
        .order_by("-ended_at")
        .first()
    )
    if last is not None and last.ended_at is not None:
        from_when = last.ended_at + rest
        shown = formats.date_format(timezone.localtime(from_when), "DATETIME_FORMAT")
        raise MotionRests(
            _("The same was not adopted a short while ago. It can be moved again from %(when)s on.")
            % {"when": shown},
            from_when=from_when.isoformat(),
            motion_id=last.pk,
        )


def _take_turns() -> None:
    """Be the only one to move anything until the transaction ends: there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('canut.governance.moratoria', 0))")
