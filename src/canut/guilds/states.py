"""The states of what guilds keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Joining(models.TextChoices):
    """Who may become a member."""

    OPEN = "open", _("anybody who works here")
    INVITATION = "invitation", _("whom a member invites")


class InvitationState(models.TextChoices):
    """What became of an invitation."""

    OPEN = "open", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class BlockState(models.TextChoices):
    """A block collects items until it is full; then one is drawn, or waits for money in the fund."""

    COLLECTING = "collecting"
    WAITING = "waiting"
    DRAWN = "drawn"


class DrawnBy(models.TextChoices):
    """By which rule the item to review was chosen: the lot, or, while members have stopped it, the first."""

    LOT = "lot", _("drawn by lot")
    FIRST_COME = "first_come", _("the first, for the members had stopped the draw")


class ItemKind(models.TextChoices):
    """What a member completed: work that asks for the guild, or a first-level review."""

    WORK = "work", _("work")
    REVIEW = "review", _("a review")


class ReviewState(models.TextChoices):
    """How far the review of a drawn item is."""

    OPEN = "open", _("waiting for a reviewer")
    DONE = "done", _("done")
    LAPSED = "lapsed", _("lapsed: nobody took it in time")
    DROPPED = "dropped", _("dropped: what it was about cannot be reviewed any more")


class ContestState(models.TextChoices):
    """What became of a contested decision on a level."""

    OPEN = "open", _("open")
    STANDS = "stands", _("the reviews count, and the decision stands")
    FALLS = "falls", _("the contested reviews count no more")
    DROPPED = "dropped", _("ended without a decision")


class Stage(models.IntegerChoices):
    """To whom a review is offered by now; each stage holds those before it."""

    LEAST_BUSY = 0, _("the least busy of the reviewers' level")
    ALL = 1, _("everybody of the reviewers' level")
    NEIGHBOURS = 2, _("neighbouring levels too")
    ABOVE = 3, _("every level from the item's on")


VERDICT_WORDS = {
    1: _("under the level"),
    2: _("right for the level"),
    3: _("ready for the next level"),
    4: _("ready for the level after the next"),
}
"""What a review says of work, beside the level of whoever did it."""
