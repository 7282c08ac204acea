"""The states of a motion to stop an algorithm."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from canut.membership.states import College


class MotionState(models.TextChoices):
    """How far a motion has come; the last six are ends."""

    GATHERING = "gathering", _("gathering support")
    VOTE = "vote", _("its college votes")
    HOLDS = "holds", _("stopped, until all have voted")
    KEPT = "kept", _("stopped, by all")
    RUNS_AGAIN = "runs_again", _("runs again, for all did not keep it stopped")
    REJECTED = "rejected", _("not adopted by its college")
    OVERTAKEN = "overtaken", _("adopted, when it was stopped already")
    LAPSED = "lapsed", _("without enough support")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN = (MotionState.GATHERING, MotionState.VOTE)
"""On its way to stop the algorithm."""
VOTED_ON = (
    MotionState.VOTE,
    MotionState.HOLDS,
    MotionState.KEPT,
    MotionState.RUNS_AGAIN,
    MotionState.REJECTED,
    MotionState.OVERTAKEN,
)
STOPPED_IT = (MotionState.HOLDS, MotionState.KEPT, MotionState.RUNS_AGAIN)
SETTLED = (MotionState.KEPT, MotionState.RUNS_AGAIN)
"""All colleges have voted on whether it stays."""
DECIDED = (*STOPPED_IT, MotionState.REJECTED, MotionState.OVERTAKEN)
ENDED = (
    *SETTLED,
    MotionState.REJECTED,
    MotionState.OVERTAKEN,
    MotionState.LAPSED,
    MotionState.WITHDRAWN,
)
MAY_MOVE = (College.WORKERS, College.REQUESTERS)
"""Colleges that can stop an algorithm by themselves. The operating team is none: it decides no rule."""
