"""A draft goes live: its money is set aside and its places open, or nothing happens at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.frames import FramedQuestion
from canut.work.designs.schema import Design, columns_of, read_design
from canut.work.frame_host import has_frames
from canut.work.models import Project, Revision, Task
from canut.work.queries.pricing import places_wanted, quote_for
from canut.work.rules import Quote
from canut.work.states import PayBasis, ProjectKind, ProjectState
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.hours_terms import refuse_too_few_hours
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


class TotalChanged(Refusal):
    """Nothing was charged. Facts: `agreed_minor`, `total_minor`, `currency`."""

    code = "total_changed"


class FramesNotServed(Refusal):
    code = "frames_not_served"
    status = 422


@transaction.atomic
def publish_project(*, project_id: int, by: Person, at: datetime, agreed_minor: int | None = None) -> Project:
    """Publish a draft: freeze its revision, set its money aside, open its places.

    Publishing a live project again is safe and changes nothing. Two drafts published at once with
    money for one: one goes live and the other is refused whole. `agreed_minor` is the total that the
    owner was shown, if they were: then exactly that is charged, or nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to publish.
        ProjectNotDraft: it is paused or closed.
        RowsUnderWay: a file is still becoming tasks.
        NothingToPublish: it has no task; DesignRefused: its design asks nothing, or has mistakes.
        FramesNotServed: its design has pages that this site cannot show.
        RewardMissing, RewardUnderFloor: paid work under the floor (the smallest price is in facts).
        HoursTooFew: by the hour, and not enough for one session.
        DeadlineTooSoon: the deadline is over.
        TotalChanged: it costs another sum by now than was agreed to.
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
    priced = ready_to_publish(project, revision, at=at)
    refuse_another_total(project, priced, agreed_minor=agreed_minor)

    project.state, project.published_at, project.publish_at = ProjectState.LIVE, at, None
    project.save(update_fields=["state", "published_at", "publish_at"])
    revision.published_at, revision.paid_upto = at, last_position(revision)
    revision.save(update_fields=["published_at", "paid_upto"])
    set_aside(project, priced, key="publication", at=at)
    if open_places(revision_id=revision.pk):
        later("work.open_places", revision_id=revision.pk)
    record(by, "project.published", project, at=at, places=priced.places, total_minor=priced.total_minor)
    return project


def last_position(revision: Revision) -> int:
    """Return the position of the revision's last task, zero if it has none."""
    return int(Task.objects.filter(revision=revision).aggregate(last=Max("position"))["last"] or 0)


def ready_to_publish(project: Project, revision: Revision, *, at: datetime) -> Quote:
    """Return what publishing the draft at `at` costs, if nothing but the money can be missing.

    Raises what `publish_project` raises about the draft itself.
    """
    refuse_while_rows_move(project)
    design = read_design(revision.design)
    refuse_frames_without_origin(design)
    tasks = Task.objects.filter(revision=revision)
    if not tasks.exists() or (columns_of(design) and not tasks.exclude(row={}).exists()):
        raise NothingToPublish(_("There is no task yet. Upload a file with a row for each task."))
    price_minor = revision.hourly_minor if project.pay_basis == PayBasis.HOUR else revision.reward_minor
    if project.kind == ProjectKind.PAID and price_minor == 0:
        raise RewardMissing(
            _("Paid work needs a reward above zero. Volunteer work is a kind of project of its own.")
        )
    refuse_too_few_hours(project, revision, at=at)
    if project.deadline_at is not None and project.deadline_at <= at + timedelta(minutes=1):
        raise DeadlineTooSoon(
            _("The deadline is over before anybody could begin. Choose a later one or none.")
        )
    priced = quote_for(project, revision, places=places_wanted(revision), at=at)
    refuse_under_floor(project, priced)
    return priced


def refuse_frames_without_origin(design: Design) -> None:
    """Raise FramesNotServed if the design has pages of the requester's own and the site nowhere for them."""
    if any(isinstance(item, FramedQuestion) for item in design.items) and not has_frames():
        raise FramesNotServed(
            _(
                "This site cannot show your own pages: it has no separate address to run them under. "
                "Ask its operators to set CANUT_FRAME_URL, or build the task from other items."
            )
        )


def refuse_under_floor(project: Project, priced: Quote) -> None:
    """Raise RewardUnderFloor, with the smallest price that may be published, if paid work pays less."""
    if project.kind == ProjectKind.PAID and priced.under_floor:
        raise under_floor(
            project, least_minor=priced.least_reward_minor, floor_minor=priced.floor_hourly_minor
        )


def refuse_another_total(project: Project, priced: Quote, *, agreed_minor: int | None) -> None:
    """Raise TotalChanged if the owner agreed to a sum, and it is not what the quote asks."""
    if agreed_minor is not None and agreed_minor != priced.total_minor:
        raise TotalChanged(
            _(
                "The total is %(total)s by now, not %(agreed)s. Nothing was charged. "
                "Look at it again, then confirm."
            )
            % {
                "total": format_money(priced.total_minor, project.currency),
                "agreed": format_money(agreed_minor, project.currency),
            },
            agreed_minor=agreed_minor,
            total_minor=priced.total_minor,
            currency=project.currency,
        )


def under_floor(project: Project, *, least_minor: int, floor_minor: int) -> RewardUnderFloor:
    """Return the refusal that names the smallest price that may be published."""
    return RewardUnderFloor(
        _(
            "This pays under the floor of %(floor)s an hour. "
            "The smallest reward for this expected time is %(least)s."
        )
        % {
            "floor": format_money(floor_minor, project.currency),
            "least": format_money(least_minor, project.currency),
        },
        least_reward_minor=least_minor,
        floor_hourly_minor=floor_minor,
        currency=project.currency,
    )
