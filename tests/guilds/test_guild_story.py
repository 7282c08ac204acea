"""Whoever joins, works, reviews, leaves, or is voided, in whatever order: draws, reviews and levels hold."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import NOON, a_worker
from tests.guilds.crafts import a_guild, a_member, an_operator, by_rules, done, guild_work, heard, put_at, say
from tests.stories import RollsBack, examples
from tests.work.duties import fill_fund

from canut.guilds.models import Block, Item, LevelDecision, Member, Review, SamplingPause
from canut.guilds.queries.verdicts import verdicts_of
from canut.guilds.rules_draws import checks
from canut.guilds.rules_levels import decided
from canut.guilds.usecases.draw_block import draw_waiting
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.void_review import void_review
from canut.guilds.usecases.widen_reviews import widen_reviews
from canut.kernel.refusals import Refusal
from canut.ledger.queries import verify
from canut.reputation.models import Standing
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ANY = st.integers(0, 10_000)
MOST_MEMBERS = 7


def is_for(task_id: int, worker_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT work_task_is_for(%s, %s)", [task_id, worker_id])
        return bool(cursor.fetchone()[0])


class GuildStory(RollsBack):
    """At each level one member only looks on, so that nobody may repay a review for want of others."""

    @initialize(money=st.sampled_from([100_000, 400, 0]))
    def begin(self, money: int) -> None:
        self.at = NOON
        by_rules(draw_items=2, window_reviews=2, reciprocity_least_members=1)
        if money:
            fill_fund(money)
        self.operator, self.guild = an_operator(), a_guild()
        self.project = guild_work(self.guild, rows=60)
        for level in (1, 2, 3, 4):
            a_member(self.guild, level=level, person=a_worker(password=None))
        self.acting = [
            a_member(self.guild, level=level, person=a_worker(password=None)) for level in (1, 2, 3)
        ]
        for which in range(3):
            self.one_works(which, 3)
        self.some_review(0, 0, 3, skips=False)

    def _one(self, which: int) -> Member:
        member = self.acting[which % len(self.acting)]
        member.refresh_from_db()
        return member

    @precondition(lambda self: len(self.acting) < MOST_MEMBERS)
    @rule(level=st.integers(1, 4))
    def somebody_joins(self, level: int) -> None:
        member = join_guild(guild_id=self.guild.pk, by=a_worker(password=None), at=self.at)
        put_at(member, level, at=self.at)
        self.acting.append(member)

    @rule(which=ANY)
    def one_leaves_or_comes_back(self, which: int) -> None:
        member = self._one(which)
        turn = leave_guild if member.left_at is None else join_guild
        turn(guild_id=self.guild.pk, by=member.person, at=self.at)

    @rule(which=ANY, times=st.integers(1, 3))
    def one_works(self, which: int, times: int) -> None:
        member = self._one(which)
        for _each in range(times):
            try:
                done(member.person, self.project, at=self.at)
            except Refusal:
                assert member.left_at is not None
        heard(at=self.at)

    def _open(self, which: int) -> Review | None:
        waiting = Review.objects.filter(state="open").select_related("item", "task").order_by("pk")
        return waiting[which % len(waiting)] if waiting else None

    @rule(which=ANY, who=ANY, verdict=st.integers(1, 4), skips=st.sampled_from([False, False, False, True]))
    def some_review(self, which: int, who: int, verdict: int, skips: bool) -> None:
        for further in range(4):
            self._review(which + further, who + further, verdict, skips and not further)

    def _review(self, which: int, who: int, verdict: int, skips: bool) -> None:
        review, member = self._open(which), self._one(who)
        if review is None:
            return
        free = [self._one(who + further) for further in range(len(self.acting))]
        may = [one for one in free if is_for(review.task_id, one.person_id)]
        member = may[0] if may else member
        try:
            if skips:
                taken = take_task(
                    by=member.person, project_id=review.task.project_id, task_id=review.task_id, at=self.at
                )
                skip_task(assignment_id=taken.pk, by=member.person, at=self.at)
                return
            said = say(review, verdict, by=member.person, at=self.at)
        except Refusal:
            return
        about = Review.objects.filter(assignment_id=review.item.assignment_id).first()
        assert member.pk not in (review.author_id, about and about.author_id)
        repaid = Review.objects.filter(author=member, reviewer_id=review.author_id, state="done")
        assert not repaid.filter(ended_at__gt=self.at - timedelta(days=90)).exists()
        assert member.level >= review.item.level
        heard(at=self.at)
        review.refresh_from_db()
        assert (review.state, review.verdict, review.reviewer_id) == ("done", verdict, member.pk)
        counts = about is None and member.left_at is None
        assert Item.objects.filter(assignment_id=said.assignment_id).exists() == counts

    @rule(which=ANY)
    def an_operator_voids(self, which: int) -> None:
        finished = Review.objects.filter(state="done").order_by("pk")
        if finished:
            void_review(
                review_id=finished[which % len(finished)].pk, by=self.operator, reason="No.", at=self.at
            )

    @rule(amount=st.sampled_from([30, 200, 5_000]))
    def levies_come_in(self, amount: int) -> None:
        fill_fund(amount)
        draw_waiting(at=self.at)

    @rule(hours=st.sampled_from([1, 3, 24, 48, 170]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        widen_reviews(at=self.at)
        for review in Review.objects.filter(state="open"):
            assert self.at < review.lapses_at

    @invariant()
    def blocks_are_in_order(self) -> None:
        paused = SamplingPause.objects.filter(ended_at__isnull=True).exists()
        collecting = Block.objects.filter(state="collecting")
        assert collecting.count() == Member.objects.count()
        for block in Block.objects.annotate(count=Count("items")):
            assert block.count < block.size if block.state == "collecting" else block.count == block.size
            assert block.state != "waiting" or paused
            if block.state == "drawn":
                seed = bytes.fromhex(block.seed)
                assert checks(block.commitment, seed, block.public_id.bytes, block.size, block.drawn_number)
                drawn = Item.objects.filter(block=block, review__isnull=False)
                assert [item.place for item in drawn] == [block.drawn_number]

    @invariant()
    def levels_follow_from_reviews(self) -> None:
        for member in Member.objects.all():
            follows = decided(member.first_level, verdicts_of(member))
            kept = LevelDecision.objects.filter(member=member, superseded_at=None).order_by("number")
            assert [(tuple(one.review_ids), one.mean, one.before, one.after) for one in kept] == [
                (one.reviews, one.mean, one.before, one.after) for one in follows
            ]
            assert member.level == (follows[-1].after if follows else member.first_level)
            standing = Standing.objects.filter(party_id=member.person_id, scale="guild").first()
            assert (standing is None) == (member.left_at is not None)
            assert standing is None or standing.value == member.level

    def teardown(self) -> None:
        try:
            assert verify() == []
        finally:
            super().teardown()


def test_whatever_happens_in_a_guild_draws_reviews_and_levels_hold() -> None:
    run_state_machine_as_test(
        GuildStory,
        settings=settings(
            max_examples=examples(4, 30),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_the_same_for_long() -> None:
    run_state_machine_as_test(
        GuildStory,
        settings=settings(
            max_examples=150,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
