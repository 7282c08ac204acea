"""What a worker has earned, what still waits, and each line with what it came from.

The lines and the sum are the ledger's own: nothing is counted a second time from work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from canut.charter.parameters import PARAMETERS
from canut.charter.queries import held, last_entry_in_force
from canut.charter.rules import Scope
from canut.ledger.models import Kind, Reason
from canut.ledger.queries import Line as Booked
from canut.ledger.queries import history, purses_of, refused_minor
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.work.models import Assignment, Decision, Project, Submission, WorkSession
from canut.work.queries.assignments import payable_times
from canut.work.queries.pricing import rates
from canut.work.queries.sessions import sessions_by_id
from canut.work.queries.settlements import WorkersTopUp, open_top_ups_of_worker, top_ups_of_worker
from canut.work.rules import SECONDS_AN_HOUR, hourly_minor
from canut.work.states import AssignmentState, Outcome, ProjectKind

LINES_A_PAGE = 20
PAYABLE_DAYS = "deciding.payable_days"


@dataclass(frozen=True, slots=True)
class Due:
    """A levy or the fee that the requester pays on top of a reward.

    `share_minor` is its exact part: what is booked are rounded shares of the project's running total
    (MECHANISMS 9), so that a single reward has no whole cents of its own.
    """

    name: str
    rate: Decimal
    share_minor: Decimal


@dataclass(frozen=True, slots=True)
class EarningLine:
    """One sum that came into the worker's earnings (negative: left them). Amounts in minor units.

    What it is about is None for a line without an assignment. `hourly_minor` is the reward for the
    active time, where that is known; `dues` are what the requester paid on top, nothing is taken from
    the worker; `charter_entry` names the charter that was in force when the project was published.
    """

    id: int
    at: datetime
    reason: str
    amount_minor: int
    currency: str
    note: str
    assignment_id: int | None
    position: int | None
    title: str
    requester: WhoIs | None
    active_seconds: int | None
    hourly_minor: int | None
    dues: Sequence[Due]
    payable_at: datetime | None
    charter_entry: int | None
    top_up: WorkersTopUp | None = None

    @property
    def dues_share_minor(self) -> Decimal:
        return sum((due.share_minor for due in self.dues), Decimal(0))

    @property
    def gross_minor(self) -> Decimal:
        """What the requester pays for it: what the worker gets, and the levies and the fee on top."""
        return self.amount_minor + self.dues_share_minor


@dataclass(frozen=True, slots=True)
class Payday:
    """A day on which approved pay falls due at the latest."""

    day: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """One currency of a worker's earnings. Amounts in minor units.

    `earned_minor` is the ledger's account: what is payable already and what falls due on `paydays`.
    `awaiting_minor` is handed in and undecided; `disputed_minor` was rejected and stays set aside
    while that may be appealed. Both are still in the projects' escrow.
    """

    currency: str
    awaiting_minor: int
    disputed_minor: int
    earned_minor: int
    payable_minor: int
    paydays: Sequence[Payday]


@dataclass(frozen=True, slots=True)
class EarningsPage:
    """A worker's earnings in one currency, and a page of the lines that make them up, newest first."""

    earnings: Earnings
    currencies: Sequence[str]
    top_ups: Sequence[WorkersTopUp]
    lines: Sequence[EarningLine]
    next_cursor: int | None


