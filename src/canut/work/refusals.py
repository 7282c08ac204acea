"""The refusals that several verbs of work raise; each other one stands beside its verb."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class ProjectNotFound(NotFound):
    code = "project_not_found"


class TaskNotFound(NotFound):
    code = "task_not_found"


class AssignmentNotFound(NotFound):
    code = "assignment_not_found"


class SubmissionNotFound(NotFound):
    code = "submission_not_found"


class TopUpNotFound(NotFound):
    code = "top_up_not_found"


class BrokenRowNotFound(NotFound):
    code = "broken_row_not_found"


class BrokenReportNotFound(NotFound):
    code = "broken_report_not_found"


class SearchNotFound(NotFound):
    code = "search_not_found"


class NothingToAppeal(Refusal):
    code = "nothing_to_appeal"


class AppealTooLate(Refusal):
    code = "appeal_too_late"


class AppealDecided(Refusal):
    code = "appeal_decided"


class ConflictOfInterest(NotAllowed):
    """Somebody who had a part in a thing may not decide about it."""

    code = "conflict_of_interest"


class ProjectPaused(Refusal):
    code = "project_paused"


class RevisionUnfinished(Refusal):
    """A revision of the project was begun and is neither published nor discarded."""

    code = "revision_unfinished"


class RoundNotRejected(Refusal):
    """Work of a prototype round is neither sent back nor rejected."""

    code = "round_not_rejected"


class ProjectHidden(Refusal):
    """Members have flagged it: nothing is taken until a person shows it again, or time does."""

    code = "project_hidden"


class TaskHidden(Refusal):
    """Members have flagged it: it is not given out until a person shows it again, or time does."""

    code = "task_hidden"


class ProjectStopped(Refusal):
    """Its requester may not have work given out at present. Nobody is told why but they."""

    code = "project_stopped"


class WorkerRestricted(NotAllowed):
    """A sanction keeps this worker from taking tasks at present."""

    code = "worker_restricted"


class ProjectClosed(Refusal):
    code = "project_closed"


class ProjectDeadlinePassed(Refusal):
    code = "project_deadline_passed"


class WorkerMayNotWork(Refusal):
    code = "worker_may_not_work"
    status = 403


class OwnProject(Refusal):
    code = "own_project"
    status = 403


class WorkerBlocked(Refusal):
    code = "worker_blocked"
    status = 403


class WorkerNotOnList(Refusal):
    code = "worker_not_on_list"
    status = 403


class StandingNotMet(Refusal):
    """The project asks for a guild's level or a qualification that this worker has not. Facts: `missing`."""

    code = "standing_not_met"
    status = 403


class RiskNotAccepted(Refusal):
    """The work may show what this worker has not said they will see."""

    code = "risk_not_accepted"
    status = 403


class NoSessionOpen(Refusal):
    """Work by the hour is done inside a paid session, and none is open or it is on a break."""

    code = "no_session_open"


class RoundShareUsed(Refusal):
    """In a prototype round one worker takes only a part of the places."""

    code = "round_share_used"


class NotOpenToYouYet(Refusal):
    """The project opens step by step, and this worker's step has not come. Facts: `next_beat_at`."""

    code = "not_open_to_you_yet"
    status = 403


class HoldsOneHere(Refusal):
    code = "holds_one_here"


class TooManyInHand(Refusal):
    code = "too_many_in_hand"


class NoneLeft(Refusal):
    code = "none_left"


class AlreadyDone(Refusal):
    code = "already_done"


class TaskNotForYou(Refusal):
    code = "task_not_for_you"
    status = 403


def revision_unfinished() -> RevisionUnfinished:
    """Return the refusal for what has to wait while a revision is being worked on."""
    return RevisionUnfinished(
        _("A revision of this project was begun. Publish it or discard it first; until then this waits.")
    )


