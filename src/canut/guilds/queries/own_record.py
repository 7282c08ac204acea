"""A member's own record in a guild: what they completed, what was drawn, what reviews said, what follows.

Blind (MECHANISMS 2.5): of a review its member is told what it says and its day, and nothing else of it. An
item is called by the member's own number for it, and reviews stand in the order of those numbers alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from canut.guilds.access import own_membership
from canut.guilds.in_force import level_rule
from canut.guilds.models import Block, Item, LevelContest, LevelDecision, Member, Review
from canut.guilds.queries.draws import day_of
from canut.guilds.queries.scores import score_of
from canut.guilds.rules_levels import LevelRule, Progress, progress
from canut.guilds.states import BlockState, ContestState, ItemKind, ReviewState
from canut.guilds.usecases.contest_level import contest_until
from canut.people.models import Person

ITEMS_A_PAGE = 20
MOST_SUPERSEDED = 20


@dataclass(frozen=True, slots=True)
class OwnReview:
    """What a member is told of the review of an item of theirs; what it says only once it is done.

    `counts` tells whether it counts for the level. `void_reason` is why an operator took it out.
    """

    state: ReviewState
    verdict: int | None
    would_accept: bool | None
    advice: str
    day: date | None
    counts: bool
    void_reason: str


@dataclass(frozen=True, slots=True)
class OwnItem:
    """Something the member completed: `number` counts theirs, `place` is where it stands in the draw.

    `is_drawn` is None as long as its draw is to come. `assignment_id` is the member's own.
    """

    number: int
    kind: ItemKind
    title: str
    assignment_id: int
    level: int
    completed_at: datetime
    draw_id: UUID
    place: int
    is_drawn: bool | None
    review: OwnReview | None


@dataclass(frozen=True, slots=True)
class OwnDraw:
    """The block that the member's next items go to: so many of so many are there."""

    draw_id: UUID
    commitment: str
    size: int
    items: int


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """What a full window came to, with all that it goes by, so that it can be done again by hand.

    `items` are the numbers of what was reviewed, `verdicts` what was said of each, in the same order, and
    `why` is a word of the rules. `rule` is the charter's as it was when the last of the reviews came. One
    that is superseded does not count: since then a review of its window or of an earlier one was taken out.
    `contest` is how far its contest is, if it was contested.
    """

    number: int
    before: int
    after: int
    why: str
    mean: Decimal
    items: Sequence[int]
    day: date
    verdicts: Sequence[int]
    rule: LevelRule
    superseded_on: date | None
    may_contest: bool
    contest: ContestState | None

    @property
    def total(self) -> int:
        return sum(self.verdicts)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Where a member stands: level, mean of all reviews that count, and what the next change needs.

    `level_seen` is at which level reviewers saw their work, on average (scores.Score). `window` are the
    numbers of the items whose reviews are in the window that is open. `decisions` are those
    that stand, the latest first, and `superseded` those that do not any more.
    """

    guild_id: int
    guild_name: str
    level: int
    first_level: int
    joined_at: datetime
    left_at: datetime | None
    mean: Decimal | None
    level_seen: Decimal | None
    reviews: int
    rule: LevelRule
    progress: Progress
    window: Sequence[int]
    decisions: Sequence[OwnDecision]
    superseded: Sequence[OwnDecision]
    draw: OwnDraw | None


@dataclass(frozen=True, slots=True)
class OwnItems:
    items: Sequence[OwnItem]
    next_cursor: int | None


def own_record(guild_id: int, *, by: Person, at: datetime) -> OwnRecord:
    """Return where `by` stands in a guild, also one that they have left.

    Raises:
        GuildNotFound: there is none of this number. NotAMember: `by` was never in it.
    """
    member = own_membership(guild_id, by=by, left_too=True)
    reviews = _that_count(member)
    rows = LevelDecision.objects.filter(member=member).select_related("contest")
    decisions = list(rows.filter(superseded_at__isnull=True).order_by("-number"))
    superseded = rows.filter(superseded_at__isnull=False)
    superseded = superseded.order_by("-superseded_at", "-number", "-pk")[:MOST_SUPERSEDED]
    decided = {pk for decision in decisions for pk in decision.review_ids}
    in_window = {pk: said for pk, said in reviews.items() if pk not in decided}
    rule = level_rule(member.guild_id, at=at)
    block = Block.objects.filter(member=member, state=BlockState.COLLECTING).first()
    score = score_of(member)
    return OwnRecord(
        guild_id=member.guild_id,
        guild_name=member.guild.party.name,
        level=member.level,
        first_level=member.first_level,
        joined_at=member.joined_at,
        left_at=member.left_at,
        mean=score.mean,
        level_seen=score.level_seen,
        reviews=score.reviews,
        rule=rule,
        progress=progress(member.level, [verdict for _number, verdict in in_window.values()], rule),
        window=sorted(number for number, _verdict in in_window.values()),
        decisions=[_decision_seen(decision, member, at=at) for decision in decisions],
        superseded=[_decision_seen(decision, member, at=at) for decision in superseded],
        draw=None
        if block is None
        else OwnDraw(block.public_id, block.commitment, block.size, block.items.count()),
    )


def own_items(
    guild_id: int,
    *,
    by: Person,
    drawn_only: bool = False,
    before_number: int | None = None,
    most: int = ITEMS_A_PAGE,
) -> OwnItems:
    """Return a page of what `by` completed in a guild, the latest first; `drawn_only` those that were drawn.

    Raises:
        GuildNotFound: there is none of this number. NotAMember: `by` was never in it.
    """
    member = own_membership(guild_id, by=by, left_too=True)
    rows = Item.objects.filter(member=member).select_related("block", "assignment__project", "review")
    if drawn_only:
        rows = rows.filter(review__isnull=False)
    if before_number is not None:
        rows = rows.filter(number__lt=before_number)
    found = list(rows.order_by("-number")[: most + 1])
    shown = found[:most]
    return OwnItems([_item_seen(item) for item in shown], shown[-1].number if len(found) > most else None)


def _that_count(member: Member) -> Mapping[int, tuple[int, int]]:
    """Return the number of the item and the verdict of each review that counts, by the review's id."""
    rows = Review.objects.filter(author=member, state=ReviewState.DONE, voided_at__isnull=True)
    rows = rows.filter(verdict__isnull=False)
    return {
        pk: (number, verdict or 0)
        for pk, number, verdict in rows.values_list("pk", "item__number", "verdict")
    }


