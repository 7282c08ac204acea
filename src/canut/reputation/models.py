"""What people think of each other's work, what that comes to, and what is known of a requester."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual

from canut.people.models import Party
from canut.reputation.rules_qualifications import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_REASON


class Side(models.TextChoices):
    """Whose work or whose task is judged."""

    WORKER = "worker"  # a requester judges a worker
    REQUESTER = "requester"  # a worker judges a requester


class Rating(models.Model):
    """One judgement of one party by another, about one assignment (MECHANISMS 1.1, 1.2).

    Written once: a change of mind is a new row, and the one before it stops counting (`counts_until`).
    Nobody is shown who gave them what. `assignment_id` and `group_id` belong to a room above, whose
    migration makes them foreign keys.
    """

    side = models.CharField(max_length=9, choices=Side)
    rater = models.ForeignKey(Party, models.PROTECT, related_name="ratings_given", db_index=False)
    rated = models.ForeignKey(Party, models.PROTECT, related_name="ratings_received", db_index=False)
    assignment_id = models.BigIntegerField()
    group_id = models.BigIntegerField()
    value = models.DecimalField(max_digits=3, decimal_places=2, help_text="From 1, ✓−, to 3, ✓+.")
    given_at = models.DateTimeField()
    counts_until = models.DateTimeField(null=True, help_text="When a later judgement took its place.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="rating_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="rating_within_scale", condition=Q(value__gte=1, value__lte=3)),
            models.CheckConstraint(name="rating_of_another", condition=~Q(rater=F("rated"))),
            models.UniqueConstraint(
                fields=["assignment_id", "side"],
                condition=Q(counts_until__isnull=True),
                name="rating_one_counts_per_assignment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rated", "side", "rater", "-given_at", "-id"],
                condition=Q(counts_until__isnull=True),
                name="rating_of_rated",
            ),
            models.Index(
                fields=["rater", "side", "rated", "-given_at", "-id"],
                condition=Q(counts_until__isnull=True),
                name="rating_by_rater",
            ),
            models.Index(
                fields=["rated", "side", "rater"],
                condition=Q(counts_until__isnull=False),
                name="rating_replaced",
            ),
            models.Index(fields=["rater", "side", "-id"], name="rating_given"),
        ]


class ScaleKind(models.TextChoices):
    """What a standing is measured on. Rooms above add theirs by the same use case."""

    PROJECT_GROUP = "project_group"
    REQUESTER = "requester"
    PLATFORM = "platform"
    GUILD = "guild"
    QUALIFICATION = "qualification"
    MEMBERSHIP = "membership"


class Standing(models.Model):
    """Somebody's number on one scale, for SQL to compare: the others' regard, a level, a qualification.

    Never patched: `recompute_standings` writes what `rules_ratings` makes of the ratings that count. Guilds,
    qualifications and membership write theirs by `keep_standing`; `ratings` counts the reviews behind a level
    then. On the scale "membership", 0, whoever is admitted stands at 1.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="standings", db_index=False)
    scale = models.CharField(max_length=20, choices=ScaleKind)
    scale_id = models.BigIntegerField(default=0, help_text="Which group or requester; 0 for the platform.")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    ratings = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "scale", "scale_id"], name="standing_once"),
            models.CheckConstraint(name="standing_scale_known", condition=Q(scale__in=ScaleKind.values)),
            models.CheckConstraint(
                name="standing_has_ratings",
                condition=Q(ratings__gt=0)
                | Q(scale__in=[ScaleKind.GUILD, ScaleKind.QUALIFICATION, ScaleKind.MEMBERSHIP]),
            ),
        ]
        indexes = [
            models.Index(fields=["scale", "scale_id", "-value"], name="standing_on_scale"),
            models.Index(fields=["computed_at", "id"], name="standing_by_age"),
        ]