def earnings_page(
    *,
    by: Person,
    at: datetime,
    currency: str = "",
    before_id: int | None = None,
    most: int = LINES_A_PAGE,
) -> EarningsPage:
    """Return what `by` has earned in `currency` (the first one without), and lines before `before_id`."""
    purses = {purse.currency: purse for purse in purses_of(by.pk, Kind.EARNINGS)}
    waiting = _waiting(by)
    currencies = sorted({*purses, *waiting}) or ["EUR"]
    currency = currency if currency in currencies else currencies[0]
    purse = purses.get(currency)
    booked = history(purse.account_id, before_id=before_id, most=most + 1) if purse else []
    awaiting, disputed = waiting.get(currency, (0, 0))
    total = purse.total_minor if purse else 0
    paydays = _paydays(by, currency=currency, at=at)
    return EarningsPage(
        earnings=Earnings(
            currency=currency,
            awaiting_minor=awaiting,
            disputed_minor=disputed,
            earned_minor=total,
            payable_minor=max(
                0, total - sum(day.amount_minor for day in paydays) - refused_minor(by.pk, currency)
            ),
            paydays=paydays,
        ),
        currencies=currencies,
        top_ups=open_top_ups_of_worker(by=by, at=at, currency=currency),
        lines=_lines(booked[:most], by=by, at=at),
        next_cursor=booked[most - 1].id if len(booked) > most else None,
    )


def promised_rework_minor(assignment_ids: Collection[int]) -> dict[int, int]:
    """Return by assignment what its rework is paid if it is approved; only where it was sent back."""
    returned = Decision.objects.filter(
        submission__assignment__in=assignment_ids, outcome=Outcome.RETURNED, rework_minor__gt=0
    )
    return dict(returned.values_list("submission__assignment_id", "rework_minor"))


def _waiting(by: Person) -> dict[str, tuple[int, int]]:
    """Return by currency what awaits a decision and what is in dispute, rewards and promised rework."""
    mine = Assignment.objects.filter(worker_id=by.pk, project__kind=ProjectKind.PAID)
    awaiting = Q(state=AssignmentState.SUBMITTED)
    disputed = Q(state=AssignmentState.REJECTED, place_released=False)
    rework = Decision.objects.filter(submission__assignment__worker_id=by.pk, outcome=Outcome.RETURNED)
    found: dict[str, list[int]] = {}
    for place, which in enumerate((awaiting, disputed)):
        rewards = mine.filter(which).values_list("project__currency")
        for currency, amount in rewards.annotate(amount=Sum("reward_minor")):
            found.setdefault(currency, [0, 0])[place] += int(amount)
        promised = rework.filter(submission__assignment__in=mine.filter(which))
        for currency, amount in promised.values_list("submission__project__currency").annotate(
            amount=Sum("rework_minor")
        ):
            found.setdefault(currency, [0, 0])[place] += int(amount)
    return {currency: (awaits, disputes) for currency, (awaits, disputes) in found.items()}


def _paydays(by: Person, *, currency: str, at: datetime) -> list[Payday]:
    """Return when what is approved and not payable yet falls due, by day in the active time zone."""
    recent = Assignment.objects.filter(
        worker_id=by.pk,
        state=AssignmentState.APPROVED,
        project__currency=currency,
        project__kind=ProjectKind.PAID,
        submitted_at__gt=at - _longest_delay(by, at=at),
    )
    assignments = {one.pk: one for one in recent}
    times = {pk: moment for pk, moment in payable_times(assignments.values(), by=by).items() if moment > at}
    rework = promised_rework_minor(times.keys())
    by_day: dict[date, Payday] = {}
    for pk, moment in sorted(times.items(), key=lambda each: each[1]):
        day = timezone.localtime(moment).date()
        before = by_day[day].amount_minor if day in by_day else 0
        by_day[day] = Payday(day, before + assignments[pk].reward_minor + rework.get(pk, 0))
    return list(by_day.values())


def _longest_delay(by: Person, *, at: datetime) -> timedelta:
    """Return after how long at most work is payable, whichever charter it was handed in under."""
    longest = PARAMETERS[PAYABLE_DAYS].bounds
    assert longest is not None
    most = timedelta(days=int(longest[1]))
    now = held(PAYABLE_DAYS, at=at, scope=Scope(country=by.country))
    return timedelta(days=int(str(now.value))) if now.since <= at - most else most


