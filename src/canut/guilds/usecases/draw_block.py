"""One item of a full block is drawn and offered for review, or waits until the guild fund can pay for it."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from canut.charter.queries import in_force
from canut.guilds.models import Block, Item, Member, SamplingPause
from canut.guilds.rules_draws import drawn_number
from canut.guilds.states import BlockState, DrawnBy
from canut.guilds.usecases.open_review import open_review
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.ledger.usecases.post_entries import InsufficientFunds

MOST_AT_ONCE = 200

log = logging.getLogger(__name__)


def draw_block(block: Block, *, at: datetime) -> bool:
    """Draw from a full block and return whether it could be done. Its member's row must be locked.

    While draws are paused nothing is tried: what waits is drawn in the order in which it was filled. While
    the members have stopped the draw, the first item is reviewed, by whoever of all eligible comes first.
    """
    if SamplingPause.objects.filter(ended_at__isnull=True).exists():
        _wait(block, at=at)
        return False
    return _try(block, at=at)


def draw_waiting(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Draw what waits for money, the oldest first, as far as the fund can pay; return how many were drawn.

    When nothing waits any more, the pause is over. A job; each block is a transaction of its own, so several
    runners are safe.
    """
    drawn = 0
    while drawn < most and _draw_oldest(at=at):
        drawn += 1
    _end_pause(at=at)
    return drawn


@transaction.atomic
def _draw_oldest(*, at: datetime) -> bool:
    oldest = Block.objects.filter(state=BlockState.WAITING).order_by("filled_at", "pk").first()
    if oldest is None:
        return False
    Member.objects.select_for_update(no_key=True).get(pk=oldest.member_id)
    block = Block.objects.get(pk=oldest.pk)
    return block.state != BlockState.WAITING or _try(block, at=at)


def _try(block: Block, *, at: datetime) -> bool:
    stopped = in_force("moratorium.sampling", at=at)
    number = 1 if stopped else drawn_number(bytes.fromhex(block.seed), block.public_id.bytes, block.size)
    filled_at = block.filled_at or at
    try:
        with transaction.atomic():
            block.state, block.filled_at = BlockState.DRAWN, filled_at
            block.drawn_at, block.drawn_number = at, number
            block.drawn_by = DrawnBy.FIRST_COME if stopped else DrawnBy.LOT
            block.save(update_fields=["state", "filled_at", "drawn_at", "drawn_number", "drawn_by"])
            rows = Item.objects.select_related("block", "member", "assignment__project")
            open_review(rows.get(block=block, place=number), stage=1 if stopped else 0, at=at)
            record(
                None,
                "guild.block_drawn",
                block,
                at=at,
                guild_id=block.member.guild_id,
                number=number,
                drawn_by=block.drawn_by,
            )
    except Refusal as refusal:
        block.refresh_from_db()
        _wait(block, at=at)
        if isinstance(refusal, InsufficientFunds):
            _pause(refusal, at=at)
        else:  # it is tried again with what waits; nothing is lost
            log.warning("block %s cannot be drawn: %s (%s)", block.pk, refusal, refusal.code)
        return False
    return True


def _wait(block: Block, *, at: datetime) -> None:
    if block.state == BlockState.COLLECTING:
        block.state, block.filled_at = BlockState.WAITING, at
        block.save(update_fields=["state", "filled_at"])


def _pause(refusal: InsufficientFunds, *, at: datetime) -> None:
    if SamplingPause.objects.filter(ended_at__isnull=True).exists():
        return
    needed, held = refusal.facts["needed_minor"], refusal.facts["available_minor"]
    try:
        with transaction.atomic():
            pause = SamplingPause.objects.create(began_at=at, needed_minor=needed, fund_minor=held)
    except IntegrityError:  # another runner has begun it
        return
    record(None, "guild.draws_paused", pause, at=at, needed_minor=needed, fund_minor=held)
    later("guilds.tell_operators_of_pause", pause_id=pause.pk)


@transaction.atomic
def _end_pause(*, at: datetime) -> None:
    pauses = SamplingPause.objects.select_for_update().filter(ended_at__isnull=True)
    pause = pauses.first()
    if pause is None or Block.objects.filter(state=BlockState.WAITING).exists():
        return
    pause.ended_at = max(at, pause.began_at)
    pause.save(update_fields=["ended_at"])
    record(None, "guild.draws_resumed", pause, at=at)
