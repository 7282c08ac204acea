"""Telling both sides that work was appealed, and how that ended."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment
from canut.work.models import Appeal
from canut.work.states import AppealBy, AppealState


@transaction.atomic
def tell_of_appeal(*, appeal_id: int, what: Literal["opened", "ended"], at: datetime) -> int:
    """Tell the requester that an appeal was opened, or both sides how it ended; return how many were told.

    A worker whose work is approved after all is told so with the approval itself. A job.
    """
    appeal = Appeal.objects.select_related("assignment__project", "assignment__worker__party").get(
        pk=appeal_id
    )
    requester = Person.objects.select_related("party").filter(pk=appeal.assignment.project.owner_id).first()
    path, key = f"/justice/rejections/{appeal.assignment_id}/", f"appeal:{appeal_id}:{what}"
    told = 0
    if requester is not None:
        with as_read_by(requester):
            say = _opened if what == "opened" else _ended_for_requester
            told += tell(requester, NoticeKind.CONTESTED, *say(appeal), path=path, at=at, key=key) is not None
    if what == "ended" and appeal.state != AppealState.OVERTURNED:
        worker = appeal.assignment.worker
        with as_read_by(worker):
            said = _ended_for_worker(appeal)
            told += tell(worker, NoticeKind.APPEAL, *said, path=path, at=at, key=key) is not None
    return told


def _opened(appeal: Appeal) -> tuple[str, ...]:
    title = {"title": appeal.assignment.project.title}
    return (
        _("A rejection in “%(title)s” is appealed") % title,
        _("A worker appeals your rejection of a task of “%(title)s”, since %(time)s.")
        % {**title, "time": moment(appeal.opened_at)},
        appeal.words,
        _(
            "Peers who are drawn by lot decide, without knowing who you are or who the worker is. Until then "
            "the money of the task stays set aside. If you come to think that the work is good, approve it: "
            "that ends the appeal."
        ),
    )


def _ended_for_requester(appeal: Appeal) -> tuple[str, ...]:
    title = {"title": appeal.assignment.project.title}
    return (
        _("The appeal in “%(title)s” has ended") % title,
        _outcome(appeal)
        or _("The rejection does not stand: the work counts as approved, and its worker is paid."),
        appeal.reason,
    )


def _ended_for_worker(appeal: Appeal) -> tuple[str, ...]:
    title = {"title": appeal.assignment.project.title}
    return (
        _("Your appeal in “%(title)s” has ended") % title,
        _outcome(appeal),
        appeal.reason,
    )


def _outcome(appeal: Appeal) -> str:
    if appeal.decided_by == AppealBy.WORKER:
        return _("The appeal was taken back, so the rejection stands.")
    if appeal.state == AppealState.UPHELD:
        return _("Peers who were drawn by lot looked at it: the rejection stands.")
    if appeal.decided_by == AppealBy.NO_PEERS:
        return _(
            "No peers were found in time, so the rejection does not stand: the work counts as approved, and "
            "its worker is paid. This does not count among the appeals that a requester has lost."
        )
    return ""