def _lines(booked: Sequence[Booked], *, by: Person, at: datetime) -> list[EarningLine]:
    ids = {line.subject_id for line in booked if line.subject_kind == "assignment" and line.subject_id}
    assignments = {
        one.pk: one for one in Assignment.objects.filter(pk__in=ids).select_related("project", "task")
    }
    requesters = who_are({one.project.owner_id for one in assignments.values()})
    payable = payable_times(assignments.values(), by=by)
    seconds = _active_seconds(ids)
    shares = {
        one.project_id: (rates(one.project, at=at), last_entry_in_force(at=one.project.published_at or at))
        for one in assignments.values()
    }
    paid = {line.subject_id for line in booked if line.subject_kind == "topup" and line.subject_id}
    top_ups = {one.top_up.id: one for one in top_ups_of_worker(by=by, at=at, ids=paid)} if paid else {}
    sessions = sessions_by_id({line.subject_id or 0 for line in booked if line.subject_kind == "session"})
    who = who_are({one.project.owner_id for one in sessions.values()}) if sessions else {}
    return [
        _session_line(line, sessions[line.subject_id or 0], who, at=at)
        if line.subject_kind == "session"
        else _line(line, assignments, requesters, payable, seconds, shares, top_ups)
        for line in booked
    ]


def _session_line(
    line: Booked, session: WorkSession, requesters: Mapping[int, WhoIs], *, at: datetime
) -> EarningLine:
    """Return the line of a session's time, or of the paid breaks in it: both are owed and payable at once."""
    project = session.project
    return EarningLine(
        id=line.id,
        at=line.at,
        reason=line.reason,
        amount_minor=line.amount_minor,
        currency=line.currency,
        note=line.note,
        assignment_id=None,
        position=None,
        title=project.title,
        requester=requesters[project.owner_id],
        active_seconds=line.amount_minor * SECONDS_AN_HOUR // session.hourly_minor,
        hourly_minor=session.hourly_minor,
        dues=[Due(name, rate, line.amount_minor * rate) for name, rate in rates(project, at=at).items()],
        payable_at=line.at,
        charter_entry=last_entry_in_force(at=project.published_at or at),
        top_up=None,
    )


def _active_seconds(assignment_ids: Collection[int]) -> dict[int, int]:
    """Return the active time of each assignment, both attempts together, where all of it is known."""
    rows = Submission.objects.filter(assignment__in=assignment_ids).values_list(
        "assignment_id", "active_seconds"
    )
    known: dict[int, int | None] = {}
    for assignment_id, seconds in rows:
        before = known.get(assignment_id, 0)
        known[assignment_id] = None if before is None or seconds is None else before + seconds
    return {assignment_id: seconds for assignment_id, seconds in known.items() if seconds is not None}


def _line(
    line: Booked,
    assignments: Mapping[int, Assignment],
    requesters: Mapping[int, WhoIs],
    payable: Mapping[int, datetime],
    seconds: Mapping[int, int],
    shares: Mapping[int, tuple[Mapping[str, Decimal], int]],
    top_ups: Mapping[int, WorkersTopUp],
) -> EarningLine:
    about = assignments.get(line.subject_id or 0) if line.subject_kind == "assignment" else None
    project: Project | None = about.project if about else None
    rate_of, charter_entry = shares[project.pk] if project else ({}, None)
    is_reward = line.reason == Reason.REWARD and about is not None
    spent = seconds.get(about.pk) if about else None
    return EarningLine(
        id=line.id,
        at=line.at,
        reason=line.reason,
        amount_minor=line.amount_minor,
        currency=line.currency,
        note=line.note,
        assignment_id=about.pk if about else None,
        position=about.task.position if about else None,
        title=project.title if project else "",
        requester=requesters[project.owner_id] if project else None,
        active_seconds=spent if is_reward else None,
        hourly_minor=hourly_minor(reward_minor=line.amount_minor, seconds=spent)
        if is_reward and spent
        else None,
        dues=[Due(name, rate, line.amount_minor * rate) for name, rate in rate_of.items()]
        if is_reward
        else (),
        payable_at=payable.get(about.pk) if about and line.reason != Reason.BONUS else None,
        charter_entry=charter_entry if is_reward else None,
        top_up=top_ups.get(line.subject_id or 0) if line.subject_kind == "topup" else None,
    )
