"""Telling a worker what was decided about their work, when there is something for them to do or to know."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.money import format_money
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import address, as_read_by, moment
from canut.work.models import Decision, Submission
from canut.work.queries.rework import rework_promised
from canut.work.states import Ground, Outcome


@transaction.atomic
def tell_worker(*, submission_id: int, outcome: str, at: datetime) -> bool:
    """Tell a worker of a return, a rejection or an overturned rejection; return whether they were told.

    A return says why, what the rework pays and the true deadline; a rejection its ground, evidence
    and reason, and until when it can be appealed. A job.
    """
    rows = Submission.objects.select_related("assignment__worker__party", "project")
    submission = rows.get(pk=submission_id)
    decision = Decision.objects.filter(submission=submission, outcome=outcome).order_by("-pk")[0]
    worker = submission.assignment.worker
    with as_read_by(worker):
        match outcome:
            case Outcome.RETURNED:
                subject, paragraphs = _returned(submission, decision)
            case Outcome.REJECTED:
                subject, paragraphs = _rejected(submission, decision)
            case Outcome.OVERTURNED:
                subject, paragraphs = _overturned(submission, decision)
            case _:
                raise ValueError(f"workers are not told of {outcome!r}")
        path, key = f"/work/{submission.assignment_id}/", f"decision:{decision.pk}"
        return tell(worker, NoticeKind.DECISION, subject, *paragraphs, path=path, at=at, key=key) is not None


def _returned(submission: Submission, decision: Decision) -> tuple[str, list[str]]:
    assignment, project = submission.assignment, submission.project
    paid = ""
    if decision.rework_minor:
        paid = _("The rework is paid: %(amount)s on top of the reward, if it is approved.") % {
            "amount": format_money(decision.rework_minor, project.currency)
        }
    return _("Please rework a task of “%(title)s”") % {"title": project.title}, [
        _("The requester has sent a task of “%(title)s” back to you and says what to change:")
        % {"title": project.title},
        decision.reason,
        paid,
        _("Hand it in again by %(time)s. After that it is closed, unpaid, and goes to somebody else.")
        % {"time": moment(assignment.lease_until)},
    ]


def _rejected(submission: Submission, decision: Decision) -> tuple[str, list[str]]:
    assignment, project = submission.assignment, submission.project
    appeal = ""
    if assignment.held_until is not None:
        appeal = _(
            "If you think that is wrong, appeal with one click by %(time)s: %(address)s Peers who are drawn "
            "by lot decide, and until then the money stays set aside."
        ) % {
            "time": moment(assignment.held_until),
            "address": address(f"/work/{assignment.pk}/appeal/"),
        }
    return _("A task of “%(title)s” was rejected") % {"title": project.title}, [
        _("The requester has rejected your work on a task of “%(title)s”.") % {"title": project.title},
        _("Ground: %(ground)s") % {"ground": Ground(decision.ground).label},
        _("Evidence: %(evidence)s") % {"evidence": decision.evidence},
        _("Reason: %(reason)s") % {"reason": decision.reason},
        appeal,
    ]


def _overturned(submission: Submission, decision: Decision) -> tuple[str, list[str]]:
    assignment, project = submission.assignment, submission.project
    paid = ""
    pay_minor = assignment.reward_minor + rework_promised([assignment.pk]).get(assignment.pk, 0)
    if pay_minor:
        paid = _("%(amount)s are in your earnings.") % {"amount": format_money(pay_minor, project.currency)}
    return _("Your work on “%(title)s” is approved after all") % {"title": project.title}, [
        _("The rejection of your work on a task of “%(title)s” does not stand: it is approved.")
        % {"title": project.title},
        decision.reason,
        paid,
    ]
