"""Draws: what counts, what is drawn and by what, and what happens while the fund is empty."""

from datetime import timedelta

import pytest
from django.core import mail
from tests.builders import ANSWER, NOON, a_worker
from tests.guilds.crafts import a_guild, a_member, an_operator, by_rules, done, guild_work, heard, say
from tests.work.duties import fill_fund

from canut.guilds.models import Block, Item, Review, ReviewProject, SamplingPause
from canut.guilds.rules_draws import checks
from canut.guilds.states import ReviewState
from canut.guilds.usecases.draw_block import draw_waiting
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.review_project import end_review_projects
from canut.guilds.usecases.tell_operators_of_pause import tell_operators_of_pause
from canut.kernel.models import Event
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor, project_total_minor, verify
from canut.work.models import Project, Requirement, ShownWork, TaskBar, TaskOffer
from canut.work.usecases.accept_risks import accept_risks
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def test_of_ten_items_the_one_that_the_committed_seed_says_is_reviewed():
    fill_fund(100_000)
    guild = a_guild()
    project = guild_work(guild, risks=[], language="fr")
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
    # It is a project of the guild's that the fund pays, in the language of the work
    place = review.task.project
    assert (place.owner_id, place.fund, place.language) == (guild.pk, "guild_fund", "fr")
    assert place.title.startswith("Relecture") or project.title in place.title
    revision = place.revisions.get()
    assert (revision.expected_seconds, revision.reward_minor) == (120, 50)  # the least time, at the floor
    assert review.task.row == {"level": "1"}
    assert fund_minor(Kind.GUILD_FUND, "EUR") == 100_000 - project_total_minor(
        place.pk, Kind.ESCROW
    ) - project_total_minor(place.pk, Kind.RESERVE)
    assert (heard(), verify()) == (0, [])


def test_only_first_submissions_of_present_members_to_work_of_the_guild_count():
    by_rules(draw_items=3)
    guild, other = a_guild(), a_guild()
    project = guild_work(guild)
    elsewhere = guild_work(other)
    free = guild_work(guild)
    Requirement.objects.filter(project=free).delete()
    member = a_member(guild)
    a_member(other, person=member.person)
    returned = done(member.person, project)
    done(member.person, elsewhere)
    done(member.person, free)
    heard()
    owner = project.owner.person
    return_submission(submission_id=returned.pk, by=owner, reason="More.", at=LATER)
    again = ANSWER | {"label": "dog"}
    submit_answer(
        assignment_id=returned.assignment_id, by=member.person, answer=again, active_seconds=1, at=LATER
    )
    heard()
    assert list(
        Item.objects.filter(member=member).values_list("assignment_id", "kind", "number", "level")
    ) == [(returned.assignment_id, "work", 1, 1)]
    done(member.person, project)
    leave_guild(guild_id=guild.pk, by=member.person, at=LATER)
    heard(at=LATER)
    assert Item.objects.filter(member=member).count() == 1
    join_guild(guild_id=guild.pk, by=member.person, at=LATER)
    done(member.person, project)
    heard(at=LATER)
    assert list(Item.objects.filter(member=member).values_list("place", flat=True).order_by("place")) == [
        1,
        2,
    ]
    assert Block.objects.filter(member=member).count() == 1  # coming back goes on where they stopped


