"""How motions to stop an algorithm say no."""

from canut.kernel.refusals import NotAllowed, NotFound, Refusal


class MoratoriumNotFound(NotFound):
    code = "moratorium_not_found"


class CollegeMovesNone(NotAllowed):
    """The operating team decides no rule, so it stops no algorithm by itself."""

    code = "moratorium_college_moves_none"


class OfAnotherCollege(NotAllowed):
    """Only members of the college that would decide support a motion. Facts: `college`."""

    code = "moratorium_of_another_college"


class CollegeTooSmall(Refusal):
    """The college has too few active members to be asked."""

    code = "moratorium_college_too_small"


class AlreadyStopped(Refusal):
    """The members have stopped it already. Facts: `decision_number`."""

    code = "moratorium_already_holds"


class MotionRuns(Refusal):
    """Somebody of this college has moved the same, and it has not ended. Facts: `motion_id`."""

    code = "moratorium_motion_runs"


class MotionRests(Refusal):
    """The same was not adopted not long ago. Facts: `from_when`, `motion_id`."""

    code = "moratorium_rests"


class NotGathering(Refusal):
    """What was asked can be done while support is gathered alone. Facts: `state`."""

    code = "moratorium_not_gathering"


class NotTheMover(NotAllowed):
    code = "moratorium_not_the_mover"
