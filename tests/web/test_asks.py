"""Pages on which a requester asks for standings, and a worker sees how they stand."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from tests.builders import a_draft, a_project, a_requester, a_worker
from tests.web.pages import browser_of, text_of
from tests.work.asked import a_guild, a_qualification, asks, holds

from canut.guilds.models import Block, Guild, Item
from canut.guilds.usecases.join_guild import join_guild
from canut.kernel import clock
from canut.people.models import Person
from canut.work.models import Assignment, Requirement, Submission
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def requester() -> Person:
    return a_requester("rita")


def test_a_guild_and_qualifications_are_asked_for_and_what_is_wrong_is_kept_and_said(
    requester: Person,
) -> None:
    guild, skill = a_guild("Scribes"), a_qualification(requester, "French")
    project = a_draft(owner=requester)
    address, browser = reverse("project_asks", args=[project.pk]), browser_of(requester)
    page = text_of(browser.get(address))
    assert "Scribes (transcription)" in page
    assert "French" in page
    row = {"q0-qualification": skill.pk, "q0-comparator": "more_than", "q0-value": "9,5"}
    wrong = browser.post(address, {"guild": guild.pk, "level": 2} | row | {"q0-value": "much"})
    assert wrong.status_code == 422
    assert "as a number with at most two decimals" in text_of(wrong)
    assert 'value="much"' in text_of(wrong)
    assert not Requirement.objects.exists()
    for spoilt in ({"guild": "x\0", "level": 2}, {"guild": 2**70, "level": 2}, {"level": -1}, {}):
        assert browser.post(address, spoilt).status_code == 422
    saved = browser.post(address, {"guild": guild.pk, "level": 2} | row, follow=True)
    assert "Saved." in text_of(saved)
    rows = Requirement.objects.order_by("pk").values_list("scale_id", "comparator", "value")
    assert [(pk, how, float(value)) for pk, how, value in rows] == [
        (guild.pk, "at_least", 2),
        (skill.pk, "more_than", 9.5),
    ]
    assert 'value="9.5"' in text_of(saved)
    assert "Nobody was paid for this guild's work in the last 30 days" in text_of(saved)
    browser.post(address, {"guild": "", "level": 1, "q0-qualification": "", "q0-value": ""})
    assert not Requirement.objects.exists()
    close_project(project_id=project.pk, by=requester, at=clock.now())
    assert 'type="submit">Save' not in text_of(browser.get(address))
    assert browser.post(address, {"guild": guild.pk, "level": 2}).status_code == 422


def test_the_page_is_its_requesters_alone(requester: Person) -> None:
    project = a_draft(owner=requester)
    for name in ("project_asks", "project_asks_earnings"):
        address = reverse(name, args=[project.pk])
        assert browser_of(a_requester()).get(address).status_code == 404
        assert browser_of(a_worker()).get(address).status_code == 404
    assert browser_of(a_requester()).post(reverse("project_asks", args=[project.pk])).status_code == 404


def five_were_paid(guild: Guild, requester: Person, *, now: datetime) -> None:
    """Have five members of level 1 paid 1 EUR for two minutes lately, 30 EUR an hour; and one of level 2."""
    before = a_project(owner=requester, rows=1, answers=6, reward_minor=100, at=now - timedelta(hours=1))
    asks(before, "guild", guild.pk, "at_least", 1)
    for level in (1, 1, 1, 1, 1, 2):
        worker = a_worker()
        member = join_guild(guild_id=guild.pk, by=worker, at=now - timedelta(hours=1))
        held = take_task(by=worker, project_id=before.pk, at=now - timedelta(minutes=30))
        submit_answer(
            assignment_id=held.pk,
            by=worker,
            answer={"label": "cat"},
            active_seconds=120,
            at=now - timedelta(minutes=28),
        )
        submission = Submission.objects.get(assignment=held)
        approve_submission(submission_id=submission.pk, by=requester, at=now - timedelta(minutes=20))
        Assignment.objects.get(pk=held.pk, state="approved")
        Item.objects.create(
            member=member,
            block=Block.objects.get(member=member),
            number=1,
            place=1,
            kind="work",
            level=level,
            assignment_id=held.pk,
            completed_at=now - timedelta(minutes=28),
        )


def test_a_requester_is_warned_where_a_project_pays_less_than_the_level_earned(requester: Person) -> None:
    guild, now = a_guild("Scribes"), clock.now()
    five_were_paid(guild, requester, now=now)
    cheap = a_draft(owner=requester, reward_minor=60, expected_seconds=120)
    found = text_of(
        browser_of(requester).get(
            reverse("project_asks_earnings", args=[cheap.pk]), {"guild": guild.pk, "level": 1}
        )
    )
    assert "Members of level 1 earned €30.00 an hour, and this project pays €18.00 an hour" in found
    assert "more than this project pays" in found
    dear = a_draft(owner=requester, reward_minor=120, expected_seconds=120)
    asks(dear, "guild", guild.pk, "at_least", 1)
    page = text_of(browser_of(requester).get(reverse("project_asks", args=[dear.pk])))
    assert "€30.00" in page
    assert "and this project pays" not in page
    spoilt = reverse("project_asks_earnings", args=[cheap.pk])
    for guild_id in ("", "x", "-1", "9" * 40, "\0"):
        assert browser_of(requester).get(spoilt, {"guild": guild_id}).status_code == 200


def test_a_worker_sees_what_is_asked_and_how_they_stand(requester: Person) -> None:
    worker, guild, skill = a_worker(), a_guild("Scribes"), a_qualification(requester, "French")
    project = a_project(owner=requester, rows=1, at=clock.now())
    asks(project, "guild", guild.pk, "at_least", 2)
    asks(project, "qualification", skill.pk, "at_least", 7)
    address = reverse("project", args=[project.pk])
    page = text_of(browser_of(worker).get(address))
    assert "It is for members of the guild “Scribes” from level 2 on." in page
    assert "You are not in this guild" in page
    assert reverse("take_task", args=[project.pk]) not in page
    why = text_of(browser_of(worker).get(reverse("why", args=[project.pk])))
    assert "and the qualifications that it asks for, if any." in why
    assert "You are not in this guild; its page says how to join." in why
    holds(worker, "guild", guild.pk, 3)
    holds(worker, "qualification", skill.pk, "7.25")
    page = text_of(browser_of(worker).get(address))
    assert "You have level 3." in page
    assert "You have 7.25." in page
    assert reverse("take_task", args=[project.pk]) in page
    assert "It asks for 1 level less of a guild than you have" in text_of(
        browser_of(worker).get(reverse("why", args=[project.pk]))
    )
