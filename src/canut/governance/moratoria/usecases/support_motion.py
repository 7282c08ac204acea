"""A member of the college supports a motion; with enough of them the college votes at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.moratoria.access import motion_known
from canut.governance.moratoria.models import Motion, MotionSupport
from canut.governance.moratoria.refusals import NotGathering, NotTheMover, OfAnotherCollege
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.usecases.advance_motion import advance_if_supported
from canut.kernel.events import record
from canut.membership.access import require_active_member
from canut.membership.states import College
from canut.people.access import ensure_member
from canut.people.models import Person


@transaction.atomic
def support_motion(*, motion_id: int, by: Person, at: datetime) -> Motion:
    """Support a motion of one's own college. Supporting twice changes nothing.

    Raises:
        NotAMember, NotAnActiveMember: `by` cannot vote themselves. MoratoriumNotFound: there is none.
        OfAnotherCollege: `by` belongs to another. NotGathering: it is voted on already, or has ended.
    """
    standing = require_active_member(by, at)
    motion = motion_known(motion_id, lock=True)
    if motion.supports.filter(person=by).exists():
        return motion
    if standing.college != motion.college:
        raise OfAnotherCollege(
            _("Only members of the college that would decide support this. It is not yours."),
            college=str(College(motion.college)),
        )
    _must_be_gathering(motion)
    MotionSupport.objects.create(motion=motion, person=by, given_at=at)
    record(None, "moratorium.supported", motion, at=at)
    advance_if_supported(motion, at=at)
    return motion


@transaction.atomic
def withdraw_motion_support(*, motion_id: int, by: Person, at: datetime) -> Motion:
    """Take one's support back while it is gathered. Without a support there is nothing to take back.

    Raises:
        MoratoriumNotFound: there is none. NotGathering: it is voted on already, or has ended.
    """
    ensure_member(by)
    motion = motion_known(motion_id, lock=True)
    found = motion.supports.filter(person=by)
    if not found.exists():
        return motion
    _must_be_gathering(motion)
    found.delete()
    record(None, "moratorium.support_withdrawn", motion, at=at)
    return motion


@transaction.atomic
def withdraw_motion(*, motion_id: int, by: Person, at: datetime) -> Motion:
    """Withdraw one's own motion while it gathers support. Withdrawing twice changes nothing.

    Raises:
        MoratoriumNotFound: there is none. NotTheMover: somebody else moved it.
        NotGathering: it is voted on already, or has ended.
    """
    ensure_member(by)
    motion = motion_known(motion_id, lock=True)
    if motion.mover_id != by.pk:
        raise NotTheMover(_("Only whoever moved this can withdraw it."))
    if motion.state == MoratoriumState.WITHDRAWN:
        return motion
    _must_be_gathering(motion)
    motion.state, motion.ended_at = MoratoriumState.WITHDRAWN, at
    motion.save(update_fields=["state", "ended_at"])
    record(None, "moratorium.withdrawn", motion, at=at)
    return motion


def _must_be_gathering(motion: Motion) -> None:
    if motion.state != MoratoriumState.GATHERING:
        raise NotGathering(
            _("This motion gathers no support any more: its college votes on it, or it has ended."),
            state=motion.state,
        )
