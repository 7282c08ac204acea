"""A prototype round has passed: the rest is paid for and opens."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.people.notices.words import as_read_by
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.models import Project, Revision, Round
from canut.work.queries.gates import last_round
from canut.work.queries.price import Price, price_of
from canut.work.queries.pricing import quote_for
from canut.work.queries.wanted import wanted_of
from canut.work.refusals import ProjectClosed, revision_unfinished
from canut.work.states import ProjectState, RoundState
from canut.work.usecases.begin_tasks import begin_tasks
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.open_round import refuse_if_stopped
from canut.work.usecases.pay_top_ups import refuse_while_owing
from canut.work.usecases.publish_project import refuse_another_total, refuse_under_floor


class NotTried(Refusal):
    """No prototype round of this design has passed. Facts: `state`, of the last round if there was one."""

    code = "not_tried"


@transaction.atomic
def launch_project(*, project_id: int, by: Person, at: datetime, agreed_minor: int | None = None) -> Project:
    """Pay for and open what a passed prototype round covers of the tasks that wait; return the project.

    Launching again is safe and charges nothing. `agreed_minor` is the total that the owner was shown: then
    exactly that is charged, or nothing. What is more than covered goes on waiting: `add_tasks` begins it
    with a further round.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to launch. ProjectClosed: it has ended.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        RevisionUnfinished: a revision was begun. RowsUnderWay: a file is still becoming tasks.
        RoundRunning, DesignNotRevised, NotTried: no round of this design has passed yet.
        TopUpsOwed: the project owes its workers top-ups, and they come first.
        RewardUnderFloor: for the time that the round's workers took; the smallest price is in the facts.
        TotalChanged: it costs another sum by now. InsufficientFunds: the balance does not cover it.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    project = own_project(project_id, by=by, lock=True)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    price = price_of(project, revision, at=at)
    if _is_launched(project, revision, price):
        return project
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    if project.published_at is not None and revision.published_at is None:
        raise revision_unfinished()
    refuse_while_rows_move(project)
    refuse_if_stopped(price.gate, project)
    if not price.gate.may_launch or not price.gate.covered_tasks or project.published_at is None:
        raise _not_tried(project)
    refuse_while_owing(project, at=at)
    price = _of_what_is_covered(project, revision, price, at=at)
    refuse_under_floor(project, price.now, tried=price.tried_seconds is not None, at=at)
    refuse_another_total(project, price.now, agreed_minor=agreed_minor)

    begin_tasks(project, revision, price, key="launch", by=by, at=at)
    record(
        by,
        "project.launched",
        project,
        at=at,
        places=price.now.places,
        total_minor=price.now.total_minor,
    )
    return project


def launch_by_itself(*, project_id: int, at: datetime) -> bool:
    """Launch a project whose owner asked for that when its round passes; return whether it was. A job.

    What is refused waits for the owner, who is told why.
    """
    project = Project.objects.get(pk=project_id)
    owner = Person.objects.get(pk=project.owner_id)
    try:
        with as_read_by(owner):  # a refusal's sentence is mailed to them
            launch_project(project_id=project_id, by=owner, at=at)
    except Refusal as refusal:
        with transaction.atomic():
            record(None, "project.launch_failed", project, at=at, code=refusal.code)
            later(
                "work.tell_owner_launch_failed",
                project_id=project_id,
                code=refusal.code,
                why=str(refusal),
            )
        return False
    return True


def _is_launched(project: Project, revision: Revision, price: Price) -> bool:
    """Tell a repeat: nothing waits, and the last passed round was launched."""
    passed = Round.objects.filter(project=project, state=RoundState.PASSED).order_by("-pk").first()
    nothing_waits = price.gate.why == "nothing_waits" and revision.published_at is not None
    return nothing_waits and passed is not None and passed.launched_at is not None


def _of_what_is_covered(project: Project, revision: Revision, price: Price, *, at: datetime) -> Price:
    """Return the price of the tasks that may begin: all that wait, or as many as are covered."""
    if not price.gate.needs_round:
        return price
    places = wanted_of(project, revision, upto=price.gate.covered_upto).places
    now = quote_for(project, revision, places=places, at=at, typical_seconds=price.tried_seconds)
    return replace(price, gate=replace(price.gate, needs_round=False), now=now, rest=None)


def _not_tried(project: Project) -> NotTried:
    last = last_round(project)
    return NotTried(
        _(
            "No prototype round of this design has passed, so the rest cannot begin. Publish it: a round "
            "begins by itself."
        ),
        state=last.state if last else "",
    )
