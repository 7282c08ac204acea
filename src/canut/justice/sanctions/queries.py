"""Sanctions as the one they touch reads them, as those who run the site do, and as numbers for all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.justice.sanctions.access import proposal_as_operator, sanction_as_operator
from canut.justice.sanctions.link_token import without_path
from canut.justice.sanctions.models import Proposal, Sanction, SanctionFile
from canut.justice.sanctions.states import (
    EFFECTS,
    GROUNDS,
    Ended,
    Ground,
    Kind,
    Outcome,
    Pattern,
    ProposalState,
)
from canut.justice.sanctions.wording import name_of_sanction
from canut.people.access import as_operator
from canut.people.models import Bar, Person
from canut.people.queries_restrictions import not_shut_out
from canut.work.queries.files import Stored

SANCTIONS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class FileSeen:
    id: str
    name: str
    size_bytes: int
    is_evidence: bool


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    words: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """That somebody else looks at it again; the last four are empty while it waits."""

    words: str
    asked_at: datetime
    review_by: datetime
    outcome: Outcome | None
    reason: str
    reviewer: str
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SanctionCard:
    """One sanction in a list."""

    id: int
    person_id: int
    screen_name: str
    kind: Kind
    name: str
    ground: Ground
    decided_at: datetime
    decided_by: str
    takes_effect_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_how: Ended | None
    waits_for_review: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class SanctionSeen:
    """One sanction whole, for the one it touches and for those who run the site: both read the same."""

    card: SanctionCard
    bars: tuple[Bar, ...]
    currency: str
    amount_minor: int | None
    days: int | None
    evidence: str
    reason: str
    delivered_at: datetime | None
    statement: str
    end_reason: str
    ended_by: str
    review: ReviewSeen | None
    review_days: int
    answers: tuple[AnswerSeen, ...]
    files: tuple[FileSeen, ...]

    @property
    def ground_means(self) -> str:
        return str(GROUNDS[self.card.ground].sentence)

    @property
    def effect(self) -> str:
        return str(EFFECTS[self.card.kind])

    @property
    def may_ask_review(self) -> bool:
        return self.review is None and self.delivered_at is not None and self.card.ended_at is None

    @property
    def may_appeal(self) -> bool:
        """Whether peers can hear it: another person has said that it stands."""
        reviewed = self.review is not None and self.review.outcome == Outcome.STANDS
        return reviewed and self.card.ended_at is None


@dataclass(frozen=True, slots=True)
class ProposalSeen:
    """What a program found, with the numbers it went by, said in a sentence."""

    id: int
    person_id: int
    screen_name: str
    pattern: Pattern
    kind: Kind
    ground: Ground
    found: str
    made_at: datetime
    lapses_at: datetime
    state: ProposalState
    closed_at: datetime | None
    closed_by: str
    reason: str
    sanction_id: int | None


@dataclass(frozen=True, slots=True)
class GroundSeen:
    """A ground of the published list."""

    ground: Ground
    sentence: str
    evidence: str
    kinds: tuple[Kind, ...]


def published_grounds() -> tuple[GroundSeen, ...]:
    """Return the list on which every sanction rests, in the language that is active."""
    return tuple(
        GroundSeen(ground, str(meaning.sentence), str(meaning.evidence), meaning.kinds)
        for ground, meaning in GROUNDS.items()
    )


def sanctions_of(by: Person, *, at: datetime) -> Sequence[SanctionCard]:
    """Return the sanctions that touch `by`, newest first; they are few."""
    rows = Sanction.objects.filter(person=by).select_related("person__party", "decided_by__party", "review")
    return [_card(row, at=at) for row in rows.order_by("-pk")]


def seen_by_its_person(sanction: Sanction, *, at: datetime) -> SanctionSeen:
    """Return a sanction that `access` gave to the one it touches."""
    return _seen(sanction, at=at)


def seen_by_operator(sanction_id: int, *, by: Person, at: datetime) -> SanctionSeen:
    """Return a sanction for somebody who runs the site. Raises as `access.sanction_as_operator`."""
    row = sanction_as_operator(sanction_id, by=by)
    seen = _seen(row, at=at)
    return replace(seen, statement=without_path(seen.statement, row.pk))


def stored(file: SanctionFile) -> Stored:
    """Return a file that `access` gave, ready to be sent."""
    return Stored(file.pk, file.filename, file.media_type, file.size_bytes, file.stored_as)


def sanctions_page(
    *, by: Person, which: str = "", before_id: int | None = None, at: datetime
) -> tuple[Sequence[SanctionCard], int | None]:
    """Return a page of all sanctions for somebody who runs the site, newest first, and where to go on.

    `which` is "review" for those that wait for a person who did not decide them, "holding" for those that
    have not ended, else all.

    Raises:
        OperatorRoleMissing: `by` does not run the site.
    """
    as_operator(by)
    rows = Sanction.objects.select_related("person__party", "decided_by__party", "review").order_by("-pk")
    if which == "review":
        rows = rows.filter(review__outcome="", review__review_by__gt=at, ended_at__isnull=True)
        rows = rows.exclude(decided_by=by).exclude(person=by)
    elif which == "holding":
        rows = rows.filter(ended_at__isnull=True)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: SANCTIONS_A_PAGE + 1])
    shown = found[:SANCTIONS_A_PAGE]
    return [_card(row, at=at) for row in shown], shown[-1].pk if len(found) > len(shown) else None


def every_sanction(*, at: datetime, ended_too: bool) -> Iterator[SanctionCard]:
    """Give all sanctions, newest first, or those that have not ended: for whoever holds the machine."""
    rows = Sanction.objects.select_related("person__party", "decided_by__party", "review").order_by("-pk")
    if not ended_too:
        rows = rows.filter(ended_at__isnull=True)
    return (_card(row, at=at) for row in rows.iterator(chunk_size=500))


def proposals_waiting() -> int:
    """Return how many proposals of programs wait for a person."""
    return Proposal.objects.filter(state=ProposalState.OPEN).count()


def can_be_reviewed_by_another(*, by: Person) -> bool:
    """Tell whether somebody else runs the site, who could look again at what `by` decides."""
    those = Person.objects.filter(is_operator=True, is_active=True, party__simulated=False)
    return not_shut_out(those.exclude(pk=by.pk)).exists()


def proposals_page(*, by: Person, before_id: int | None = None) -> tuple[Sequence[ProposalSeen], int | None]:
    """Return a page of what programs proposed, newest first, and where to go on."""
    as_operator(by)
    rows = Proposal.objects.select_related("person__party", "closed_by__party", "sanction").order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: SANCTIONS_A_PAGE + 1])
    shown = found[:SANCTIONS_A_PAGE]
    return [_proposal(row) for row in shown], shown[-1].pk if len(found) > len(shown) else None


def proposal_seen(proposal_id: int, *, by: Person) -> ProposalSeen:
    """Return one proposal. Raises as `access.proposal_as_operator`."""
    return _proposal(proposal_as_operator(proposal_id, by=by))


def _card(row: Sanction, *, at: datetime) -> SanctionCard:
    review = getattr(row, "review", None)
    waits = review is not None and not review.outcome
    in_time = review is None or not waits or review.review_by > at
    begun = row.takes_effect_at is not None and row.takes_effect_at <= at
    run_out = row.ends_at is not None and row.ends_at <= at
    over = row.ended_at is not None or run_out
    how = Ended(row.ended_how) if row.ended_how else Ended.RUN_OUT if run_out else None
    return SanctionCard(
        id=row.pk,
        person_id=row.person_id,
        screen_name=row.person.screen_name,
        kind=Kind(row.kind),
        name=name_of_sanction(row),
        ground=Ground(row.ground),
        decided_at=row.decided_at,
        decided_by=row.decided_by.screen_name,
        takes_effect_at=row.takes_effect_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        ended_how=how,
        waits_for_review=waits and in_time and row.ended_at is None,
        holds=begun and not over and in_time,
    )


def _seen(row: Sanction, *, at: datetime) -> SanctionSeen:
    review = getattr(row, "review", None)
    return SanctionSeen(
        card=_card(row, at=at),
        bars=tuple(Bar(bar) for bar in row.bars),
        currency=row.currency,
        amount_minor=row.amount_minor,
        days=row.days,
        evidence=row.evidence,
        reason=row.reason,
        delivered_at=row.delivered_at,
        statement=row.statement,
        end_reason=row.end_reason,
        ended_by=row.ended_by.screen_name if row.ended_by is not None else "",
        review=None
        if review is None
        else ReviewSeen(
            words=review.words,
            asked_at=review.asked_at,
            review_by=review.review_by,
            outcome=Outcome(review.outcome) if review.outcome else None,
            reason=review.reason,
            reviewer="" if review.reviewer is None else review.reviewer.screen_name,
            reviewed_at=review.reviewed_at,
        ),
        review_days=in_force("sanction.review_days", at=at, scope=Scope(country=row.person.country)),
        answers=tuple(AnswerSeen(one.words, one.given_at) for one in row.answers.order_by("pk")),
        files=tuple(
            FileSeen(str(one.pk), one.filename, one.size_bytes, one.is_evidence)
            for one in row.files.order_by("kept_at", "pk")
        ),
    )


def _proposal(row: Proposal) -> ProposalSeen:
    sanction = getattr(row, "sanction", None)
    return ProposalSeen(
        id=row.pk,
        person_id=row.person_id,
        screen_name=row.person.screen_name,
        pattern=Pattern(row.pattern),
        kind=Kind(row.kind),
        ground=Ground(row.ground),
        found=_found(row),
        made_at=row.made_at,
        lapses_at=row.lapses_at,
        state=ProposalState(row.state),
        closed_at=row.closed_at,
        closed_by="" if row.closed_by is None else row.closed_by.screen_name,
        reason=row.reason,
        sanction_id=None if sanction is None else sanction.pk,
    )


def _found(row: Proposal) -> str:
    return {
        Pattern.OVERTURNED_REJECTIONS: _(
            "In the last %(days)s days peers heard %(heard)s cases about this requester's rejections, and in "
            "%(fell)s of them the rejection fell."
        ),
    }[Pattern(row.pattern)] % row.facts
