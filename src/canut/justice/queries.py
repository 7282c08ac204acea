"""Cases as the two sides read them, with no name in them: what it is about, how far it is, how it ended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.access import case_to_read, is_side_of
from canut.justice.jury.models import Panel, Seat
from canut.justice.jury.states import PanelState, SeatState
from canut.justice.models import Case, CaseFile
from canut.justice.refusals import CaseFileNotFound
from canut.justice.states import CaseKind, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.subjects.subject import Shown
from canut.people.models import Person
from canut.work.queries.appeals import WorkAppealed, work_appealed
from canut.work.queries.files import Stored
from canut.work.uploads.kinds import ENDINGS

CASES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file of a case; `name` is what its sender called it, and for everybody else a number."""

    id: UUID
    number: int
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """How far the peers are. Nobody is told who they are, nor how anybody voted before the case has ended.

    `panels` is how often peers were drawn; `peers` how many hear the case, of whom `votes_in` have voted and
    `votes_needed` decide; `decide_by` is until when they have time. Where none are drawn yet these are zero,
    and `lapses_at` is when the case falls if none are found. Where what is contested is paid unless they have
    decided, `pays_at` is when, and it never falls for want of them.
    """

    panels: int
    peers: int
    votes_in: int
    votes_needed: int
    decide_by: datetime | None
    lapses_at: datetime | None
    pays_at: datetime | None

    @property
    def is_drawn(self) -> bool:
        return self.decide_by is not None


@dataclass(frozen=True, slots=True)
class Vote:
    """One peer's vote and reason, once the case has ended; in no order that would tell when it was given."""

    falls: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list of one's own."""

    id: int
    kind: str
    kind_said: str
    title: str
    state: str
    decided_by: str
    opened_at: datetime
    decided_at: datetime | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case as one of its sides reads it; `is_mine` tells that this reader opened it.

    `shown` is what jurors get besides; `work` is the work itself where a rejection is appealed, and
    `address` where its owner finds the thing. `hearing` is None once the case has ended; `votes` are then
    told. Where nobody heard it there are none, and `reason` is empty.
    """

    id: int
    kind: str
    kind_said: str
    state: str
    decided_by: str
    opened_at: datetime
    decided_at: datetime | None
    words: str
    reason: str
    is_mine: bool
    address: str
    shown: Shown
    work: WorkAppealed | None
    files: Sequence[FileSeen]
    hearing: Hearing | None
    votes: Sequence[Vote]

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN

    @property
    def is_about_pay(self) -> bool:
        """Whether something is paid unless peers say otherwise."""
        return self.kind in (CaseKind.TIME_REPORT, CaseKind.BROKEN_TASK)


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases, the newest first."""

    cases: Sequence[CaseLine]
    next_cursor: int | None


def case_seen(case_id: int, *, by: Person, at: datetime) -> CaseSeen:
    """Return a case for who opened it or for its other side.

    Raises:
        CaseNotFound: there is none, or `by` is neither.
    """
    case = case_to_read(case_id, by=by)
    is_mine = case.party_id == by.pk
    has_ended = case.state != CaseState.OPEN
    subject = SUBJECTS[case.kind]
    return CaseSeen(
        id=case.pk,
        kind=case.kind,
        kind_said=str(CaseKind(case.kind).label),
        state=case.state,
        decided_by=case.decided_by,
        opened_at=case.opened_at,
        decided_at=case.decided_at,
        words=case.words,
        reason=case.reason,
        is_mine=is_mine,
        address=subject.address(case.subject_id) if is_mine else "",
        shown=subject.shown(case.subject_id),
        work=work_appealed(case.subject_id) if case.kind == CaseKind.REJECTION else None,
        files=files_of(case, named=is_mine),
        hearing=None if has_ended else hearing_of(case),
        votes=votes_of(case) if has_ended else (),
    )


def cases_of(by: Person, *, before_id: int | None = None, most: int = CASES_A_PAGE) -> CasePage:
    """Return a page of the cases that somebody opened, the newest first."""
    return _page(Case.objects.filter(party_id=by.pk), by, before_id=before_id, most=most)


def cases_against(by: Person, *, before_id: int | None = None, most: int = CASES_A_PAGE) -> CasePage:
    """Return a page of the cases in which somebody is the other side, the newest first."""
    return _page(_against(by), by, before_id=before_id, most=most)


def case_about(kind: CaseKind, subject_id: int) -> int | None:
    """Return the newest case about something, by its number; None if there is none."""
    return cases_about(kind, [subject_id]).get(subject_id)


