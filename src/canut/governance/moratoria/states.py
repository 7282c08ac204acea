"""The states of a motion to stop an algorithm."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from canut.membership.states import College


class MoratoriumState(models.TextChoices):
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


OPEN = (MoratoriumState.GATHERING, MoratoriumState.VOTE)
"""On its way to stop the algorithm."""
VOTED_ON = (
    MoratoriumState.VOTE,
    MoratoriumState.HOLDS,
    MoratoriumState.KEPT,
    MoratoriumState.RUNS_AGAIN,
    MoratoriumState.REJECTED,
    MoratoriumState.OVERTAKEN,
)
STOPPED_IT = (MoratoriumState.HOLDS, MoratoriumState.KEPT, MoratoriumState.RUNS_AGAIN)
SETTLED = (MoratoriumState.KEPT, MoratoriumState.RUNS_AGAIN)
"""All colleges have voted on whether it stays."""
DECIDED = (*STOPPED_IT, MoratoriumState.REJECTED, MoratoriumState.OVERTAKEN)
ENDED = (
    *SETTLED,
    MoratoriumState.REJECTED,
    MoratoriumState.OVERTAKEN,
    MoratoriumState.LAPSED,
    MoratoriumState.WITHDRAWN,
)
MAY_MOVE = (College.WORKERS, College.REQUESTERS)
"""Colleges that can stop an algorithm by themselves. The operating team is none: it decides no rule."""
