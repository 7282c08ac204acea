"""The kinds of things that can be hidden."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HiddenKind(models.TextChoices):
    """What can be hidden; the number that goes with it is the thing's own.

    A name is hidden by the number of the party that bears it, pictures by that of the task that shows them.
    """

    POST = "post", _("a post")
    TASK = "task", _("a task")
    PROJECT = "project", _("a project")
    SCREEN_NAME = "screen_name", _("a screen name")
    PICTURE = "picture", _("the pictures of a task")
