"""Work by the hour: paid sessions that a worker opens and closes, and breaks in them (MECHANISMS 4.8)."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models.projects import Project, Revision
from canut.work.states import SessionEnd


class WorkSession(models.Model):
    """A time for which a worker is paid, whatever they hand in within it.

    `reserved_seconds` is set aside from the revision's hours when it opens, so that a session never
    lacks money; `ends_at` is when that much is used up. What is not used goes back when it closes.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="sessions")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sessions")
    worker = models.ForeignKey(Person, models.PROTECT, related_name="sessions")
    hourly_minor = models.PositiveBigIntegerField()
    least_seconds = models.PositiveIntegerField()
    reserved_seconds = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=SessionEnd, blank=True)
    paid_seconds = models.PositiveIntegerField(null=True)
    paid_minor = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(closed_at__isnull=True), name="session_one_open_per_worker"
            ),
            models.CheckConstraint(
                name="session_end_known", condition=Q(ended_by__in=["", *SessionEnd.values])
            ),
            models.CheckConstraint(
                name="session_closed_is_paid",
                condition=Q(
                    closed_at__isnull=True, paid_seconds__isnull=True, paid_minor__isnull=True, ended_by=""
                )
                | (
                    Q(closed_at__isnull=False, paid_seconds__isnull=False, paid_minor__isnull=False)
                    & ~Q(ended_by="")
                ),
            ),
            models.CheckConstraint(
                name="session_paid_within_reserve",
                condition=Q(paid_seconds__isnull=True) | Q(paid_seconds__lte=F("reserved_seconds")),
            ),
            models.CheckConstraint(name="session_ends_later", condition=Q(ends_at__gt=F("opened_at"))),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="session_of_project"),
            models.Index(fields=["ends_at"], condition=Q(closed_at__isnull=True), name="session_running"),
        ]


class WorkBreak(models.Model):
    """A pause inside a session. A paid one counts as work, up to what the charter grants."""

    session = models.ForeignKey(WorkSession, models.PROTECT, related_name="breaks")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_paid = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(ended_at__isnull=True), name="break_one_at_a_time"
            ),
            models.CheckConstraint(
                name="break_ends_later", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
        ]
