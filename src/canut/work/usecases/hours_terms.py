"""What a project that pays by the hour must offer before anybody sees it: enough for one session."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.refusals import Refusal
from canut.work.models import Project, Revision
from canut.work.states import PayBasis


class HoursTooFew(Refusal):
    """Facts: `least_seconds`, the least session by the charter."""

    code = "hours_too_few"
    status = 422


def refuse_too_few_hours(project: Project, revision: Revision, *, at: datetime) -> None:
    """Raise HoursTooFew if a project by the hour has no time for even the least session."""
    if project.pay_basis != PayBasis.HOUR:
        return
    least = in_force("pay.session_least_seconds", at=at)
    if min(revision.hours_seconds, revision.session_most_seconds) < least:
        raise HoursTooFew(
            _(
                "A session is paid for at least %(minutes)s minutes. Give the project more hours in all, and "
                "let a session last at least that long."
            )
            % {"minutes": -(-least // 60)},
            least_seconds=least,
        )
