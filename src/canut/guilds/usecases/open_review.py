"""A drawn item is put before a reviewer: a task that the guild fund pays, for those who may judge it."""

from datetime import datetime, timedelta
from typing import Literal

from canut.guilds.in_force import reviewer_rule
from canut.guilds.models import Guild, Item, Review
from canut.guilds.review_form import LEVEL
from canut.guilds.reviewers import reviewers_of
from canut.guilds.rules_reviewers import ReviewerRule, next_change_after
from canut.guilds.usecases.review_project import review_project_for
from canut.kernel.events import record
from canut.reputation.models import ScaleKind
from canut.work.models import Submission
from canut.work.usecases.add_duty import add_duty
from canut.work.usecases.put_tasks_to_judge import ForStandings, ToJudge


def open_review(item: Item, *, at: datetime, stage: Literal[0, 1] = 0) -> Review:
    """Offer the review of a drawn item to the least busy of those who may do it; in stage 1, to all of them.

    Its block must be drawn, and its member's row locked, in the same transaction.

    Raises:
        InsufficientFunds: the guild fund cannot pay it. Nothing is done if the caller undoes it.
    """
    guild = Guild.objects.select_related("party").get(pk=item.member.guild_id)
    rule = reviewer_rule(guild.pk, at=at)
    who = reviewers_of(item, stage=stage, task_id=None, at=at)
    project = review_project_for(item.assignment.project, guild=guild, at=at)
    task = add_duty(
        project_id=project.pk,
        asked=ToJudge(
            key=str(item.pk),
            row={LEVEL: str(item.level)},
            shows=[
                Submission.objects.values_list("pk", flat=True).get(assignment=item.assignment_id, attempt=1)
            ],
            offered_to=who.offered_to,
            barred=who.barred,
            standings=ForStandings(
                ScaleKind.GUILD,
                guild.pk,
                least=None if who.levels is None else who.levels.least,
                most=None if who.levels is None else who.levels.most,
            ),
        ),
        at=at,
    )
    review = Review.objects.create(
        item=item,
        guild=guild,
        author_id=item.member_id,
        task=task,
        stage=stage,
        opened_at=at,
        lapses_at=at + timedelta(days=rule.review_lapse_days),
        next_stage_at=next_stage_at(at, rule, at=at),
    )
    record(None, "guild.review_opened", review, at=at, guild_id=guild.pk, offered=len(who.offered_to))
    return review


def next_stage_at(opened_at: datetime, rule: ReviewerRule, *, at: datetime) -> datetime | None:
    """Return when a review is offered to more people; None when the next that happens is that it lapses."""
    after = next_change_after(at - opened_at, rule)
    if after is None or after >= timedelta(days=rule.review_lapse_days):
        return None
    return opened_at + after
