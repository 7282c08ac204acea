"""What a requester tried on the way to a design: each version that was kept, for undo and for the record."""

from django.db import models

from canut.people.models import Person
from canut.work.models.projects import Revision


class DesignVersion(models.Model):
    """The design of an unpublished revision as it was at one moment; undo and redo walk along them.

    `Revision.design_version` says which one is the design now. A change made after some were undone
    takes the place of those.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    design = models.JSONField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="design_version_once"),
        ]
