"""Each project that asks for a guild has one in which its work is reviewed, paid by the guild fund."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import floor_highest, in_force
from canut.charter.rules import Scope
from canut.guilds.models import Guild, ReviewProject
from canut.guilds.review_form import form_of_reviews
from canut.work.access import published_revision
from canut.work.designs.schema import read_design, to_json
from canut.work.models import Project
from canut.work.rules import least_reward_minor, paid_seconds
from canut.work.states import Fund, ProjectState
from canut.work.usecases.create_project import LONGEST_EXPECTED_SECONDS
from canut.work.usecases.end_duty import end_duty
from canut.work.usecases.found_duty import found_duty


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a review of one project's work asks, and what it pays for how long."""

    title: str
    design: dict[str, Any]
    expected_seconds: int
    reward_minor: int


def review_project_for(of: Project, *, guild: Guild, at: datetime) -> Project:
    """Return the project in which work of `of` is reviewed; found it, if there is none by today's terms.

    Where the charter has changed what is asked or paid since the last one began, another takes its place for
    what is drawn from now on. The reviews that are open in the earlier one stay as they were offered.

    Must run in a transaction.
    """
    Project.objects.select_for_update(no_key=True).get(pk=of.pk)  # two draws found one together
    about = ReviewProject.objects.filter(pk=of.pk).select_related("of").first()
    terms = _terms(of if about is None else about.of, guild=guild, of_reviews=about is not None, at=at)
    running = ReviewProject.objects.filter(of=of, ended_at__isnull=True).select_related("project").first()
    if running is not None:
        if running.guild_id == guild.pk and _is_by(running.project, terms):
            return running.project
        running.ended_at = at
        running.save(update_fields=["ended_at"])
        end_duty(project_id=running.project_id, at=at)
    project = found_duty(
        owner_id=guild.pk,
        title=terms.title,
        description=_("Reviews for the guild %(name)s, paid by the guild fund.") % {"name": guild.party.name},
        design=terms.design,
        fund=Fund.GUILD,
        reward_minor=terms.reward_minor,
        expected_seconds=terms.expected_seconds,
        language=of.language,
        device=of.device,
        risks=of.risks,
        at=at,
    )
    ReviewProject.objects.create(
        project=project, guild=guild, of=of, of_reviews=about is not None, opened_at=at
    )
    return project


@transaction.atomic
def end_review_projects(*, at: datetime) -> int:
    """Close review projects that others have replaced, once nothing in them is open; return how many."""
    replaced = ReviewProject.objects.filter(ended_at__isnull=False).exclude(
        project__state=ProjectState.CLOSED
    )
    return sum(end_duty(project_id=one, at=at) for one in replaced.values_list("pk", flat=True))


def _terms(of: Project, *, guild: Guild, of_reviews: bool, at: datetime) -> _Terms:
    """Return by which terms work of a project is reviewed now, or reviews of its work are."""
    scope = Scope(guild=guild.pk)
    least = in_force("guild.review_least_seconds", at=at, scope=scope)
    share = in_force("guild.review_time_share", at=at, scope=scope)
    seconds = published_revision(of).expected_seconds
    for _each in range(2 if of_reviews else 1):
        seconds = max(least, int((seconds * share).to_integral_value(ROUND_CEILING)))
    seconds = min(seconds, LONGEST_EXPECTED_SECONDS)
    paid = paid_seconds(seconds, of.risks, in_force("pay.risk_break_share", at=at))
    hourly = max(floor_highest(at=at), in_force("guild.review_hourly_minor", at=at, scope=scope))
    title, design = form_of_reviews(
        of.title,
        of.language or guild.language,
        least_characters=in_force("guild.comment_least_characters", at=at, scope=scope),
        of_reviews=of_reviews,
    )
    reward = least_reward_minor(expected_seconds=paid, floor_hourly_minor=hourly)
    return _Terms(title, to_json(read_design(design)), seconds, reward)


def _is_by(project: Project, terms: _Terms) -> bool:
    revision = published_revision(project)
    return (
        project.state == ProjectState.LIVE
        and revision.design == terms.design
        and revision.expected_seconds == terms.expected_seconds
        and revision.reward_minor == terms.reward_minor
    )
