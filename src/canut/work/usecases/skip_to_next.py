"""A worker skips a task and has the next one in the same step."""

from dataclasses import dataclass
from datetime import datetime

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import Assignment
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.take_task import take_task


@dataclass(frozen=True, slots=True)
class Skipped:
    """The assignment that was put back, and the next one, or the refusal that says why there is none."""

    assignment: Assignment
    next: Assignment | None
    why_none: Refusal | None


def skip_to_next(*, assignment_id: int, by: Person, at: datetime) -> Skipped:
    """Put a task back and take another of the same project, if there is one.

    What was skipped comes again only when nothing else of the project remains, so that the next one
    can be the same task. Skipping stands even where no task follows. Repeating it gives the task that
    is in hand by now.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NotInHand: it was handed in, or it came back for rework, which cannot be skipped.
    """
    skipped = skip_task(assignment_id=assignment_id, by=by, at=at)
    try:
        following = take_task(by=by, project_id=skipped.project_id, at=at, returned_first=False)
    except Refusal as refusal:
        return Skipped(skipped, None, refusal)
    return Skipped(skipped, following, None)
