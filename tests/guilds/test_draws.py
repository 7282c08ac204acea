"""Draws: what counts, what is drawn and by what, what a review of it is, and what happens without money."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_requester, a_worker
from tests.guilds.crafts import a_block_full, a_guild, a_member, done, guild_work, heard, say
from tests.work.duties import fill_fund

from canut.guilds.models import Block, Item, Review, ReviewProject, SamplingPause
from canut.guilds.rules_draws import checks
from canut.work.models import ShownWork, TaskBar, TaskOffer

pytestmark = pytest.mark.django_db


def test_of_ten_items_the_one_that_the_committed_seed_says_is_reviewed():
    fill_fund(100_000)
    guild = a_guild()
    project = guild_work(guild)
    author, above = a_member(guild), a_member(guild, level=2)
    block = Block.objects.get(member=author)
    for _each in range(9):
        done(author.person, project)
    assert heard() == 9
    assert Item.objects.filter(block=block).count() == 9
    assert not Review.objects.exists()
    done(author.person, project)
    assert heard() == 1
    block.refresh_from_db()
    assert block.state == "drawn"
    assert checks(block.commitment, bytes.fromhex(block.seed), block.public_id.bytes, 10, block.drawn_number)
    review = Review.objects.get()
    assert (review.item.place, review.author_id) == (block.drawn_number, author.pk)
    following = Block.objects.get(member=author, state="collecting")
    assert (following.number, following.items.count()) == (2, 0)
    shown = ShownWork.objects.get(task=review.task)
    assert shown.submission.assignment_id == review.item.assignment_id
    assert set(TaskOffer.objects.values_list("worker_id", flat=True)) == {above.person_id}
    assert {author.person_id, project.owner_id} <= set(TaskBar.objects.values_list("worker_id", flat=True))
    assert heard() == 0
