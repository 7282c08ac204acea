"""What a worker is asked about the design itself when a task belongs to a prototype round."""

from dataclasses import dataclass
from datetime import datetime

from canut.charter.queries import in_force
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.models import Draft, RoundFeedback


@dataclass(frozen=True, slots=True)
class RoundAsked:
    """The round of one assignment. `verdict` and `unclear` are what to begin with: the draft, else the vote.

    `has_voted` tells that this person voted in this round before; that vote stands until it is replaced.
    """

    number: int
    is_running: bool
    most_characters: int
    has_voted: bool
    verdict: str
    unclear: str


def round_asked(assignment_id: int, *, by: Person, at: datetime) -> RoundAsked | None:
    """Return what is asked about the design with an assignment of `by`; None outside a prototype round.

    Raises:
        AssignmentNotFound: there is none of `by`.
    """
    assignment = own_assignment(assignment_id, by=by)
    if assignment.round is None:
        return None
    voted = RoundFeedback.objects.filter(round=assignment.round, worker=by).first()
    kept = (
        Draft.objects.filter(assignment__worker=by, assignment__task_id=assignment.task_id)
        .exclude(feedback={})
        .order_by("-saved_at")
        .first()
    )
    before = {"verdict": voted.verdict, "unclear": voted.unclear} if voted else {}
    begun = {**before, **(kept.feedback if kept else {})}
    return RoundAsked(
        number=assignment.round.number,
        is_running=assignment.round.decided_at is None,
        most_characters=in_force("prototype.comment_most_characters", at=at),
        has_voted=voted is not None,
        verdict=begun.get("verdict", ""),
        unclear=begun.get("unclear", ""),
    )
