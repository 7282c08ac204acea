"""Why something is not done in a facilitated discussion."""

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class DiscussionNotFound(NotFound):
    code = "discussion_not_found"


class CallNotFound(NotFound):
    code = "part_call_not_found"


class StatementNotFound(NotFound):
    code = "statement_not_found"


class DiscussionGoesOn(Refusal):
    """There is one about the same thing that has not ended. Facts: `discussion_id`."""

    code = "discussion_goes_on"


class NotItsRound(Refusal):
    """The discussion is elsewhere, or has ended. Facts: `state`."""

    code = "not_its_round"


class NotYourPart(NotAllowed):
    """It is for the facilitator, the rapporteur, who opened it, or those who took part."""

    code = "not_your_part"


class PartIsTaken(Refusal):
    """Somebody has the part, or the person asked has the other one."""

    code = "part_is_taken"


class TooManyCalls(Refusal):
    code = "too_many_part_calls"


class TooManyStatements(Refusal):
    code = "too_many_statements"


class TooManyRecords(Refusal):
    code = "too_many_records"


class NamesSomebody(Refusal):
    """A record names people who took part and have not agreed to that. Facts: `names`."""

    code = "names_somebody"
