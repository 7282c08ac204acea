"""What people say to proposals: supports, the sense check, the team's look, and mails they do not want."""

from django.db import models
from django.db.models import F, Q

from canut.governance.models.proposals import Proposal
from canut.governance.states import SAID_BY_TEAM, WITH_A_REASON, Feasibility, Stance
from canut.people.models import Person


class Support(models.Model):
    """A member wants an idea to become a draft. Pages tell how many do, never who."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="supports", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="support_once", fields=["proposal", "person"])]
        indexes = [models.Index(fields=["person", "-id"], name="support_of_person")]


class SenseCheck(models.Model):
    """What a member says to a draft, under their screen name; the last word of each counts."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="sense_checks", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    version_number = models.PositiveIntegerField()
    stance = models.CharField(max_length=8, choices=Stance)
    reason = models.CharField(max_length=2_000, blank=True, default="")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sense_check_once", fields=["proposal", "person"]),
            models.CheckConstraint(name="sense_check_stance_known", condition=Q(stance__in=Stance.values)),
            models.CheckConstraint(
                name="sense_check_against_has_reason",
                condition=~Q(stance__in=WITH_A_REASON) | ~Q(reason__regex=r"^\s*$"),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="sense_check_of_person")]


class Assessment(models.Model):
    """The team's look at a draft (MECHANISMS 7.3): due on a day, after which silence means feasible.

    Who says that it is not feasible gives a reason, and help: what would make it so. The board may
    overrule that by the motion `motion_id`.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="assessments")
    version_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Feasibility, default=Feasibility.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(max_length=4_000, blank=True, default="")
    help = models.TextField(max_length=4_000, blank=True, default="")
    overruled_at = models.DateTimeField(null=True)
    motion_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assessment_one_open", fields=["proposal"], condition=Q(outcome=Feasibility.OPEN)
            ),
            models.UniqueConstraint(name="assessment_motion_once", fields=["motion_id"]),
            models.CheckConstraint(
                name="assessment_outcome_known", condition=Q(outcome__in=Feasibility.values)
            ),
            models.CheckConstraint(name="assessment_due_later", condition=Q(due_at__gt=F("asked_at"))),
            models.CheckConstraint(
                name="assessment_said_has_time",
                condition=Q(outcome=Feasibility.OPEN, said_at__isnull=True)
                | (~Q(outcome=Feasibility.OPEN) & Q(said_at__isnull=False, said_at__gte=F("asked_at"))),
            ),
            models.CheckConstraint(
                name="assessment_said_by_one",
                condition=Q(outcome__in=SAID_BY_TEAM, by__isnull=False)
                | (~Q(outcome__in=SAID_BY_TEAM) & Q(by__isnull=True)),
            ),
            models.CheckConstraint(
                name="assessment_against_helps",
                condition=~Q(outcome=Feasibility.INFEASIBLE)
                | (~Q(reason__regex=r"^\s*$") & ~Q(help__regex=r"^\s*$")),
            ),
            models.CheckConstraint(
                name="assessment_overruled_whole",
                condition=Q(overruled_at__isnull=True, motion_id__isnull=True)
                | Q(overruled_at__isnull=False, motion_id__isnull=False, outcome=Feasibility.INFEASIBLE),
            ),
        ]
