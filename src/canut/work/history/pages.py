"""The one query of a history: the page, the file and the API read it, from any place on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery, Sum

from canut.kernel.money import share_minor
from canut.ledger.queries_about import SumBooked, sums_about, sums_of_others
from canut.people.models import Person
from canut.work.history.asked import Asked, LineKind, Role
from canut.work.history.lines import BEARS_CHARGES, Line, read_lines
from canut.work.history.merging import Place, by_list, merged, place_read, place_said
from canut.work.history.streams import SUBJECT, Stream, streams_of
from canut.work.models import Assignment, Project, Submission, TopUp, WorkSession
from canut.work.queries.pricing import rates

LINES_A_PAGE = 25
LINES_AT_ONCE = 2_000
"""How many lines a file reads at once, so that one of any length needs the same memory."""
PROJECTS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some lines, and the place after them; empty where nothing follows."""

    lines: Sequence[Line]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What was paid in one currency by reason, and the levies and the fee on it, in minor units.

    A charge is its rate on the pay shown of each project, rounded once a project, as the ledger books it: of
    whole projects it is what was booked.
    """

    currency: str
    pay: Mapping[str, int]
    charges: Mapping[str, int]

    @property
    def pay_minor(self) -> int:
        return sum(self.pay.values())

    @property
    def charges_minor(self) -> int:
        return sum(self.charges.values())

    @property
    def together_minor(self) -> int:
        return self.pay_minor + self.charges_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """How many lines of each kind there are, the active time in them, and the sums by currency."""

    counts: Mapping[str, int]
    active_seconds: int
    sums: Sequence[Sums]

    @property
    def count(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ProjectOffered:
    """A project to narrow a history to."""

    id: int
    title: str


def history_page(
    asked: Asked, *, by: Person, role: Role, at: datetime, cursor: str = "", most: int = LINES_A_PAGE
) -> HistoryPage:
    """Return lines of what `by` did, or of what was done for them, after `cursor`.

    A spoilt cursor begins anew; `is_place` tells it from a good one.
    """
    streams = streams_of(asked, by=by, role=role)
    place = place_read(cursor, lists=len(streams)) or (None,) * len(streams)
    lines, following = _read(asked, streams, place, by=by, role=role, at=at, most=most)
    return HistoryPage(lines, place_said(following) if following else "")


def is_place(cursor: str, *, role: Role) -> bool:
    """Tell whether a cursor can be gone on from."""
    lists = len(LineKind) - (role == Role.REQUESTER)
    return place_read(cursor, lists=lists) is not None


def all_lines(asked: Asked, *, by: Person, role: Role, at: datetime) -> Iterator[Sequence[Line]]:
    """Give all lines in pieces, each read when it is asked for."""
    streams = streams_of(asked, by=by, role=role)
    place: Place | None = (None,) * len(streams)
    while place is not None:
        lines, place = _read(asked, streams, place, by=by, role=role, at=at, most=LINES_AT_ONCE)
        yield lines


def totals(asked: Asked, *, by: Person, role: Role, at: datetime) -> Totals:
    """Return what all lines that are asked for come to; the sums of pay are the ledger's own."""
    counts, found, seconds = {}, [], 0
    for stream in streams_of(asked, by=by, role=role):
        counts[str(stream.kind)] = stream.rows.count()
        if not counts[str(stream.kind)]:
            continue
        if stream.kind is LineKind.OTHER:
            found += sums_of_others(stream.rows, party_id=by.pk)
            continue
        found += sums_about(
            SUBJECT[stream.kind],
            stream.rows.values("pk"),
            by=_project_of(stream) if role == Role.REQUESTER else None,
        )
        seconds += _active_seconds(stream)
    return Totals(counts, seconds, _sums(found, at=at))


def projects_offered(asked: Asked, *, by: Person, role: Role) -> Sequence[ProjectOffered]:
    """Return the newest projects that a history can be narrowed to, and the one that it is narrowed to."""
    if role == Role.REQUESTER:
        rows = Project.objects.filter(owner_id=by.pk)
    else:
        worked_in = Assignment.objects.filter(worker_id=by.pk).values("project_id").distinct()
        sessions_in = WorkSession.objects.filter(worker_id=by.pk).values("project_id").distinct()
        rows = Project.objects.filter(Q(pk__in=worked_in) | Q(pk__in=sessions_in))
    offered = list(rows.order_by("-pk").values_list("pk", "title")[:PROJECTS_OFFERED])
    if asked.project_id is not None and asked.project_id not in dict(offered):
        offered += rows.filter(pk=asked.project_id).values_list("pk", "title")
    return [ProjectOffered(pk, title) for pk, title in offered]


def _read(
    asked: Asked,
    streams: Sequence[Stream],
    place: Place,
    *,
    by: Person,
    role: Role,
    at: datetime,
    most: int,
) -> tuple[Sequence[Line], Place | None]:
    beyond, order = ("lt", "-pk") if asked.newest_first else ("gt", "pk")
    found = []
    for stream, after in zip(streams, place, strict=True):
        rows = stream.rows if after is None else stream.rows.filter(**{f"pk__{beyond}": after})
        found.append(list(rows.order_by(order).values_list("pk", stream.moment)[: most + 1]))
    heads, following = merged(found, place=place, most=most, newest_first=asked.newest_first)
    read = {
        number: read_lines(streams[number].kind, ids, by=by, role=role, at=at)
        for number, ids in by_list(heads).items()
    }
    return [read[head.number][head.id] for head in heads], following


def _project_of(stream: Stream) -> Subquery:
    """Return the expression for the project of a ledger entry's subject."""
    about = OuterRef("subject_id")
    match stream.kind:
        case LineKind.TASK:
            return Subquery(Assignment.objects.filter(pk=about).values("project_id"))
        case LineKind.SESSION:
            return Subquery(WorkSession.objects.filter(pk=about).values("project_id"))
        case _:
            return Subquery(TopUp.objects.filter(pk=about).values("settlement__project_id"))


def _active_seconds(stream: Stream) -> int:
    if stream.kind is LineKind.TASK:
        within = Submission.objects.filter(assignment__in=stream.rows.values("pk"))
        return int(within.aggregate(sum=Sum("active_seconds"))["sum"] or 0)
    return 0


def _sums(found: Sequence[SumBooked], *, at: datetime) -> Sequence[Sums]:
    pay: dict[str, dict[str, int]] = {}
    bases: dict[int, int] = {}
    for one in found:
        of_currency = pay.setdefault(one.currency, {})
        of_currency[one.reason] = of_currency.get(one.reason, 0) + one.amount_minor
        if one.key is not None and one.reason in BEARS_CHARGES:
            bases[one.key] = bases.get(one.key, 0) + one.amount_minor
    charges: dict[str, dict[str, int]] = {currency: {} for currency in pay}
    for project in Project.objects.filter(pk__in=bases):
        of_currency = charges[project.currency]
        for name, rate in rates(project, at=at).items():
            of_currency[name] = of_currency.get(name, 0) + share_minor(bases[project.pk], rate)
    return [Sums(currency, pay[currency], charges[currency]) for currency in sorted(pay)]
