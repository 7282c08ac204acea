"""Resolution juries as programs read them, and what a juror sends."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.governance.resolution.models import LONGEST_WORDS
from canut.governance.resolution.queries import JurorSeen, JuryCard, JurySeen
from canut.governance.resolution.states import JuryState
from canut.membership.states import College


class JuryInList(Said):
    """A jury in the list, by the title of the draft that it is about."""

    id: int
    proposal_id: int
    title: str
    state: JuryState
    called_at: Moment
    ends_by: Moment
    ended_at: Moment | None


class SaidBack(Said):
    """What a juror said back to another; `understood` is null until that one has answered."""

    id: int
    juror: int
    text: str
    understood: bool | None
    missed: str


class Juror(Said):
    """A juror by their number in the jury; nobody is told who they are.

    `statement_id` and `statement` are null until they have said what they think; `waits_for` are the jurors
    by whom they have not been understood yet.
    """

    number: int
    college: College
    left_at: Moment | None
    statement_id: int | None
    statement: str | None
    said_back: Sequence[SaidBack]
    waits_for: Sequence[int]


class JuryWording(Said):
    """How the draft could read, by the number of the juror who wrote it."""

    id: int
    juror: int
    language: str
    title: str
    text: str
    note: str
    parameters: Sequence[str] = Field(description="What it would set.")
    is_chosen: bool


class CollegeChoice(Said):
    """The one vote of a college: `wording_id` is 0 for the draft as it stands, and null for no vote."""

    college: College
    wording_id: int | None


class Jury(Said):
    """A jury: why it was called, what was said and said back, and at its end how each college voted."""

    id: int
    proposal_id: int
    version_number: int
    reason: str
    state: JuryState
    called_at: Moment
    ends_by: Moment
    ended_at: Moment | None
    lots: Sequence[int] = Field(description="The lots by which it was drawn, one for each college.")
    jurors: Sequence[Juror]
    wordings: Sequence[JuryWording]
    votes: Sequence[CollegeChoice]


class JurySeat(Said):
    """The caller's place in a jury, and what is theirs to do next."""

    jury_id: int
    number: int
    college: College
    has_spoken: bool
    to_say_back: Sequence[int] = Field(description="Statements of others to say back.")
    to_answer: Sequence[int] = Field(description="What was said back to the caller and waits for an answer.")
    has_chosen: bool


class JuryIn(Sent):
    """What a jury is to settle."""

    reason: str = Field(min_length=1, max_length=LONGEST_WORDS)


class JurorWordsIn(Sent):
    """What a juror says, or says back."""

    text: str = Field(min_length=1, max_length=LONGEST_WORDS)


class UnderstoodIn(Sent):
    """Whether the caller was understood; if not, what was missed."""

    understood: bool
    missed: str = Field("", max_length=LONGEST_WORDS)


class JurorChoiceIn(Sent):
    """A wording, or null for the draft as it stands."""

    wording_id: int | None = Field(ge=1, lt=2**63)


def card_said(card: JuryCard) -> JuryInList:
    return JuryInList.model_validate(card)


def jury_said(seen: JurySeen) -> Jury:
    """Return a jury as it goes out: the same to everybody."""
    return Jury(
        id=seen.card.id,
        proposal_id=seen.card.proposal_id,
        version_number=seen.version_number,
        reason=seen.reason,
        state=seen.card.state,
        called_at=seen.card.called_at,
        ends_by=seen.card.ends_by,
        ended_at=seen.card.ended_at,
        lots=seen.lots,
        jurors=[_juror_said(one) for one in seen.jurors],
        wordings=[
            JuryWording(
                id=one.id,
                juror=one.juror,
                language=one.language,
                title=one.title,
                text=one.text,
                note=one.note,
                parameters=[setting.parameter for setting in one.settings],
                is_chosen=one.is_chosen,
            )
            for one in seen.wordings
        ],
        votes=[CollegeChoice(college=college, wording_id=choice) for college, choice in seen.votes],
    )


def seat_said(jury_id: int, own: JurorSeen, seen: JurySeen) -> JurySeat:
    """Return somebody's place in a jury as it goes out to themselves."""
    return JurySeat(
        jury_id=jury_id,
        number=own.number,
        college=own.college,
        has_spoken=own.statement_id is not None,
        to_say_back=[one.statement_id for one in seen.to_restate if one.statement_id is not None],
        to_answer=[one.id for one in seen.to_answer],
        has_chosen=own.has_chosen,
    )


def _juror_said(juror: JurorSeen) -> Juror:
    return Juror(
        number=juror.number,
        college=juror.college,
        left_at=juror.left_at,
        statement_id=juror.statement_id,
        statement=juror.statement or None,
        said_back=[SaidBack.model_validate(one) for one in juror.said_back],
        waits_for=juror.waits_for,
    )
