"""Tasks that somebody reported as broken: the rows, the reports with their pay, and contests of these."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models.assignments import Assignment
from canut.work.models.projects import Project
from canut.work.models.tasks import Task
from canut.work.states import ROW_IS_OFF, BrokenKind, ContestState, ReportPay, RowState, UnpaidWhy


class BrokenRow(models.Model):
    """That a row is out of the feed because somebody reported it as broken, and how that ended.

    While it is paused, nobody is given the row, and its places keep their money. A withdrawn one stays out
    for good. `row_before` is what the row was before its requester mended it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="broken_rows", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="broken_rows")
    state = models.CharField(max_length=10, choices=RowState, default=RowState.PAUSED)
    paused_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    words = models.CharField(max_length=2000, blank=True, help_text="What its requester says of it.")
    row_before = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="broken_row_state_known", condition=Q(state__in=RowState.values)),
            models.CheckConstraint(
                name="broken_row_ended_by_somebody",
                condition=Q(state=RowState.PAUSED, ended_at__isnull=True, ended_by__isnull=True, words="")
                | (~Q(state=RowState.PAUSED) & Q(ended_at__isnull=False, ended_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="broken_row_before_if_mended",
                condition=Q(state=RowState.MENDED, row_before__isnull=False)
                | (~Q(state=RowState.MENDED) & Q(row_before__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=ROW_IS_OFF), name="broken_row_one_off"
            ),
            models.UniqueConstraint(fields=["id", "task"], name="broken_row_with_task"),
        ]
        indexes = [models.Index(fields=["project", "state", "-id"], name="broken_row_of_project")]


class BrokenReport(models.Model):
    """What a worker said of a task that they reported as broken, and what is paid for the time spent on it.

    Said once and never changed; what becomes of its pay is all that moves. `elapsed_seconds` is the time
    from taking the task to reporting it, by the site's clock; `paid_seconds` the part of it that is paid, at
    `floor_hourly_minor`. It may be paid from `due_at` on. A contest holds this pay and nothing else.
    `told_at` is when the requester was told.
    """

    assignment = models.OneToOneField(
        Assignment, models.PROTECT, primary_key=True, related_name="broken_report"
    )
    row = models.ForeignKey(BrokenRow, models.PROTECT, related_name="reports")
    project = models.ForeignKey(Project, models.PROTECT, related_name="broken_reports", db_index=False)
    task_id = models.BigIntegerField()
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=BrokenKind)
    words = models.CharField(max_length=2000)
    reported_at = models.DateTimeField()
    elapsed_seconds = models.PositiveIntegerField()
    paid_seconds = models.PositiveIntegerField(default=0)
    floor_hourly_minor = models.PositiveBigIntegerField()
    amount_minor = models.PositiveBigIntegerField(default=0)
    unpaid_why = models.CharField(max_length=12, choices=UnpaidWhy, blank=True)
    pay = models.CharField(max_length=10, choices=ReportPay, default=ReportPay.NONE)
    due_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="broken_report_kind_known", condition=Q(kind__in=BrokenKind.values)),
            models.CheckConstraint(name="broken_report_has_words", condition=~Q(words="")),
            models.CheckConstraint(name="broken_report_pay_known", condition=Q(pay__in=ReportPay.values)),
            models.CheckConstraint(
                name="broken_report_paid_or_says_why",
                condition=Q(
                    pay=ReportPay.NONE,
                    amount_minor=0,
                    paid_seconds=0,
                    due_at__isnull=True,
                    unpaid_why__in=UnpaidWhy.values,
                )
                | (
                    ~Q(pay=ReportPay.NONE)
                    & Q(amount_minor__gt=0, paid_seconds__gt=0, due_at__isnull=False, unpaid_why="")
                ),
            ),
            models.CheckConstraint(
                name="broken_report_pays_time_spent", condition=Q(paid_seconds__lte=F("elapsed_seconds"))
            ),
            models.CheckConstraint(
                name="broken_report_paid_has_time",
                condition=Q(pay=ReportPay.PAID, paid_at__isnull=False)
                | (~Q(pay=ReportPay.PAID) & Q(paid_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "-reported_at"], name="broken_report_of_worker"),
            models.Index(fields=["project", "-reported_at"], name="broken_report_of_project"),
            models.Index(
                fields=["due_at"], condition=Q(pay__in=["announced", "contested"]), name="broken_report_due"
            ),
        ]


class BrokenContest(models.Model):
    """A requester's objection to one report of a broken task: it holds that report's pay, and no other.

    Peers decide; nobody of them is named. If nobody decides in time, the report is paid.
    """

    report = models.OneToOneField(BrokenReport, models.PROTECT, primary_key=True, related_name="contest")
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=2000)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ContestState, default=ContestState.OPEN)
    decision = models.TextField(max_length=10_000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="broken_contest_state_known", condition=Q(state__in=ContestState.values)
            ),
            models.CheckConstraint(name="broken_contest_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="broken_contest_ends_later", condition=Q(ends_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="broken_contest_decided_has_words",
                condition=~Q(state__in=["upheld", "refused"]) | ~Q(decision=""),
            ),
            models.CheckConstraint(
                name="broken_contest_over_has_time",
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]