def _decision_seen(decision: LevelDecision, member: Member, *, at: datetime) -> OwnDecision:
    contest: LevelContest | None = getattr(decision, "contest", None)
    rows = Review.objects.filter(pk__in=decision.review_ids).order_by("item__number")
    window = list(rows.values_list("item__number", "verdict", "ended_at"))
    last = max((ended_at for _number, _verdict, ended_at in window if ended_at), default=decision.decided_at)
    return OwnDecision(
        number=decision.number,
        before=decision.before,
        after=decision.after,
        why=decision.why,
        mean=decision.mean,
        items=[number for number, _verdict, _ended in window],
        day=day_of(decision.decided_at),
        verdicts=[verdict or 0 for _number, verdict, _ended in window],
        rule=level_rule(member.guild_id, at=last),
        superseded_on=None if decision.superseded_at is None else day_of(decision.superseded_at),
        may_contest=contest is None
        and decision.superseded_at is None
        and decision.after <= decision.before
        and at < contest_until(decision),
        contest=None if contest is None else ContestState(contest.state),
    )


def _item_seen(item: Item) -> OwnItem:
    review: Review | None = getattr(item, "review", None)
    return OwnItem(
        number=item.number,
        kind=ItemKind(item.kind),
        title=item.assignment.project.title,
        assignment_id=item.assignment_id,
        level=item.level,
        completed_at=item.completed_at,
        draw_id=item.block.public_id,
        place=item.place,
        is_drawn=item.place == item.block.drawn_number if item.block.state == BlockState.DRAWN else None,
        review=None if review is None else _review_seen(review),
    )


def _review_seen(review: Review) -> OwnReview:
    return OwnReview(
        state=ReviewState(review.state),
        verdict=review.verdict,
        would_accept=review.would_accept,
        advice=review.advice,
        day=None if review.ended_at is None else day_of(review.ended_at),
        counts=review.state == ReviewState.DONE and review.voided_at is None,
        void_reason=review.void_reason,
    )
