"""A worker opens a paid session of work by the hour: from now on their time is paid."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import require_worker, visible_project
from canut.work.models import Assignment, Project, Revision, WorkSession
from canut.work.queries.admission import asking
from canut.work.queries.feed import places_left
from canut.work.queries.opening import refusal_for
from canut.work.queries.sessions import known, open_session_of, published_revision, session_offer
from canut.work.refusals import admission_refusal, none_left
from canut.work.rules import may_take
from canut.work.rules_hours import ending
from canut.work.states import IN_HAND, PayBasis, SessionEnd
from canut.work.usecases.end_session import end_session, locked


class NotByTheHour(Refusal):
    """This project pays for each task, not for time."""

    code = "not_by_the_hour"


class SessionOpenElsewhere(Refusal):
    """One works in one place at a time. Facts: `session_id`, `project_id` of the one that is open."""

    code = "session_open_elsewhere"


class HoursUsedUp(Refusal):
    """What is left of the project's hours is less than the least session. Facts: `least_seconds`."""

    code = "hours_used_up"


@transaction.atomic
def open_session(*, project_id: int, by: Person, at: datetime) -> WorkSession:
    """Open a paid session in a project that pays by the hour, and return it.

    Its time is reserved from the project's hours, so that it can be paid whatever follows: as long as
    the requester lets one be, or as is left. Opening it twice is safe: the second call returns the same.

    Raises:
        WorkerRoleMissing: `by` is no worker. NotByTheHour: the project pays by the piece.
        SessionOpenElsewhere: `by` has one open in another project.
        What `take_task` raises of admission; NoneLeft: there is nothing to do.
        HoursUsedUp: the hours that are left are fewer than the least session.
    """
    require_worker(by)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # one person's requests take turns
    visible_project(project_id, by=by)
    mine = open_session_of(by.pk)
    if mine is not None:
        mine_project, mine = locked(mine.pk)
        if mine.closed_at is None and ending(known(mine, at=at), at=at) is not None:
            end_session(mine_project, mine, ended_by=SessionEnd.IDLE, by=None, at=at)
        if mine.closed_at is None and mine.project_id == project_id:
            return mine
        if mine.closed_at is None:
            raise SessionOpenElsewhere(
                _("You have a session open in “%(title)s”. Close it, then open one here.")
                % {"title": mine_project.title},
                session_id=mine.pk,
                project_id=mine.project_id,
            )
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    _refuse_without_work(by, project, at=at)
    if project.pay_basis != PayBasis.HOUR:
        raise NotByTheHour(_("This project pays for each task. Take a task; no session is needed."))
    revision = published_revision(project)
    if revision is None:
        raise admission_refusal("project_not_found")
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    offer = session_offer(project, revision, by=by, at=at)
    if not offer.seconds:
        raise HoursUsedUp(
            _("The hours of this project are used up, or reserved for sessions that are open."),
            least_seconds=int(in_force("pay.session_least_seconds", at=at)),
        )
    revision.hours_reserved_seconds += offer.seconds
    revision.save(update_fields=["hours_reserved_seconds"])
    session = WorkSession.objects.create(
        project=project,
        revision=revision,
        worker=by,
        hourly_minor=offer.hourly_minor,
        least_seconds=offer.least_seconds,
        reserved_seconds=offer.seconds,
        opened_at=at,
        ends_at=at + timedelta(seconds=offer.seconds),
        last_seen_at=at,
    )
    record(by, "session.opened", session, at=at, project_id=project.pk, reserved_seconds=offer.seconds)
    return session


def _refuse_without_work(by: Person, project: Project, *, at: datetime) -> None:
    """Raise the reason why `by` could take no task in a session, but for that no session is open."""
    facts = replace(asking(worker_id=by.pk, project_id=project.pk, at=at), session_missing=False)
    code = may_take(facts)
    if code not in (None, "holds_one_here"):
        raise refusal_for(code, project_id=project.pk, worker_id=by.pk)
    in_hand = Assignment.objects.filter(worker=by, project=project, state__in=IN_HAND, lease_until__gt=at)
    left, _or_more = places_left(project_id=project.pk, worker_id=by.pk, at=at, facts=facts)
    if not in_hand.exists() and not left:
        raise none_left()
