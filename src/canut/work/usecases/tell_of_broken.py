"""Telling of tasks that were reported as broken: the requester what was said, the worker of a contest."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.later import later_in
from canut.kernel.money import format_money
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment
from canut.work.models import BrokenReport, BrokenRow, Project
from canut.work.states import BrokenKind, ContestState, RowState

TOLD_EVERY = timedelta(hours=1)
LATE_BY = timedelta(minutes=10)
MOST_QUOTED = 5
MOST_NUMBERS = 20


@transaction.atomic
def tell_owner_of_broken(*, project_id: int, at: datetime) -> int:
    """Tell a requester of the reports that they were not told of yet; return how many. A job.

    The first of a project is told at once; those that follow are told together, once an hour.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    reports = BrokenReport.objects.filter(project=project)
    new = list(reports.filter(told_at__isnull=True).select_related("assignment__task").order_by("pk"))
    last = (
        reports.filter(told_at__isnull=False).order_by("-told_at").values_list("told_at", flat=True).first()
    )
    if not new:
        return 0
    if last is not None and last + TOLD_EVERY > at:
        wait = last + TOLD_EVERY - at
        later_in(int(wait.total_seconds()) + 1, "work.tell_owner_of_broken", project_id=project_id)
        return 0
    reports.filter(pk__in=[one.pk for one in new]).update(told_at=at)
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return len(new)
    announced = sum(one.amount_minor for one in new)
    with as_read_by(owner):
        tell(
            owner,
            NoticeKind.PROJECT,
            ngettext(
                "A task of “%(title)s” was reported as broken",
                "%(count)s tasks of “%(title)s” were reported as broken",
                len(new),
            )
            % {"title": project.title, "count": len(new)},
            *(_said(one) for one in new[:MOST_QUOTED]),
            _("Nobody is given these rows until you have mended them, put them back or withdrawn them."),
            _("For the time spent on them %(amount)s are announced, from the project's reserve.")
            % {"amount": format_money(announced, project.currency)}
            if announced
            else "",
            path=f"/studio/{project.pk}/broken/",
            at=at,
            key=f"broken-reports:{new[0].pk}",  # told once of each
        )
    return len(new)


def tell_owners_left_out(*, at: datetime) -> int:
    """Tell requesters of reports whose job was lost: it is late by now. Return of how many. A sweep."""
    late = BrokenReport.objects.filter(told_at__isnull=True, reported_at__lte=at - TOLD_EVERY - LATE_BY)
    projects = late.order_by("project_id").values_list("project_id", flat=True).distinct()
    return sum(tell_owner_of_broken(project_id=project_id, at=at) for project_id in projects)


@transaction.atomic
def tell_reporters_of_broken(*, row_ids: Sequence[int], at: datetime) -> int:
    """Tell those who reported rows what their requester made of them, all of these rows decided on at once.

    Whoever reported several is told once. Return how many were told. A job.
    """
    rows = BrokenRow.objects.filter(pk__in=row_ids).exclude(state=RowState.PAUSED)
    reports = BrokenReport.objects.filter(row__in=rows).select_related("row__project", "assignment__task")
    by_worker: dict[int, list[BrokenReport]] = defaultdict(list)
    for report in reports.order_by("pk"):
        by_worker[report.worker_id].append(report)
    workers = Person.objects.select_related("party").filter(pk__in=by_worker).order_by("pk")
    told = 0
    for worker in workers:
        mine = by_worker[worker.pk]
        with as_read_by(worker):
            notice = tell(
                worker,
                NoticeKind.DECISION,
                *_of_rows(mine),
                path=f"/work/{mine[0].pk}/",
                at=at,
                key=f"broken-rows:{mine[0].row_id}:{mine[0].row.state}",
            )
        told += notice is not None
    return told


