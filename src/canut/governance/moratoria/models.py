"""Motions to stop an algorithm, and who supports them."""

from django.db import models
from django.db.models import F, Q

from canut.charter.moratoria import NAMES, Algorithm
from canut.governance.moratoria.states import (
    DECIDED,
    ENDED,
    MAY_MOVE,
    OPEN,
    SETTLED,
    STOPPED_IT,
    VOTED_ON,
    MoratoriumState,
)
from canut.membership.states import College
from canut.people.models import Person

LONGEST_REASON = 2_000


class Motion(models.Model):
    """Somebody moves that an algorithm be stopped at once, and their college decides.

    Nobody is told who moved it until the college votes. Votes are the ballots' own, and decisions' numbers
    the log's: `vote_id` and `decision_number` are of the college's vote, `keep_vote_id` and
    `keep_decision_number` of the vote of all on whether it stays.
    """

    algorithm = models.CharField(max_length=10, choices=[(one.value, NAMES[one]) for one in Algorithm])
    college = models.CharField(max_length=10, choices=College)
    mover = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=10, choices=MoratoriumState, default=MoratoriumState.GATHERING)
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    vote_id = models.BigIntegerField(null=True, unique=True)
    decision_number = models.PositiveIntegerField(null=True, unique=True)
    keep_vote_id = models.BigIntegerField(null=True, unique=True)
    keep_decision_number = models.PositiveIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="moratorium_algorithm_known", condition=Q(algorithm__in=[one.value for one in Algorithm])
            ),
            models.CheckConstraint(
                name="moratorium_college_may_move", condition=Q(college__in=[one.value for one in MAY_MOVE])
            ),
            models.CheckConstraint(
                name="moratorium_state_known", condition=Q(state__in=MoratoriumState.values)
            ),
            models.CheckConstraint(name="moratorium_has_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.UniqueConstraint(
                name="moratorium_one_motion", fields=["algorithm", "college"], condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                name="moratorium_one_holds",
                fields=["algorithm"],
                condition=Q(state=MoratoriumState.HOLDS),
            ),
            models.CheckConstraint(
                name="moratorium_voted_has_vote",
                condition=Q(state__in=VOTED_ON, vote_id__isnull=False)
                | (~Q(state__in=VOTED_ON) & Q(vote_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="moratorium_decided_has_number",
                condition=Q(state__in=DECIDED, decision_number__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decision_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="moratorium_stopped_has_vote",
                condition=Q(state__in=STOPPED_IT, keep_vote_id__isnull=False)
                | (~Q(state__in=STOPPED_IT) & Q(keep_vote_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="moratorium_settled_has_number",
                condition=Q(state__in=SETTLED, keep_decision_number__isnull=False)
                | (~Q(state__in=SETTLED) & Q(keep_decision_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="moratorium_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False, ended_at__gte=F("moved_at"))
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="moratorium_by_state")]


class MotionSupport(models.Model):
    """A member of the motion's college wants it voted on. Pages tell how many do, never who."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="supports", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="moratorium_support_once", fields=["motion", "person"])]
        indexes = [models.Index(fields=["person"], name="moratorium_support_of_person")]
