"""Why something may be flagged, how far a flagged thing has come, and what became of an objection."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagGround(models.TextChoices):
    """The published list of grounds on which something may be flagged, and hidden."""

    SPAM = "spam", _("It is advertising, or has nothing to do with the matter.")
    ABUSE = "abuse", _("It insults, threatens or harasses somebody.")
    HATE = "hate", _("It spreads hatred against people for what they are.")
    FRAUD = "fraud", _("It cheats people, or asks for money, passwords or work outside this site.")
    PERSONAL_DATA = "personal_data", _("It shows somebody's private details.")
    HARM = "harm", _("It shows something harmful that was not announced.")
    IMPERSONATION = "impersonation", _("It pretends to be somebody else.")
    ILLEGAL = "illegal", _("It is against the law in another way.")


class MatterState(models.TextChoices):
    """How far a flagged thing has come: flagged, hidden by members for a while, or decided by a person."""

    OPEN = "open", _("flagged, and shown")
    HIDDEN = "hidden", _("hidden for a while by members who flagged it")
    LAPSED = "lapsed", _("shown again, for nobody has confirmed it in time")
    CONFIRMED = "confirmed", _("hidden, confirmed by a person")
    RESTORED = "restored", _("looked at by a person, and shown")


WAITING = (MatterState.OPEN, MatterState.HIDDEN, MatterState.LAPSED)
"""The states in which no person has decided yet."""

DECIDED = (MatterState.CONFIRMED, MatterState.RESTORED)


class ObjectionState(models.TextChoices):
    """An objection is answered by another person than the one objected to; unanswered in time it prevails."""

    OPEN = "open", _("waiting for another person")
    REFUSED = "refused", _("refused: it stays hidden")
    GRANTED = "granted", _("granted: it is shown again")
    LAPSED = "lapsed", _("not answered in time: it is shown again")
