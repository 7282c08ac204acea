"""The states of what the board keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ElectionState(models.TextChoices):
    """Members stand, then the college ranks them, then the ballots are counted."""

    NOMINATIONS = "nominations", _("members may stand")
    VOTING = "voting", _("the college votes")
    OVER = "over", _("over")


class ElectedBy(models.TextChoices):
    """How an election ended."""

    COUNT = "count", _("by a count of the ballots")
    UNOPPOSED = "unopposed", _("without a vote, for there were no more candidates than seats")
    NOBODY = "nobody", _("with nobody elected, for nobody stood")


class TookSeat(models.TextChoices):
    """How somebody came to their seat."""

    COUNT = "count", _("elected")
    UNOPPOSED = "unopposed", _("elected without a vote")
    RECOUNT = "recount", _("by a recount, after a seat became empty")


class LeftSeat(models.TextChoices):
    """Why a seat is not held any more."""

    TERM = "term", _("the term was over, and others were elected")
    RESIGNED = "resigned", _("resigned")
    RECALLED = "recalled", _("recalled by the college")
    NO_MEMBER = "no_member", _("not a member any more")
    OTHER_COLLEGE = "other_college", _("belongs to another college")


class PetitionState(models.TextChoices):
    """How far a recall is."""

    OPEN = "open", _("signatures are collected")
    VOTE = "vote", _("the college votes")
    RECALLED = "recalled", _("recalled")
    KEPT = "kept", _("the college kept them")
    LAPSED = "lapsed", _("too few signed in time")
    WITHDRAWN = "withdrawn", _("taken back")
    MOOT = "moot", _("the seat became empty otherwise")


RUNNING_PETITIONS = (PetitionState.OPEN, PetitionState.VOTE)


class MotionKind(models.TextChoices):
    """What the board can decide."""

    OVERRULE = "overrule", _("put a proposal to the vote that the team called not feasible")
    RATIFICATION = "ratification", _("open the vote on the constitution")


class MotionState(models.TextChoices):
    """What became of a motion."""

    OPEN = "open", _("the board votes")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
    MOOT = "moot", _("there is nothing to decide any more")


class MotionChoice(models.TextChoices):
    """What a member of the board says to a motion, in the open."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    ABSTAIN = "abstain", _("abstain")
