"""What a worker says about a design in a prototype round, with their one vote (MECHANISMS 3.4)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.models import Assignment, Round, RoundFeedback
from canut.work.states import RoundState, Verdict


class FeedbackMissing(Refusal):
    """Nothing was handed in and nothing is lost. Facts: `most_characters`."""

    code = "feedback_missing"
    status = 422


@dataclass(frozen=True, slots=True)
class Feedback:
    """One vote, `publish` or `revise`, and what is unclear or missing, in the worker's words."""

    verdict: str
    unclear: str


def checked_feedback(assignment: Assignment, feedback: Feedback | None, *, at: datetime) -> Feedback | None:
    """Return what is to be kept of the feedback that came with an assignment of a round; None for nothing.

    The first hand-in of a person in a round that runs must bring it. Later ones may leave it out, and
    the vote stands.

    Raises:
        FeedbackMissing: it is the first, and the vote or the words are missing.
        BadInput: the words are too long, or the vote is neither of the two.
    """
    round_ = _round_of(assignment)
    most = int(in_force("prototype.comment_most_characters", at=at))
    words = "" if feedback is None else feedback.unclear.strip()
    if feedback is None or not (feedback.verdict and words):
        voted = RoundFeedback.objects.filter(round=round_, worker=assignment.worker_id).exists()
        nothing_said = feedback is None or not (feedback.verdict or words)
        if nothing_said and (voted or round_.state != RoundState.RUNNING):
            return None
        raise FeedbackMissing(
            _(
                "This task is part of a prototype round. Say what is unclear or missing in it, and vote "
                "whether to publish or to revise it; then hand it in. Nothing you filled in is lost."
            ),
            most_characters=most,
        )
    if feedback.verdict not in Verdict.values:
        neither = _("Vote to publish or to revise.")
        raise BadInput(neither, errors={"feedback_verdict": neither})
    if len(words) > most or "\0" in words:
        too_long = _("Say it in at most %(most)s characters.") % {"most": most}
        raise BadInput(too_long, errors={"feedback_unclear": too_long})
    return Feedback(feedback.verdict, words)


def give_feedback(assignment: Assignment, feedback: Feedback, *, by: Person, at: datetime) -> None:
    """Keep what `by` says of the round of an assignment that they have just handed in.

    It takes the place of what they said before in the same round. Once the round is decided, the first
    vote stands; who has said nothing yet is still heard, but counts no more (`given_at` tells).
    """
    round_ = _round_of(assignment)
    said = {"verdict": feedback.verdict, "unclear": feedback.unclear, "changed_at": at}
    kept = RoundFeedback.objects.filter(round=round_, worker=by).first()
    if kept is None:
        RoundFeedback.objects.create(round=round_, worker=by, given_at=at, **said)
    elif round_.state == RoundState.RUNNING:
        kept.verdict, kept.unclear, kept.changed_at = feedback.verdict, feedback.unclear, at
        kept.save(update_fields=["verdict", "unclear", "changed_at"])
    else:
        return
    record(by, "round.feedback_given", round_, at=at, project_id=assignment.project_id)


def _round_of(assignment: Assignment) -> Round:
    if assignment.round is None:
        raise ValueError(f"assignment {assignment.pk} belongs to no prototype round")
    return assignment.round
