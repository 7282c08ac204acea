"""What can be told, and the states of an endpoint, of a message and of an attempt to send one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Told(models.TextChoices):
    """What an endpoint can be told of. A program reads these words; they are never renamed."""

    SUBMITTED = "submission.submitted", _("Work was handed in")
    APPROVED = "submission.approved", _("Work was approved")
    RETURNED = "submission.returned", _("Work was returned to be done again")
    REJECTED = "submission.rejected", _("Work was rejected")
    SKIPPED = "task.skipped", _("A task was skipped")
    EXPIRED = "task.expired", _("The time for a task ran out")
    BROKEN = "task.broken", _("A task was reported as broken")
    WITHDRAWN = "project.withdrawn", _("A project was withdrawn because workers refused it")
    DONE = "project.done", _("A project is done: nothing of it is left to do or to decide")
    COMPARED = "comparison.over", _("A round of comparisons of answers is over")
    APPEAL_OPENED = "appeal.opened", _("A rejection was appealed")
    APPEAL_DECIDED = "appeal.decided", _("An appeal was decided")


TRIED = "webhook.tried"
"""What is sent when somebody tries their endpoint out."""


class EndpointState(models.TextChoices):
    ACTIVE = "active", _("Messages are sent")
    PAUSED = "paused", _("You have paused it")
    DISABLED = "disabled", _("Stopped: it failed for days, or your program wants no more")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class Outcome(models.TextChoices):
    """What came of one attempt."""

    TAKEN = "taken", _("It was taken.")
    REFUSED = "refused", _("Your program answered with an error.")
    REDIRECTED = "redirected", _("Your program named another address. Redirects are not followed.")
    TOO_SLOW = "too_slow", _("Your program did not answer in time.")
    UNREACHABLE = "unreachable", _("Your program could not be reached.")
    INTERNAL = "internal", _("The address leads into a private network, where nothing is sent.")


ANSWERED = (Outcome.TAKEN, Outcome.REFUSED, Outcome.REDIRECTED)
"""What comes of an attempt that was answered."""
