"""Two at once: nothing counts twice, a review has one reviewer, and levels are what counts."""

from datetime import timedelta

import pytest
from tests.builders import NOON
from tests.guilds.crafts import a_guild, a_member, an_operator, done, guild_work, heard, say
from tests.work.duties import fill_fund
from tests.work.test_crowding import at_once

from canut.guilds.models import Block, Item, LevelDecision, Member, Review
from canut.guilds.queries.verdicts import verdicts_of
from canut.guilds.rules_levels import decided
from canut.guilds.usecases.draw_block import draw_waiting
from canut.guilds.usecases.follow_work import follow_work
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.void_review import void_review
from canut.guilds.usecases.widen_reviews import widen_reviews
from canut.ledger.queries import verify
from canut.reputation.models import Standing
from canut.work.models import Assignment
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.usefixtures("committed")


def test_several_runners_count_each_thing_once_and_a_review_has_one_reviewer() -> None:
    fill_fund(1_000_000)
    guild = a_guild()
    project = guild_work(guild)
    authors = [a_member(guild), a_member(guild)]
    reviewers = [a_member(guild, level=2) for _each in range(3)]
    for _each in range(10):
        for author in authors:
            done(author.person, project)
    runs = [lambda: follow_work(at=NOON, most=3) for _each in range(24)]
    at_once([*runs, *(lambda: widen_reviews(at=NOON) for _each in range(3))], threads=6)
    heard()
    for author in authors:
        items = Item.objects.filter(member=author)
        assert list(items.order_by("number").values_list("number", flat=True)) == list(range(1, 11))
        assert list(
            Block.objects.filter(member=author).order_by("number").values_list("state", flat=True)
        ) == [
            "drawn",
            "collecting",
        ]
    review = Review.objects.order_by("pk")[0]
    taking = [
        lambda one=one: take_task(
            by=one.person, project_id=review.task.project_id, task_id=review.task_id, at=NOON
        )
        for one in reviewers
    ]
    lapsing = [lambda: widen_reviews(at=NOON + timedelta(days=7)) for _each in range(2)]
    at_once([*taking, *lapsing], threads=5)
    review.refresh_from_db()
    held = Assignment.objects.filter(task_id=review.task_id, state="held").count()
    assert (held, review.state) in {(1, "open"), (0, "lapsed")}
    assert verify() == []


def test_what_waits_for_money_is_drawn_once_and_voids_and_leaving_meet_reviews() -> None:
    guild, operator = a_guild(), an_operator()
    project = guild_work(guild, rows=120)
    author = a_member(guild)
    # A window of ten takes a hundred items: reviews of ten draws, whose rest is put there as it is
    reviewers = [a_member(guild, level=2) for _each in range(2)]
    for _each in range(100):
        done(author.person, project)
    heard()
    assert Block.objects.filter(member=author, state="waiting").count() == 10
    fill_fund(1_000_000)
    at_once([lambda: draw_waiting(at=NOON) for _each in range(4)], threads=4)
    assert Review.objects.filter(author=author).count() == 10
    for review in Review.objects.order_by("pk"):
        say(review, 3, by=reviewers[0].person)
    first = Review.objects.order_by("pk")[0]
    assert follow_work(at=NOON, most=9) == 9
    first.refresh_from_db()
    assert first.state == "done"
    at_once(
        [
            lambda: follow_work(at=NOON),
            lambda: void_review(review_id=first.pk, by=operator, reason="No.", at=NOON),
            lambda: follow_work(at=NOON),
            lambda: leave_guild(guild_id=guild.pk, by=author.person, at=NOON),
        ],
        threads=4,
    )
    heard()
    member = Member.objects.get(pk=author.pk)
    replayed = decided(member.first_level, verdicts_of(member))
    kept = LevelDecision.objects.filter(member=member, superseded_at=None).order_by("number")
    assert [tuple(one.review_ids) for one in kept] == [one.reviews for one in replayed] == []
    assert member.level == 1
    assert not Standing.objects.filter(party_id=member.person_id, scale="guild").exists()
    assert verify() == []
