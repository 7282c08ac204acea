"""Reviews: who may do them, how they are offered to ever more people, and how they end."""

import re
from datetime import timedelta

import pytest
from tests.builders import NOON
from tests.guilds.crafts import a_guild, a_member, by_rules, done, guild_work, heard, put_at, say
from tests.promises import run
from tests.work.duties import fill_fund

from canut.guilds.models import Member, Review
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.widen_reviews import widen_reviews
from canut.kernel.clock import now
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor, verify
from canut.people.models import Person
from canut.work.designs.problems import AnswerRefused
from canut.work.models import Project, Requirement, TaskBar, TaskOffer
from canut.work.queries.feed import feed_page
from canut.work.usecases.close_project import end_project
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


def hours(number: float):
    return NOON + timedelta(hours=number)


@pytest.fixture
def guild():
    by_rules(draw_items=1)
    fill_fund(1_000_000)
    return a_guild()


def a_review(author: Member, project: Project, *, at=NOON) -> Review:
    """Return the review of what a member has just handed in."""
    work = done(author.person, project, at=at)
    heard(at=at)
    return Review.objects.get(item__assignment=work.assignment_id)


def may_take(person: Person, review: Review, *, at=NOON) -> bool:
    """Tell whether somebody can take a review, and leave it where it is if so."""
    in_feed = review.task.project_id in {card.project_id for card in feed_page(by=person, at=at).cards}
    try:
        assignment = take_task(by=person, project_id=review.task.project_id, task_id=review.task_id, at=at)
    except Refusal:
        assert not in_feed
        return False
    assert in_feed
    type(assignment).objects.filter(pk=assignment.pk).update(state="expired", ended_at=at)
    run("UPDATE work_place SET state = 'open', rank = 1 WHERE task_id = %s", review.task_id)
    return True


def bars_of(review: Review) -> set[int]:
    return set(TaskBar.objects.filter(task_id=review.task_id).values_list("worker_id", flat=True))


def test_a_review_is_for_ever_more_people_until_it_lapses(guild):
    project = guild_work(guild)
    author = a_member(guild)
    at_two = [a_member(guild, level=2) for _each in range(5)]
    peer, at_three, at_four = a_member(guild), a_member(guild, level=3), a_member(guild, level=4)
    for member in at_two:  # five are active there, so their level is not scarce
        take_task(by=member.person, project_id=project.pk, at=NOON)
    review = a_review(author, project)
    first = set(TaskOffer.objects.filter(task_id=review.task_id).values_list("worker_id", flat=True))
    assert len(first) == 3
    assert first < {member.person_id for member in at_two}
    everybody = [author, peer, *at_two, at_three, at_four]

    def who(at) -> set[int]:
        return {one.pk for one in everybody if may_take(one.person, review, at=at)}

    two = {one.pk for one in at_two}
    assert who(NOON) == {one.pk for one in at_two if one.person_id in first}
    assert widen_reviews(at=hours(1.9)) == 0
    assert widen_reviews(at=hours(2)) == 1
    assert who(hours(2)) == two
    assert widen_reviews(at=hours(24)) == 1
    assert who(hours(24)) == two | {peer.pk, at_three.pk}
    assert widen_reviews(at=hours(48)) == 1
    assert who(hours(48)) == two | {peer.pk, at_three.pk, at_four.pk}
    assert widen_reviews(at=hours(48)) == 0
    review.refresh_from_db()
    assert (review.stage, review.next_stage_at) == (3, None)
    before = fund_minor(Kind.GUILD_FUND, "EUR")
    assert widen_reviews(at=hours(7 * 24)) == 1
    review.refresh_from_db()
    assert (review.state, review.ended_at, review.verdict) == ("lapsed", hours(7 * 24), None)
    assert fund_minor(Kind.GUILD_FUND, "EUR") > before  # what it would have paid came back
    assert who(hours(7 * 24)) == set()
    assert verify() == []


