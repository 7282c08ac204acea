"""The states of a resolution jury."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JuryState(models.TextChoices):
    """How far a jury has come; the last four are ends."""

    SEATING = "seating", _("those who were drawn are being asked")
    ROUND = "round", _("listening: each says what they think, and the others say it back")
    CHOOSING = "choosing", _("everybody was understood: the colleges choose")
    AMENDED = "amended", _("settled: the draft reads as the jury wrote it")
    KEPT = "kept", _("settled: the draft stays as it is")
    DISAGREED = "disagreed", _("ended without a decision")
    LAPSED = "lapsed", _("ended, for too few of those who were drawn accepted")


OPEN = (JuryState.SEATING, JuryState.ROUND, JuryState.CHOOSING)
SITTING = (JuryState.ROUND, JuryState.CHOOSING)
SETTLED = (JuryState.AMENDED, JuryState.KEPT)
ENDED = (*SETTLED, JuryState.DISAGREED, JuryState.LAPSED)
