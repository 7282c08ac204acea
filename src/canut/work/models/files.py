"""Files that workers hand in with an answer."""

import uuid

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.assignments import Assignment
from canut.work.models.projects import Project


class AnswerFile(models.Model):
    """One file of one question of one assignment; only the worker and the project's owner may fetch it.

    An answer names it by its id. What no submission names is swept when the assignment has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    project = models.ForeignKey(Project, models.PROTECT, related_name="answer_files")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="files")
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    item = models.CharField(max_length=60, help_text="The question's name in the design.")
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="answer_file_not_empty", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="answer_file_has_name", condition=~Q(filename="")),
        ]
