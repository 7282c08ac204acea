"""Settings of how work is taken, decided on and tried: what is on record, counted by the tried value."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F

from canut.lab.replays.asked import Asked, Found, Middle, note
from canut.lab.replays.charters import Charter
from canut.lab.replays.report import Check, Figure
from canut.ledger.models import LedgerEntry, Reason
from canut.work.models import (
    Assignment,
    BrokenRow,
    CascadeBeat,
    Decision,
    Place,
    ProjectOpening,
    ProjectRefusal,
    Round,
    RoundFeedback,
    Settlement,
    TopUpContest,
    Withdrawal,
)
from canut.work.rules import lease_seconds
from canut.work.rules_pay import is_outlying
from canut.work.rules_refusal import refusals_needed
from canut.work.rules_rounds import counted, covers_tasks, decided
from canut.work.states import CascadeWhy, ContestState, Outcome, PlaceState, RoundState, RowState

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Counted:
    """What one parameter's record comes to."""

    figures: list[Figure]
    checks: list[Check]


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in what happened to work."""
    found = COUNTS[asked.name](asked)
    return Found(
        family="deciding",
        figures=found.figures,
        checks=found.checks,
        taken_for_granted=[note("nobody_acts_otherwise")],
        unknown=[note("who_would_have_hurried")],
    )


def silence(asked: Asked) -> Counted:
    """Count what silence would have approved: all that was decided later than the hours.

    Duties, which are approved as they come in, wait for nobody and are left out.
    """
    rows = Decision.objects.using(asked.using).filter(
        decided_at__gte=asked.since,
        decided_at__lt=asked.until,
        submission__submitted_at__isnull=False,
        project__fund="",
    )
    automatic, waits, turned = [0, 0], Middle(), 0
    first = rows.exclude(outcome=Outcome.OVERTURNED).values_list(
        "submission__submitted_at", "decided_at", "automatic", "outcome"
    )
    for submitted_at, decided_at, was_silent, outcome in first.iterator():
        hours = asked.tried.value("deciding.silence_hours", at=submitted_at)
        deadline = submitted_at + timedelta(hours=hours)
        is_silent = decided_at >= deadline or was_silent
        automatic[0] += was_silent
        automatic[1] += is_silent
        turned += is_silent and not was_silent and outcome != Outcome.APPROVED
        waits.before.append((decided_at - submitted_at).total_seconds())
        waits.after.append(
            (min(decided_at, deadline) - submitted_at).total_seconds() if not was_silent else hours * HOUR
        )
    return Counted(
        [
            _count("approved_by_silence", *automatic),
            _count("decided_too_late", 0, turned),
            waits.figure("time_until_decided", "seconds"),
        ],
        [],
    )


def in_hand(asked: Asked) -> Counted:
    """Count the tasks that were taken with more in hand than would be allowed."""
    rows = Assignment.objects.using(asked.using).filter(taken_at__lt=asked.until)
    held: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    over, taken = [0, 0], 0
    in_order = rows.filter(taken_at__gte=asked.since - timedelta(days=2)).order_by("taken_at", "pk")
    for worker, taken_at, submitted_at, ended_at in in_order.values_list(
        "worker_id", "taken_at", "submitted_at", "ended_at"
    ).iterator():
        now = [one for one in held[worker] if one[1] is None or one[1] > taken_at]
        if taken_at >= asked.since:
            taken += 1
            for number, charter in enumerate((asked.was, asked.tried)):
                over[number] += len(now) >= charter.value("work.cap_in_hand", at=taken_at)
        held[worker] = [*now, (taken_at, submitted_at or ended_at)]
    return Counted([_count("taken", taken, taken), _count("taken_over_the_cap", 0, over[1])], [])


def leases(asked: Asked) -> Counted:
    """Count the work that was handed in later than a lease by the tried value would have ended."""
    rows = Assignment.objects.using(asked.using).filter(
        taken_at__gte=asked.since, taken_at__lt=asked.until, submitted_at__isnull=False
    )
    late, by_rule, leased = [0, 0], 0, Middle()
    for taken_at, submitted_at, expected, lease in rows.values_list(
        "taken_at", "submitted_at", "revision__expected_seconds", "revision__lease_seconds"
    ).iterator():
        spans = [_lease(charter, expected, taken_at) for charter in (asked.was, asked.tried)]
        if submitted_at is None or lease != spans[0]:
            continue  # its requester chose another lease
        by_rule += 1
        took = (submitted_at - taken_at).total_seconds()
        for number, span in enumerate(spans):
            late[number] += took > span
        leased.before.append(spans[0])
        leased.after.append(spans[1])
    return Counted(
        [
            _count("handed_in_by_rule", by_rule, by_rule),
            _count("handed_in_late", *late),
            leased.figure("lease", "seconds"),
        ],
        [],
    )


def contests(asked: Asked) -> Counted:
    """Count the contests of top-ups that nobody would have decided in time, so that they are paid."""
    rows = TopUpContest.objects.using(asked.using).filter(
        opened_at__gte=asked.since, opened_at__lt=asked.until, decided_at__isnull=False
    )
    lapsed = [0, 0]
    for opened_at, decided_at, state in rows.values_list("opened_at", "decided_at", "state"):
        days = asked.tried.value("pay.contest_days", at=opened_at)
        lapsed[0] += state == ContestState.LAPSED
        is_late = decided_at is not None and decided_at >= opened_at + timedelta(days=days)
        lapsed[1] += state == ContestState.LAPSED or is_late
    return Counted([_count("contests_lapsed", *lapsed)], [])


def outliers(asked: Asked) -> Counted:
    """Count the workers whose times would have been marked for a person to look at."""
    rows = Settlement.objects.using(asked.using).filter(
        settled_at__gte=asked.since, settled_at__lt=asked.until
    )
    marked = [0, 0]
    for typical, settled_at, inputs in rows.values_list("typical_seconds", "settled_at", "inputs"):
        medians = [one["median_seconds"] for one in inputs["workers"].values() if one["median_seconds"]]
        for number, charter in enumerate((asked.was, asked.tried)):
            factor = charter.value("pay.outlier_factor", at=settled_at)
            marked[number] += sum(
                is_outlying(seconds=Decimal(one), typical=typical, factor=factor) for one in medians
            )
    return Counted([_count("times_marked", *marked)], [])


def deposits(asked: Asked) -> Counted:
    """Count the deposits that would have been too small."""
    rows = LedgerEntry.objects.using(asked.using).filter(
        recorded_at__gte=asked.since, recorded_at__lt=asked.until, reason=Reason.DEPOSIT
    )
    found = list(rows.values_list("amount_minor", "recorded_at"))
    small = [
        sum(minor < charter.value("deposit.least_minor", at=at) for minor, at in found)
        for charter in (asked.was, asked.tried)
    ]
    return Counted([_count("deposits", len(found), len(found)), _count("deposits_too_small", *small)], [])


def restarts(asked: Asked) -> Counted:
    """Count the cascades that added tasks started anew."""
    rows = CascadeBeat.objects.using(asked.using).filter(why=CascadeWhy.STARTED, at__lt=asked.until)
    last: dict[int, datetime] = {}
    again = [0, 0]
    for revision, at in rows.order_by("pk").values_list("revision_id", "at"):
        before = last.get(revision)
        last[revision] = at
        if before is None or at < asked.since:
            continue
        again[0] += 1
        hours = asked.tried.value("cascade.restart_hours", at=at)
        again[1] += at - before >= timedelta(hours=hours)
    return Counted([_count("cascades_restarted", *again)], [])


def refusals(asked: Asked) -> Counted:
    """Count the projects that their workers' refusals would have withdrawn."""
    rows = ProjectRefusal.objects.using(asked.using).filter(
        refused_at__gte=asked.since, refused_at__lt=asked.until
    )
    withdrawn, on_record = [0, 0], 0
    for project_id in rows.order_by("project_id").values_list("project_id", flat=True).distinct():
        opened = ProjectOpening.objects.using(asked.using).filter(project=project_id)
        openings = sorted(opened.values_list("opened_at", flat=True))
        own = ProjectRefusal.objects.using(asked.using).filter(project=project_id)
        moments = sorted(own.filter(refused_at__lt=asked.until).values_list("refused_at", flat=True))
        for number, charter in enumerate((asked.was, asked.tried)):
            withdrawn[number] += any(
                count >= _needed(charter, sum(one <= at for one in openings), at)
                for count, at in enumerate(moments, start=1)
            )
        on_record += Withdrawal.objects.using(asked.using).filter(project=project_id).exists()
    return Counted(
        [_count("projects_withdrawn", *withdrawn)],
        [Check(code="projects_withdrawn", unit="count", on_record=on_record, again=withdrawn[0])],
    )


