"""What there is to settle and to pay, for the verbs that do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from canut.charter.queries import in_force
from canut.work.models import Assignment, BrokenReport, Decision, Project, Revision, Settlement, TopUp
from canut.work.rules_pay import TimeReport
from canut.work.states import Outcome, PayBasis, ProjectKind, ProjectState, ReportPay, TopUpState

FINISHING = (Outcome.APPROVED, Outcome.OVERTURNED)
UNDECIDED = Q(state__in=["held", "submitted", "returned"]) | Q(state="rejected", place_released=False)
"""Assignments that may still be approved with the money set aside for them."""

NOT_OVER = (TopUpState.ANNOUNCED, TopUpState.CONTESTED)
REPORT_NOT_OVER = (ReportPay.ANNOUNCED, ReportPay.CONTESTED)


@dataclass(frozen=True, slots=True)
class FinishedWork:
    """One approved assignment with the time that was reported when it was first handed in.

    Rework is paid by itself, so its time is not part of it.
    """

    decision_id: int
    assignment_id: int
    reward_minor: int
    submitted_at: datetime
    report: TimeReport

    @property
    def worker_id(self) -> int:
        return self.report.worker_id


def finished_work(revision: Revision) -> list[FinishedWork]:
    """Return all approved work of a revision, in the order in which it was approved."""
    rows = (
        Decision.objects.filter(
            project_id=revision.project_id,
            outcome__in=FINISHING,
            submission__assignment__revision=revision,
            submission__assignment__submissions__attempt=1,
        )
        .order_by("pk")
        .values_list(
            "pk",
            "submission__assignment_id",
            "submission__assignment__reward_minor",
            "submission__assignment__submitted_at",
            "submission__assignment__task_id",
            "submission__assignment__worker_id",
            "submission__assignment__submissions__active_seconds",
            "submission__assignment__submissions__measured_seconds",
        )
    )
    return [
        FinishedWork(decision, assignment, reward, submitted_at, TimeReport(task, worker, stated, measured))
        for decision, assignment, reward, submitted_at, task, worker, stated, measured in rows
        if submitted_at is not None
    ]


def settled_upto(revision_id: int) -> int:
    """Return the id of the last decision that a settlement of the revision has looked at; zero for none."""
    last = Settlement.objects.filter(revision_id=revision_id).aggregate(last=Max("upto_decision"))
    return int(last["last"] or 0)


def is_settled(project: Project) -> bool:
    """Return whether top-ups are a thing of this project at all: paid work by the piece."""
    return project.kind == ProjectKind.PAID and project.pay_basis == PayBasis.PIECE


def new_work(revision_id: int) -> tuple[int, int]:
    """Return how many approved assignments no settlement has looked at, and of how many workers."""
    found = _unsettled(revision_id).aggregate(
        assignments=Count("pk"), workers=Count("submission__assignment__worker", distinct=True)
    )
    return int(found["assignments"]), int(found["workers"])


def waits_since(revision_id: int) -> datetime | None:
    """Return when the oldest of the work was approved that no settlement of a revision has looked at."""
    oldest: datetime | None = _unsettled(revision_id).aggregate(oldest=Min("decided_at"))["oldest"]
    return oldest


def _unsettled(revision_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(
        project__revisions=revision_id,
        outcome__in=FINISHING,
        pk__gt=settled_upto(revision_id),
        submission__assignment__revision=revision_id,
    )


def revisions_with_new_work(project: Project) -> list[int]:
    """Return the project's published revisions that have approved work which no settlement has looked at."""
    published = Revision.objects.filter(project=project, published_at__isnull=False).order_by("number")
    return [pk for pk in published.values_list("pk", flat=True) if new_work(pk)[0]]


def anything_undecided(project: Project) -> bool:
    """Return whether work of a project may still be approved with the money set aside for it."""
    return Assignment.objects.filter(UNDECIDED, project=project).exists()