def test_a_late_run_brings_a_review_where_time_has_brought_it(guild):
    author, above = a_member(guild), a_member(guild, level=3)
    review = a_review(author, guild_work(guild))
    assert not may_take(above.person, review)
    assert widen_reviews(at=hours(30)) == 1
    review.refresh_from_db()
    assert (review.stage, review.next_stage_at) == (2, hours(48))
    assert may_take(above.person, review, at=hours(30))


def test_where_few_are_active_above_peers_review_too_and_at_the_top_always(guild):
    project = guild_work(guild)
    author, peer = a_member(guild, level=4), a_member(guild, level=4)
    review = a_review(author, project)
    assert [offer.worker_id for offer in review.task.audience.offers.all()] == [peer.person_id]
    assert may_take(peer.person, review)
    assert not may_take(author.person, review)


def test_what_is_in_hand_does_not_lapse_and_can_be_handed_in_late(guild):
    author, reviewer = a_member(guild), a_member(guild, level=2)
    review = a_review(author, guild_work(guild))
    late = hours(7 * 24)
    assignment = take_task(
        by=reviewer.person, project_id=review.task.project_id, at=late - timedelta(minutes=1)
    )
    assert widen_reviews(at=late) == 0  # it is over, and waits for who has it
    answer = {"verdict": "2", "would_accept": "no", "advice": "Write all of it."}
    submit_answer(assignment_id=assignment.pk, by=reviewer.person, answer=answer, active_seconds=1, at=late)
    assert widen_reviews(at=late) == 0
    heard(at=late)
    review.refresh_from_db()
    assert (review.state, review.verdict, review.would_accept) == ("done", 2, False)


@pytest.mark.parametrize("leave", [give_back_task, skip_task])
def test_who_puts_it_back_is_not_asked_again_and_others_are(guild, leave):
    author, first, second = a_member(guild), a_member(guild, level=2), a_member(guild, level=2)
    review = a_review(author, guild_work(guild))
    assignment = take_task(by=first.person, project_id=review.task.project_id, at=NOON)
    leave(assignment_id=assignment.pk, by=first.person, at=NOON)
    assert not may_take(first.person, review)
    assert may_take(second.person, review)
    assert widen_reviews(at=hours(2)) == 1
    assert not may_take(first.person, review, at=hours(2))


def test_nobody_reviews_whom_they_were_reviewed_by_unless_too_few_others_could(guild):
    project = guild_work(guild)
    judge, judged = a_member(guild, level=2), a_member(guild)
    earlier = a_review(judged, project)
    of_judge = a_review(judge, project)  # open when the judge reviews the other
    others = [a_member(guild, level=2) for _each in range(5)]
    widen_reviews(at=hours(24))
    put_at(judged, 2)
    assert may_take(judged.person, of_judge, at=hours(24))
    say(earlier, 1, by=judge.person, at=hours(24))
    heard(at=hours(24))
    assert not may_take(judged.person, of_judge, at=hours(24))
    assert may_take(others[0].person, of_judge, at=hours(24))
    later = a_review(judge, project, at=hours(25))
    assert judged.person_id in bars_of(later)
    for one in others[:3]:
        leave_guild(guild_id=guild.pk, by=one.person, at=hours(25))
    widen_reviews(at=hours(27))  # two others are too few: the bar is lifted
    assert judged.person_id not in bars_of(later)
    assert may_take(judged.person, later, at=hours(27))
    much_later = a_review(judge, project, at=hours(24 * 92))
    assert judged.person_id not in bars_of(much_later)


