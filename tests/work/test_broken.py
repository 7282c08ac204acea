"""Broken tasks: the report and its pay, the row out of the feed, and what its requester makes of it."""

from datetime import timedelta

from tests.builders import ANSWER, NOON, a_project, a_worker, taken

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.work.models import BrokenReport, BrokenRow
from canut.work.queries.progress import progress
from canut.work.usecases.end_broken_rows import put_back_rows, withdraw_rows
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.report_broken import report_broken, report_to_next

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_time_on_a_broken_task_is_paid_and_nobody_else_meets_it(requester, worker):
    project = a_project(owner=requester, rows=1, answers=2, expected_seconds=120)
    held = taken(worker=worker, project=project)
    for _click in range(2):
        report = report_broken(
            assignment_id=held.pk,
            kind="missing",
            words="No picture.",
            by=worker,
            at=NOON + 90 * timedelta(seconds=1),
        )
    assert (report.paid_seconds, report.amount_minor, report.pay) == (90, 38, "announced")
    seen = progress(project)
    assert (seen.open, seen.paused, seen.broken_rows, seen.still_opening) == (0, 2, 1, 0)
    assert pay_top_ups(at=NOON + HOUR) == 0
    assert pay_top_ups(at=NOON + DAY) == 1
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 38
    row = BrokenRow.objects.get()
    put_back_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=NOON + DAY)
    assert progress(project).open == 2
    assert not verify()
