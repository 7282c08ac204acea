"""A block opens, which a member's next items fill: what will be drawn is settled, and not yet shown."""

from datetime import datetime
from secrets import token_bytes

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.guilds.models import Block, Member
from canut.guilds.rules_draws import SEED_BYTES, commitment
from canut.guilds.states import BlockState


def open_block(*, member: Member, at: datetime) -> Block:
    """Return the block that a member's next item goes to: the one that is open, or a new one.

    A new one is as long as the charter says now, with a fresh seed whose hash is shown from now on. The
    member's row must be locked.
    """
    blocks = Block.objects.filter(member=member)
    block = blocks.filter(state=BlockState.COLLECTING).first()
    if block is not None:
        return block
    seed = token_bytes(SEED_BYTES)
    return Block.objects.create(
        member=member,
        number=blocks.count() + 1,
        size=in_force("guild.draw_items", at=at, scope=Scope(guild=member.guild_id)),
        commitment=commitment(seed),
        seed=seed.hex(),
        opened_at=at,
    )
