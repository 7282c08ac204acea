"""The states of what votes keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VoteState(models.TextChoices):
    """A vote is open until its time is past; then it is counted, once."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("ended")


class BallotChoice(models.TextChoices):
    """What a ballot says."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    ABSTAIN = "abstain", _("abstain")


class CollegeOutcome(models.TextChoices):
    """What a college said, and why it did not say yes where it did not."""

    CARRIED = "carried", _("for it")
    AGAINST = "against", _("against it")
    TIED = "tied", _("as many for it as against it, which is not enough")
    UNDER_SHARE = "under_share", _("more for it than against it, but fewer than this class of question needs")
    UNDER_QUORUM = "under_quorum", _("too few voted")
    NOT_ASKED = "not_asked", _("not asked: too few active members when the vote opened")
