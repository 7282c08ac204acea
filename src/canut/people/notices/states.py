"""Where a notice is on its ways to somebody."""

from django.db import models


class MailState(models.TextChoices):
    """`wanted` until it is looked at, `held` in quiet hours or where the week is full."""

    NOT_WANTED = "not_wanted"
    WANTED = "wanted"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"


class PushState(models.TextChoices):
    """`dropped` is what came too late or was too much: it stands on the site all the same."""

    NOT_WANTED = "not_wanted"
    WANTED = "wanted"
    SENT = "sent"
    DROPPED = "dropped"


class LetterState(models.TextChoices):
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Fault(models.TextChoices):
    """Why a mail did not arrive: no such mailbox, a mailbox in trouble, or our own mail was not taken."""

    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"


WAITING = (MailState.WANTED, MailState.HELD)
