"""How sanctions say no."""

from canut.kernel.refusals import BadInput, NotAllowed, NotFound, Refusal


class SanctionNotFound(NotFound):
    """There is no such sanction, or the one who asks may not read it: the answer is the same."""

    code = "sanction_not_found"


class SanctionProposalNotFound(NotFound):
    code = "sanction_proposal_not_found"


class SanctionIncomplete(BadInput):
    """Something lacks without which nothing can be decided. Facts: `errors`, for each field."""

    code = "sanction_incomplete"


class OwnSanction(NotAllowed):
    """Nobody decides about themselves."""

    code = "own_sanction"


class SanctionOfNobody(Refusal):
    """The account is simulated or closed: there is nobody to tell the reasons."""

    code = "sanction_of_nobody"


class SanctionHolds(Refusal):
    """One of this kind is there already. Facts: `sanction_id`."""

    code = "sanction_holds"


class SanctionProposalClosed(Refusal):
    """The proposal has lapsed, or somebody has decided on it. Facts: `state`."""

    code = "sanction_proposal_closed"


class SanctionNotDelivered(Refusal):
    """The statement of reasons has not been delivered yet."""

    code = "sanction_not_delivered"


class SanctionEnded(Refusal):
    """It holds no more, so nothing can be done about it. Facts: `ended_how`."""

    code = "sanction_ended"


class SanctionLinkEnded(Refusal):
    """It has been over for so long that its link opens it no more. Facts: `ended_at`."""

    code = "sanction_link_ended"
    status = 410


class SanctionReviewNotAsked(Refusal):
    code = "sanction_review_not_asked"


class SanctionNotReviewed(Refusal):
    """Peers hear a sanction after another person has said that it stands, not before."""

    code = "sanction_not_reviewed"


class SanctionReviewByAnother(NotAllowed):
    """Whoever decided a sanction, or is touched by it, does not review it."""

    code = "sanction_review_by_another"


class SanctionReviewed(Refusal):
    """Somebody has reviewed it. Facts: `outcome`."""

    code = "sanction_reviewed"


class TooManySanctionAnswers(Refusal):
    code = "too_many_sanction_answers"


class TooManySanctionFiles(Refusal):
    code = "too_many_sanction_files"