def refuse_in_round(in_round: bool) -> None:
    """Raise RoundNotRejected for work of a prototype round."""
    if in_round:
        raise RoundNotRejected(
            _(
                "This was handed in for a prototype round, in which the design is tried and not the workers: "
                "it is approved and paid. What is wrong with it shows what to revise."
            )
        )


def none_left() -> NoneLeft:
    """Return the refusal for a project in which this worker has nothing left to take."""
    return NoneLeft(_("There is no task left for you in this project. New ones may come: look again later."))


def not_open_to_you_yet(next_beat_at: datetime | None) -> NotOpenToYouYet:
    """Return the refusal for whom the cascade does not let in yet; None: its clock stands still."""
    sentence = _(
        "This project opens step by step, first to the workers its requester rates best. "
        "It is not open to you yet."
    )
    if next_beat_at is None:
        return NotOpenToYouYet(sentence, next_beat_at=None)
    with_moment = _(
        "This project opens step by step, first to the workers its requester rates best. "
        "It is not open to you yet: the next step is due %(time)s, and its page says when yours is."
    )
    time = date_format(localtime(next_beat_at), "SHORT_DATETIME_FORMAT")
    return NotOpenToYouYet(
        with_moment % {"time": time},
        next_beat_at=next_beat_at.isoformat(),
    )


def admission_refusal(code: str, *, next_beat_at: datetime | None = None) -> Refusal:
    """Return the refusal for a code that `rules.may_take` gave, with its sentence.

    `next_beat_at` goes with `not_open_to_you_yet`.
    """
    return {
        "project_not_found": lambda: ProjectNotFound(_("There is no such project.")),
        "project_paused": lambda: ProjectPaused(
            _("The requester has paused this project. What you have in hand can still be handed in.")
        ),
        "project_closed": lambda: ProjectClosed(_("This project is closed; there is no more work in it.")),
        "project_hidden": lambda: ProjectHidden(
            _(
                "This project is hidden at present, because members have flagged it. "
                "What you have in hand can still be handed in, and is paid as ever."
            )
        ),
        "project_stopped": lambda: ProjectStopped(
            _(
                "No tasks of this project are given out at present. "
                "What you have in hand can still be handed in, and is paid as ever."
            )
        ),
        "worker_restricted": lambda: WorkerRestricted(
            _(
                "You may not take tasks at present. Your page of sanctions says why and until when. There "
                "you can answer, and ask that another person look at it again."
            )
        ),
        "project_deadline_passed": lambda: ProjectDeadlinePassed(
            _("This project's deadline has passed; nothing more can be taken.")
        ),
        "worker_may_not_work": lambda: WorkerMayNotWork(
            _(
                "You cannot take tasks yet. "
                "Your account page says what is missing: the worker role, or the terms."
            )
        ),
        "own_project": lambda: OwnProject(_("This project is yours; its tasks are for others.")),
        "worker_blocked": lambda: WorkerBlocked(_("This requester has excluded you from their projects.")),
        "worker_not_on_list": lambda: WorkerNotOnList(
            _("This project is for people its requester has listed.")
        ),
        "standing_not_met": lambda: StandingNotMet(
            _("This project asks for a guild's level or a qualification that you do not have.")
        ),
        "risk_not_accepted": lambda: RiskNotAccepted(
            _(
                "This work may show sensitive content that you have not said you will see. "
                "You can accept it on the project's page."
            )
        ),
        "no_session_open": lambda: NoSessionOpen(
            _("This work is paid by the hour. Open a session on the project's page, or end your break.")
        ),
        "round_share_used": lambda: RoundShareUsed(
            _("You have done your part of this prototype round. If it passes, there will be more.")
        ),
        "not_open_to_you_yet": lambda: not_open_to_you_yet(next_beat_at),
        "holds_one_here": lambda: HoldsOneHere(
            _("You hold a task of this project already. Hand it in or give it back.")
        ),
        "too_many_in_hand": lambda: TooManyInHand(
            _("You have as many tasks in hand as one can. Hand one in or give one back, then take this.")
        ),
    }[code]()
