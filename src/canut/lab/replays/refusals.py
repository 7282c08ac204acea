"""Why a replay is not given, or not begun."""

from canut.kernel.refusals import NotFound, Refusal


class ReplayNotFound(NotFound):
    code = "replay_not_found"


class ReplayRefused(Refusal):
    """The value is none that the parameter can have."""

    code = "replay_refused"
    status = 422


class ReplayUnderWay(Refusal):
    """One at a time, and so many a day. Facts: `replay_id` of the one that runs, if one does."""

    code = "replay_under_way"
    status = 409