@transaction.atomic
def tell_of_broken_contest(*, assignment_id: int, what: str, at: datetime) -> None:
    """Tell those whom a contest concerns that it was opened, decided or has lapsed. A job.

    The worker is told of everything, the requester when it is over.
    """
    report = BrokenReport.objects.select_related("project", "contest").get(pk=assignment_id)
    worker = Person.objects.select_related("party").get(pk=report.worker_id)
    with as_read_by(worker):
        subject, *said = _to_worker(report, what)
        key = f"broken-contest:{report.pk}:{what}"
        path = f"/work/{report.pk}/"
        tell(worker, NoticeKind.PAY, subject, *said, path=path, at=at, key=key)
    owner = Person.objects.select_related("party").filter(pk=report.project.owner_id).first()
    if what == "opened" or owner is None:
        return
    with as_read_by(owner):
        facts = _facts(report)
        tell(
            owner,
            NoticeKind.PROJECT,
            _("Your contest of a broken task in “%(title)s” is over") % facts,
            _("The time spent on it is not paid.")
            if what == ContestState.UPHELD
            else _("The %(amount)s for the time spent on it are paid.") % facts,
            report.contest.decision,
            path=f"/studio/{report.project_id}/broken/{report.row_id}/",
            at=at,
            key=f"broken-contest:{report.pk}:{what}:owner",
        )


def _of_rows(reports: Sequence[BrokenReport]) -> list[str]:
    """Return what a worker is told of rows that they reported and that were decided on together."""
    row, count = reports[0].row, len(reports)
    subject, said = {
        RowState.MENDED: (
            ngettext(
                "A task of “%(title)s” that you reported was mended",
                "%(count)s tasks of “%(title)s” that you reported were mended",
                count,
            ),
            _("Its requester has changed the data. Others are given it now."),
        ),
        RowState.WHOLE: (
            ngettext(
                "A task of “%(title)s” that you reported was found whole",
                "%(count)s tasks of “%(title)s” that you reported were found whole",
                count,
            ),
            _("Its requester found nothing wrong with it. It is given to others as it is, and not to you."),
        ),
        RowState.WITHDRAWN: (
            ngettext(
                "A task of “%(title)s” that you reported was withdrawn",
                "%(count)s tasks of “%(title)s” that you reported were withdrawn",
                count,
            ),
            _("Nobody is asked for it again."),
        ),
    }[RowState(row.state)]
    numbers = ", ".join(str(one.assignment.task.position) for one in reports[:MOST_NUMBERS])
    return [
        subject % {"title": row.project.title, "count": count},
        _("Task %(number)s") % {"number": numbers + (", …" if count > MOST_NUMBERS else "")},
        said,
        _("The requester says: %(words)s") % {"words": row.words} if row.words else "",
    ]


def _said(report: BrokenReport) -> str:
    return _("Task %(number)s: %(kind)s “%(words)s”") % {
        "number": report.assignment.task.position,
        "kind": BrokenKind(report.kind).label,
        "words": report.words,
    }


def _facts(report: BrokenReport) -> dict[str, str]:
    return {
        "title": report.project.title,
        "amount": format_money(report.amount_minor, report.project.currency),
    }


def _to_worker(report: BrokenReport, what: str) -> list[str]:
    facts = _facts(report)
    match what:
        case "opened":
            return [
                _("Your report of a broken task in “%(title)s” is contested") % facts,
                _("The requester says why:"),
                report.contest.reason,
                _(
                    "The %(amount)s for your time wait until peers drawn by lot have decided, and are paid "
                    "on %(time)s if nobody has. Nothing else is touched."
                )
                % {**facts, "time": moment(report.contest.ends_at)},
            ]
        case ContestState.UPHELD:
            return [
                _("Your report of a broken task in “%(title)s” is not paid") % facts,
                _("Peers have decided that the task was not broken, so the %(amount)s are not paid.") % facts,
                report.contest.decision,
            ]
        case ContestState.REFUSED:
            why = _("Peers have decided that the task was broken.")
        case ContestState.TAKEN_BACK:
            why = _("The requester has taken back the contest.")
        case _:
            why = _("Nobody decided on the contest in time.")
    return [
        _("Your report of a broken task in “%(title)s” is paid") % facts,
        why,
        _("The %(amount)s for your time are in your earnings as soon as the project's money covers them.")
        % facts,
        report.contest.decision,
    ]
