"""The kinds of mails about talk, each of which can be turned off."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    DIGEST = "digest", _("Once a day: what is new where I follow")
    MENTIONS = "mentions", _("When somebody calls me by name")
