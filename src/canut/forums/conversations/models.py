"""Who talks with whom about what, the files they add, and notes that later workers see with a task."""

import uuid

from django.db import models
from django.db.models import F, Q

from canut.discussion.limits import LONGEST_TEXT
from canut.discussion.models import Post
from canut.people.models import Party, Person
from canut.work.models import Project, Task


class Conversation(models.Model):
    """A worker and the owner of a project, about it or one of its tasks; the thread is for them alone."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", null=True, db_index=False)
    began_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker"],
                condition=Q(task__isnull=True),
                name="conversation_once_a_project",
            ),
            models.UniqueConstraint(
                fields=["project", "worker", "task"],
                condition=Q(task__isnull=False),
                name="conversation_once_a_task",
            ),
        ]
        indexes = [models.Index(fields=["worker", "-id"], name="conversation_of_worker")]


class Attachment(models.Model):
    """A file that came with a post of a conversation. Only its two people may fetch it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, models.PROTECT, related_name="attachments")
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="Empty for the oldest.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "sha256"], condition=~Q(sha256=""), name="attachment_once_a_message"
            ),
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="attachment_has_name", condition=~Q(filename="")),
        ]


class Note(models.Model):
    """What a requester told everybody about one task. Whoever does it from then on sees it there.

    It is never put in other words, for work was done by it. It can be taken back, and then it is shown no
    more. `answers` is the question that it answers, if it answers one.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(max_length=LONGEST_TEXT)
    answers = models.ForeignKey(Post, models.PROTECT, related_name="+", null=True, db_index=False)
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="note_withdrawn_after_saying",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("said_at")),
            ),
        ]
        indexes = [models.Index(fields=["task", "id"], name="note_of_task")]
