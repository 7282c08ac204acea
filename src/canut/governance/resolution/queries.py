"""Juries as everybody reads them, and as those who sit in them do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.charter.pages import scope_name
from canut.charter.parameters import PARAMETERS
from canut.charter.wording import say_value
from canut.governance.access import version_known
from canut.governance.content import ArticleWish
from canut.governance.models import Proposal
from canut.governance.resolution.access import jury_known, seat_of
from canut.governance.resolution.models import Jury, Restatement, Seat, Wording
from canut.governance.resolution.rules import vote_of_college
from canut.governance.resolution.states import OPEN, JuryState
from canut.governance.resolution.usecases.call_jury import blockers_of
from canut.governance.resolution.usecases.follow_jury import lots_of, sitting_in
from canut.governance.resolution.wordings import read
from canut.governance.states import ProposalKind, ProposalState
from canut.membership.queries import is_admitted
from canut.membership.states import College
from canut.people.models import Person

JURIES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class JuryCard:
    """One jury in a list."""

    id: int
    proposal_id: int
    title: str
    language: str
    state: JuryState
    called_at: datetime
    ends_by: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SaidBackSeen:
    """What a juror said back to another; `understood` is None while it waits for an answer."""

    id: int
    juror: int
    text: str
    understood: bool | None
    missed: str


@dataclass(frozen=True, slots=True)
class JurorSeen:
    """A juror by their number: what they said, what was said back, and by whom they wait to be understood."""

    number: int
    college: College
    is_own: bool
    left_at: datetime | None
    statement_id: int | None
    statement: str
    said_back: Sequence[SaidBackSeen]
    waits_for: Sequence[int]
    has_chosen: bool


@dataclass(frozen=True, slots=True)
class SettingSaid:
    """What a wording would set: the parameter in words, for whom, and to which value."""

    parameter: str
    meaning: str
    scope: str
    new: str
    effective_at: datetime | None


@dataclass(frozen=True, slots=True)
class WordingSeen:
    """How a draft could read, and by which juror."""

    id: int
    juror: int
    language: str
    title: str
    text: str
    note: str
    settings: Sequence[SettingSaid]
    articles: Sequence[ArticleWish]
    is_chosen: bool
    is_own_choice: bool


@dataclass(frozen=True, slots=True)
class JurySeen:
    """All of a jury. `lots` are the numbers of its lots; `own` is the juror who looks.

    `to_restate` and `to_answer` are what the juror who looks has still to do. `votes` holds the one vote of
    each college once the jury has ended.
    """

    card: JuryCard
    version_number: int
    reason: str
    lots: Sequence[int]
    jurors: Sequence[JurorSeen]
    own: JurorSeen | None
    to_restate: Sequence[JurorSeen]
    to_answer: Sequence[SaidBackSeen]
    wordings: Sequence[WordingSeen]
    chooses_as_it_stands: bool
    votes: Sequence[tuple[College, int | None]]


def juries_page(
    *, before: int | None = None, most: int = JURIES_A_PAGE
) -> tuple[Sequence[JuryCard], int | None]:
    """Return juries, the newest first, and the number before which the list goes on."""
    rows = Jury.objects.select_related("proposal").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [_card(row) for row in rows[: most + 1]]
    shown = tuple(found[:most])
    return shown, shown[-1].id if len(found) > most else None


def jury_of_proposal(proposal_id: int) -> JuryCard | None:
    """Return the last jury that was called on a proposal, if there was one."""
    row = Jury.objects.filter(proposal_id=proposal_id).select_related("proposal").order_by("-pk").first()
    return None if row is None else _card(row)


def may_call(proposal_id: int, *, by: Person | None, at: datetime) -> bool:
    """Return whether somebody could call a jury on a draft as it stands."""
    if by is None or not is_admitted(by.pk, at=at):
        return False
    drafts = Proposal.objects.filter(state=ProposalState.DRAFT, kind=ProposalKind.CHANGE)
    proposal = drafts.filter(pk=proposal_id).first()
    if (
        proposal is None
        or Jury.objects.filter(proposal=proposal, version_number=proposal.version_number).exists()
    ):
        return False
    blocking = blockers_of(proposal)
    return bool(blocking) and by.pk in {proposal.author_id, *blocking}


def jury_seen(jury_id: int, *, by: Person | None) -> JurySeen:
    """Return a jury as `by` sees it; as anybody does if they are None. Names are told to nobody.

    Raises:
        JuryNotFound: there is none of this number.
    """
    jury = jury_known(jury_id)
    seats = list(Seat.objects.filter(jury=jury).select_related("statement", "choice").order_by("number"))
    own_seat = None if by is None else seat_of(jury, by)
    said_back = _said_back(jury)
    sitting = {seat.pk: seat for seat in seats if seat.left_at is None}
    jurors = [_juror(seat, own_seat, said_back, sitting) for seat in seats]
    own = next((one for one in jurors if one.is_own), None)
    chosen = {seat.choice.wording_id for seat in seats if own_seat == seat and hasattr(seat, "choice")}
    listening = jury.state == JuryState.ROUND and own is not None
    return JurySeen(
        card=_card(jury),
        version_number=jury.version_number,
        reason=jury.reason,
        lots=tuple(lot.number for lot in lots_of(jury)),
        jurors=tuple(jurors),
        own=own,
        to_restate=tuple(one for one in jurors if listening and _is_to_restate(one, own)),
        to_answer=tuple(
            one for one in (own.said_back if listening and own else ()) if one.understood is None
        ),
        wordings=tuple(
            _wording(row, is_chosen=row.pk == jury.wording_id, is_own_choice=row.pk in chosen)
            for row in Wording.objects.filter(jury=jury).select_related("by").order_by("pk")
        ),
        chooses_as_it_stands=None in chosen,
        votes=_votes(jury),
    )


def _is_to_restate(other: JurorSeen, own: JurorSeen | None) -> bool:
    if own is None or other.is_own or other.left_at is not None or other.statement_id is None:
        return False
    mine = [one for one in other.said_back if one.juror == own.number]
    return not mine or mine[-1].understood is False


def _said_back(jury: Jury) -> dict[int, list[SaidBackSeen]]:
    found: dict[int, list[SaidBackSeen]] = {}
    rows = Restatement.objects.filter(statement__seat__jury=jury).select_related("by").order_by("pk")
    for row in rows:
        seen = SaidBackSeen(row.pk, row.by.number, row.text, row.understood, row.missed)
        found.setdefault(row.statement_id, []).append(seen)
    return found


def _juror(
    seat: Seat, own_seat: Seat | None, said_back: dict[int, list[SaidBackSeen]], sitting: dict[int, Seat]
) -> JurorSeen:
    statement = getattr(seat, "statement", None)
    back = said_back.get(statement.pk, []) if statement is not None else []
    confirmed = {one.juror for one in back if one.understood}
    others = [one.number for one in sitting.values() if one.pk != seat.pk]
    return JurorSeen(
        number=seat.number,
        college=College(seat.college),
        is_own=own_seat is not None and seat.pk == own_seat.pk,
        left_at=seat.left_at,
        statement_id=None if statement is None else statement.pk,
        statement="" if statement is None else statement.text,
        said_back=tuple(back),
        waits_for=tuple(number for number in others if number not in confirmed),
        has_chosen=hasattr(seat, "choice"),
    )


def _wording(row: Wording, *, is_chosen: bool, is_own_choice: bool) -> WordingSeen:
    said = read(row.content)
    return WordingSeen(
        id=row.pk,
        juror=row.by.number,
        language=said.language,
        title=said.title,
        text=said.text,
        note=said.note,
        settings=tuple(
            SettingSaid(
                parameter=wish.parameter,
                meaning=str(PARAMETERS[wish.parameter].meaning),
                scope=scope_name(wish.scope_kind, wish.scope_key),
                new=say_value(PARAMETERS[wish.parameter], wish.new),
                effective_at=wish.effective_at,
            )
            for wish in said.settings
        ),
        articles=tuple(said.articles),
        is_chosen=is_chosen,
        is_own_choice=is_own_choice,
    )


def _votes(jury: Jury) -> Sequence[tuple[College, int | None]]:
    """Return the colleges' votes once the jury has ended; before that nobody is told who leans where."""
    if jury.state in OPEN or jury.understood_at is None:
        return ()
    chosen = {
        seat.pk: 0 if seat.choice.wording_id is None else seat.choice.wording_id
        for seat in Seat.objects.filter(jury=jury, choice__isnull=False).select_related("choice")
    }
    sitting = sitting_in(jury)
    return tuple(
        (college, vote_of_college([chosen.get(seat.pk) for seat in sitting if seat.college == college]))
        for college in College
    )


def _card(row: Jury) -> JuryCard:
    version = version_known(row.proposal, row.version_number)
    return JuryCard(
        id=row.pk,
        proposal_id=row.proposal_id,
        title=version.title,
        language=version.language,
        state=JuryState(row.state),
        called_at=row.called_at,
        ends_by=row.ends_by,
        ended_at=row.ended_at,
    )