class StandingsRefresh(models.Model):
    """That somebody's standings were all computed anew, because the charter weighs ratings differently now.

    Kept so that a standing of any moment is explained by the numbers that it was computed with.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "at"], name="standings_refresh_once")]


class Regard(models.Model):
    """What one worker thinks of one requester by now: the latest judgement, and whether it counts for others.

    It counts in other workers' feeds from `counts_since` on: once work of this worker was decided by this
    requester (MECHANISMS 1.4). `RequesterRegard` keeps the sums, so that a feed need not read every
    judgement.
    """

    worker = models.ForeignKey(Party, models.PROTECT, related_name="regards", db_index=False)
    requester = models.ForeignKey(Party, models.PROTECT, related_name="regarded_by", db_index=False)
    latest = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    counts_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "requester"], name="regard_once"),
            models.CheckConstraint(
                name="regard_within_scale", condition=Q(latest__isnull=True) | Q(latest__gte=1, latest__lte=3)
            ),
            models.CheckConstraint(name="regard_of_another", condition=~Q(worker=F("requester"))),
        ]


class RequesterRegard(models.Model):
    """The sum of what workers with decided work think of one requester, recounted nightly."""

    requester = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="regard")
    workers = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="requester_regard_within_scale",
                condition=Q(total__gte=F("workers"), total__lte=F("workers") * 3),
            ),
        ]


class RequesterRecord(models.Model):
    """A requester's public record: sums over everything they decided, kept by reading events.

    `first_decided` counts pieces of work decided for the first time, which alone can be returned. Seconds
    are kept beside the pay of the same work, so that pay per hour counts only work whose time is known:
    `timed` pieces or sessions, in euro cents, for a record does not mix currencies. Of the appeals heard,
    those lost went against the requester; of the revisions between two voted rounds, some helped.
    """

    owner = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="requester_record")
    approved = models.PositiveBigIntegerField(default=0)
    returned = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    overturned = models.PositiveBigIntegerField(default=0)
    automatic = models.PositiveBigIntegerField(default=0)
    first_decided = models.PositiveBigIntegerField(default=0)
    timed = models.PositiveBigIntegerField(default=0)
    timed_pay_minor = models.PositiveBigIntegerField(default=0)
    timed_seconds = models.PositiveBigIntegerField(default=0)
    waited_seconds = models.PositiveBigIntegerField(default=0)
    appeals_heard = models.PositiveBigIntegerField(default=0)
    appeals_lost = models.PositiveBigIntegerField(default=0)
    revisions = models.PositiveBigIntegerField(default=0)
    revisions_helped = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="record_overturned_were_rejected", condition=Q(overturned__lte=F("rejected"))
            ),
            models.CheckConstraint(
                name="record_automatic_were_approved", condition=Q(automatic__lte=F("approved"))
            ),
            models.CheckConstraint(
                name="record_returned_were_decided", condition=Q(returned__lte=F("first_decided"))
            ),
            models.CheckConstraint(
                name="record_lost_were_heard", condition=Q(appeals_lost__lte=F("appeals_heard"))
            ),
            models.CheckConstraint(
                name="record_helped_were_revised", condition=Q(revisions_helped__lte=F("revisions"))
            ),
        ]


class Ending(models.TextChoices):
    """Why somebody's value of a qualification counts no more."""

    REPLACED = "replaced"  # by another value
    REVOKED = "revoked"  # by the requester
    GIVEN_UP = "given_up"  # by the worker
    RETIRED = "retired"  # with the qualification


class Qualification(models.Model):
    """A scale of a requester's own, on which they give workers values for their projects to ask for.

    Retired ones take no part in anything any more; their names are free again. What anybody holds is in
    `QualificationGrant`, and as a `Standing` of the scale "qualification" for SQL to compare.
    """

    owner = models.ForeignKey(Party, models.PROTECT, related_name="qualifications", db_index=False)
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.TextField(blank=True, default="", help_text="Whoever is given a value reads it.")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_name_is_one_line", condition=Q(name__regex=r"^\S([^\n\r]*\S)?$")
            ),
            models.CheckConstraint(
                name="qualification_description_fits",
                condition=LessThanOrEqual(Length("description"), LONGEST_DESCRIPTION),
            ),
            models.CheckConstraint(
                name="qualification_retired_after_creation",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("created_at")),
            ),
            models.UniqueConstraint(
                "owner",
                Lower("name"),
                condition=Q(retired_at__isnull=True),
                name="qualification_name_once_in_use",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="qualification_of_owner")]

    def __str__(self) -> str:
        return self.name


class QualificationGrant(models.Model):
    """That a worker was given a value of a qualification, why, and until when it counted.

    Written once: another value is a new row, and the one before it ends (a trigger holds this). The row
    that has not ended is what the `Standing` says. Nothing here is shown to anybody but the two.
    """

    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="grants", db_index=False)
    worker = models.ForeignKey(Party, models.PROTECT, related_name="qualification_grants", db_index=False)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=8, choices=Ending, blank=True, default="")
    ended_reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_grant_ending_known", condition=Q(ended_as__in=["", *Ending.values])
            ),
            models.CheckConstraint(
                name="qualification_grant_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_as="", ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
            ),
            models.CheckConstraint(
                name="qualification_grant_ended_after",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")),
            ),
            models.UniqueConstraint(
                fields=["qualification", "worker"],
                condition=Q(ended_at__isnull=True),
                name="qualification_grant_one_counts",
            ),
        ]
        indexes = [
            models.Index(fields=["qualification", "-id"], name="qualification_grant_of_scale"),
            models.Index(fields=["worker", "-id"], name="qualification_grant_of_worker"),
        ]
