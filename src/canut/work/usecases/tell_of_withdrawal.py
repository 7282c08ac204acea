"""Telling a requester that workers withdrew a project and why, and what came of their appeal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment
from canut.work.models import Project, ProjectRefusal, Withdrawal
from canut.work.queries.refusals import appeal_until
from canut.work.states import AppealState, HeardBy, RefusalGround


@transaction.atomic
def tell_owner_project_withdrawn(*, project_id: int, at: datetime) -> bool:
    """Tell the owner of a withdrawn project the grounds and words of those who refused it. A job."""
    withdrawal = Withdrawal.objects.select_related("project").get(pk=project_id)
    owner = _owner(withdrawal.project)
    if owner is None:
        return False
    with as_read_by(owner):
        count = withdrawal.refused_by_workers
        told = tell(
            owner,
            NoticeKind.PROJECT,
            _("Workers have withdrawn “%(title)s”") % {"title": withdrawal.project.title},
            ngettext(
                "%(count)s worker who looked at this project refused it, so it is closed.",
                "%(count)s workers who looked at this project refused it, so it is closed.",
                count,
            )
            % {"count": count},
            _(
                "What was not used of its money is back on your balance. Work in hand may still be handed in "
                "and is paid."
            ),
            "\n".join(_told(refusal) for refusal in _refusals(withdrawal.project)),
            _("You can appeal once, until %(time)s.") % {"time": moment(appeal_until(withdrawal))},
            path=f"/studio/{project_id}/withdrawal/",
            at=at,
            key=f"withdrawn:{project_id}",
        )
    return told is not None


@transaction.atomic
def tell_owner_withdrawal_heard(*, project_id: int, at: datetime) -> bool:
    """Tell the owner what was decided about their appeal, and why. A job."""
    withdrawal = Withdrawal.objects.select_related("project").get(pk=project_id)
    owner = _owner(withdrawal.project)
    if owner is None:
        return False
    with as_read_by(owner):
        overturned = withdrawal.appeal == AppealState.OVERTURNED
        told = tell(
            owner,
            NoticeKind.APPEAL,
            _("Your appeal about “%(title)s” is decided") % {"title": withdrawal.project.title},
            _("The withdrawal is overturned: you can take the project up again.")
            if overturned
            else _("The withdrawal stands, and the project stays closed."),
            _("No peers were found in time to hear your appeal, so it counts as won.")
            if withdrawal.ended_by == HeardBy.NO_PEERS
            else _("Those who heard it gave these reasons: %(reason)s") % {"reason": withdrawal.reason},
            path=f"/studio/{project_id}/withdrawal/",
            at=at,
            key=f"withdrawal-heard:{project_id}",
        )
    return told is not None


def _refusals(project: Project) -> list[ProjectRefusal]:
    return list(ProjectRefusal.objects.filter(project=project).order_by("ground", "words"))


def _told(refusal: ProjectRefusal) -> str:
    ground = RefusalGround(refusal.ground).label
    return f"– {ground}: {refusal.words}" if refusal.words else f"– {ground}"


def _owner(project: Project) -> Person | None:
    return Person.objects.select_related("party").filter(pk=project.owner_id).first()
