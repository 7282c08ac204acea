"""Writing decisions into the record, with what the requester's public record counts, and telling workers."""

from collections.abc import Sequence
from datetime import datetime

from canut.kernel.events import record_each
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.models import Project, Submission
from canut.work.states import Outcome


def fund_of(project: Project) -> dict[str, str]:
    """Return what an event says of the fund that pays a project; nothing for what its requester pays."""
    return {"fund": project.fund} if project.fund else {}


def record_decisions(
    project: Project, submissions: Sequence[Submission], outcome: Outcome, *, by: Person | None, at: datetime
) -> None:
    """Record one outcome for submissions of one project, and mail their workers unless all is well.

    Approvals are not mailed one by one: the worker sees them in their earnings.
    """
    record_each(
        by,
        f"submission.{outcome}",
        [
            (
                submission,
                {
                    "project_id": project.pk,
                    "owner_id": project.owner_id,
                    "attempt": submission.attempt,
                    "worker_id": submission.assignment.worker_id,
                    "reward_minor": submission.assignment.reward_minor,
                    "currency": project.currency,
                    "active_seconds": submission.active_seconds,
                    "waited_seconds": int((at - submission.submitted_at).total_seconds()),
                    "automatic": by is None and outcome == Outcome.APPROVED,
                    **fund_of(project),
                },
            )
            for submission in submissions
        ],
        at=at,
    )
    if outcome != Outcome.APPROVED:
        for submission in submissions:
            later("work.tell_worker", submission_id=submission.pk, outcome=str(outcome))
