"""The states of a dispute, who takes part in it, and what it is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DisputeState(models.TextChoices):
    """How far a dispute has come; the last four are ends."""

    DIRECT = "direct", _("both sides try to settle it between them")
    REPLY = "reply", _("a complaint was made; it waits for the other side's reply")
    MEDIATION = "mediation", _("with a mediator")
    SETTLED = "settled", _("settled: both sides agreed")
    RECOMMENDED = "recommended", _("ended with the mediator's recommendation")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("ended, for no complaint was made in time")


OPEN = (DisputeState.DIRECT, DisputeState.REPLY, DisputeState.MEDIATION)
ENDED = (DisputeState.SETTLED, DisputeState.RECOMMENDED, DisputeState.WITHDRAWN, DisputeState.LAPSED)
MEDIATED = (DisputeState.MEDIATION, DisputeState.RECOMMENDED)
COMPLAINED = (DisputeState.REPLY, *MEDIATED)


class Side(models.TextChoices):
    """Who somebody is in a dispute."""

    COMPLAINANT = "complainant", _("who began it")
    OTHER = "other", _("the other side")
    MEDIATOR = "mediator", _("the mediator")


PARTIES = (Side.COMPLAINANT, Side.OTHER)


class Audience(models.TextChoices):
    """Who reads what is written in a dispute."""

    ALL = "all", _("both sides, and the mediator")
    COMPLAINANT = "complainant", _("who began it, and the mediator")
    OTHER = "other", _("the other side, and the mediator")


class Topic(models.TextChoices):
    """What a dispute is about."""

    PAY = "pay", _("pay")
    DECISION = "decision", _("a decision on work")
    TASKS = "tasks", _("what a task asks, or what it does to people")
    CONDUCT = "conduct", _("how somebody treats somebody")
    DATA = "data", _("personal data")
    ACCOUNT = "account", _("an account, or access to work")
    ELSE = "else", _("something else")


class MandateEnd(models.TextChoices):
    """Why a mediator does not go on with a dispute."""

    STEPPED_ASIDE = "stepped_aside", _("the mediator stepped aside")
    REFUSED_BY_COMPLAINANT = "complainant", _("who began it asked for another mediator")
    REFUSED_BY_OTHER = "other", _("the other side asked for another mediator")
    TOO_SLOW = "too_slow", _("the time was over, and another mediator was asked for")
    LEFT = "left", _("the mediator does not mediate here any more")


class PrecedentState(models.TextChoices):
    """How far a summary has come."""

    WAITING = "waiting", _("both sides look at the wording")
    OBJECTED = "objected", _("a side objects to the wording")
    PUBLISHED = "published", _("published")
