"""How votes say no."""

from canut.kernel.refusals import BadInput, NotAllowed, NotFound, Refusal


class VoteNotFound(NotFound):
    code = "vote_not_found"


class VoteStillOpen(Refusal):
    """It has no result yet. Facts: `closes_at`."""

    code = "vote_still_open"


class VoteEnded(Refusal):
    """Its time is past. Facts: `closes_at`."""

    code = "vote_ended"


class NotAnElector(NotAllowed):
    """Whoever was no active member of a college that is asked, when the vote opened."""

    code = "not_an_elector"


class ChoiceUnknown(BadInput):
    """A ballot says yes, no or abstain."""

    code = "choice_unknown"
