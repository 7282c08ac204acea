"""How resolution juries say no."""

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class JuryNotFound(NotFound):
    code = "jury_not_found"


class NobodyBlocks(Refusal):
    """A jury is for a draft that somebody blocks in its sense check."""

    code = "nobody_blocks"


class NotYoursToCall(NotAllowed):
    """Only the author of a draft and those who block it call a jury."""

    code = "jury_not_yours_to_call"


class AlreadyHeard(Refusal):
    """A jury has looked at this version of the draft. Facts: `jury_id`."""

    code = "jury_already_heard"


class TooFewToDraw(Refusal):
    """Too few colleges have members who could sit. Facts: `colleges`, `needed`."""

    code = "jury_too_few_to_draw"


class NotAJuror(NotAllowed):
    """Only those who were drawn and accepted take part."""

    code = "not_a_juror"


class JuryNotThere(Refusal):
    """The jury has not come so far, or has gone further. Facts: `state`."""

    code = "jury_not_at_this_point"


class StatementMade(Refusal):
    """A juror says once what they think; the others say it back."""

    code = "jury_statement_made"


class StatementNotFound(NotFound):
    code = "jury_statement_not_found"


class RestatementNotFound(NotFound):
    code = "jury_restatement_not_found"


class SaidBack(Refusal):
    """What somebody said back waits for an answer, or was confirmed."""

    code = "jury_said_back_already"


class RestatementAnswered(Refusal):
    """It was answered already, and otherwise."""

    code = "jury_restatement_answered"


class WordingNotFound(NotFound):
    code = "jury_wording_not_found"


class TooManyWordings(Refusal):
    """A juror puts at most so many wordings to the others. Facts: `most`."""

    code = "jury_too_many_wordings"
