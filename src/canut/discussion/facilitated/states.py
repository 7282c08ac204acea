"""The states of a facilitated discussion, and the parts that people take in it."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """What a facilitated discussion may be about. The number beside it is that thing's own."""

    GUILD = "guild", _("a guild")
    IDEA = "idea", _("a proposal")


class Part(models.TextChoices):
    """What somebody agrees to do for all; nobody does both."""

    FACILITATOR = "facilitator", _("the facilitator")
    RAPPORTEUR = "rapporteur", _("the rapporteur")


class State(models.TextChoices):
    """How far a discussion has come; the last three are ends."""

    GATHERING = "gathering", _("waits for a facilitator and a rapporteur")
    SAYING = "saying", _("round 1: how everybody sees it")
    SUMMING_SAID = "summing_said", _("waits for the summary of round 1")
    ANSWERING = "answering", _("round 2: answers to one another")
    SUMMING_ANSWERS = "summing_answers", _("waits for the summary of round 2")
    WEIGHING = "weighing", _("round 3: what all could live with")
    RECORDING = "recording", _("waits for the record")
    OBJECTING = "objecting", _("the record is open to objections")
    PUBLISHED = "published", _("the record is published")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


ROUNDS: Mapping[State, int] = {State.SAYING: 1, State.ANSWERING: 2, State.WEIGHING: 3}
"""The states in which a round runs, with its number."""

WAITS_FOR: Mapping[State, Part] = {
    State.SUMMING_SAID: Part.FACILITATOR,
    State.SUMMING_ANSWERS: Part.FACILITATOR,
    State.RECORDING: Part.RAPPORTEUR,
}
"""The states in which a discussion goes no further before somebody has written something."""

NEEDED_IN: Mapping[Part, frozenset[State]] = {
    Part.FACILITATOR: frozenset(
        (State.GATHERING, State.SAYING, State.SUMMING_SAID, State.ANSWERING, State.SUMMING_ANSWERS)
    ),
    Part.RAPPORTEUR: frozenset((State.GATHERING, *ROUNDS, *WAITS_FOR)),
}
"""The states in which a part has something to write yet."""

ENDED = (State.PUBLISHED, State.LAPSED, State.WITHDRAWN)


class Lapse(models.TextChoices):
    """Why a discussion came to nothing."""

    NOBODY = "nobody", _("nobody took the two parts")
    TOO_FEW = "too_few", _("too few people took part")
    NO_SUMMARY = "no_summary", _("nobody wrote the summary in time")
    NO_RECORD = "no_record", _("nobody wrote the record in time")


class Answer(models.TextChoices):
    """What became of a call to take a part."""

    OPEN = "", _("open")
    YES = "yes", _("accepted")
    NO = "no", _("declined")
    OVER = "over", _("over, for somebody else took the part")
