"""A journal's entries, which of them are chosen for the portfolio, and what its writer has said of it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from canut.guilds.journal.limits import LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE, MOST_CHOSEN
from canut.people.models import Person
from canut.work.models import Project


class Journal(models.Model):
    """What somebody has said of their journal. Who changes it locks this row, so that changes take turns.

    `portfolio_name` is the name they want on a portfolio, where they asked to have it kept; empty for
    their screen name. `invites` is whether they are asked after a batch what they learnt.
    """

    writer = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="journal")
    portfolio_name = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    invites = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="journal_name_is_one_line",
                condition=Q(portfolio_name="") | Q(portfolio_name__regex=r"^\S([^\n\r]*\S)?$"),
            ),
        ]


class JournalEntry(models.Model):
    """Something a worker learnt, in their words; about a project they worked in, or about none.

    `position` is its place in the portfolio, from 1; null for what is not chosen.
    """

    writer = models.ForeignKey(Person, models.PROTECT, related_name="journal_entries", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="journal_entries")
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField()
    learnt_on = models.DateField(help_text="A day of the writer's own calendar.")
    position = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="journal_entry_has_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(name="journal_entry_has_text", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="journal_entry_text_fits", condition=LessThanOrEqual(Length("text"), LONGEST_TEXT)
            ),
            models.CheckConstraint(
                name="journal_entry_position_known",
                condition=Q(position__isnull=True) | Q(position__gte=1, position__lte=MOST_CHOSEN),
            ),
            models.CheckConstraint(
                name="journal_entry_changed_after_creation", condition=Q(changed_at__gte=F("created_at"))
            ),
            models.UniqueConstraint(
                fields=["writer", "position"],
                name="journal_entry_one_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=["writer", "-id"], name="journal_entry_of_writer")]
