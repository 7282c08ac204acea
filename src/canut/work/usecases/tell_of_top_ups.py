"""Telling of top-ups: the requester before they are paid, and of contests everybody concerned."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.money import format_money
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment
from canut.work.models import Project, Settlement, TopUp
from canut.work.states import ContestState
from canut.work.usecases.tell_operators import tell_operators_fund_lacks


@transaction.atomic
def tell_owner_of_top_ups(*, settlement_id: int, at: datetime) -> bool:
    """Tell a requester which top-ups come, and until when one can be contested; return if they were told."""
    settlement = Settlement.objects.select_related("project").get(pk=settlement_id)
    project = settlement.project
    top_ups = list(TopUp.objects.filter(settlement=settlement))
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None or not top_ups:
        return False
    with as_read_by(owner):
        amount = format_money(sum(one.amount_minor for one in top_ups), project.currency)
        told = tell(
            owner,
            NoticeKind.PAY,
            _("Top-ups for “%(title)s”: %(amount)s") % {"title": project.title, "amount": amount},
            _(
                "The work on “%(title)s” takes longer than its reward pays for at the floor. "
                "The difference goes to those who did it."
            )
            % {"title": project.title},
            ngettext(
                "%(count)s worker gets %(amount)s on %(time)s, from the project's reserve.",
                "%(count)s workers get %(amount)s together on %(time)s, from the project's reserve.",
                len(top_ups),
            )
            % {"count": len(top_ups), "amount": amount, "time": moment(top_ups[0].due_at)},
            _(
                "Until then you can see how long each of them took, and contest somebody's reports with a "
                "reason."
            ),
            path=f"/studio/{project.pk}/top-ups/",
            at=at,
            key=f"top-ups:{settlement_id}",
        )
    return told is not None


@transaction.atomic
def tell_owner_reserve_used_up(*, project_id: int, drawn_minor: int, owed_minor: int, at: datetime) -> bool:
    """Tell a requester that top-ups took more than the reserve held, and what is still owed.

    Of what a fund pays, those who run the site are told.
    """
    project = Project.objects.get(pk=project_id)
    if project.fund:
        return tell_operators_fund_lacks(project, owed_minor=owed_minor, at=at) > 0
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    with as_read_by(owner):
        drawn = owed = ""
        if drawn_minor:
            drawn = _("%(amount)s came from your balance.") % {
                "amount": format_money(drawn_minor, project.currency)
            }
        if owed_minor:
            owed = _(
                "%(amount)s is still owed to workers, for your balance does not cover it. It is paid as soon "
                "as you add money. Until then the project cannot go on."
            ) % {"amount": format_money(owed_minor, project.currency)}
        told = tell(
            owner,
            NoticeKind.PROJECT,
            _("The reserve of “%(title)s” is used up") % {"title": project.title},
            _("The top-ups of “%(title)s” took more than its reserve held.") % {"title": project.title},
            drawn,
            owed,
            _("The project is paused, if it was live. Look at its price before you resume it."),
            path=f"/studio/{project.pk}/top-ups/",
            at=at,
        )
    return told is not None


@transaction.atomic
def tell_of_contest(*, top_up_id: int, what: str, at: datetime) -> int:
    """Tell those whom a contest concerns that it was opened, decided or has lapsed; return how many. A job.

    The worker is told of everything, the requester when it is over.
    """
    rows = TopUp.objects.select_related("settlement__project", "contest")
    top_up = rows.get(pk=top_up_id)
    project = top_up.settlement.project
    worker = Person.objects.select_related("party").get(pk=top_up.worker_id)
    told = 0
    with as_read_by(worker):
        said = _to_worker(top_up, project, what)
        key = f"top-up:{top_up_id}:{what}"
        told += tell(worker, NoticeKind.CONTESTED, *said, path="/earnings/", at=at, key=key) is not None
    if what == "opened":
        return told
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is not None:
        with as_read_by(owner):
            said, path = _to_owner(top_up, project, what), f"/studio/{project.pk}/top-ups/"
            told += tell(owner, NoticeKind.APPEAL, *said, path=path, at=at, key=key) is not None
    return told


def _to_worker(top_up: TopUp, project: Project, what: str) -> list[str]:
    facts = {"title": project.title, "amount": format_money(top_up.amount_minor, project.currency)}
    contest = top_up.contest
    match what:
        case "opened":
            return [
                _("A top-up of yours for “%(title)s” is contested") % facts,
                _("The requester of “%(title)s” contests the times you stated there, and says why:") % facts,
                contest.reason,
                _(
                    "Your top-up of %(amount)s waits until peers drawn by lot have decided, and is paid on "
                    "%(time)s if nobody has. Your rewards are not touched."
                )
                % {**facts, "time": moment(contest.ends_at)},
            ]
        case ContestState.UPHELD:
            return [
                _("A top-up of yours for “%(title)s” is not paid") % facts,
                _("Peers have decided on the contest of your top-up of %(amount)s: it is not paid.") % facts,
                contest.decision,
            ]
        case ContestState.REFUSED:
            return [
                _("Your top-up for “%(title)s” is paid") % facts,
                _("Peers have decided on the contest of your top-up of %(amount)s: it is paid.") % facts,
                contest.decision,
            ]
        case ContestState.TAKEN_BACK:
            return [
                _("Your top-up for “%(title)s” is paid") % facts,
                _("The requester has taken back the contest of your top-up of %(amount)s, so it is paid.")
                % facts,
            ]
        case _:
            return [
                _("Your top-up for “%(title)s” is paid") % facts,
                _("Nobody decided in time on the contest of your top-up of %(amount)s, so it is paid.")
                % facts,
            ]


def _to_owner(top_up: TopUp, project: Project, what: str) -> list[str]:
    facts = {"title": project.title, "amount": format_money(top_up.amount_minor, project.currency)}
    subject = _("Your contest of a top-up for “%(title)s” is over") % facts
    match what:
        case ContestState.UPHELD:
            said = _("The top-up of %(amount)s is not paid.") % facts
        case ContestState.REFUSED | ContestState.TAKEN_BACK:
            said = _("The top-up of %(amount)s is paid.") % facts
        case _:
            said = _("Nobody decided in time, so the top-up of %(amount)s is paid.") % facts
    return [subject, said, top_up.contest.decision]