def rounds(asked: Asked) -> Counted:
    """Count what would have come of the prototype rounds that were decided, by the votes that were given."""
    rows = Round.objects.using(asked.using).filter(decided_at__gte=asked.since, decided_at__lt=asked.until)
    came = {RoundState.PASSED: [0, 0], RoundState.STOPPED: [0, 0], RoundState.REFUNDED: [0, 0]}
    covered, alike, count = [0, 0], 0, 0
    for row in rows.order_by("pk").annotate(begun=F("opened_at")):
        given = RoundFeedback.objects.using(asked.using).filter(round=row)
        votes = counted(given.values_list("verdict", flat=True))
        work = Assignment.objects.using(asked.using).filter(round=row, submitted_at__isnull=False)
        assert row.decided_at is not None
        off = BrokenRow.objects.using(asked.using).filter(project=row.project_id, state=RowState.WITHDRAWN)
        places = Place.objects.using(asked.using).filter(project=row.project_id, round=row)
        places = places.filter(state=PlaceState.CLOSED)
        withdrawn = places.filter(task__in=off.filter(ended_at__lte=row.decided_at).values("task")).count()
        handed_in = work.filter(submitted_at__lte=row.decided_at).count()
        all_in = handed_in >= row.places - withdrawn
        for number, charter in enumerate((asked.was, asked.tried)):
            least_workers = charter.value("prototype.least_workers", at=row.opened_at)
            outcome = decided(
                votes,
                all_in=all_in,
                opened_at=row.opened_at,
                at=row.decided_at,
                publish_share=charter.value("prototype.publish_share", at=row.decided_at),
                stall=timedelta(hours=charter.value("prototype.stall_hours", at=row.decided_at)),
                stall_least_votes=charter.value("prototype.stall_least_votes", at=row.decided_at),
                least_votes=min(least_workers, row.places) if withdrawn else 1,
            )
            if number == 0:
                count, alike = count + 1, alike + (outcome == row.state)
            if outcome != "running":
                came[RoundState(outcome)][number] += 1
            factor = charter.value("prototype.coverage_factor", at=row.opened_at)
            if outcome == RoundState.PASSED:
                covered[number] += covers_tasks(tasks=row.tasks, factor=factor)
    return Counted(
        [
            _count("rounds_passed", *came[RoundState.PASSED]),
            _count("rounds_stopped", *came[RoundState.STOPPED]),
            _count("rounds_refunded", *came[RoundState.REFUNDED]),
            _count("tasks_covered", *covered),
        ],
        [Check(code="rounds_decided", unit="count", on_record=count, again=alike)],
    )


