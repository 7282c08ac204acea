"""Statistics on justice for everybody, by year: what was decided, how it ended, how long it took.

A figure is about cases that ended in the year, so that a year that is over never changes. What would be
about too few of them is not told, nor what they could be had from by subtraction (rules_statistics). The
year that goes on is told in whole steps.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.models import Matter
from canut.justice.flags.states import DECIDED, MatterState
from canut.justice.mediation.models import Dispute
from canut.justice.mediation.states import ENDED as DISPUTE_ENDED
from canut.justice.mediation.states import DisputeState
from canut.justice.models import Case
from canut.justice.rules_statistics import (
    Cells,
    ShownTable,
    per_thousand,
    safe_table,
    so_far,
    typical_days,
)
from canut.justice.sanctions.models import Review, Sanction
from canut.justice.sanctions.states import Ended as SanctionEnded
from canut.justice.sanctions.states import Ground as SanctionGround
from canut.justice.sanctions.states import Kind as SanctionKind
from canut.justice.sanctions.states import Outcome as ReviewOutcome
from canut.justice.states import CaseBy, CaseKind, CaseState
from canut.kernel.refusals import NotFound
from canut.work.queries.decided import decisions_between, grounds_of_rejections
from canut.work.states import Ground


class YearNotFound(NotFound):
    code = "statistics_year_not_found"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a section: what it is about in words, one name or several that are told together.

    `cells` follow the section's columns and are None where they are not told; `days` is how long a case
    typically took, None where too few are told or the year goes on.
    """

    keys: Sequence[str]
    names: Sequence[str]
    total: int
    cells: Cells | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """One table. Without a total there were too few to tell anything; `none` names what never happened."""

    key: str
    title: str
    column_keys: Sequence[str]
    columns: Sequence[str]
    has_days: bool
    total: int | None
    cells: Cells | None
    lines: Sequence[Line]
    none: Sequence[str]


@dataclass(frozen=True, slots=True)
class YearSeen:
    """The statistics of one year. `least` is how many cases a figure is about at least.

    `decisions` counts decisions about work, and `appealed_per_thousand` how many appeals of rejections ended
    for a thousand of them; None where it cannot be told.
    """

    year: int
    is_over: bool
    least: int
    decisions: int | None
    appealed_per_thousand: Decimal | None
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class _Ended:
    line: str
    column: int = 0
    lasted: timedelta | None = None


FELL, STOOD = 0, 1
NEITHER = "neither"
"""A dispute that was neither settled nor ended with a recommendation."""


def years_told(*, at: datetime) -> Sequence[int]:
    """Return the years there are statistics of, the newest first; always the present one."""
    now = timezone.localtime(at, timezone.get_default_timezone()).year
    firsts = [
        Case.objects.aggregate(first=Min("opened_at"))["first"],
        Matter.objects.aggregate(first=Min("opened_at"))["first"],
        Sanction.objects.aggregate(first=Min("decided_at"))["first"],
        Dispute.objects.aggregate(first=Min("ended_at"))["first"],
    ]
    zone = timezone.get_default_timezone()
    first = min((timezone.localtime(one, zone).year for one in firsts if one is not None), default=now)
    return list(range(now, min(first, now) - 1, -1))


