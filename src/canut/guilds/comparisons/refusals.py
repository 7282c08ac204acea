"""Why answers are not compared."""

from canut.kernel.refusals import Refusal


class NothingToCompare(Refusal):
    """Facts: `task_id`, where one was named."""

    code = "nothing_to_compare"
    status = 422


class RoundNotReached(Refusal):
    """Facts: `task_id`, where one was named; `next_round`, which comes when the one before it is over."""

    code = "comparison_round_not_reached"


class NobodyToCompare(Refusal):
    """Facts: `task_id`, where one was named."""

    code = "nobody_to_compare"
