"""Reviews as operators see them, who decide whether one must not count: what was said of what, and no names.

A member who finds a review unfair names its draw: everybody sees the draw's id, and its member knows which
is theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.guilds.access import guild_known
from canut.guilds.models import Review
from canut.guilds.queries.draws import day_of
from canut.guilds.states import ItemKind, ReviewState
from canut.guilds.usecases.void_review import ReviewNotFound
from canut.people.access import as_operator
from canut.people.models import Person
from canut.work.designs.items import WorkSeen
from canut.work.queries.shown_work import seen, works_shown

REVIEWS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """A review that was handed in. `item` is its author's number for the work; `level` is the author's.

    `is_own` tells that who looks wrote it, or made what it is about: they do not decide on it. `about` is the
    work itself, where it was asked for.
    """

    id: int
    guild_id: int
    guild_name: str
    draw_id: UUID
    title: str
    kind: ItemKind
    item: int
    level: int
    verdict: int
    would_accept: bool
    advice: str
    day: date
    voided_on: date | None
    void_reason: str
    is_own: bool
    about: WorkSeen | None = None


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    guild_id: int
    guild_name: str
    reviews: Sequence[ReviewSeen]
    draw: str
    next_cursor: int | None


def reviews_page(
    guild_id: int, *, by: Person, draw: str = "", before_id: int | None = None, most: int = REVIEWS_A_PAGE
) -> ReviewsPage:
    """Return a page of the reviews that were handed in in a guild, the latest first, for an operator.

    `draw` narrows to that of one draw; what is no draw's id finds none.

    Raises:
        OperatorRoleMissing: `by` does not run the site. GuildNotFound: there is none of this number.
    """
    as_operator(by)
    guild = guild_known(guild_id)
    rows = _known().filter(guild=guild)
    draw = draw.strip()[:80]
    if draw:
        try:
            rows = rows.filter(item__block__public_id=UUID(draw))
        except ValueError:
            rows = rows.none()
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-pk")[: most + 1])
    shown = [_seen(review, by=by) for review in found[:most]]
    return ReviewsPage(guild.pk, guild.party.name, shown, draw, shown[-1].id if len(found) > most else None)


def review_seen(guild_id: int, review_id: int, *, by: Person) -> ReviewSeen:
    """Return one review with the work that it is about, for an operator.

    Raises:
        OperatorRoleMissing: `by` does not run the site. ReviewNotFound: nobody has done one of this number.
    """
    as_operator(by)
    review = _known().filter(guild_id=guild_id, pk=review_id).first()
    if review is None or review.assignment is None:
        raise ReviewNotFound(_("There is no such review."))
    works = seen(works_shown([review.assignment], with_files=False).get(review.assignment.pk, ()))
    return _seen(review, by=by, about=works.get(1))


def _known() -> QuerySet[Review]:
    return Review.objects.filter(state=ReviewState.DONE).select_related(
        "guild__party", "item__block", "item__assignment__project", "author", "reviewer", "assignment"
    )


def _seen(review: Review, *, by: Person, about: WorkSeen | None = None) -> ReviewSeen:
    item = review.item
    reviewer_id = review.reviewer.person_id if review.reviewer is not None else None
    return ReviewSeen(
        id=review.pk,
        guild_id=review.guild_id,
        guild_name=review.guild.party.name,
        draw_id=item.block.public_id,
        title=item.assignment.project.title,
        kind=ItemKind(item.kind),
        item=item.number,
        level=item.level,
        verdict=review.verdict or 0,
        would_accept=bool(review.would_accept),
        advice=review.advice,
        day=day_of(review.ended_at or review.opened_at),
        voided_on=None if review.voided_at is None else day_of(review.voided_at),
        void_reason=review.void_reason,
        is_own=by.pk in (review.author.person_id, reviewer_id),
        about=about,
    )
