"""A draft goes live: its money is set aside and its places open, or nothing happens at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import floor_held
from canut.kernel.events import record
from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.work.access import latest_revision, lock_owner, own_project, require_requester
from canut.work.designs.frames import FramedQuestion
from canut.work.designs.schema import Design, columns_of, read_design
from canut.work.frame_host import has_frames
from canut.work.models import Project, Revision, Task
from canut.work.queries.gates import hash_of
from canut.work.queries.price import Price, price_of
from canut.work.queries.wanted import source_of
from canut.work.rules import Quote
from canut.work.rules_rounds import words_hash
from canut.work.states import PayBasis, ProjectKind, ProjectState
from canut.work.usecases.begin_tasks import begin_tasks
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.give_back_free import give_back_free
from canut.work.usecases.hours_terms import refuse_too_few_hours
from canut.work.usecases.keep_design_version import refuse_unfinished
from canut.work.usecases.open_round import refuse_if_stopped
from canut.work.usecases.pay_top_ups import refuse_while_owing
from canut.work.usecases.take_over_tasks import take_over_tasks


class ProjectNotDraft(Refusal):
    code = "project_not_draft"


class NothingToPublish(Refusal):
    code = "nothing_to_publish"
    status = 422


class RewardUnderFloor(Refusal):
    """Facts: `least_reward_minor`, `floor_hourly_minor`, `currency`, `decision_number`.

    The last is the members' decision that set the floor, None while it is the one that the site began with.
    """

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
    """Publish a draft, or the revision of a published project: freeze it, set money aside, open places.

    What has not been tried begins with a prototype round: then only its places open, and only their money
    is taken; the rest follows by `launch_project`. What passed rounds cover, and what is too small for
    one, opens whole (`queries.gates`). A revision takes over the tasks of the one before it, and what was
    set aside for places that nobody had taken comes back first.

    Publishing a live project again is safe and changes nothing. Two drafts published at once with
    money for one: one goes live and the other is refused whole. `agreed_minor` is the total that the
    owner was shown, if they were: then exactly that is charged, or nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to publish.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        ProjectNotDraft: it is paused without a revision, or closed.
        DesignNotRevised: its last round was stopped, and nothing was changed since.
        TopUpsOwed: the project owes its workers top-ups, and they come first.
        RowsUnderWay: a file is still becoming tasks.
        NothingToPublish: it has no task; DesignRefused: its design asks nothing, or has mistakes.
        DesignUnfinished: its editor has typed what is no sound design yet.
        FramesNotServed: its design has pages that this site cannot show.
        RewardMissing, RewardUnderFloor: paid work under the floor (the smallest price is in facts).
        HoursTooFew: by the hour, and not enough for one session.
        DeadlineTooSoon: the deadline is over.
        TotalChanged: it costs another sum by now than was agreed to.
        InsufficientFunds: the balance does not cover the quote.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    lock_owner(by)
    project = own_project(project_id, by=by, lock=True)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    if revision.published_at is not None and project.state == ProjectState.LIVE:
        return project
    if revision.published_at is not None or project.state == ProjectState.CLOSED:
        raise ProjectNotDraft(
            _("Only a draft can be published. Resume a paused project; duplicate a closed one.")
        )
    refuse_while_owing(project, at=at)
    price = ready_to_publish(project, revision, at=at)
    refuse_another_total(project, price.now, agreed_minor=agreed_minor)

    is_first = project.published_at is None
    if is_first:
        project.published_at = at
    else:
        take_over_tasks(project, revision, at=at)
    project.state, project.publish_at = ProjectState.LIVE, None
    project.save(update_fields=["state", "published_at", "publish_at"])
    revision.published_at, revision.risks = at, project.risks
    revision.design_hash, revision.words_hash = hash_of(project, revision), words_hash(revision.design)
    revision.save(update_fields=["published_at", "risks", "design_hash", "words_hash"])
    if not is_first:
        give_back_free(project, at=at)
    begin_tasks(project, revision, price, key="publication" if is_first else "revision", by=by, at=at)
    about = {
        "places": price.now.places,
        "total_minor": price.now.total_minor,
        "in_round": price.gate.needs_round,
    }
    if is_first:
        record(by, "project.published", project, at=at, **about)
    else:
        record(by, "revision.published", project, at=at, revision=revision.number, **about)
    return project


def ready_to_publish(project: Project, revision: Revision, *, at: datetime) -> Price:
    """Return what publishing the draft or revision at `at` costs, if nothing but money can be missing.

    Raises what `publish_project` raises about the draft itself.
    """
    refuse_while_rows_move(project)
    refuse_unfinished(revision)
    design = read_design(revision.design)
    refuse_frames_without_origin(design)
    tasks = Task.objects.filter(revision=source_of(project, revision))
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
    price = price_of(project, revision, at=at)
    refuse_if_stopped(price.gate, project)
    if not price.gate.waiting_tasks:
        raise NothingToPublish(
            _("Every row has its answers, so there is nothing to publish. Upload rows first.")
        )
    refuse_under_floor(project, price.now, tried=price.tried_seconds is not None, at=at)
    return price


def refuse_frames_without_origin(design: Design) -> None:
    """Raise FramesNotServed if the design has pages of the requester's own and the site nowhere for them."""
    if any(isinstance(item, FramedQuestion) for item in design.items) and not has_frames():
        raise FramesNotServed(
            _(
                "This site cannot show your own pages: it has no separate address to run them under. "
                "Ask its operators to set CANUT_FRAME_URL, or build the task from other items."
            )
        )


def refuse_under_floor(project: Project, priced: Quote, *, tried: bool = False, at: datetime) -> None:
    """Raise RewardUnderFloor, with the smallest price that may be published, if paid work pays less.

    `tried` tells that the quote goes by the time that the workers of a prototype round took.
    """
    if project.kind == ProjectKind.PAID and priced.under_floor:
        raise under_floor(
            project,
            least_minor=priced.least_reward_minor,
            floor_minor=priced.floor_hourly_minor,
            tried=tried,
            at=at,
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


def under_floor(
    project: Project, *, least_minor: int, floor_minor: int, tried: bool = False, at: datetime
) -> RewardUnderFloor:
    """Return the refusal that names the smallest price that may be published, and who decided so."""
    by_expectation = _(
        "This pays under the floor of %(floor)s an hour. "
        "The smallest reward for this expected time is %(least)s."
    )
    by_round = _(
        "This pays under the floor of %(floor)s an hour, going by the time that the workers of the prototype "
        "round took. The smallest reward for it is %(least)s. Begin a revision with at least that: with "
        "nothing else changed, it needs no new round."
    )
    said = (by_round if tried else by_expectation) % {
        "floor": format_money(floor_minor, project.currency),
        "least": format_money(least_minor, project.currency),
    }
    decision = floor_held(at=at).decision_number
    if decision is not None:
        said += " " + _("The members set this floor by decision %(number)s.") % {"number": decision}
    return RewardUnderFloor(
        said,
        least_reward_minor=least_minor,
        floor_hourly_minor=floor_minor,
        currency=project.currency,
        decision_number=decision,
    )
