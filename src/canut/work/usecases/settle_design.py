"""Looking at how long a design really takes, and announcing what that adds to its workers' pay."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import FLOOR, in_force, last_entry_in_force
from canut.charter.rules import Scope
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import Project, Revision, Settlement, TopUp
from canut.work.queries.settling import (
    FinishedWork,
    anything_undecided,
    finished_work,
    is_over,
    is_settled,
    revisions_to_settle,
    revisions_with_new_work,
)
from canut.work.rules_pay import (
    medians_of_workers,
    shares_of_workers,
    shortfall_minor,
    top_up_minor,
    typical_seconds,
)
from canut.work.states import ProjectState
from canut.work.usecases.give_back_free import give_back_free


class NothingToSettle(Refusal):
    code = "nothing_to_settle"


@transaction.atomic
def settle_design(*, revision_id: int, at: datetime) -> Settlement:
    """Work out a revision's typical time, and announce to each worker what their new work lacks.

    T is worked out from all work of the revision that was approved so far, new or not. Top-ups are for
    the new work alone, approved since the last settlement: what was settled is settled, whichever way
    T moves later. The floor is the worker's own, of their country and working status, that was in
    force when the work was handed in. Where nobody's time is known, by report or timer, T is the
    expected time, which the price was quoted for. Of sensitive work, T takes the paid breaks with it.

    Each top-up can be contested until it is due, the charter's hours from now; it is paid then.

    Raises:
        NothingToSettle: no approved work is new, or it is not paid by the piece.
    """
    project_id = Revision.objects.values_list("project_id", flat=True).get(pk=revision_id)
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    revision = Revision.objects.select_related("project").get(pk=revision_id)
    last = Settlement.objects.filter(revision=revision).order_by("-number").first()
    work = finished_work(revision)
    new = [one for one in work if last is None or one.decision_id > last.upto_decision]
    if not new or not is_settled(project):
        raise NothingToSettle(_("No work was approved here since the last settlement."))

    divisor = in_force("pay.worker_reports_divisor", at=at)
    reports = [one.report for one in work]
    known = any(one.stated_seconds or one.measured_seconds for one in reports)
    typical = (
        typical_seconds(reports, worker_divisor=divisor) if known else Decimal(revision.expected_seconds)
    )
    break_share = in_force("pay.risk_break_share", at=at) if project.risks else Decimal(0)
    settlement = Settlement.objects.create(
        project=project,
        revision=revision,
        number=last.number + 1 if last else 1,
        typical_seconds=typical,
        assignments=len(new),
        after_decision=last.upto_decision if last else 0,
        upto_decision=new[-1].decision_id,
        at_close=is_over(revision),
        inputs={
            "basis": "reports" if known else "expected_seconds",
            "charter_entry": last_entry_in_force(at=at),
            "worker_divisor": divisor,
            "break_share": str(break_share),
            "reports": _reports(new),
            "workers": _workers(work, divisor=divisor),
        },
        settled_at=at,
    )
    due_at = at + timedelta(hours=in_force("pay.top_up_notice_hours", at=at))
    top_ups = _top_ups(settlement, new, paid_time=typical * (1 + break_share), due_at=due_at)
    TopUp.objects.bulk_create(top_ups)
    record(
        None,
        "settlement.made",
        settlement,
        at=at,
        project_id=project.pk,
        revision=revision.number,
        typical_seconds=str(typical),
        top_ups=len(top_ups),
        top_up_minor=sum(one.amount_minor for one in top_ups),
    )
    if top_ups:
        later("work.tell_owner_of_top_ups", settlement_id=settlement.pk)
    if project.fund and project.state != ProjectState.CLOSED:
        give_back_free(project, at=at)
    return settlement


def settle_what_is_over(project: Project, *, at: datetime) -> int:
    """Settle every revision of a closed project that has new work; return how many.

    The project's row must be locked.
    """
    due = revisions_with_new_work(project) if is_settled(project) else []
    for revision_id in due:
        settle_design(revision_id=revision_id, at=at)
    return len(due)


def settle_when_all_is_decided(project: Project, *, at: datetime) -> None:
    """Settle a closed project whose last work was decided just now, so that its reserve need not wait."""
    if project.state == ProjectState.CLOSED and not anything_undecided(project):
        settle_what_is_over(project, at=at)


def settle_what_is_due(*, at: datetime) -> int:
    """Settle every revision that it is time for, each in a transaction of its own; return how many."""
    settled = 0
    for revision_id in revisions_to_settle(at=at):
        try:
            settle_design(revision_id=revision_id, at=at)
        except NothingToSettle:  # another runner was here first
            continue
        settled += 1
    return settled


def _reports(new: Sequence[FinishedWork]) -> list[list[int | None]]:
    """Return the new work's reports as [assignment, task, worker, stated, measured seconds]."""
    return [
        [
            one.assignment_id,
            one.report.task_id,
            one.worker_id,
            one.report.stated_seconds,
            one.report.measured_seconds,
        ]
        for one in new
    ]


def _workers(work: Sequence[FinishedWork], *, divisor: int) -> dict[str, dict[str, Any]]:
    """Return each worker's number of reports, their median, and what they weigh in T."""
    reports = [one.report for one in work]
    medians, shares = medians_of_workers(reports), shares_of_workers(reports, worker_divisor=divisor)
    counts: dict[int, int] = defaultdict(int)
    for one in work:
        counts[one.worker_id] += 1
    return {
        str(worker): {
            "reports": count,
            "median_seconds": str(medians[worker]) if worker in medians else None,
            "share": str(shares.get(worker, Fraction(0))),
        }
        for worker, count in sorted(counts.items())
    }


def _top_ups(
    settlement: Settlement, new: Sequence[FinishedWork], *, paid_time: Decimal, due_at: datetime
) -> list[TopUp]:
    """Return what each worker's new work lacks, one top-up a worker, none where nothing lacks."""
    people = Person.objects.in_bulk({one.worker_id for one in new})
    lines: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in new:
        person = people[one.worker_id]
        scope = Scope(country=person.country, status=person.working_status)
        floor = in_force(FLOOR, at=one.submitted_at, scope=scope)
        lines[one.worker_id][one.reward_minor, floor].append(one.assignment_id)
    top_ups = []
    for worker_id, groups in sorted(lines.items()):
        shares = {
            (reward, floor): shortfall_minor(reward_minor=reward, typical=paid_time, floor_hourly_minor=floor)
            for reward, floor in groups
        }
        amount = top_up_minor(share * len(groups[group]) for group, share in shares.items())
        if not amount:
            continue
        top_ups.append(
            TopUp(
                settlement=settlement,
                worker_id=worker_id,
                amount_minor=amount,
                floor_hourly_minor=max(floor for (_reward, floor), share in shares.items() if share),
                lines=[
                    {
                        "assignments": groups[reward, floor],
                        "reward_minor": reward,
                        "floor_hourly_minor": floor,
                        "share_minor": str(share),
                    }
                    for (reward, floor), share in shares.items()
                    if share
                ],
                due_at=due_at,
            )
        )
    return top_ups
