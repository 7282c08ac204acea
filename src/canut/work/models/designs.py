"""What a requester tried on the way to a design: each version that was kept, for undo and for the record."""

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.projects import Revision
from canut.work.states import DesignStep


class DesignVersion(models.Model):
    """The design of an unpublished revision as it was at one moment; undo and redo walk along them.

    `Revision.design_version` says which one is the design now. A change made after some were undone
    takes the place of those. One that is not sound is unfinished work of its editor: it waits here,
    where nothing of it is lost, and `Revision.design` stays the last that was sound.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    design = models.JSONField()
    is_sound = models.BooleanField()
    step = models.CharField(max_length=10, choices=DesignStep, help_text="What led to it.")
    title = models.CharField(max_length=80, blank=True, help_text="A name by which to find it again.")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="design_version_once"),
            models.CheckConstraint(name="design_version_step_known", condition=Q(step__in=DesignStep.values)),
        ]
