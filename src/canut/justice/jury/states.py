"""How far a panel of peers is, and what became of each seat in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PanelState(models.TextChoices):
    """A panel hears its case until it decided, its time was over, or nobody has to decide any more."""

    OPEN = "open", _("hears the case")
    DECIDED = "decided", _("decided the case")
    LAPSED = "lapsed", _("did not decide in its time")
    DROPPED = "dropped", _("was needed no more")


class SeatState(models.TextChoices):
    """What became of a seat. Who was drawn decides by the task that was made for them alone."""

    OFFERED = "offered", _("waiting for an answer")
    SITTING = "sitting", _("accepted")
    VOTED = "voted", _("decided")
    LEFT = "left", _("declined, not answered in time, or given up")
    NOT_NEEDED = "not_needed", _("needed no more")


LIVE = (SeatState.OFFERED, SeatState.SITTING)
"""Seats whose vote may still come."""
