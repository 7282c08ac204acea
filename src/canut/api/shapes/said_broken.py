"""How broken tasks are said."""

from canut.api.shapes import broken
from canut.api.shapes.common import Party, amount
from canut.work.queries.broken import BrokenRowSeen, ReportSeen


def report_said(seen: ReportSeen) -> broken.BrokenReport:
    worked_out = ("worker", "floor_hourly", "amount", "contest")
    plain = {name: getattr(seen, name) for name in broken.BrokenReport.model_fields if name not in worked_out}
    return broken.BrokenReport(
        **plain,
        worker=None if seen.worker is None else Party.model_validate(seen.worker),
        floor_hourly=amount(seen.floor_hourly_minor, seen.currency),
        amount=amount(seen.amount_minor, seen.currency),
        contest=None if seen.contest is None else broken.BrokenContest.model_validate(seen.contest),
    )


def row_said(seen: BrokenRowSeen) -> broken.BrokenRow:
    plain = {name: getattr(seen, name) for name in broken.BrokenRow.model_fields if name != "reports"}
    return broken.BrokenRow(**plain, reports=[report_said(one) for one in seen.reports])