COUNTS: Mapping[str, Callable[[Asked], Counted]] = {
    "deciding.silence_hours": silence,
    "work.cap_in_hand": in_hand,
    "lease.factor": leases,
    "lease.least_seconds": leases,
    "pay.contest_days": contests,
    "pay.outlier_factor": outliers,
    "deposit.least_minor": deposits,
    "cascade.restart_hours": restarts,
    **dict.fromkeys(
        (
            "refusal.least_workers",
            "refusal.opened_share",
            "refusal.most_workers",
            "refusal.few_opened_workers",
        ),
        refusals,
    ),
    **dict.fromkeys(
        (
            "prototype.publish_share",
            "prototype.stall_hours",
            "prototype.stall_least_votes",
            "prototype.coverage_factor",
        ),
        rounds,
    ),
}
"""What is counted for each parameter."""


def _count(code: str, before: int, after: int) -> Figure:
    return Figure(code=code, unit="count", before=before, after=after)


def _lease(charter: Charter, expected_seconds: int, at: datetime) -> int:
    return lease_seconds(
        expected_seconds=expected_seconds,
        factor=charter.value("lease.factor", at=at),
        least_seconds=charter.value("lease.least_seconds", at=at),
    )


def _needed(charter: Charter, opened: int, at: datetime) -> int:
    return refusals_needed(
        opened,
        least_workers=charter.value("refusal.least_workers", at=at),
        opened_share=charter.value("refusal.opened_share", at=at),
        most_workers=charter.value("refusal.most_workers", at=at),
        few_opened=charter.value("refusal.few_opened_workers", at=at),
    )
