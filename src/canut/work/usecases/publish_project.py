"""A draft goes live: its money is set aside and its places open, or nothing happens at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.schema import read_design
from canut.work.models import Project, Revision, Task
from canut.work.queries.pricing import places_wanted, quote_for
from canut.work.states import ProjectKind, ProjectState
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.open_places import open_places


class ProjectNotDraft(Refusal):
    code = "project_not_draft"


class NothingToPublish(Refusal):
    code = "nothing_to_publish"
    status = 422


class RewardUnderFloor(Refusal):
    """Facts: `least_reward_minor`, `floor_hourly_minor`, `reward_minor`, `currency`."""

    code = "reward_under_floor"
    status = 422


class RewardMissing(Refusal):
    code = "reward_missing"
    status = 422


class DeadlineTooSoon(Refusal):
    code = "deadline_too_soon"
    status = 422


@transaction.atomic
def publish_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Publish a draft: freeze its revision, set its money aside, open its places.

    Publishing a live project again is safe and changes nothing. Two drafts published at once with
    money for one: one goes live and the other is refused whole.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to publish.
        ProjectNotDraft: it is paused or closed.
        NothingToPublish: it has no task; DesignRefused: its design asks nothing, or has mistakes.
        RewardMissing, RewardUnderFloor: paid work under the floor (the smallest price is in facts).
        DeadlineTooSoon: the deadline is over.
        InsufficientFunds: the balance does not cover the quote.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if project.state == ProjectState.LIVE:
        return project
    if project.state != ProjectState.DRAFT:
        raise ProjectNotDraft(
            _("Only a draft can be published. Resume a paused project; duplicate a closed one.")
        )
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    _refuse_unready(project, revision, at=at)
    priced = quote_for(project, revision, places=places_wanted(revision), at=at)
    if project.kind == ProjectKind.PAID and priced.under_floor:
        raise under_floor(
            project, least_minor=priced.least_reward_minor, floor_minor=priced.floor_hourly_minor
        )

    project.state, project.published_at, project.publish_at = ProjectState.LIVE, at, None
    project.save(update_fields=["state", "published_at", "publish_at"])
    revision.published_at = at
    revision.save(update_fields=["published_at"])
    set_aside(project, priced, key="publication", at=at)
    Task.objects.filter(revision=revision).update(paid_for=True)
    if open_places(revision_id=revision.pk):
        later("work.open_places", revision_id=revision.pk)
    record(by, "project.published", project, at=at, places=priced.places, total_minor=priced.total_minor)
    return project


def under_floor(project: Project, *, least_minor: int, floor_minor: int) -> RewardUnderFloor:
    """Return the refusal that names the smallest price that may be published."""
    return RewardUnderFloor(
        _(
            "This pays under the floor of %(floor)s an hour. The smallest reward for this expected time is %(least)s."
        )
        % {
            "floor": format_money(floor_minor, project.currency),
            "least": format_money(least_minor, project.currency),
        },
        least_reward_minor=least_minor,
        floor_hourly_minor=floor_minor,
        currency=project.currency,
    )


def _refuse_unready(project: Project, revision: Revision, *, at: datetime) -> None:
    read_design(revision.design)
    if not Task.objects.filter(revision=revision).exists():
        raise NothingToPublish(_("There is no task yet. Upload a file with a row for each task."))
    if project.kind == ProjectKind.PAID and revision.reward_minor == 0:
        raise RewardMissing(
            _("Paid work needs a reward above zero. Volunteer work is a kind of project of its own.")
        )
    if project.deadline_at is not None and project.deadline_at <= at + timedelta(minutes=1):
        raise DeadlineTooSoon(
            _("The deadline is over before anybody could begin. Choose a later one or none.")
        )