def year_seen(year: int, *, at: datetime) -> YearSeen:
    """Return what may be told of one year.

    Raises:
        YearNotFound: there is nothing of this year, or it has not begun.
    """
    if year not in years_told(at=at):
        raise YearNotFound(_("There are no statistics of this year."))
    zone = timezone.get_default_timezone()
    begins, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    is_over, least = ends <= at, in_force("jury.statistics_least_cases", at=at)
    cases = list(
        Case.objects.exclude(state=CaseState.OPEN).filter(decided_at__gte=begins, decided_at__lt=ends)
    )
    decisions = decisions_between(begins, ends)
    kinds, grounds = _of_cases(cases, least=least)
    told = kinds.line_of(CaseKind.REJECTION)
    sections = [
        kinds.section("kinds", _("Decisions that were contested"), is_over=is_over),
        grounds.section("grounds", _("Appeals of rejections, by their ground"), is_over=is_over),
        *(one.section(key, title, is_over=is_over) for key, title, one in _others(begins, ends, least)),
    ]
    return YearSeen(
        year=year,
        is_over=is_over,
        least=least,
        decisions=None if decisions < least else decisions if is_over else decisions // least * least,
        appealed_per_thousand=None if told is None or not is_over else per_thousand(told, decisions),
        sections=sections,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table before it is put in words."""

    shown: ShownTable
    columns: Mapping[str, str]
    labels: Mapping[str, str]
    lasted: Mapping[str, Sequence[timedelta]]
    least: int

    def line_of(self, key: str) -> int | None:
        """Return how many a line is told to have for itself; None if it is not."""
        return next((line.total for line in self.shown.lines if line.names == (key,)), None)

    def section(self, key: str, title: str, *, is_over: bool) -> Section:
        shown = self.shown if is_over else so_far(self.shown, least=self.least)
        return Section(
            key=key,
            title=title,
            column_keys=list(self.columns),
            columns=list(self.columns.values()),
            has_days=is_over and bool(self.lasted),
            total=shown.total,
            cells=shown.cells if self.columns else None,
            lines=[
                Line(
                    keys=line.names,
                    names=[self.labels[name] for name in line.names],
                    total=line.total,
                    cells=line.cells if self.columns else None,
                    days=self._days(line.names) if is_over else None,
                )
                for line in shown.lines
            ],
            none=[self.labels[name] for name in shown.none],
        )

    def _days(self, names: Iterable[str]) -> int | None:
        return typical_days([one for name in names for one in self.lasted[name]], least=self.least)


def _of_cases(cases: Sequence[Case], *, least: int) -> tuple[_Table, _Table]:
    """Return the cases by kind, and rejections by ground: what the first hides, the second hides too."""
    ran_out = _that_ran_out(cases)
    kinds = _table(
        (_Ended(case.kind, _column(case, ran_out), _lasted(case)) for case in cases),
        labels={kind.value: str(kind.label) for kind in CaseKind},
        columns=_outcomes(),
        least=least,
    )
    rejections = {case.subject_id: case for case in cases if case.kind == CaseKind.REJECTION}
    told = next((line for line in kinds.shown.lines if line.names == (CaseKind.REJECTION,)), None)
    grounds = _table(
        (
            _Ended(ground, _column(rejections[assignment], ran_out), _lasted(rejections[assignment]))
            for assignment, ground in grounds_of_rejections(rejections).items()
        )
        if told is not None
        else (),
        labels={ground.value: str(ground.label) for ground in Ground},
        columns=_outcomes(),
        least=least,
        with_columns=told is not None and told.cells is not None,
    )
    return kinds, grounds if told is not None else _nothing(grounds)


def _others(begins: datetime, ends: datetime, least: int) -> Iterable[tuple[str, str, _Table]]:
    flagged = Matter.objects.filter(state__in=DECIDED, decided_at__gte=begins, decided_at__lt=ends)
    yield (
        "flags",
        _("Flagged things that a person looked at"),
        _table(
            (
                _Ended(kind, 0 if state == MatterState.CONFIRMED else 1)
                for kind, state in flagged.values_list("subject_kind", "state")
            ),
            labels={kind.value: str(kind.label) for kind in HiddenKind},
            columns={"hidden": _("stayed hidden"), "shown": _("shown again")},
            least=least,
        ),
    )
    sanctions = Sanction.objects.filter(delivered_at__gte=begins, delivered_at__lt=ends)
    for key, title, field, choices in (
        ("sanctions", _("Sanctions, by what was decided"), "kind", SanctionKind),
        ("sanction_grounds", _("Sanctions, by their ground"), "ground", SanctionGround),
    ):
        lines = (_Ended(line) for line in sanctions.values_list(field, flat=True))
        yield key, title, _counted(lines, {one.value: str(one.label) for one in choices}, least)
    reviews = Review.objects.filter(reviewed_at__gte=begins, reviewed_at__lt=ends).exclude(outcome="")
    yield (
        "sanction_reviews",
        _("Reviews of sanctions by another person"),
        _counted(
            (_Ended(outcome) for outcome in reviews.values_list("outcome", flat=True)),
            {one.value: str(one.label) for one in ReviewOutcome},
            least,
        ),
    )
    disputes = Dispute.objects.filter(state__in=DISPUTE_ENDED, ended_at__gte=begins, ended_at__lt=ends)
    # as the yearly report on disputes has it: by finer ends, few of one could be had from both by subtraction
    told = {one.value: str(one.label) for one in (DisputeState.SETTLED, DisputeState.RECOMMENDED)}
    yield (
        "mediations",
        _("Disputes that ended, by how"),
        _counted(
            (_Ended(one if one in told else NEITHER) for one in disputes.values_list("state", flat=True)),
            {**told, NEITHER: _("withdrawn, or no complaint was made")},
            least,
        ),
    )


def _counted(ended: Iterable[_Ended], labels: Mapping[str, str], least: int) -> _Table:
    return _table(ended, labels=labels, columns={}, least=least, with_columns=False)


def _table(
    ended: Iterable[_Ended],
    *,
    labels: Mapping[str, str],
    columns: Mapping[str, str],
    least: int,
    with_columns: bool = True,
) -> _Table:
    counted: dict[str, Counter[int]] = {key: Counter() for key in labels}
    lasted: dict[str, list[timedelta]] = defaultdict(list)
    for one in ended:
        counted[one.line][one.column] += 1
        if one.lasted is not None:
            lasted[one.line].append(one.lasted)
    width = max(1, len(columns))
    lines = {key: tuple(counts[column] for column in range(width)) for key, counts in counted.items()}
    shown = safe_table(lines, least=least, with_columns=with_columns)
    return _Table(shown, columns, labels, lasted, least)


def _nothing(table: _Table) -> _Table:
    """Return a table of which nothing is told."""
    return _Table(ShownTable(None, None, (), ()), table.columns, table.labels, {}, table.least)


def _outcomes() -> Mapping[str, str]:
    return {"falls": _("did not stand"), "stands": _("stood")}


def _that_ran_out(cases: Sequence[Case]) -> Collection[int]:
    """Return which of these cases ended because a sanction had lasted its days: it stood to the end."""
    about = {case.subject_id: case.pk for case in cases if case.kind == CaseKind.SANCTION}
    over = Sanction.objects.filter(pk__in=about, ended_how=SanctionEnded.RUN_OUT)
    return {about[sanction_id] for sanction_id in over.values_list("pk", flat=True)}


def _column(case: Case, ran_out: Collection[int]) -> int:
    """Return whether what was contested stood in the end, whoever ended it."""
    if case.state == CaseState.DROPPED:
        gave_in = case.decided_by in (CaseBy.OTHER_SIDE, CaseBy.OVERTAKEN) and case.pk not in ran_out
        # a contested time or report that nobody decided on in time is paid
        paid_by_silence = case.kind in (CaseKind.TIME_REPORT, CaseKind.BROKEN_TASK)
        return FELL if gave_in and not paid_by_silence else STOOD
    return FELL if case.state == CaseState.FALLS else STOOD


def _lasted(case: Case) -> timedelta | None:
    return None if case.decided_at is None else case.decided_at - case.opened_at