def test_an_answer_says_enough_and_signs_nothing(guild):
    author, reviewer = a_member(guild), a_member(guild, level=2)
    review = a_review(author, guild_work(guild))
    with pytest.raises(AnswerRefused):
        say(review, 2, by=reviewer.person, advice="Too short")
    with pytest.raises(AnswerRefused):
        submit_answer(
            assignment_id=reviewer.person.assignments.get().pk,
            by=reviewer.person,
            answer={"verdict": "5", "would_accept": "yes", "advice": "Long enough, but five."},
            active_seconds=1,
            at=NOON,
        )
    design = review.task.project.revisions.get().design
    assert "do not sign" in design["instructions"]


def test_a_review_whose_project_was_withdrawn_is_dropped(guild):
    author = a_member(guild)
    a_member(guild, level=2)
    review = a_review(author, guild_work(guild))
    end_project(Project.objects.select_for_update().get(pk=review.task.project_id), by=None, at=hours(1))
    assert widen_reviews(at=hours(1)) == 1
    review.refresh_from_db()
    assert (review.state, widen_reviews(at=hours(1))) == ("dropped", 0)
    following = a_review(author, review.item.assignment.project, at=hours(1))
    assert following.task.project_id != review.task.project_id  # and another takes its place


def test_who_left_still_hands_in_what_they_hold_and_nothing_of_it_counts_for_them(guild):
    author, reviewer = a_member(guild), a_member(guild, level=2)
    review = a_review(author, guild_work(guild))
    assignment = take_task(by=reviewer.person, project_id=review.task.project_id, at=NOON)
    leave_guild(guild_id=guild.pk, by=reviewer.person, at=NOON)
    answer = {"verdict": "3", "would_accept": "yes", "advice": "Keep it up like this."}
    submit_answer(assignment_id=assignment.pk, by=reviewer.person, answer=answer, active_seconds=1, at=NOON)
    leave_guild(guild_id=guild.pk, by=author.person, at=NOON)
    heard()
    review.refresh_from_db()
    assert (review.state, review.reviewer_id) == ("done", reviewer.pk)
    assert not reviewer.items.exists()
    assert join_guild(guild_id=guild.pk, by=author.person, at=NOON).pk == author.pk


def test_a_project_that_asks_for_another_guild_is_reviewed_by_that_one(guild):
    other, project = a_guild(), guild_work(guild)
    first = a_review(a_member(guild), project)
    Requirement.objects.filter(project=project).update(scale_id=other.pk)
    second = a_review(a_member(other), project)
    assert (first.guild_id, first.task.project.owner_id) == (guild.pk, guild.pk)
    assert (second.guild_id, second.task.project.owner_id) == (other.pk, other.pk)


def test_neither_side_is_shown_who_the_other_is_or_when(guild, client):
    author, reviewer = a_member(guild), a_member(guild, level=2)
    project = guild_work(guild)
    at = now()
    review = a_review(author, project)
    assignment = take_task(by=reviewer.person, project_id=review.task.project_id, at=at)

    def traces(of: Member, page: str) -> list[str]:
        person = of.person
        names = (person.username, person.party.screen_name, str(person.email))
        return [name for name in names if re.search(rf"\b{re.escape(name)}\b", page)]

    client.force_login(reviewer.person)
    page = client.get(f"/work/{assignment.pk}/").content.decode()
    assert "is at level 1 of the guild" in page
    assert "A cat" in page  # what the author answered
    assert traces(author, page) == []
    assert str(review.item.completed_at.isoformat())[:16] not in page
    answer = {"verdict": "3", "would_accept": "yes", "advice": "Keep it up like this."}
    submit_answer(assignment_id=assignment.pk, by=reviewer.person, answer=answer, active_seconds=1, at=at)
    heard(at=at)
    client.force_login(author.person)
    page = client.get(f"/guilds/{guild.pk}/mine/?show=reviews").content.decode()
    assert "Keep it up like this." in page
    assert traces(reviewer, page) == []
    assert f"/work/{assignment.pk}/" not in page
    for address in (f"/review/{review.task.project_id}/", f"/work/{assignment.pk}/"):
        assert client.get(address).status_code in (403, 404)
