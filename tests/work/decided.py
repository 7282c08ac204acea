"""Work that was sent back, handed in again, rejected: built by the verbs that people use."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders import ANSWER, NOON, a_submission

from canut.people.models import Person
from canut.work.models import Project, Submission
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

WHY_RETURNED = "Look at the ears again."
EVIDENCE = "The picture shows whiskers."
WHY_REJECTED = "It is a dog for the second time."


def a_returned_submission(
    *, worker: Person, project: Project, at: datetime = NOON, answer: dict[str, Any] = ANSWER
) -> Submission:
    """Return a first submission that its requester sent back an hour after it was handed in."""
    submission = a_submission(worker=worker, project=project, at=at, answer=answer)
    owner = Person.objects.get(pk=project.owner_id)
    return return_submission(
        submission_id=submission.pk, by=owner, reason=WHY_RETURNED, at=at + timedelta(hours=1)
    )


def a_reworked_submission(*, worker: Person, project: Project, at: datetime = NOON) -> Submission:
    """Return the second submission, handed in two hours after the first came back."""
    first = a_returned_submission(worker=worker, project=project, at=at)
    return submit_answer(
        assignment_id=first.assignment_id,
        by=worker,
        answer={"label": "dog"},
        active_seconds=30,
        at=at + timedelta(hours=3),
    ).submission


def a_rejected_submission(*, worker: Person, project: Project, at: datetime = NOON) -> Submission:
    """Return a second submission that was rejected four hours after it all began."""
    second = a_reworked_submission(worker=worker, project=project, at=at)
    owner = Person.objects.get(pk=project.owner_id)
    return reject_submission(
        submission_id=second.pk,
        by=owner,
        ground="wrong_answer",
        evidence=EVIDENCE,
        reason=WHY_REJECTED,
        at=at + timedelta(hours=4),
    )
