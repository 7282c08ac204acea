"""How the board and its elections say no."""

from canut.kernel.refusals import BadInput, NotAllowed, NotFound, Refusal


class ElectionNotFound(NotFound):
    code = "election_not_found"


class NominationsOver(Refusal):
    """Nobody can stand or withdraw any more. Facts: `nominations_end_at`."""

    code = "nominations_over"


class OfAnotherCollege(NotAllowed):
    """Each college elects its own members of the board. Facts: `college`, that of the election."""

    code = "of_another_college"


class AlreadyOnBoard(Refusal):
    """Whoever holds a seat cannot stand for another one of the same term."""

    code = "already_on_board"


class NotACandidate(Refusal):
    code = "not_a_candidate"


class StatementTooLong(BadInput):
    """What a candidate says of themselves is longer than it may be."""

    code = "statement_too_long"


class NotInElection(NotAllowed):
    """Whoever was no active member of the college when the vote opened."""

    code = "not_in_election"


class ElectionNotOpen(Refusal):
    """The vote has not begun, or has ended. Facts: `state`."""

    code = "election_not_open"


class RankingWrong(BadInput):
    """A ballot ranks candidates of this election, each once."""

    code = "ranking_wrong"


class BoardSeatNotFound(NotFound):
    code = "board_seat_not_found"


class NotYourSeat(NotAllowed):
    code = "not_your_board_seat"


class SeatNotHeld(Refusal):
    """Nobody sits there any more."""

    code = "board_seat_not_held"


class PetitionNotFound(NotFound):
    code = "petition_not_found"


class PetitionRuns(Refusal):
    """There is one already about this seat. Facts: `petition_id`."""

    code = "petition_runs"


class PetitionTooSoon(Refusal):
    """Another one about this seat ended a short while ago. Facts: `possible_at`."""

    code = "petition_too_soon"


class PetitionOver(Refusal):
    """Nobody signs any more: the college votes, or it is over."""

    code = "petition_over"


class OwnSeat(Refusal):
    """Whoever wants to leave their own seat resigns."""

    code = "own_seat"


class ReasonMissing(BadInput):
    """A petition or a motion says why, in so many characters at most."""

    code = "board_reason_missing"


class NotOnBoard(NotAllowed):
    code = "not_on_board"


class MotionNotFound(NotFound):
    code = "motion_not_found"


class MotionOver(Refusal):
    code = "motion_over"


class MotionChoiceUnknown(BadInput):
    """Who votes on a motion says yes, no or abstain."""

    code = "motion_choice_unknown"


class NothingToDecide(Refusal):
    """What the motion is about is not as the motion supposes."""

    code = "nothing_to_decide"
