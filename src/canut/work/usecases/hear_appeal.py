"""A named operator hears an appeal: never the one who decided."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.access import appeal_to_hear
from canut.work.models import Appeal, Assignment, Submission
from canut.work.queries.appeals import had_a_part
from canut.work.refusals import AppealDecided, ConflictOfInterest
from canut.work.states import AppealBy, AppealState
from canut.work.usecases.overturn_rejection import overturn_rejection
from canut.work.usecases.return_submission import checked_text


@transaction.atomic
def hear_appeal(*, appeal_id: int, by: Person, overturn: bool, reason: str, at: datetime) -> Appeal:
    """Decide an appeal, with a reason that both sides read.

    Upheld, the rejection stands and the place's money serves the place, which reopens when its hold
    has ended. Overturned, it pays the worker. Repeating the same decision is safe.

    Raises:
        OperatorRoleMissing: `by` is no operator. AssignmentNotFound: there is no such appeal.
        ConflictOfInterest: `by` decided, owns the project, or did the work.
        AppealDecided: it was decided otherwise. BadInput: the reason is missing or too long.
    """
    appeal = appeal_to_hear(appeal_id, by=by)
    outcome = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    if appeal.state == outcome and appeal.heard_by_id == by.pk:
        return appeal
    if appeal.state != AppealState.OPEN:
        raise AppealDecided(_("This appeal has been decided already."))
    assignment = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .get(pk=appeal.assignment_id)
    )
    submission = Submission.objects.filter(assignment=assignment).order_by("-attempt")[0]
    if had_a_part(by.pk, assignment):
        raise ConflictOfInterest(
            _("Somebody who had no part in this work or its rejection must hear the appeal.")
        )
    reason = checked_text(reason, what="reason")
    appeal.state, appeal.heard_by, appeal.decided_at, appeal.reason = outcome, by, at, reason
    appeal.decided_by = AppealBy.OPERATOR
    appeal.save(update_fields=["state", "decided_by", "heard_by", "decided_at", "reason"])
    if overturn:
        submission.assignment = assignment
        overturn_rejection(submission, by=by, ended_by=AppealBy.OPERATOR, reason=reason, at=at)
    record(
        by,
        f"appeal.{outcome}",
        appeal,
        at=at,
        project_id=assignment.project_id,
        owner_id=assignment.project.owner_id,
    )
    return appeal
