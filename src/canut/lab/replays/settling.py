"""Settings of settlements: when each design's time would have been settled, and what followed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from canut.lab.replays.asked import Asked, Found, Middle, Pair, note
from canut.lab.replays.books import DIVISOR, Paid, ProjectBooks, Settled, run_again
from canut.lab.replays.books_read import currencies, projects_at_work, read_books
from canut.lab.replays.charters import Charter
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.money import TENTHS
from canut.lab.replays.report import Check, Figure
from canut.lab.replays.schedule import Approved, Design, Look, settlements
from canut.work.models import Assignment, Decision, Project, Revision, Settlement
from canut.work.queries.settling import FINISHING, UNDECIDED
from canut.work.rules_pay import TimeReport, typical_seconds
from canut.work.states import PayBasis, ProjectKind

NOTICE = "pay.top_up_notice_hours"


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in when top-ups came, and in how much they were."""
    currency, *others = currencies(asked.since, asked.until, using=asked.using)
    sums = _Sums()
    ids = Project.objects.using(asked.using).filter(
        pk__in=projects_at_work(asked.since, asked.until, using=asked.using),
        currency=currency,
        kind=ProjectKind.PAID,
        pay_basis=PayBasis.PIECE,
    )
    for project_id in asked.through(list(ids.order_by("pk").values_list("pk", flat=True))):
        designs = _designs(project_id, asked)
        waiting = [
            one.assignment_id for design in designs for one in design.approved[design.settled_before :]
        ]
        books = read_books(project_id, asked.since, asked.until, using=asked.using, also=waiting)
        sums.on_record += len(books.settled)
        sums.announced += sum(sum(one.booked.values()) for one in books.settled)
        before, after = (_again(books, designs, charter, asked) for charter in (asked.was, asked.tried))
        sums.add(before, after)
    workers, top_ups, waits = sums.workers, sums.top_ups, sums.waits
    for one in workers.values():
        one.size = one.before
    return Found(
        family="settling",
        currency=currency,
        workers=tabled(
            workers, measure="income", unit="minor", most_groups=TENTHS, least_people=asked.least_people
        ),
        figures=[
            Figure(code="settlements", unit="count", before=sums.count.before, after=sums.count.after),
            asked.money("top_ups", int(top_ups.before), int(top_ups.after), of=len(workers)),
            waits.figure("time_until_top_up", "seconds"),
        ],
        checks=[
            Check(code="settlements", unit="count", on_record=sums.on_record, again=sums.count.before),
            Check(code="announced_top_ups", unit="minor", on_record=sums.announced, again=top_ups.before),
        ],
        taken_for_granted=[note("nobody_acts_otherwise"), note("looked_every_ten_minutes")],
        unknown=[note("how_much_work")]
        + ([note("other_currencies", currencies=", ".join(others))] if others else []),
    )


@dataclass(frozen=True, slots=True)
class _Again:
    """What one project's settlements come to under one charter."""

    looks: int
    paid: Paid
    waits: Sequence[float]


class _Sums:
    """What comes of many projects."""

    def __init__(self) -> None:
        self.workers: dict[int, Measured] = defaultdict(Measured)
        self.top_ups, self.count, self.waits = Pair(), Pair(), Middle()
        self.on_record = self.announced = 0

    def add(self, before: _Again, after: _Again) -> None:
        self.count.add(before.looks, after.looks)
        self.top_ups.add(before.paid.top_ups, after.paid.top_ups)
        self.waits.before.extend(before.waits)
        self.waits.after.extend(after.waits)
        for worker_id in {*before.paid.by_worker, *after.paid.by_worker}:
            own = self.workers[worker_id]
            own.before += before.paid.by_worker.get(worker_id, 0)
            own.after += after.paid.by_worker.get(worker_id, 0)


