"""Reviews of drawn items, the projects they are tasks of, and what they did to levels."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.guilds.models.draws import Item
from canut.guilds.models.guilds import Guild, Member
from canut.guilds.states import ReviewState, Stage
from canut.people.models import Person
from canut.work.models import Assignment, Project, Task


class ReviewProject(models.Model):
    """The project whose tasks are the reviews of another project's work, paid by the guild fund.

    `of_reviews` tells that the other one is such a project itself: a review of a review is not reviewed
    again (MECHANISMS 2.3).
    """

    project = models.OneToOneField(
        Project, models.PROTECT, primary_key=True, related_name="review_project", db_constraint=False
    )
    guild = models.ForeignKey(Guild, models.PROTECT, related_name="review_projects")
    of = models.ForeignKey(
        Project, models.PROTECT, related_name="reviewed_in", db_constraint=False, db_index=False
    )
    of_reviews = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="A further one is opened if there is more to review."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of"], condition=Q(ended_at__isnull=True), name="review_project_one_running"
            ),
            models.CheckConstraint(name="review_project_of_another", condition=~Q(project=F("of"))),
        ]


class Review(models.Model):
    """The review of one drawn item: who may take it by now, and what it said.

    Nothing tells either side who the other is. `reviewer`'s words and verdict stay as handed in. A voided
    review counts no more, and levels are recomputed without it: an operator took it out with a reason, or
    the author won a contest about it, whose reason is the contest's.
    """

    item = models.OneToOneField(Item, models.PROTECT, related_name="review")
    guild = models.ForeignKey(Guild, models.PROTECT, related_name="reviews", db_index=False)
    author = models.ForeignKey(Member, models.PROTECT, related_name="reviews_received", db_index=False)
    task = models.OneToOneField(Task, models.PROTECT, related_name="guild_review", db_constraint=False)
    state = models.CharField(max_length=8, choices=ReviewState, default=ReviewState.OPEN)
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.LEAST_BUSY)
    next_stage_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="reviews_given", db_index=False
    )
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, related_name="given_review", db_constraint=False
    )
    verdict = models.PositiveSmallIntegerField(null=True, help_text="1 under the level to 4 two above it.")
    would_accept = models.BooleanField(null=True)
    advice = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, help_text="When the author was told by e-mail, with others.")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    voided_in = models.ForeignKey(
        "LevelContest", models.PROTECT, null=True, related_name="voided", db_index=False
    )
    void_reason = models.CharField(max_length=2_000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_state_known", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(name="review_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="review_done_is_whole",
                condition=Q(
                    state="done",
                    reviewer__isnull=False,
                    assignment__isnull=False,
                    verdict__isnull=False,
                    would_accept__isnull=False,
                )
                & ~Q(advice="")
                | ~Q(state="done")
                & Q(
                    reviewer__isnull=True,
                    assignment__isnull=True,
                    verdict__isnull=True,
                    would_accept__isnull=True,
                    advice="",
                ),
            ),
            models.CheckConstraint(
                name="review_ended_has_time",
                condition=Q(state="open", ended_at__isnull=True)
                | (
                    ~Q(state="open")
                    & Q(ended_at__isnull=False, ended_at__gte=F("opened_at"), next_stage_at__isnull=True)
                ),
            ),
            models.CheckConstraint(name="review_of_another", condition=~Q(reviewer=F("author"))),
            models.CheckConstraint(
                name="review_verdict_known", condition=Q(verdict__isnull=True) | Q(verdict__in=[1, 2, 3, 4])
            ),
            models.CheckConstraint(name="review_lapses_later", condition=Q(lapses_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="review_voided_with_reason",
                condition=Q(
                    voided_at__isnull=True, voided_by__isnull=True, voided_in__isnull=True, void_reason=""
                )
                | (
                    Q(
                        state="done",
                        voided_at__isnull=False,
                        voided_by__isnull=False,
                        voided_in__isnull=True,
                    )
                    & ~Q(void_reason="")
                )
                | Q(
                    state="done",
                    voided_at__isnull=False,
                    voided_by__isnull=True,
                    voided_in__isnull=False,
                    void_reason="",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["author", "ended_at", "id"], name="review_of_author"),
            models.Index(fields=["reviewer", "ended_at", "id"], name="review_by_reviewer"),
            models.Index(fields=["next_stage_at"], condition=Q(state="open"), name="review_to_widen"),
            models.Index(fields=["lapses_at"], condition=Q(state="open"), name="review_to_lapse"),
            models.Index(
                fields=["ended_at"], condition=Q(state="done", told_at__isnull=True), name="review_to_tell"
            ),
        ]


class LevelDecision(models.Model):
    """What a full window of reviews did to a member's level (MECHANISMS 2.8). Never changed.

    When one of its reviews is voided, it and those after it are superseded, and the windows are decided anew
    from the reviews that count.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="decisions", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted from 1 in the member.")
    review_ids = ArrayField(
        models.BigIntegerField(), help_text="The window's reviews, in the order they came."
    )
    mean = models.DecimalField(max_digits=4, decimal_places=2)
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=20)
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "number"],
                condition=Q(superseded_at__isnull=True),
                name="level_decision_number_once",
            ),
            models.CheckConstraint(
                name="level_decision_has_reviews", condition=Q(review_ids__len__gte=1, number__gte=1)
            ),
            models.CheckConstraint(
                name="level_decision_mean_of_verdicts", condition=Q(mean__gte=1, mean__lte=4)
            ),
            models.CheckConstraint(
                name="level_decision_levels_in_range",
                condition=Q(before__gte=1, before__lte=10, after__gte=1, after__lte=10),
            ),
        ]
        indexes = [models.Index(fields=["member", "-number"], name="level_decision_of_member")]