def test_without_money_nothing_is_drawn_and_then_what_waited_longest_first():
    by_rules(draw_items=1)
    guild, operator = a_guild(), an_operator()
    project = guild_work(guild)
    first, second = a_member(guild), a_member(guild)
    a_member(guild, level=2)
    done(first.person, project)
    done(second.person, project)
    done(first.person, project)
    heard()
    waiting = Block.objects.filter(state="waiting").order_by("filled_at", "pk")
    assert [block.member_id for block in waiting] == [first.pk, second.pk, first.pk]
    pause = SamplingPause.objects.get()
    assert (pause.ended_at, pause.fund_minor) == (None, 0)
    assert Event.objects.filter(name="guild.draws_paused").count() == 1
    assert not ReviewProject.objects.exists()  # nothing is left of what could not be paid
    assert tell_operators_of_pause(pause_id=pause.pk, at=LATER) >= 1
    assert draw_waiting(at=LATER) == 0
    fill_fund(pause.needed_minor)
    assert draw_waiting(at=LATER) == 1
    oldest = Block.objects.get(state="drawn")
    assert (oldest.member_id, oldest.number) == (first.pk, 1)
    assert SamplingPause.objects.filter(ended_at__isnull=True).exists()
    fill_fund(10_000)
    done(second.person, project)
    heard(at=LATER)  # waits its turn, though there is money
    assert Block.objects.filter(state="waiting").count() == 3
    assert draw_waiting(at=LATER) == 3
    assert draw_waiting(at=LATER) == 0
    assert SamplingPause.objects.get().ended_at == LATER
    assert Event.objects.filter(name="guild.draws_resumed").count() == 1
    assert tell_operators_of_pause(pause_id=pause.pk, at=LATER) == 0
    assert (operator.is_operator, mail.outbox, verify()) == (True, [], [])


def test_a_review_is_itself_an_item_and_a_review_of_it_is_none():
    by_rules(draw_items=1)
    fill_fund(100_000)
    guild = a_guild()
    project = guild_work(guild, expected_seconds=1200, reward_minor=600)
    author = a_member(guild)
    reviewer, judge = a_member(guild, level=2), a_member(guild, level=3)
    done(author.person, project)
    heard()
    review = Review.objects.get()
    assert review.task.project.revisions.get().expected_seconds == 600
    say(review, 3, by=reviewer.person)
    heard()
    review.refresh_from_db()
    assert (review.state, review.verdict, review.reviewer_id) == (ReviewState.DONE, 3, reviewer.pk)
    assert (review.would_accept, review.advice) == (True, "Look closer at the ears.")
    of_review = Review.objects.get(author=reviewer)
    assert (of_review.item.kind, of_review.item.level) == ("review", 2)
    about = ReviewProject.objects.get(project=of_review.task.project)
    assert (about.of_reviews, about.of_id) == (True, review.task.project_id)
    assert of_review.task.project.revisions.get().expected_seconds == 300
    barred = set(TaskBar.objects.filter(task_id=of_review.task_id).values_list("worker_id", flat=True))
    assert {author.person_id, reviewer.person_id, project.owner_id} <= barred
    say(of_review, 2, by=judge.person)
    heard()
    of_review.refresh_from_db()
    assert of_review.state == ReviewState.DONE
    assert not Item.objects.filter(member=judge).exists()
    assert Item.objects.count() == 2
    assert verify() == []


def test_what_a_review_pays_follows_the_charter_and_what_was_offered_stays():
    by_rules(draw_items=1)
    fill_fund(100_000)
    guild = a_guild()
    project = guild_work(guild)
    author, reviewer = a_member(guild), a_member(guild, level=2)
    done(author.person, project)
    heard()
    first = Review.objects.get()
    by_rules(review_hourly_minor=3_000, at=NOON)
    done(author.person, project)
    heard(at=LATER)
    second = Review.objects.exclude(pk=first.pk).get()
    assert first.task.project_id != second.task.project_id
    assert second.task.project.revisions.get().reward_minor == 100
    assert ReviewProject.objects.get(pk=first.task.project_id).ended_at == LATER
    assert end_review_projects(at=LATER) == 0  # one is open in it
    say(first, 2, by=reviewer.person, at=LATER)
    heard(at=LATER)
    assert end_review_projects(at=LATER) == 1
    assert Project.objects.get(pk=first.task.project_id).state == "closed"
    assert verify() == []


def test_who_accepts_no_such_risks_is_not_offered_it_first():
    by_rules(draw_items=1)
    fill_fund(100_000)
    guild = a_guild()
    author = a_member(guild)
    accept_risks(by=author.person, risks=["violence"], at=NOON)
    willing = a_worker()
    accept_risks(by=willing, risks=["violence"], at=NOON)
    bold = a_member(guild, level=2, person=willing)
    a_member(guild, level=2)
    done(author.person, guild_work(guild, risks=["violence"]))
    heard()
    assert [offer.worker_id for offer in TaskOffer.objects.all()] == [bold.person_id]
    assert Review.objects.get().task.project.risks == ["violence"]