def _again(books: ProjectBooks, designs: Sequence[Design], charter: Charter, asked: Asked) -> _Again:
    looks = [
        (design, look)
        for design in designs
        for look in settlements(design, since=asked.since, until=asked.until, charter=charter)
    ]
    settled = tuple(_settled(design, look, charter) for design, look in looks)
    paid = run_again(replace(books, settled=settled), was=asked.was, tried=asked.was)
    return _Again(len(looks), paid, _waits(looks, charter))


def _settled(design: Design, look: Look, charter: Charter) -> Settled:
    reports = [one.report for one in design.approved[: look.upto]]
    known = any(one.stated_seconds or one.measured_seconds for one in reports)
    divisor = charter.value(DIVISOR, at=look.at)
    return Settled(
        at=look.at,
        typical=typical_seconds(reports, worker_divisor=divisor)
        if known
        else Decimal(design.expected_seconds),
        by_reports=False,
        new=tuple(one.assignment_id for one in design.approved[look.first : look.upto]),
    )


def _waits(looks: Sequence[tuple[Design, Look]], charter: Charter) -> list[float]:
    return [
        (look.at + timedelta(hours=charter.value(NOTICE, at=look.at)) - one.at).total_seconds()
        for design, look in looks
        for one in design.approved[look.first : look.upto]
    ]


def _designs(project_id: int, asked: Asked) -> list[Design]:
    revisions = Revision.objects.using(asked.using).filter(
        project=project_id, published_at__isnull=False, published_at__lt=asked.until
    )
    closed_at = Project.objects.using(asked.using).values_list("closed_at", flat=True).get(pk=project_id)
    rows = list(revisions.order_by("number").values_list("pk", "published_at"))
    found = []
    for number, (revision_id, _published_at) in enumerate(rows):
        follows = rows[number + 1][1] if number + 1 < len(rows) else None
        ends = [one for one in (closed_at, follows) if one is not None]
        found.append(_design(revision_id, min(ends, default=None), asked))
    return [one for one in found if len(one.approved) > one.settled_before]


def _design(revision_id: int, over_at: datetime | None, asked: Asked) -> Design:
    decisions = Decision.objects.using(asked.using).filter(
        outcome__in=FINISHING,
        decided_at__lt=asked.until,
        submission__assignment__revision=revision_id,
        submission__assignment__submissions__attempt=1,
    )
    rows = decisions.order_by("pk").values_list(
        "pk",
        "decided_at",
        "submission__assignment_id",
        "submission__assignment__task_id",
        "submission__assignment__worker_id",
        "submission__assignment__submissions__active_seconds",
        "submission__assignment__submissions__measured_seconds",
    )
    before = Settlement.objects.using(asked.using).filter(revision=revision_id, settled_at__lt=asked.since)
    last = before.order_by("-number").values_list("upto_decision", "settled_at").first()
    upto, last_at = last or (0, None)
    approved = [
        (decision, Approved(assignment, worker, at, TimeReport(task, worker, stated, measured)))
        for decision, at, assignment, task, worker, stated, measured in rows
    ]
    expected = Revision.objects.using(asked.using).values_list("expected_seconds", flat=True)
    return Design(
        expected_seconds=expected.get(pk=revision_id),
        approved=[one for _decision, one in approved],
        settled_before=sum(decision <= upto for decision, _one in approved),
        last_at=last_at,
        over_at=over_at,
        quiet_at=_quiet_at(revision_id, asked),
    )


def _quiet_at(revision_id: int, asked: Asked) -> datetime | None:
    """Return from when on nothing of the revision was undecided; None while something is."""
    work = Assignment.objects.using(asked.using).filter(revision=revision_id)
    if work.filter(UNDECIDED).exists():
        return None
    ends = work.exclude(state="approved").order_by("-ended_at").values_list("ended_at", flat=True)
    decided = Decision.objects.using(asked.using).filter(submission__assignment__revision=revision_id)
    moments = [
        ends.filter(ended_at__isnull=False).first(),
        decided.order_by("-decided_at").values_list("decided_at", flat=True).first(),
    ]
    return max((one for one in moments if one is not None), default=None)
