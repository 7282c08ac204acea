"""A review that nobody takes is offered to more people as time passes, and lapses in the end."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from canut.guilds.in_force import reviewer_rule
from canut.guilds.models import Review
from canut.guilds.reviewers import Reviewers, reviewers_of
from canut.guilds.rules_reviewers import STAGES, Stage, stage_at
from canut.guilds.states import ReviewState
from canut.guilds.usecases.open_review import next_stage_at
from canut.kernel.events import record
from canut.work.models import Assignment, TaskAudience
from canut.work.states import COUNTS_AS_DONE, ProjectState
from canut.work.usecases.widen_audience import widen_audience
from canut.work.usecases.withdraw_task import withdraw_task

MOST_AT_ONCE = 500


def widen_reviews(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Bring each open review whose time has come to its next stage, or to its end; return how many.

    Each is a transaction of its own. Several runners are safe: each takes what no other has in hand.
    """
    due = Review.objects.filter(
        Q(next_stage_at__lte=at) | Q(lapses_at__lte=at) | Q(task__project__state=ProjectState.CLOSED),
        state=ReviewState.OPEN,
    )
    ids = list(due.order_by("opened_at", "pk").values_list("pk", flat=True)[:most])
    return sum(_move(review_id, at=at) for review_id in ids)


def keep_out_the_reviewed(*, reviewer_id: int, at: datetime) -> None:
    """Bar whom a member has just reviewed from the reviews that are open of that member's own work."""
    waiting = Review.objects.filter(author_id=reviewer_id, state=ReviewState.OPEN)
    rows = waiting.select_related("item__block", "item__member", "item__assignment__project")
    for review in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        _open_to(review, _who(review, at=at), at=at)


@transaction.atomic
def _move(review_id: int, *, at: datetime) -> bool:
    rows = Review.objects.select_related("item__block", "item__member", "item__assignment__project")
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    review = locked.filter(pk=review_id, state=ReviewState.OPEN).first()
    if review is None:
        return False
    is_over = review.task.project.state == ProjectState.CLOSED
    if is_over or review.lapses_at <= at:
        return _end(review, ReviewState.DROPPED if is_over else ReviewState.LAPSED, at=at)
    rule = reviewer_rule(review.guild_id, at=at)
    stage = max(review.stage, stage_at(at - review.opened_at, rule))
    has_widened = stage > review.stage
    review.stage, review.next_stage_at = stage, next_stage_at(review.opened_at, rule, at=at)
    review.save(update_fields=["stage", "next_stage_at"])
    if has_widened:
        _open_to(review, _who(review, at=at), at=at)
        record(None, "guild.review_widened", review, at=at, guild_id=review.guild_id, stage=stage)
    return has_widened


def _end(review: Review, state: ReviewState, *, at: datetime) -> bool:
    """End a review that nobody has in hand; what is in hand or handed in may still become one."""
    # What was handed in is read in a moment: with its place taken, nothing is withdrawn.
    if Assignment.objects.filter(task_id=review.task_id, state__in=COUNTS_AS_DONE).exists():
        return False
    if state == ReviewState.LAPSED and not withdraw_task(task_id=review.task_id, at=at):
        return False
    review.state, review.ended_at, review.next_stage_at = state, at, None
    review.save(update_fields=["state", "ended_at", "next_stage_at"])
    record(None, f"guild.review_{state}", review, at=at, guild_id=review.guild_id)
    return True


def _who(review: Review, *, at: datetime) -> Reviewers:
    stage: Stage = next(one for one in STAGES if one == review.stage)
    return reviewers_of(review.item, stage=stage, task_id=review.task_id, at=at)


def _open_to(review: Review, who: Reviewers, *, at: datetime) -> None:
    least = most = None
    if who.levels is not None:
        least, most = who.levels.least, who.levels.most
        audience = TaskAudience.objects.get(pk=review.task_id)
        if audience.least is not None:  # more have come to the level above since: it stays with those it had
            least = min(least, int(audience.least))
            most = None if most is None or audience.most is None else max(most, int(audience.most))
    widen_audience(
        task_id=review.task_id,
        at=at,
        least=least,
        most=most,
        barred=who.barred,
        unbarred=who.unbound,
    )
