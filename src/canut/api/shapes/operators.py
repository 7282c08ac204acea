"""What those who run the site read by program: sanctions, what was flagged, and who mediates."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.api.shapes.flags import FlaggedMatter, matter_said
from canut.api.shapes.sanctions import Sanction, SanctionInList, sanction_said
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.queries import MatterCard, MatterForOperator
from canut.justice.flags.states import FlagGround, MatterState, ObjectionState
from canut.justice.mediation.queries.mediators import MediatorAsOperatorSees
from canut.justice.sanctions.queries import ProposalSeen, SanctionCard, SanctionSeen
from canut.justice.sanctions.states import Ground, Kind


class SanctionSeenByOperator(SanctionInList):
    """A sanction in the list of those who run the site, with whom it touches and who decided it."""

    person_id: int
    screen_name: str
    decided_by: str
    waits_for_review: bool


class SanctionForOperator(Sanction):
    """A sanction whole, with whom it touches; the link of its mail is not told."""

    person_id: int
    screen_name: str


class SanctionProposal(Said):
    """What a rule found and proposes; it does nothing, and unless a person takes it up it lapses."""

    id: int
    person_id: int
    screen_name: str
    kind: Kind
    ground: Ground
    found: str = Field(description="What was found, with the numbers the rule went by.")
    made_at: Moment
    lapses_at: Moment
    state: Literal["open", "taken_up", "set_aside", "lapsed"]
    closed_at: Moment | None
    closed_by: str
    reason: str
    sanction_id: int | None


class MatterInQueue(Said):
    """A flagged thing in the queue: how many members flagged it, and how many of their flags count."""

    id: int
    kind: HiddenKind
    title: str
    state: MatterState
    opened_at: Moment
    hidden_until: Moment | None
    members: int
    counting: int
    objection: ObjectionState | None


class GroundCounted(Said):
    """How many members gave a ground."""

    ground: FlagGround
    members: int


class MatterForOperators(Said):
    """A flagged thing with all that whoever decides may weigh. Nobody learns who flagged it."""

    matter: FlaggedMatter
    address: str = Field(description="The path of the page on which it stands, where there is one.")
    whose: str
    members: int
    counting: int
    needed: int = Field(description="How many members without a tie to each other hide it.")
    grounds: Sequence[GroundCounted]
    words: Sequence[str]
    decided_by: str
    may_decide: bool
    may_answer: bool


class MatterDecisionIn(Sent):
    """What becomes of a flagged thing; its author reads the reason."""

    hide: bool = Field(description="It stays hidden on a published ground; else it is shown.")
    ground: str = Field("", max_length=20, description="Needed where it stays hidden.")
    reason: str = Field(min_length=1, max_length=2_000)


class ObjectionAnswerIn(Sent):
    """What becomes of an author's objection; the author reads the answer."""

    grant: bool = Field(description="The thing is shown again; else it stays hidden.")
    answer: str = Field(min_length=1, max_length=2_000)


class MediatorAppointed(Said):
    """Somebody who mediates here, or did, with how many disputes they have and had."""

    id: int
    screen_name: str
    appointed_by: str
    appointed_at: Moment
    ended_at: Moment | None
    in_hand: int
    had: int


class MediatorIn(Sent):
    """Who is to mediate."""

    screen_name: str = Field(min_length=1, max_length=30)


def sanction_in_list(card: SanctionCard) -> SanctionSeenByOperator:
    names = SanctionSeenByOperator.model_fields
    return SanctionSeenByOperator(**{name: getattr(card, name) for name in names})


def sanction_for_operator(seen: SanctionSeen) -> SanctionForOperator:
    return SanctionForOperator(
        **sanction_said(seen).model_dump(),
        person_id=seen.card.person_id,
        screen_name=seen.card.screen_name,
    )


def proposal_said(seen: ProposalSeen) -> SanctionProposal:
    return SanctionProposal.model_validate(seen)


def matter_in_queue(card: MatterCard) -> MatterInQueue:
    return MatterInQueue.model_validate(card)


def matter_for_operators(seen: MatterForOperator) -> MatterForOperators:
    same = ("whose", "members", "counting", "needed", "words", "decided_by", "may_decide", "may_answer")
    return MatterForOperators(
        matter=matter_said(seen.matter),
        address=seen.matter.address,
        grounds=[GroundCounted(ground=ground, members=members) for ground, members in seen.grounds],
        **{name: getattr(seen, name) for name in same},
    )


def mediator_said(seen: MediatorAsOperatorSees) -> MediatorAppointed:
    return MediatorAppointed.model_validate(seen)
