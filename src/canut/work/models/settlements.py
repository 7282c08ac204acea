"""Pay that is never under the floor: settlements, the top-ups they bring, and contests (MECHANISMS 4)."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models.projects import Project, Revision
from canut.work.states import ContestState, HeardBy, TopUpState


class Settlement(models.Model):
    """One look at how long a design really takes; written once.

    `typical_seconds` is the median of the tasks' medians (T), of all work of the revision that was
    approved by then. The work that is new, and gets top-ups, is what decisions with ids above
    `after_decision` and up to `upto_decision` approved: each settlement begins where the one before
    ended (`settlement_follows`), so no work is settled twice. `inputs` holds the parameters, the new
    work's reports and each worker's median; with the inputs of the settlements before, anybody with
    access can recompute it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="settlements")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="settlements")
    number = models.PositiveIntegerField()
    typical_seconds = models.DecimalField(max_digits=12, decimal_places=3)
    assignments = models.PositiveIntegerField()
    after_decision = models.BigIntegerField(default=0)
    upto_decision = models.BigIntegerField()
    at_close = models.BooleanField(default=False)
    inputs = models.JSONField()
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="settlement_number_once"),
            models.CheckConstraint(
                name="settlement_takes_new_work",
                condition=Q(upto_decision__gt=F("after_decision"), assignments__gt=0),
            ),
            models.CheckConstraint(name="settlement_time_positive", condition=Q(typical_seconds__gt=0)),
        ]


class TopUp(models.Model):
    """What one settlement owes one worker above the reward, and what became of it.

    The sum over the worker's assignments is rounded up to the smallest unit once. `lines` names the
    assignments with the exact share of each: `[{"assignments", "reward_minor", "floor_hourly_minor",
    "share_minor"}]`, the share as a fraction such as "125/48". `floor_hourly_minor` is the highest of
    the lines' floors. It may be paid from `due_at` on. A contest holds this top-up and never pay.
    """

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="top_ups")
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    amount_minor = models.PositiveBigIntegerField()
    floor_hourly_minor = models.PositiveBigIntegerField()
    lines = models.JSONField()
    state = models.CharField(max_length=10, choices=TopUpState, default=TopUpState.ANNOUNCED)
    due_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "worker"], name="top_up_once"),
            models.CheckConstraint(name="top_up_state_known", condition=Q(state__in=TopUpState.values)),
            models.CheckConstraint(name="top_up_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="top_up_paid_has_time",
                condition=Q(state=TopUpState.PAID, paid_at__isnull=False)
                | (~Q(state=TopUpState.PAID) & Q(paid_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["announced", "contested"]), name="top_up_due"
            ),
            models.Index(fields=["worker", "-id"], name="top_up_of_worker"),
        ]


class TopUpContest(models.Model):
    """A requester's objection to one worker's reports: it holds that top-up until decided or timed out.

    `heard_by` says who decided, and is empty where nobody did. `decided_by` names the operator of a contest
    from before juries sat; of those who sit in one nobody is named.
    """

    top_up = models.OneToOneField(TopUp, models.PROTECT, primary_key=True, related_name="contest")
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=2000)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ContestState, default=ContestState.OPEN)
    heard_by = models.CharField(max_length=10, choices=HeardBy, blank=True, default="")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decision = models.TextField(max_length=10_000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="contest_state_known", condition=Q(state__in=ContestState.values)),
            models.CheckConstraint(name="contest_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="contest_ends_later", condition=Q(ends_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="contest_decided_by_somebody",
                condition=Q(state__in=["open", "lapsed", "taken_back"], decided_by__isnull=True, heard_by="")
                | (
                    Q(state__in=["upheld", "refused"])
                    & ~Q(decision="")
                    & (
                        Q(heard_by="operator", decided_by__isnull=False)
                        | Q(heard_by="jury", decided_by__isnull=True)
                    )
                ),
            ),
            models.CheckConstraint(
                name="contest_decided_has_time",
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]
