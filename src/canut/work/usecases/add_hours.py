"""A requester adds hours to a running project: their money is set aside first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.work.access import own_project, require_requester
from canut.work.models import Revision
from canut.work.queries.pricing import hours_quote_for
from canut.work.queries.sessions import published_revision
from canut.work.refusals import ProjectClosed
from canut.work.rules import Quote
from canut.work.states import PayBasis, ProjectState
from canut.work.usecases.add_tasks import NotPublishedYet
from canut.work.usecases.create_project import MOST_HOURS_SECONDS
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.open_session import NotByTheHour
from canut.work.usecases.publish_project import refuse_another_total


class HoursChanged(Refusal):
    """Nothing was charged. Facts: `hours_seconds`, what the project has by now."""

    code = "hours_changed"


@transaction.atomic
def add_hours(
    *,
    project_id: int,
    by: Person,
    seconds: int,
    at: datetime,
    agreed_minor: int | None = None,
    hours_before_seconds: int | None = None,
) -> Quote:
    """Add hours to a live or paused project that pays by the hour, and return what they cost.

    `hours_before_seconds` are the project's hours as the owner saw them: a repeat, or somebody else's
    addition, is then refused and charges nothing. While a prototype round runs, the hours are paid for
    with the rest, when it is launched.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to enlarge. BadInput: no sensible time.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        NotByTheHour, NotPublishedYet, ProjectClosed: it takes no hours, or not now.
        HoursChanged: they were added to meanwhile. TotalChanged, InsufficientFunds: as `publish_project`.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    project = own_project(project_id, by=by, lock=True)
    if project.pay_basis != PayBasis.HOUR:
        raise NotByTheHour(_("This project pays for each task. Add rows to it instead."))
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    found = published_revision(project)
    if project.state == ProjectState.DRAFT or found is None:
        raise NotPublishedYet(_("This is a draft: its hours are paid for when it is published."))
    revision = Revision.objects.select_for_update(no_key=True).get(pk=found.pk)
    if not seconds >= 60 or revision.hours_seconds + seconds > MOST_HOURS_SECONDS:
        sentence = _("Add at least a minute, and at most a million hours in all.")
        raise BadInput(sentence, errors={"hours": sentence})
    if hours_before_seconds is not None and hours_before_seconds != revision.hours_seconds:
        raise HoursChanged(
            _("Hours were added meanwhile. Nothing was charged. Look again, then add what is missing."),
            hours_seconds=revision.hours_seconds,
        )
    waits_for_round = revision.hours_paid_seconds < revision.hours_seconds
    priced = hours_quote_for(project, revision, seconds=0 if waits_for_round else seconds, at=at)
    refuse_another_total(project, priced, agreed_minor=agreed_minor)

    revision.hours_seconds += seconds
    revision.save(update_fields=["hours_seconds"])
    if not waits_for_round:
        set_aside(project, priced, key=f"hours-to-{revision.number}-{revision.hours_seconds}", at=at)
    record(by, "project.hours_added", project, at=at, seconds=seconds, total_minor=priced.total_minor)
    return priced
