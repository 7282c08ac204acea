"""Draws as everybody may see them: commitments, and what came of them, so that anybody can recompute them.

Of a draw everybody sees the day and never more, and never whose it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from canut.charter.moratoria import Algorithm, Moratorium, moratorium
from canut.guilds.access import guild_known
from canut.guilds.models import Block
from canut.guilds.states import BlockState, DrawnBy

DRAWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Draw:
    """One block. Until it is drawn only its commitment is told, and the seed and the rest are None.

    `drawn_by` is a DrawnBy: while the members have stopped the draw, the first item is reviewed.
    """

    draw_id: UUID
    size: int
    commitment: str
    seed: str | None
    drawn_number: int | None
    drawn_on: date | None
    drawn_by: str = DrawnBy.LOT


@dataclass(frozen=True, slots=True)
class DrawsPage:
    """Some of the draws of a guild, and how many there are of either kind; `next_place` goes on.

    `stopped` tells that the members have stopped the draw.
    """

    guild_id: int
    guild_name: str
    draws: Sequence[Draw]
    drawn: int
    to_come: int
    next_place: str | None
    stopped: Moratorium | None = None


def draws_page(
    guild_id: int, *, at: datetime, drawn: bool = True, after_place: str = "", most: int = DRAWS_A_PAGE
) -> DrawsPage:
    """Return a page of the draws of a guild: those drawn, the latest day first, or else those to come.

    `after_place` is what the page before gave; what is no place is the beginning.

    Raises:
        GuildNotFound: there is none of this number.
    """
    guild = guild_known(guild_id)
    of_guild = Block.objects.filter(member__guild=guild)
    counted = of_guild.filter(state=BlockState.DRAWN)
    rows = _in_order(of_guild, drawn=drawn)
    place = _read(after_place)
    if place is not None:
        day, draw_id = place
        beyond = Q(public_id__gt=draw_id)
        if drawn:
            beyond = Q(day__lt=day) | Q(day=day) & beyond
        rows = rows.filter(beyond)
    found = [_seen(block) for block in rows[: most + 1]]
    shown = found[:most]
    return DrawsPage(
        guild.pk,
        guild.party.name,
        shown,
        drawn=counted.count(),
        to_come=of_guild.exclude(state=BlockState.DRAWN).count(),
        next_place=_place(shown[-1]) if len(found) > most else None,
        stopped=moratorium(Algorithm.SAMPLING, at=at),
    )


def all_draws(guild_id: int) -> Iterator[Draw]:
    """Give every draw of a guild, those drawn first, as a file of them tells it.

    Raises:
        GuildNotFound: there is none of this number.
    """
    of_guild = Block.objects.filter(member__guild=guild_known(guild_id))
    for drawn in (True, False):
        for block in _in_order(of_guild, drawn=drawn).iterator(chunk_size=1_000):
            yield _seen(block)


def _in_order(rows: QuerySet[Block], *, drawn: bool) -> QuerySet[Block]:
    if not drawn:
        return rows.exclude(state=BlockState.DRAWN).order_by("public_id")
    rows = rows.filter(state=BlockState.DRAWN)
    return rows.annotate(day=TruncDate("drawn_at", tzinfo=timezone.get_default_timezone())).order_by(
        "-day", "public_id"
    )


def _seen(block: Block) -> Draw:
    is_drawn = block.state == BlockState.DRAWN
    return Draw(
        draw_id=block.public_id,
        size=block.size,
        commitment=block.commitment,
        seed=block.seed if is_drawn else None,
        drawn_number=block.drawn_number,
        drawn_on=None if block.drawn_at is None else day_of(block.drawn_at),
        drawn_by=block.drawn_by,
    )


def day_of(moment: datetime) -> date:
    """Return the day of a moment in the site's zone: all that one side of a review is told of the other's."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def _place(draw: Draw) -> str:
    return f"{draw.drawn_on or date.max}.{draw.draw_id}"


def _read(place: str) -> tuple[date, UUID] | None:
    day, _dot, draw_id = place.partition(".")
    try:
        return date.fromisoformat(day), UUID(draw_id)
    except ValueError:
        return None
