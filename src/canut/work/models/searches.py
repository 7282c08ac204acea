"""What a worker wants to be told of: saved searches, and which projects they were told of."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.work.models.projects import Project


class Notice(models.TextChoices):
    """How a worker wants to be told of new work. Whatever is told stands among their notices."""

    NONE = "none", _("not at all")
    SITE = "site", _("on this site alone, among your notices")
    MAIL = "mail", _("by e-mail")
    PUSH = "push", _("by a message in the browser")
    BOTH = "both", _("by e-mail and in the browser")


class Pace(models.TextChoices):
    """How soon."""

    AT_ONCE = "at_once", _("soon after it opens")
    DAILY = "daily", _("once a day, in the morning")


class SavedSearch(models.Model):
    """Filters of the feed under a name, and whether their owner is told of new work that they match.

    It is looked at while it has a time for that. By which ways they are told is a choice among those of
    their notices.
    """

    worker = models.ForeignKey(Person, models.PROTECT, related_name="saved_searches", db_index=False)
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict, help_text="As queries.feed_filters.as_json writes them.")
    pace = models.CharField(max_length=7, choices=Pace)
    open_before = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Projects that were open to the worker when notices were asked for: these are not news.",
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("worker", Lower("name"), name="search_name_once"),
            models.CheckConstraint(name="search_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="search_pace_known", condition=Q(pace__in=Pace.values)),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at", "id"], condition=Q(next_look_at__isnull=False), name="search_due"
            ),
        ]


class NewsTurn(models.Model):
    """When a worker was last told of new work, whichever search matched it.

    Whoever saves, changes or looks for a worker's searches holds this row: one at a time.
    """

    worker = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    told_at = models.DateTimeField(null=True)


class NoticedProject(models.Model):
    """That a worker was told of a project: once, whatever searches match it."""

    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "project"], name="noticed_once"),
        ]
