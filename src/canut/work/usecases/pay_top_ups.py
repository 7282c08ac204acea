"""Paying what is due beside rewards: from the reserve, else from who pays the project, never from workers.

That is top-ups, and the time spent on tasks that were reported as broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.models import Event
from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, lock_accounts, post_entries
from canut.work.models import BrokenContest, BrokenReport, Project, TopUp, TopUpContest
from canut.work.queries.settling import NOT_OVER, REPORT_NOT_OVER, owed_minor
from canut.work.states import ContestState, ProjectState, ReportPay, TopUpState
from canut.work.usecases.fund_project import account_of, payer_of
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock
from canut.work.usecases.record_decisions import fund_of
from canut.work.usecases.refund_unused import refund_unused, rework_promised_minor


class TopUpsOwed(Refusal):
    """Facts: `owed_minor`, `currency`."""

    code = "top_ups_owed"
    status = 402


@dataclass(frozen=True, slots=True)
class _Debt:
    """One sum that a project owes a worker, with the row that it is owed by."""

    row: TopUp | BrokenReport
    reason: Reason
    key: str
    subject: tuple[str, int]

    @classmethod
    def of(cls, row: TopUp | BrokenReport) -> "_Debt":
        if isinstance(row, TopUp):
            return cls(row, Reason.TOP_UP, f"top_up:{row.pk}", ("topup", row.pk))
        return cls(row, Reason.BROKEN, f"broken:{row.pk}", ("assignment", row.pk))

    def mark_paid(self, *, at: datetime) -> None:
        self.row.paid_at = at
        if isinstance(self.row, TopUp):
            self.row.state = TopUpState.PAID
            self.row.save(update_fields=["state", "paid_at"])
        else:
            self.row.pay = ReportPay.PAID
            self.row.save(update_fields=["pay", "paid_at"])

    @property
    def event(self) -> str:
        return "top_up.paid" if isinstance(self.row, TopUp) else "broken_report.paid"


def pay_top_ups(*, at: datetime) -> int:
    """Pay all top-ups and reports that are due, each project in a transaction of its own; return how many."""
    top_ups = TopUp.objects.filter(state__in=NOT_OVER, due_at__lte=at)
    reports = BrokenReport.objects.filter(pay__in=REPORT_NOT_OVER, due_at__lte=at)
    projects = {
        *top_ups.values_list("settlement__project", flat=True).distinct(),
        *reports.values_list("project", flat=True).distinct(),
    }
    return sum(pay_top_ups_of_project(project_id=project_id, at=at) for project_id in sorted(projects))


@transaction.atomic
def pay_top_ups_of_project(*, project_id: int, at: datetime) -> int:
    """Pay a project's top-ups and reports of broken tasks that are due, oldest first, each whole.

    Returns how many. A contest that nobody decided in time lapses, and what it held is due like the others.
    What the reserve does not cover, less what it holds for rework that was promised, comes from the owner's
    balance, and a live project is paused. What neither covers stays owed and due: it is tried again
    whenever this runs, and the project stays paused (`refuse_while_owing`). What a fund pays is paused only
    while the fund owes, and goes on by itself.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    due = TopUp.objects.filter(settlement__project=project, state__in=NOT_OVER, due_at__lte=at)
    due = due.select_for_update(no_key=True, of=("self",)).order_by("due_at", "pk")
    top_ups = list(due)
    reports = BrokenReport.objects.filter(project=project, pay__in=REPORT_NOT_OVER, due_at__lte=at)
    told = list(reports.select_for_update(no_key=True, of=("self",)).order_by("due_at", "pk"))
    if not top_ups and not told:
        return 0
    _let_lapse(top_ups, at=at)
    _let_report_contests_lapse(told, at=at)
    debts = [*(_Debt.of(one) for one in top_ups), *(_Debt.of(one) for one in told)]
    paid, drawn = _pay_what_is_covered(project, debts, at=at)
    is_owing = paid < len(debts)
    if is_owing or (drawn and not project.fund):
        _pause(project, drawn_minor=drawn, at=at)
    elif project.fund and project.state == ProjectState.PAUSED:
        project.state = ProjectState.LIVE
        project.save(update_fields=["state"])
        record(None, "project.resumed", project, at=at)
    refund_unused(project, at=at)
    return paid


def refuse_while_owing(project: Project, *, at: datetime) -> None:
    """Pay what a project owes its workers if the money is there by now; else raise TopUpsOwed.

    Called before a project is resumed or takes more money: workers come first. Its row must be locked.
    """
    if not owed_minor(project, at=at):
        return
    pay_top_ups_of_project(project_id=project.pk, at=at)
    owed = owed_minor(project, at=at)
    if owed:
        raise TopUpsOwed(
            _(
                "This project owes its workers %(owed)s, which neither its reserve nor your balance covers. "
                "Add money first; they are paid at once, then this works."
            )
            % {"owed": format_money(owed, project.currency)},
            owed_minor=owed,
            currency=project.currency,
        )


