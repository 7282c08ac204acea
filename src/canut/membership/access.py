"""The only way to a membership or to what leads to one on somebody's behalf, and to ask who is a member."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotAllowed
from canut.membership.models import Membership
from canut.membership.queries import MemberStanding, memberships_at, standing_of
from canut.people.access import ensure_member
from canut.people.models import Person


class NotAMember(NotAllowed):
    code = "not_a_member"


class NotAnActiveMember(NotAllowed):
    code = "not_an_active_member"


def require_member(by: Person, at: datetime) -> Membership:
    """Return the membership of `by`, who is admitted at `at`.

    Raises:
        NotAMember: they are not. Else what `people.access.ensure_member` raises.
    """
    ensure_member(by)
    membership = memberships_at(at).filter(person=by).first()
    if membership is None:
        raise NotAMember(
            _("Only admitted members can do this. Your membership page says how you can become one.")
        )
    return membership


def require_active_member(by: Person, at: datetime) -> MemberStanding:
    """Return the standing of `by`, who is admitted, active and of a college at `at`.

    Raises:
        NotAMember: they are not admitted. NotAnActiveMember: they are, and were active on too few days.
    """
    require_member(by, at)
    standing = standing_of(by, at)
    if not standing.may_vote:
        raise NotAnActiveMember(
            _("Only active members can do this. Your membership page says how many days are missing."),
            active_days=standing.active_days_in_window,
            least_days=standing.rule.least_days,
        )
    return standing
