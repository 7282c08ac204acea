"""Levels: what windows of reviews come to, what a void undoes, what members are told of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import NOON, a_worker
from tests.guilds.crafts import a_guild, a_member, an_operator, by_rules, done, guild_work, heard, say
from tests.told import told
from tests.work.duties import fill_fund

from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.models import LevelDecision, Member, Review
from canut.guilds.queries.own_record import own_record
from canut.guilds.queries.scores import score_of
from canut.guilds.usecases.get_badge import get_badge
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.tell_of_reviews import tell_of_reviews
from canut.guilds.usecases.void_review import PartInReview, ReviewNotDone, ReviewNotFound, void_review
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.people.access import OperatorRoleMissing
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose
from canut.people.usecases.appoint_operator import appoint_operator
from canut.reputation.models import Standing

pytestmark = pytest.mark.django_db

WINDOW = 2


@pytest.fixture
def guild():
    by_rules(draw_items=1, window_reviews=WINDOW)
    fill_fund(1_000_000)
    return a_guild()


@pytest.fixture
def project(guild):
    return guild_work(guild)


def reviewed(author: Member, project, *verdicts: int, by: Member, at=NOON) -> list[Review]:
    """Have work of a member reviewed, once for each verdict, and return the reviews in that order."""
    done_now = []
    for verdict in verdicts:
        work = done(author.person, project, at=at)
        heard(at=at)
        review = Review.objects.get(item__assignment=work.assignment_id)
        say(review, verdict, by=by.person, at=at)
        heard(at=at)
        review.refresh_from_db()
        assert review.state == "done"
        done_now.append(review)
    author.refresh_from_db()
    return done_now


def decisions(member: Member, *, superseded: bool = False) -> list[tuple]:
    rows = LevelDecision.objects.filter(member=member, superseded_at__isnull=not superseded)
    return list(rows.order_by("number", "pk").values_list("number", "before", "after", "why"))


def standing(member: Member) -> tuple | None:
    rows = Standing.objects.filter(party_id=member.person_id, scale="guild", scale_id=member.guild_id)
    return rows.values_list("value", "ratings").first()


def test_a_full_window_moves_the_level_and_is_cleared(guild, project):
    author, judge = a_member(guild), a_member(guild, level=4)
    by_rules(reviewer_levels_above=3)
    one = reviewed(author, project, 3, by=judge)
    assert (author.level, standing(author), decisions(author)) == (1, (Decimal(1), 1), [])
    record = own_record(guild.pk, by=author.person, at=NOON)
    assert (record.progress.reviews, record.progress.missing, record.progress.mean) == (1, 1, Decimal(3))
    two = reviewed(author, project, 4, by=judge)
    assert (author.level, standing(author)) == (2, (Decimal(2), 2))
    decision = LevelDecision.objects.get(member=author)
    assert (decision.review_ids, decision.mean) == ([one[0].pk, two[0].pk], Decimal("3.5"))
    assert decisions(author) == [(1, 1, 2, "rise_one")]
    assert Event.objects.filter(name="guild.level_decided", subject_id=decision.pk).exists()
    record = own_record(guild.pk, by=author.person, at=NOON)
    assert (record.progress.reviews, record.mean, record.level_seen) == (0, Decimal("3.5"), Decimal("2.5"))


def test_levels_rise_by_two_stay_and_fall_within_their_range(guild, project):
    author, judge = a_member(guild), a_member(guild, level=4)
    by_rules(reviewer_levels_above=3)
    reviewed(author, project, 4, 4, by=judge)
    assert author.level == 3
    by_rules(reviewer_levels_above=1)
    reviewed(author, project, 3, 3, by=judge)
    reviewed(author, project, 1, 1, by=judge)
    assert decisions(author) == [(1, 1, 3, "rise_two"), (2, 3, 3, "stay"), (3, 3, 2, "fall")]
    score = score_of(author)
    assert (score.reviews, score.mean, score.level_seen) == (6, Decimal("2.67"), Decimal("3.00"))


def test_a_void_decides_anew_from_what_counts_and_says_so_once(guild, project):
    author, judge, operator = a_member(guild), a_member(guild, level=2), an_operator()
    by_rules(scarce_members=100)
    first, second, third = reviewed(author, project, 4, 3, 2, by=judge)
    assert (author.level, decisions(author)) == (2, [(1, 1, 2, "rise_one")])
    said = {"by": operator, "reason": "It was written by a friend.", "at": NOON}
    voided = void_review(review_id=first.pk, **said)
    author.refresh_from_db()
    assert (voided.voided_by_id, author.level, standing(author)) == (operator.pk, 1, (Decimal(1), 2))
    assert decisions(author) == [(1, 1, 1, "stay")]
    assert LevelDecision.objects.get(member=author, superseded_at=None).review_ids == [second.pk, third.pk]
    assert decisions(author, superseded=True) == [(1, 1, 2, "rise_one")]
    assert void_review(review_id=first.pk, **said | {"reason": "Another."}).void_reason == said["reason"]
    void_review(review_id=third.pk, **said)
    assert (decisions(author), len(decisions(author, superseded=True))) == ([], 2)
    assert Event.objects.filter(name="guild.review_voided").count() == 2
    record = own_record(guild.pk, by=author.person, at=NOON)
    assert (record.decisions, len(record.superseded)) == ([], 2)
    told = record.superseded[-1]
    assert (told.verdicts, told.items, told.total, told.mean) == ([4, 3], [1, 2], 7, Decimal("3.5"))
    assert (told.rule.window, told.superseded_on) == (WINDOW, NOON.date())


def test_a_badge_of_a_level_that_a_void_takes_is_taken_back(guild, project, settings):
    settings.SITE_URL = "https://canut.example"
    by_rules(scarce_members=100)
    author, judge, operator = a_member(guild), a_member(guild, level=2), an_operator()
    first, _second = reviewed(author, project, 4, 3, by=judge)
    make_subject_key(by=author.person, at=NOON)
    kept = get_badge(guild_id=guild.pk, level=1, by=author.person, at=NOON)
    lost = get_badge(guild_id=guild.pk, level=2, by=author.person, at=NOON)
    void_review(review_id=first.pk, by=operator, reason="No.", at=NOON)
    for badge in (kept, lost):
        badge.refresh_from_db()
    assert (kept.revoked_at, lost.revoked_for) == (None, "review_voided")


def test_a_void_in_an_earlier_window_moves_every_later_one(guild, project):
    by_rules(scarce_members=100)
    author, judge, operator = a_member(guild), a_member(guild, level=2), an_operator()
    reviews = reviewed(author, project, 2, 2, 2, 2, 2, by=judge)
    assert [one[0] for one in decisions(author)] == [1, 2]
    void_review(review_id=reviews[2].pk, by=operator, reason="No.", at=NOON)
    assert [one[0] for one in decisions(author)] == [1, 2]
    first, second = LevelDecision.objects.filter(member=author, superseded_at=None).order_by("number")
    assert first.review_ids == [reviews[0].pk, reviews[1].pk]  # what does not change is kept
    assert second.review_ids == [reviews[3].pk, reviews[4].pk]
    assert len(decisions(author, superseded=True)) == 1


def test_who_may_void_what(guild, project):
    author, judge, operator = a_member(guild), a_member(guild, level=2), an_operator()
    (review,) = reviewed(author, project, 2, by=judge)
    open_one = Review.objects.filter(state="open").first()
    said = {"reason": "So.", "at": NOON}
    with pytest.raises(OperatorRoleMissing):
        void_review(review_id=review.pk, by=author.person, **said)
    for reason in ("", "  ", "a\0b", "a" * 2_001):
        with pytest.raises(BadInput):
            void_review(review_id=review.pk, by=operator, reason=reason, at=NOON)
    for number in (0, -1, 2**62, 2**70):
        with pytest.raises(ReviewNotFound):
            void_review(review_id=number, by=operator, **said)
    assert open_one is not None
    with pytest.raises(ReviewNotDone):
        void_review(review_id=open_one.pk, by=operator, **said)
    for member in (author, judge):
        involved = appoint_operator(person_id=member.person_id, by=None, at=NOON)
        with pytest.raises(PartInReview):
            void_review(review_id=review.pk, by=involved, **said)
    assert not Review.objects.filter(voided_at__isnull=False).exists()


def test_who_left_keeps_their_level_and_has_no_standing_until_they_come_back(guild, project):
    by_rules(scarce_members=100)
    author, judge = a_member(guild), a_member(guild, level=2)
    reviewed(author, project, 4, by=judge)
    done(author.person, project)
    heard()
    leave_guild(guild_id=guild.pk, by=author.person, at=NOON)
    say(Review.objects.get(state="open", author=author), 4, by=judge.person)
    heard()
    author.refresh_from_db()
    assert (author.level, standing(author)) == (3, None)
    join_guild(guild_id=guild.pk, by=author.person, at=NOON)
    assert standing(author) == (Decimal(3), 2)


def test_members_are_told_once_a_day_of_what_came_before_it(guild, project):
    by_rules(scarce_members=100)
    author = a_member(guild, person=a_worker(locale="en"))
    judge = a_member(guild, level=2)
    reviewed(author, project, 4, 3, by=judge)
    midnight_after = NOON + timedelta(days=1)
    assert tell_of_reviews(at=NOON) == 1  # of the level; reviews of today wait for tomorrow
    assert tell_of_reviews(at=midnight_after) == 1
    _of_level, notice = told(author.person)
    assert (notice.kind, notice.topic, notice.mail) == ("review", f"guild:{guild.pk}", "wanted")
    assert "2 reviews of your work" in notice.text
    assert notice.path == f"/guilds/{guild.pk}/mine/"
    assert "12:0" not in notice.text
    assert judge.person.screen_name not in notice.text
    assert tell_of_reviews(at=midnight_after) == 0
    # Who wants no mails about this guild reads it on the site alone
    choose(by=author.person, kind=NoticeKind.REVIEW, mail=False, push=False, topic=notice.topic)
    reviewed(author, project, 2, by=judge, at=midnight_after)
    assert tell_of_reviews(at=midnight_after + timedelta(days=1)) == 1
    assert told(author.person)[-1].mail == "not_wanted"
