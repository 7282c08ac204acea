"""What a badge says of a level: what it rests on, what it takes, in whose language."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import translation
from pytest_django import Settings
from tests.builders import NOON, a_project, a_submission

from canut.guilds.badges import achievement_of, reviewed
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.models import Block, Guild, Item, Member, Review
from canut.guilds.states import BlockState, ItemKind, ReviewState
from canut.guilds.usecases.get_badge import get_badge
from canut.people.models import Person
from canut.people.usecases.found_body import found_body
from canut.work.models import Submission

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
SEED = "ab" * 32


@pytest.fixture
def guild(requester: Person, settings: Settings) -> Guild:
    settings.SITE_URL = "https://canut.example"
    return Guild.objects.create(
        party=found_body(name="Transcription", screen_name="Transcription", by=None, at=NOON),
        craft="Transcription",
        charter_text="We read what others wrote.",
        decision="Founded by the operator.",
        founded_by=requester,
        founded_at=NOON,
    )


def a_member(guild: Guild, person: Person, level: int) -> Member:
    return Member.objects.create(guild=guild, person=person, first_level=1, level=level, joined_at=NOON)


def a_review(author: Member, reviewer: Member, work: Submission, *, number: int, verdict: int) -> Review:
    """Return what a reviewer said of a piece of work that was drawn."""
    commitment = sha256(bytes.fromhex(SEED)).hexdigest()
    block = Block.objects.create(
        member=author, number=number, size=1, commitment=commitment, seed=SEED, opened_at=NOON
    )
    item = Item.objects.create(
        member=author,
        number=number,
        block=block,
        place=1,
        assignment_id=work.assignment_id,
        kind=ItemKind.WORK,
        level=1,
        completed_at=NOON,
    )
    Block.objects.filter(pk=block.pk).update(
        state=BlockState.DRAWN, filled_at=NOON, drawn_at=NOON, drawn_number=1
    )
    return Review.objects.create(
        item=item,
        guild=author.guild,
        author=author,
        task_id=1_000_000 + number,
        state=ReviewState.DONE,
        opened_at=NOON,
        lapses_at=LATER,
        ended_at=NOON,
        reviewer=reviewer,
        assignment_id=1_000_000 + number,
        verdict=verdict,
        would_accept=True,
        advice="Read it aloud once.",
    )


def test_a_badge_says_in_coarse_figures_what_it_rests_on(
    guild: Guild, worker: Person, peer: Person, requester: Person
) -> None:
    member, reviewer = a_member(guild, worker, 2), a_member(guild, peer, 3)
    make_subject_key(by=worker, at=NOON)
    assert reviewed(member) is None
    assert "evidence" not in get_badge(guild_id=guild.pk, level=1, by=worker, at=NOON).statement
    project = a_project(owner=requester, rows=[{"text": f"Page {n}"} for n in range(12)])
    for number in range(1, 13):
        work = a_submission(worker=worker, project=project)
        a_review(member, reviewer, work, number=number, verdict=1 if number == 1 else 3 + number % 2)
    voided = Review.objects.filter(verdict=1)
    voided.update(voided_at=NOON, voided_by=requester, void_reason="It was about something else.")
    found = reviewed(member)
    assert found is not None
    assert (found.reviews, str(found.mean_score)) == (11, "3.45")
    (evidence,) = get_badge(guild_id=guild.pk, level=2, by=worker, at=NOON).statement["evidence"]
    assert "At least 10 pieces of work" in evidence["narrative"]
    assert "the mean is 3.5." in evidence["narrative"]
    assert peer.screen_name not in str(evidence)


def test_what_a_level_takes_is_said_by_the_charter_in_the_readers_language(guild: Guild) -> None:
    low, high = (achievement_of(guild.pk, level=level, at=LATER) for level in (1, 3))
    assert "begins here" in low.criteria
    assert "Of 10 reviews in a row" in high.criteria
    assert "above 3 at the level below, or above 3.9 two levels below" in high.criteria
    assert (high.language, high.highest, high.guild_name) == ("en", 4, "Transcription")
    assert high.levels_address == f"https://canut.example/guilds/{guild.pk}/levels/"
    with translation.override("fr"):
        french = achievement_of(guild.pk, level=3, at=LATER)
        assert french.language == "fr"
        assert "3,9" in french.criteria