def cases_about(kind: CaseKind, subject_ids: Collection[int]) -> Mapping[int, int]:
    """Return the newest case about each of these things that has one, by the thing's id."""
    rows = Case.objects.filter(kind=kind, subject_id__in=subject_ids).order_by("pk")
    return dict(rows.values_list("subject_id", "pk"))


def files_of(case: Case, *, named: bool) -> list[FileSeen]:
    """Return the files of a case; `named` as its sender called them, else by their numbers."""
    return [
        FileSeen(
            file.pk,
            file.number,
            file.filename if named else numbered_name(file),
            file.media_type,
            file.size_bytes,
        )
        for file in case.files.order_by("number")
    ]


def numbered_name(file: CaseFile) -> str:
    """Return what a file is called for those who do not know who sent it."""
    return _("file-%(number)s") % {"number": file.number} + ENDINGS.get(file.media_type, ("",))[0]


def readable_case_file(file_id: UUID, *, by: Person) -> Stored:
    """Return a file of a case for one of its two sides, under its own name for who sent it.

    Raises:
        CaseFileNotFound: there is none that `by` may fetch.
    """
    file = CaseFile.objects.select_related("case").filter(pk=file_id).first()
    if file is None or not is_side_of(file.case, by.pk):
        raise CaseFileNotFound(_("There is no such file, or it is not yours to fetch."))
    return stored(file, named=file.case.party_id == by.pk)


def stored(file: CaseFile, *, named: bool) -> Stored:
    """Return a file as it is sent to whoever may read it."""
    name = file.filename if named else numbered_name(file)
    return Stored(file.pk, name, file.media_type, file.size_bytes, file.stored_as, is_blind=not named)


def hearing_of(case: Case) -> Hearing:
    """Return how far the peers of an open case are."""
    panels = list(Panel.objects.filter(case=case).order_by("number"))
    now_open = next((panel for panel in panels if panel.state == PanelState.OPEN), None)
    pays_at = SUBJECTS[case.kind].pays_at(case.subject_id)
    if now_open is None:
        lapses_at = case.opened_at + timedelta(days=in_force("jury.lapse_days", at=case.opened_at))
        return Hearing(len(panels), 0, 0, 0, None, None if pays_at else lapses_at, pays_at)
    return Hearing(
        panels=len(panels),
        peers=now_open.peers,
        votes_in=Seat.objects.filter(panel__case=case, counts=True).count(),
        votes_needed=now_open.votes_needed,
        decide_by=now_open.decide_by,
        lapses_at=None,
        pays_at=pays_at,
    )


def votes_of(case: Case) -> list[Vote]:
    """Return what the peers of a case that has ended said, by vote and then by their words."""
    counted = Seat.objects.filter(panel__case=case, state=SeatState.VOTED, counts=True)
    votes = [Vote(vote == CaseState.FALLS, reason) for vote, reason in counted.values_list("vote", "reason")]
    return sorted(votes, key=lambda one: (not one.falls, one.reason))


def counts_of_cases(by: Person) -> Mapping[str, int]:
    """Return how many cases somebody opened, and how many of them are open; and the same `against` them."""
    is_open = Count("pk", filter=Q(state=CaseState.OPEN))
    return {
        **Case.objects.filter(party_id=by.pk).aggregate(opened=Count("pk"), open=is_open),
        **_against(by).aggregate(against=Count("pk"), against_open=is_open),
    }


def _against(by: Person) -> "QuerySet[Case]":
    sides = Q()
    for kind, subject in SUBJECTS.items():
        sides |= Q(kind=kind, subject_id__in=subject.against(by.pk))
    return Case.objects.filter(sides).exclude(party_id=by.pk)


def _page(rows: "QuerySet[Case]", by: Person, *, before_id: int | None, most: int) -> CasePage:
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    page = list(rows.order_by("-pk")[: most + 1])
    return CasePage(
        [_line(case, by) for case in page[:most]], page[most - 1].pk if len(page) > most else None
    )


def _line(case: Case, by: Person) -> CaseLine:
    return CaseLine(
        id=case.pk,
        kind=case.kind,
        kind_said=str(CaseKind(case.kind).label),
        title=SUBJECTS[case.kind].shown(case.subject_id).title,
        state=case.state,
        decided_by=case.decided_by,
        opened_at=case.opened_at,
        decided_at=case.decided_at,
        is_mine=case.party_id == by.pk,
    )
