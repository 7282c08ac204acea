"""Resolution juries: which there are, calling one, and what a juror says, says back, writes and chooses."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.juries import (
    JurorChoiceIn,
    JurorWordsIn,
    Jury,
    JuryIn,
    JuryInList,
    JurySeat,
    UnderstoodIn,
    card_said,
    jury_said,
    seat_said,
)
from canut.api.shapes.proposals import VersionIn, content_of
from canut.governance.refusals import ArticleRefused, NotADraft, ProposalNotFound, SettingRefused
from canut.governance.resolution.queries import juries_page, jury_seen
from canut.governance.resolution.refusals import (
    AlreadyHeard,
    JuryNotFound,
    JuryNotThere,
    NobodyBlocks,
    NotAJuror,
    NotYoursToCall,
    RestatementAnswered,
    RestatementNotFound,
    SaidBack,
    StatementMade,
    StatementNotFound,
    TooFewToDraw,
    TooManyWordings,
    WordingNotFound,
)
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.choose import choose_wording, put_wording
from canut.governance.resolution.usecases.listen import answer_restatement, make_statement, restate
from canut.membership.access import NotAMember
from canut.people.models import Scope

doors = Doors("juries")

OF_JURORS = (JuryNotFound, NotAMember, NotAJuror, JuryNotThere)


@doors.get("/juries", scope=None, answers=Page[JuryInList])
def list_juries(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[JuryInList]:
    """All resolution juries, the newest first. Needs no key."""
    shown, further = juries_page(before=after(cursor, "juries"), most=limit)
    return Page[JuryInList](
        items=[card_said(card) for card in shown],
        next_cursor=None if further is None else cursor_to("juries", further),
    )


@doors.get("/juries/{jury_id}", scope=None, answers=Jury, refuses=(JuryNotFound,))
def get_jury(request: HttpRequest, jury_id: Id) -> Jury:
    """One jury: what was said and said back, what can be chosen, and how it ended. Needs no key."""
    return jury_said(jury_seen(jury_id, by=None))


@doors.get("/juries/{jury_id}/seat", scope=Scope.DECIDE, answers=JurySeat, refuses=(JuryNotFound, NotAJuror))
def get_own_seat(request: Asked, jury_id: Id) -> JurySeat:
    """The caller's place in a jury, and what is theirs to do next."""
    seen = jury_seen(jury_id, by=request.auth.by)
    if seen.own is None:
        raise NotAJuror(_("You do not sit in this jury. Everybody can read what it says."))
    return seat_said(jury_id, seen.own, seen)


@doors.post(
    "/proposals/{proposal_id}/jury",
    scope=Scope.DECIDE,
    answers=Jury,
    status=201,
    refuses=(
        ProposalNotFound,
        NotAMember,
        NotYoursToCall,
        NotADraft,
        NobodyBlocks,
        AlreadyHeard,
        TooFewToDraw,
    ),
)
def call_a_jury(request: Asked, proposal_id: Id, body: JuryIn) -> Jury:
    """Call a jury on a draft that somebody blocks; its author and those who block it may."""
    called = call_jury(proposal_id=proposal_id, by=request.auth.by, reason=body.reason, at=request.auth.at)
    return jury_said(jury_seen(called.pk, by=None))


@doors.post(
    "/juries/{jury_id}/statements",
    scope=Scope.DECIDE,
    answers=Jury,
    status=201,
    refuses=(*OF_JURORS, StatementMade),
)
def say_in_a_jury(request: Asked, jury_id: Id, body: JurorWordsIn) -> Jury:
    """Say what the caller thinks of the conflict, once."""
    make_statement(jury_id=jury_id, by=request.auth.by, text=body.text, at=request.auth.at)
    return jury_said(jury_seen(jury_id, by=None))


@doors.post(
    "/juries/{jury_id}/statements/{statement_id}/said-back",
    scope=Scope.DECIDE,
    answers=Jury,
    status=201,
    refuses=(*OF_JURORS, StatementNotFound, SaidBack),
)
def say_back_in_a_jury(request: Asked, jury_id: Id, statement_id: Id, body: JurorWordsIn) -> Jury:
    """Say back, in the caller's own words, what another juror said."""
    restate(
        jury_id=jury_id,
        statement_id=statement_id,
        by=request.auth.by,
        text=body.text,
        at=request.auth.at,
    )
    return jury_said(jury_seen(jury_id, by=None))


@doors.put(
    "/juries/{jury_id}/said-back/{restatement_id}",
    scope=Scope.DECIDE,
    answers=Jury,
    refuses=(*OF_JURORS, RestatementNotFound, RestatementAnswered),
)
def answer_in_a_jury(request: Asked, jury_id: Id, restatement_id: Id, body: UnderstoodIn) -> Jury:
    """Say whether what was said back is what the caller meant. Nobody moves on until all were understood."""
    answer_restatement(
        jury_id=jury_id,
        restatement_id=restatement_id,
        by=request.auth.by,
        understood=body.understood,
        missed=body.missed,
        at=request.auth.at,
    )
    return jury_said(jury_seen(jury_id, by=None))


@doors.post(
    "/juries/{jury_id}/wordings",
    scope=Scope.DECIDE,
    answers=Jury,
    status=201,
    refuses=(*OF_JURORS, TooManyWordings, SettingRefused, ArticleRefused),
)
def put_a_wording(request: Asked, jury_id: Id, body: VersionIn) -> Jury:
    """Put to the other jurors how the draft could read; the same wording is there once."""
    put_wording(jury_id=jury_id, by=request.auth.by, content=content_of(body), at=request.auth.at)
    return jury_said(jury_seen(jury_id, by=None))


@doors.put(
    "/juries/{jury_id}/choice",
    scope=Scope.DECIDE,
    answers=Jury,
    refuses=(*OF_JURORS, WordingNotFound),
)
def choose_a_wording(request: Asked, jury_id: Id, body: JurorChoiceIn) -> Jury:
    """Choose a wording, or the draft as it stands; it replaces what the caller chose before."""
    choose_wording(jury_id=jury_id, by=request.auth.by, wording_id=body.wording_id, at=request.auth.at)
    return jury_said(jury_seen(jury_id, by=None))
