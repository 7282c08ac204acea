"""An appeal against a rejection has ended: its outcome is carried out, whoever found it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.work.models import Appeal, Assignment, Submission
from canut.work.refusals import AppealDecided
from canut.work.states import AppealBy, AppealState
from canut.work.usecases.overturn_rejection import overturn_rejection

LONGEST_REASON = 2_000
LONGEST_WORD = 100


@transaction.atomic
def decide_appeal(
    *, assignment_id: int, state: AppealState, by: AppealBy, reason: str = "", at: datetime
) -> Appeal:
    """End the appeal of an assignment, for the room that heard it.

    Upheld or taken back, the rejection stands and the place's money serves the place, which reopens when
    its hold has ended. Overturned, it pays the worker. Of a reason, 2,000 characters are kept, and a sign
    that it goes on; the room that heard it has the whole. What peers did not hear does not count among the
    appeals that a requester won or lost.

    Raises:
        AppealDecided: it has ended: the requester approved the work.
    """
    assignment = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .get(pk=assignment_id)
    )
    appeal = Appeal.objects.select_for_update(no_key=True).get(assignment=assignment)
    if appeal.state != AppealState.OPEN:
        raise AppealDecided(_("This appeal has been decided already."))
    reason = shorten(reason)
    if state == AppealState.OVERTURNED:
        submission = Submission.objects.filter(assignment=assignment).order_by("-attempt")[0]
        submission.assignment = assignment
        overturn_rejection(submission, by=None, ended_by=by, reason=reason, at=at)
        appeal.refresh_from_db()
    else:
        appeal.state, appeal.decided_by, appeal.decided_at, appeal.reason = state, by, at, reason
        appeal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    became = state if by == AppealBy.JURY else "ended_unheard"
    record(
        None,
        f"appeal.{became}",
        appeal,
        at=at,
        assignment_id=assignment.pk,
        project_id=assignment.project_id,
        owner_id=assignment.project.owner_id,
        worker_id=assignment.worker_id,
        state=str(appeal.state),
        ended_by=str(by),
    )
    later("work.tell_of_appeal", appeal_id=appeal.pk, what="ended")
    return appeal


def shorten(reason: str) -> str:
    """Return a reason as it is kept with the work: if it is too long cut after a word, with a sign of it."""
    reason = reason.strip()
    if len(reason) <= LONGEST_REASON:
        return reason
    kept = reason[: LONGEST_REASON - 1]
    last = max(kept.rfind(" "), kept.rfind("\n"))
    if last > LONGEST_REASON - LONGEST_WORD:  # there are languages that part no words
        kept = kept[:last].rstrip()
    return f"{kept}…"
