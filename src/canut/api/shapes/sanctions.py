"""Sanctions, as programs of the one they touch read and answer them."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.justice.models import LONGEST_WORDS
from canut.justice.sanctions.models import LONGEST_TEXT
from canut.justice.sanctions.queries import GroundSeen, SanctionCard, SanctionSeen
from canut.justice.sanctions.states import Ended, Ground, Kind, Outcome
from canut.people.models import Bar


class SanctionGround(Said):
    """A ground of the published list: what it means, what shows it, and which sanctions it can carry."""

    ground: Ground
    name: str
    sentence: str
    evidence: str
    kinds: Sequence[Kind]


class SanctionGrounds(Said):
    """The published list. There is no other ground."""

    grounds: Sequence[SanctionGround]


class SanctionInList(Said):
    """A sanction in a list. `holds` tells whether it bars something now."""

    id: int
    kind: Kind
    ground: Ground
    decided_at: Moment
    takes_effect_at: Moment | None
    ends_at: Moment | None
    ended_at: Moment | None
    ended_how: Ended | None
    holds: bool


class SanctionReview(Said):
    """That another person looks at it again. `outcome` is null until they have said it."""

    asked_at: Moment
    review_by: Moment = Field(description="Without an outcome by then the sanction lapses.")
    outcome: Outcome | None
    reason: str
    reviewed_at: Moment | None


class SanctionAnswer(Said):
    """What the one whom a sanction touches said about it."""

    words: str
    given_at: Moment


class Sanction(SanctionInList):
    """A sanction whole. `amount_minor` null with a currency means all earnings in it."""

    bars: Sequence[Bar]
    days: int | None
    currency: str
    amount_minor: int | None
    evidence: str
    reason: str
    decided_by: str = Field(description="The screen name of the person who decided.")
    delivered_at: Moment | None
    statement: str = Field(description="The statement of reasons as it was delivered.")
    review: SanctionReview | None
    may_ask_review: bool
    answers: Sequence[SanctionAnswer]
    end_reason: str


class SanctionAnswerIn(Sent):
    """What you say about a sanction that touches you."""

    words: str = Field(max_length=LONGEST_TEXT)


class SanctionReviewIn(Sent):
    """That another person than the one who decided is to look at a sanction again."""

    words: str = Field(default="", max_length=LONGEST_TEXT, description="What they should look at.")


class SanctionAppealIn(Sent):
    """That peers are to hear a sanction which another person let stand."""

    words: str = Field(default="", max_length=LONGEST_WORDS, description="What the peers should know.")


class SanctionAppeal(Said):
    """That peers hear a sanction: the case is among the caller's own."""

    case_id: int
    sanction_id: int


def ground_said(seen: GroundSeen) -> SanctionGround:
    return SanctionGround(
        ground=seen.ground,
        name=str(seen.ground.label),
        sentence=seen.sentence,
        evidence=seen.evidence,
        kinds=seen.kinds,
    )


def card_said(card: SanctionCard) -> SanctionInList:
    return SanctionInList(**{name: getattr(card, name) for name in SanctionInList.model_fields})


def sanction_said(seen: SanctionSeen) -> Sanction:
    return Sanction(
        **card_said(seen.card).model_dump(),
        bars=seen.bars,
        days=seen.days,
        currency=seen.currency,
        amount_minor=seen.amount_minor,
        evidence=seen.evidence,
        reason=seen.reason,
        decided_by=seen.card.decided_by,
        delivered_at=seen.delivered_at,
        statement=seen.statement,
        review=None
        if seen.review is None
        else SanctionReview(**{name: getattr(seen.review, name) for name in SanctionReview.model_fields}),
        may_ask_review=seen.may_ask_review,
        answers=[SanctionAnswer(words=one.words, given_at=one.given_at) for one in seen.answers],
        end_reason=seen.end_reason,
    )
