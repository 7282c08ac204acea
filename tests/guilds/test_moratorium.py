"""What guilds do while members have stopped the draw: the first item of each block, offered to all."""

from datetime import timedelta

import pytest
from tests.builders import NOON
from tests.guilds.crafts import a_block_full, a_guild, a_member, by_rules, guild_work, heard, say
from tests.promises import run
from tests.web.pages import text_of
from tests.work.cascades import charter_says
from tests.work.duties import fill_fund

from canut.guilds.models import Block, Review
from canut.guilds.rules_draws import commitment, drawn_number
from canut.guilds.usecases.widen_reviews import widen_reviews
from canut.ledger.queries import verify
from canut.work.models import TaskAudience, TaskOffer

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_the_first_item_is_reviewed_by_whoever_of_all_comes_first_and_then_the_lot_decides_again(client):
    by_rules(draw_items=3, first_offer_members=1)
    fill_fund(100_000)
    guild = a_guild()
    project = guild_work(guild)
    author, _busy, free = a_member(guild), a_member(guild, level=2), a_member(guild, level=2)
    # Given a seed by which the lot would draw another item than the first
    open_one = Block.objects.get(member=author, state="collecting")
    unlike_the_lot(open_one)
    charter_says("moratorium.sampling", True, at=LATER)
    block = a_block_full(author, project, at=LATER)
    assert (block.drawn_number, block.drawn_by) == (1, "first_come")
    review = Review.objects.get()
    assert (review.item.place, review.stage) == (1, 1)
    assert not TaskOffer.objects.exists()
    audience = TaskAudience.objects.get(pk=review.task_id)
    assert (audience.scale_id, audience.least) == (
        guild.pk,
        1,
    )  # two above are few: their level and the author's
    # Work still flows: anybody at these levels takes it, and it counts
    say(review, 2, by=free.person, at=LATER)
    run("UPDATE kernel_generation SET number = number + 1")
    heard(at=LATER)
    review.refresh_from_db()
    assert (review.state, verify()) == ("done", [])
    page = text_of(client.get(f"/guilds/{guild.pk}/draws/"))
    assert "the first, for the members had stopped the draw" in page
    assert "first_come" in b"".join(client.get(f"/guilds/{guild.pk}/draws.csv").streaming_content).decode()
    # Afterwards the lot decides again, and offers go first to the least busy
    charter_says("moratorium.sampling", False, at=LATER + timedelta(hours=1))
    unlike_the_lot(Block.objects.get(member=author, state="collecting"))
    block = a_block_full(author, project, at=LATER + timedelta(hours=1))
    assert block.drawn_by == "lot"
    assert block.drawn_number > 1
    assert Review.objects.get(item__block=block).stage == 0
    assert TaskOffer.objects.count() == 1


def test_a_review_of_a_stopped_draw_widens_with_time_as_any_other():
    by_rules(draw_items=1)
    fill_fund(100_000)
    guild = a_guild()
    author = a_member(guild)
    charter_says("moratorium.sampling", True, at=NOON)
    a_block_full(author, guild_work(guild))
    assert Review.objects.get().stage == 1
    assert widen_reviews(at=NOON + timedelta(hours=3)) == 0
    assert widen_reviews(at=NOON + timedelta(hours=25)) == 1
    assert Review.objects.get().stage == 2


def unlike_the_lot(block: Block) -> None:
    """Give a block a seed that draws another item than the first."""
    seed = next(
        bytes([number]) * 32
        for number in range(256)
        if drawn_number(bytes([number]) * 32, block.public_id.bytes, block.size) > 1
    )
    run("SET LOCAL session_replication_role = replica")
    Block.objects.filter(pk=block.pk).update(seed=seed.hex(), commitment=commitment(seed))
    run("SET LOCAL session_replication_role = DEFAULT")
