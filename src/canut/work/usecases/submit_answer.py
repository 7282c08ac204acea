"""A worker hands in an answer: the documented twin of the hot path's statement."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.designs.problems import AnswerRefused
from canut.work.models import Assignment, Draft, Project, Submission
from canut.work.queries.frames import with_frame_answers
from canut.work.states import AssignmentState
from canut.work.usecases.approve_submission import approve_duty
from canut.work.usecases.decide_round import decide_round_of
from canut.work.usecases.give_feedback import Feedback, checked_feedback, give_feedback
from canut.work.usecases.place_answer import check_answer, keep_named_files
from canut.work.usecases.take_task import take_task
from canut.work.validators import validator_of


class LeaseRanOut(Refusal):
    code = "lease_ran_out"


class NotYoursToSubmit(Refusal):
    code = "already_left"


class OtherRevision(Refusal):
    code = "other_revision"


class AlreadySubmitted(Refusal):
    """It was handed in before, with another answer; the first one stands."""

    code = "already_submitted"


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission, and what came with it: the next assignment, or the refusal that says why none."""

    submission: Submission
    next: Assignment | None
    why_none: Refusal | None


def submit_answer(
    *,
    assignment_id: int,
    by: Person,
    answer: Any,
    active_seconds: int | None,
    at: datetime,
    measured_seconds: int | None = None,
    revision_id: int | None = None,
    want_next: bool = False,
    feedback: Feedback | None = None,
) -> Handed:
    """Hand in the answer to a task in hand, and take the next one if wanted.

    Handing in the same answer twice is safe: the second call returns the same submission and the
    task that is in hand by now. The reward stays in escrow until it is decided. `active_seconds` is what the
    worker states, `measured_seconds` what the page's timer counted. In a prototype round `feedback` says
    what is unclear and votes; the last place handed in decides the round. What a fund pays is approved and
    paid at once.

    Raises:
        AssignmentNotFound: there is none of `by`.
        FeedbackMissing: the first task of a prototype round needs it; BadInput: it has the wrong shape.
        AnswerRefused: the answer does not fit the design. Nothing is lost: keep it as a draft.
        LeaseRanOut: the time was up; the draft is kept.
        AlreadySubmitted: another answer was handed in before.
        NotYoursToSubmit: it was put back.
        OtherRevision: the answer was written for another revision of the design.
    """
    submission = _handed_in(
        assignment_id,
        by=by,
        answer=answer,
        times=(active_seconds, measured_seconds),
        at=at,
        revision_id=revision_id,
        feedback=feedback,
    )
    if not want_next:
        return Handed(submission, None, None)
    try:
        following = take_task(by=by, project_id=submission.project_id, at=at, returned_first=False)
    except Refusal as refusal:
        return Handed(submission, None, refusal)
    return Handed(submission, following, None)


@transaction.atomic
def _handed_in(
    assignment_id: int,
    *,
    by: Person,
    answer: Any,
    times: tuple[int | None, int | None],
    at: datetime,
    revision_id: int | None,
    feedback: Feedback | None,
) -> Submission:
    assignment = own_assignment(assignment_id, by=by, lock=True)
    validate = validator_of(assignment.revision_id)
    answer = with_frame_answers(assignment, answer)
    if assignment.state not in (AssignmentState.HELD, AssignmentState.RETURNED):
        return _recognised(assignment, answer, validate)
    if revision_id is not None and revision_id != assignment.revision_id:
        raise OtherRevision(
            _("The task was changed since this answer was begun. Your draft is kept; look at the task again.")
        )
    if assignment.lease_until <= at:
        raise ran_out(assignment)
    cleaned = check_answer(assignment, validate, answer)
    in_round = assignment.round_id is not None
    if in_round:  # one after the other, so that whoever hands in last is known to be the last
        project = Project.objects.select_for_update(no_key=True).get(pk=assignment.project_id)
        feedback = checked_feedback(assignment, feedback, at=at)
    keep_named_files(assignment, validate, cleaned)
    if assignment.state == AssignmentState.RETURNED:
        assignment.attempt = 2
    assignment.state, assignment.submitted_at = AssignmentState.SUBMITTED, at
    assignment.save(update_fields=["state", "submitted_at", "attempt"])
    submission = Submission.objects.create(
        project_id=assignment.project_id,
        assignment=assignment,
        attempt=assignment.attempt,
        answer=cleaned,
        active_seconds=times[0],
        measured_seconds=times[1],
        submitted_at=at,
    )
    Draft.objects.filter(assignment=assignment).delete()
    record(
        by,
        "assignment.submitted",
        assignment,
        at=at,
        project_id=assignment.project_id,
        attempt=assignment.attempt,
    )
    if assignment.project.fund:
        approve_duty(assignment.project, submission, at=at)
    if in_round:
        if feedback is not None:
            give_feedback(assignment, feedback, by=by, at=at)
        decide_round_of(project, at=at)
    return submission


def _recognised(assignment: Assignment, answer: Any, validate: Any) -> Submission:
    """Return the submission that this answer repeats, or raise the refusal that fits the state."""
    last = Submission.objects.filter(assignment=assignment).order_by("-attempt").first()
    if last is not None:
        try:
            same = _written(check_answer(assignment, validate, answer)) == _written(last.answer)
        except AnswerRefused:
            same = False
        if same:
            return last
        raise AlreadySubmitted(_("You have handed in this task already; what you handed in first stands."))
    if assignment.state == AssignmentState.EXPIRED:
        raise ran_out(assignment)
    raise NotYoursToSubmit(
        _("You have put this task back, so it cannot be handed in. Take it again if it is still open.")
    )


def _written(answer: Any) -> str:
    return json.dumps(answer, sort_keys=True)


def ran_out(assignment: Assignment) -> LeaseRanOut:
    """Return the refusal for a lease that has ended, saying when it did."""
    local = timezone.localtime(assignment.lease_until)
    return LeaseRanOut(
        _("This assignment ran out of time at %(time)s. Your draft is kept; take the task again.")
        % {"time": time_format(local, "H:i")},
        lease_until=assignment.lease_until.isoformat(),
    )