def _let_lapse(top_ups: Sequence[TopUp], *, at: datetime) -> None:
    """End the contests of those that nobody decided on in time: their top-ups are paid (MECHANISMS 4.6)."""
    held = [one for one in top_ups if one.state == TopUpState.CONTESTED]
    contests = TopUpContest.objects.filter(top_up__in=held, state=ContestState.OPEN)
    for contest in contests.select_for_update(no_key=True):
        contest.state, contest.decided_at = ContestState.LAPSED, at
        contest.save(update_fields=["state", "decided_at"])
        later("work.tell_of_contest", top_up_id=contest.pk, what="lapsed")
    for one in held:
        one.state = TopUpState.ANNOUNCED
        one.save(update_fields=["state"])
        record(None, "top_up.contest_lapsed", one, at=at)


def _let_report_contests_lapse(reports: Sequence[BrokenReport], *, at: datetime) -> None:
    """End the contests of those reports of broken tasks that nobody decided on in time: they are paid."""
    held = [one for one in reports if one.pay == ReportPay.CONTESTED]
    contests = BrokenContest.objects.filter(report__in=held, state=ContestState.OPEN)
    for contest in contests.select_for_update(no_key=True):
        contest.state, contest.decided_at = ContestState.LAPSED, at
        contest.save(update_fields=["state", "decided_at"])
        later("work.tell_of_broken_contest", assignment_id=contest.pk, what="lapsed")
    for one in held:
        one.pay = ReportPay.ANNOUNCED
        one.save(update_fields=["pay"])
        record(None, "broken_report.contest_lapsed", one, at=at, project_id=one.project_id)


def _pay_what_is_covered(project: Project, debts: Sequence[_Debt], *, at: datetime) -> tuple[int, int]:
    """Pay each debt that reserve and balance cover whole; return how many, and what the balance gave."""
    reserve, balance = account_of(project, Kind.RESERVE), payer_of(project)
    earnings = {
        worker_id: open_account(Kind.EARNINGS, currency=project.currency, party_id=worker_id)
        for worker_id in {one.row.worker_id for one in debts}
    }
    locked = lock_accounts({reserve.pk, balance.pk, *(one.pk for one in earnings.values())})
    in_reserve = max(0, locked[reserve.pk].total_minor - rework_promised_minor(project))
    in_balance = locked[balance.pk].total_minor
    movements, paid, drawn = [], 0, 0
    for one in debts:
        from_reserve = min(in_reserve, one.row.amount_minor)
        lacking = one.row.amount_minor - from_reserve
        if lacking > in_balance:
            continue
        in_reserve, in_balance, drawn = in_reserve - from_reserve, in_balance - lacking, drawn + lacking
        for source, name, amount in ((reserve, "reserve", from_reserve), (balance, "balance", lacking)):
            if amount:
                to, key = earnings[one.row.worker_id], f"{one.key}:{name}"
                movements.append(Movement(source, to, amount, one.reason, key, one.subject))
        one.mark_paid(at=at)
        record(
            None,
            one.event,
            one.row,
            at=at,
            project_id=project.pk,
            owner_id=project.owner_id,
            paid_minor=one.row.amount_minor,
            currency=project.currency,
            **fund_of(project),
        )
        paid += 1
    post_entries(movements, at=at)
    return paid, drawn


def _pause(project: Project, *, drawn_minor: int, at: datetime) -> None:
    """Take a project out of the feed whose reserve did not cover what was due, and tell its owner once."""
    owed = owed_minor(project, at=at)
    was_live = project.state == ProjectState.LIVE
    if was_live:
        project.state = ProjectState.PAUSED
        project.save(update_fields=["state"])
        keep_cascade_clock(project, at=at)
        record(None, "project.paused", project, at=at, why="reserve_used_up", owed_minor=owed)
    if not was_live and not drawn_minor and _was_told(project, owed):
        return
    record(None, "project.reserve_used_up", project, at=at, drawn_minor=drawn_minor, owed_minor=owed)
    later("work.tell_owner_reserve_used_up", project_id=project.pk, drawn_minor=drawn_minor, owed_minor=owed)


def _was_told(project: Project, owed: int) -> bool:
    told = Event.objects.filter(
        name="project.reserve_used_up", subject_kind="project", subject_id=project.pk
    ).order_by("-pk")
    last = told.first()
    return last is not None and last.data["owed_minor"] == owed