def awaits_settlement(project: Project) -> bool:
    """Return whether a project's reserve may still be needed: for undecided or unsettled work, or top-ups."""
    return is_settled(project) and (
        anything_undecided(project)
        or TopUp.objects.filter(settlement__project=project, state__in=NOT_OVER).exists()
        or bool(revisions_with_new_work(project))
    )


def top_ups_owed_minor(project: Project, *, at: datetime) -> int:
    """Return the sum of top-ups that are due and not paid, because reserve and balance lack it."""
    due = TopUp.objects.filter(settlement__project=project, state=TopUpState.ANNOUNCED, due_at__lte=at)
    return int(due.aggregate(total=Sum("amount_minor"))["total"] or 0)


def owed_minor(project: Project, *, at: datetime) -> int:
    """Return all that is due to workers and not paid: top-ups, and what reports of broken tasks are paid."""
    reports = BrokenReport.objects.filter(project=project, pay=ReportPay.ANNOUNCED, due_at__lte=at)
    owed = int(reports.aggregate(total=Sum("amount_minor"))["total"] or 0)
    return top_ups_owed_minor(project, at=at) + owed


def fund_owes_minor(fund: str, *, at: datetime) -> int:
    """Return the sum of top-ups that were due at `at` in any project that a fund pays, and are not paid."""
    due = TopUp.objects.filter(settlement__project__fund=fund, state=TopUpState.ANNOUNCED, due_at__lte=at)
    return int(due.aggregate(total=Sum("amount_minor"))["total"] or 0)


def revisions_to_settle(*, at: datetime) -> list[int]:
    """Return the revisions that a settlement is due for, by id (MECHANISMS 4.2).

    While a revision is at work: enough new work of enough workers, and the last settlement long
    enough ago. What is less waits for more, but no longer than pay may be kept waiting: a project that
    is done and never closed, or goes on very slowly, underpays nobody by that. Once a revision is over
    (its project closed, or a newer one published): any new work, at once if nothing is undecided any
    more, else as often as the others.
    """
    hours = int(in_force("pay.settlement_hours", at=at))
    least_assignments = int(in_force("pay.settlement_least_assignments", at=at))
    least_workers = int(in_force("pay.settlement_least_workers", at=at))
    too_long_ago = at - timedelta(days=int(in_force("deciding.payable_days", at=at)))
    last = Settlement.objects.filter(revision=OuterRef("pk")).order_by("-number")
    later_decisions = Decision.objects.filter(
        project=OuterRef("project"), outcome__in=FINISHING, pk__gt=OuterRef("upto")
    )
    candidates = (
        Revision.objects.filter(
            published_at__isnull=False,
            project__kind=ProjectKind.PAID,
            project__pay_basis=PayBasis.PIECE,
        )
        .annotate(last_at=Subquery(last.values("settled_at")[:1]))
        .annotate(upto=Coalesce(Subquery(last.values("upto_decision")[:1]), 0))
        .filter(Exists(later_decisions))
        .select_related("project")
        .order_by("pk")
    )
    due = []
    for revision in candidates:
        assignments, workers = new_work(revision.pk)
        if not assignments:
            continue
        is_rested = revision.last_at is None or revision.last_at <= at - timedelta(hours=hours)
        if is_over(revision):
            waits = Assignment.objects.filter(UNDECIDED, revision=revision).exists()
            if is_rested or not waits:
                due.append(revision.pk)
        elif is_rested:
            is_enough = assignments >= least_assignments and workers >= least_workers
            since = None if is_enough else waits_since(revision.pk)
            if is_enough or (since is not None and since <= too_long_ago):
                due.append(revision.pk)
    return due


def is_over(revision: Revision) -> bool:
    """Return whether nothing of a revision can be taken any more: closed, or followed by another."""
    return (
        revision.project.state == ProjectState.CLOSED
        or Revision.objects.filter(
            project_id=revision.project_id, number__gt=revision.number, published_at__isnull=False
        ).exists()
    )
