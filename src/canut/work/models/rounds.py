"""Prototype rounds: a few places of a design tried before the rest is paid for (MECHANISMS 3)."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models.projects import Project, Revision
from canut.work.states import RoundState, Verdict


class Round(models.Model):
    """One prototype round of a revision: so many tasks, so many workers a task, and what came of it.

    While it runs, `Project.round` points at it and only its places are open. `covers_tasks` is how
    many tasks of its design a passed round lets begin: the square of its tasks times the charter's factor.
    What it tried and how much of it never changes, and it is decided once.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="rounds")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    tasks = models.PositiveIntegerField()
    workers_a_task = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    most_per_worker = models.PositiveIntegerField()
    covers_tasks = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.RUNNING)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    launched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="round_number_once"),
            models.UniqueConstraint(fields=["id", "project"], name="round_with_project"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="running"), name="round_one_running_per_project"
            ),
            models.CheckConstraint(name="round_state_known", condition=Q(state__in=RoundState.values)),
            models.CheckConstraint(
                name="round_has_places",
                condition=Q(tasks__gte=1, workers_a_task__gte=1, places__gte=1, most_per_worker__gte=1),
            ),
            models.CheckConstraint(
                name="round_decided_has_time",
                condition=Q(state=RoundState.RUNNING, decided_at__isnull=True)
                | (~Q(state=RoundState.RUNNING) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="round_launched_only_if_passed",
                condition=Q(launched_at__isnull=True) | Q(state=RoundState.PASSED),
            ),
            models.CheckConstraint(
                name="round_worker_takes_a_part", condition=Q(most_per_worker__lte=F("places"))
            ),
        ]


class RoundFeedback(models.Model):
    """What one worker said about a design in a round, and their one vote."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="feedback")
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    unclear = models.TextField(help_text="What is unclear or missing, in the worker's words.")
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "worker"], name="round_feedback_once"),
            models.CheckConstraint(
                name="round_feedback_verdict_known", condition=Q(verdict__in=Verdict.values)
            ),
            models.CheckConstraint(name="round_feedback_has_words", condition=~Q(unclear="")),
        ]
