"""Seats as the ones see them who were drawn, and the justice fund as everybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.jury.access import own_jury_seat
from canut.justice.jury.fund import CURRENCY
from canut.justice.jury.lots import SUBJECT
from canut.justice.jury.models import PanelProject, Seat
from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.queries import FileSeen, files_of, stored
from canut.justice.refusals import CaseFileNotFound
from canut.justice.states import CaseKind, CaseState, PoolKind
from canut.ledger.models import OF_A_PROJECT, Account, Kind
from canut.ledger.queries import (
    MovedInMonth,
    advanced_minor,
    first_moved_at,
    fund_minor,
    moved_by_month,
)
from canut.membership.models import Lot
from canut.people.models import Person
from canut.work.access import published_revision
from canut.work.models import Assignment
from canut.work.queries.files import Stored
from canut.work.states import IN_HAND

SEATS_A_PAGE = 20
MONTHS_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """A seat as its juror sees it. What the case is about is told by the task, of which this is the cover.

    `drawn_on` is a day, for the hour would tell when somebody appealed. `assignment_id` is set while the
    task is in hand; `vote` and `reason` once it was handed in; `came_too_late` if that was after the end.
    """

    id: int
    kind: CaseKind
    pool: PoolKind
    state: SeatState
    is_open: bool
    drawn_on: date
    decide_by: datetime
    seats: int
    reward_minor: int
    currency: str
    expected_seconds: int
    project_id: int
    task_id: int
    assignment_id: int | None
    vote: CaseState | None
    reason: str
    came_too_late: bool
    lot_number: int
    files: Sequence[FileSeen]


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """Seats, the newest first."""

    seats: Sequence[SeatSeen]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class FundSeen:
    """The justice fund: what it holds and what is set aside in it for panels that run, and what it owes.

    `advanced_minor` is what the operator gave and has not had back; `months` what moved, the latest first.
    """

    currency: str
    balance_minor: int
    set_aside_minor: int
    advanced_minor: int
    keeps_minor: int
    months: Sequence[MovedInMonth]
    next_cursor: date | None


def seats_of(by: Person, *, before_id: int | None = None, most: int = SEATS_A_PAGE) -> SeatsPage:
    """Return a page of the seats that were offered to `by`."""
    rows = Seat.objects.filter(person=by).select_related("panel__case", "task__project")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    page = list(rows.order_by("-pk")[: most + 1])
    return SeatsPage([_seen(seat) for seat in page[:most]], page[most - 1].pk if len(page) > most else None)


def seat_seen(seat_id: int, *, by: Person) -> SeatSeen:
    """Return one seat that was offered to `by`.

    Raises:
        JurySeatNotFound: there is none of this number, or it is somebody else's.
    """
    return _seen(own_jury_seat(seat_id, by=by))


def waiting_seats(by: Person) -> int:
    """Return how many seats wait for somebody to decide, or to give them up."""
    return Seat.objects.filter(person=by, state__in=LIVE, panel__state=PanelState.OPEN).count()


def seat_of_project(project_id: int, *, by: Person) -> int | None:
    """Return the newest live seat of `by` whose task is in this project, for pages of the project."""
    rows = Seat.objects.filter(task__project_id=project_id, person=by, state__in=LIVE)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def readable_seat_file(seat_id: int, number: int, *, by: Person) -> Stored:
    """Return a file that who appealed added, for a juror who still has to decide, under no name of theirs.

    Raises:
        JurySeatNotFound: the seat is not theirs.
        CaseFileNotFound: there is no such file, or the seat is over.
    """
    seat = own_jury_seat(seat_id, by=by)
    file = seat.panel.case.files.filter(number=min(number, 10_000)).first() if _reads(seat) else None
    if file is None:
        raise CaseFileNotFound(_("There is no such file, or your seat is over."))
    return stored(file, named=False)


def fund_seen(*, at: datetime, before: date | None = None, most: int = MONTHS_A_PAGE) -> FundSeen:
    """Return the justice fund as everybody sees it, with so many months before that of `before`."""
    until = _next_month(_day(at)) if before is None else before.replace(day=1)
    since = until
    for _month in range(most):
        since = (since - timedelta(days=1)).replace(day=1)
    began = first_moved_at(Kind.JUSTICE_FUND, CURRENCY)
    running = PanelProject.objects.filter(ended_at__isnull=True).values("project_id")
    set_aside = Account.objects.filter(kind__in=OF_A_PROJECT, project_id__in=running, currency=CURRENCY)
    return FundSeen(
        currency=CURRENCY,
        balance_minor=fund_minor(Kind.JUSTICE_FUND, CURRENCY),
        set_aside_minor=int(set_aside.aggregate(sum=Sum("total_minor"))["sum"] or 0),
        advanced_minor=advanced_minor(Kind.JUSTICE_FUND, CURRENCY),
        keeps_minor=in_force("jury.fund_keeps_minor", at=at),
        months=moved_by_month(
            Kind.JUSTICE_FUND,
            CURRENCY,
            since=_midnight(since),
            until=_midnight(until),
            using=settings.DATABASE_FOR_LONG_READS,
        ),
        next_cursor=since if began is not None and _day(began) < since else None,
    )


def _day(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _seen(seat: Seat) -> SeatSeen:
    panel, project = seat.panel, seat.task.project
    revision = published_revision(project)
    held = Assignment.objects.filter(task_id=seat.task_id, worker_id=seat.person_id, state__in=IN_HAND)
    return SeatSeen(
        id=seat.pk,
        kind=CaseKind(panel.case.kind),
        pool=PoolKind(panel.pool),
        state=SeatState(seat.state),
        is_open=seat.state in LIVE and panel.state == PanelState.OPEN,
        drawn_on=_day(seat.offered_at),
        decide_by=panel.decide_by,
        seats=panel.peers,
        reward_minor=revision.reward_minor,
        currency=project.currency,
        expected_seconds=revision.expected_seconds,
        project_id=project.pk,
        task_id=seat.task_id,
        assignment_id=held.values_list("pk", flat=True).first(),
        vote=CaseState(seat.vote) if seat.vote else None,
        reason=seat.reason,
        came_too_late=bool(seat.vote) and not seat.counts and panel.state != PanelState.OPEN,
        lot_number=Lot.objects.values_list("number", flat=True).get(
            subject_kind=SUBJECT, subject_id=panel.pk
        ),
        files=files_of(panel.case, named=False) if _reads(seat) else (),
    )


def _reads(seat: Seat) -> bool:
    return seat.state in LIVE and seat.panel.case.state == CaseState.OPEN
