"""Threads, forums and conversations in a real browser: on a phone, with the keyboard, in French, for axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project
from tests.forums.test_conversations import a_file
from tests.guilds.crafts import a_guild, a_member
from tests.web.looks import PHONE, faults
from tests.web.test_guilds_browser import seen
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.discussion.models import SubjectKind
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.queries import attachments_of
from canut.forums.conversations.usecases.tell_all import tell_all
from canut.forums.conversations.usecases.write_message import begin_conversation
from canut.forums.usecases.write_in_thread import put_otherwise, start_in_forum, write_in_thread
from canut.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "# Question\n\n> someone said\n\n- `a_very_long_name_without_any_place_to_break_it` " + "word " * 60


def test_talk_is_accessible_on_a_phone_and_in_french(cast, opened):  # noqa: F811
    at, worker, owner = cast.at, cast.worker, cast.requester
    project = a_project(owner=owner, at=cast.began).pk
    about = place_about(SubjectKind.PROJECT, project, by=worker, at=at)
    first = write_in_thread(place=about, text=LONG, task=1, at=at)
    there = place_of_thread(first.thread_id, by=worker, at=at)
    write_in_thread(place=there, text="Nobody?", quotes=1, at=at)
    put_otherwise(place=there, number=2, text="Nobody yet?", at=at)
    alone = begin_conversation(project_id=project, by=worker, text="Between us", task=1, at=at)
    tell_all(place=place_of_thread(alone.thread_id, by=owner, at=at), number=1, text="Yes.", at=at)
    guild = a_guild()
    a_member(guild, person=worker, at=at)
    forum = place_about(SubjectKind.GUILD, guild.pk, by=worker, at=at)
    start_in_forum(place=forum, title="Rates " * 15, text="What is fair?", at=at)
    thread = reverse("thread", args=[first.thread_id])
    addresses = [
        reverse("talk"),
        reverse("project_talk", args=[project]),
        thread + "?quote=1&words=nobody",
        reverse("post_wordings", args=[first.thread_id, 2]),
        reverse("edit_post", args=[first.thread_id, 2]),
        reverse("withdraw_post", args=[first.thread_id, 2]),
        reverse("guild_forum", args=[guild.pk]),
        reverse("conversations"),
        reverse("thread", args=[alone.thread_id]),
        reverse("ask_alone", args=[project]),
        reverse("project_notes", args=[project]),
    ]
    picture = begin_conversation(project_id=project, by=worker, text="See", files=[a_file()], at=at)
    (file,) = attachments_of([picture.pk], at=at)[picture.pk]
    small = [
        reverse("own_posts"),
        reverse("thread", args=[picture.thread_id]),
        reverse("remove_message_file", args=[picture.thread_id, 1, file.pk]),
    ]
    page = opened(worker, viewport=PHONE)
    found = seen(page, addresses)
    for address in small:
        page.goto(address)
        found += faults(page, address, looks=("phone",))
    page.goto(thread)
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, thread)
    writer = opened(owner, viewport=PHONE)
    found += seen(writer, [reverse("tell_all", args=[alone.thread_id, 1]), thread])
    writer.get_by_label("What you want to say").fill("Here I am.")
    writer.keyboard.press("Tab")  # to the task's number
    writer.keyboard.press("Tab")  # to the button
    writer.keyboard.press("Enter")
    expect(writer.locator("#post-3")).to_contain_text("Here I am.")
    assert found == []
    # What the other side writes comes into an open page by itself, and leaves what is being typed alone
    page.goto(reverse("thread", args=[alone.thread_id]))
    page.get_by_role("textbox", name="Ce que vous voulez dire").fill("Half a sent")
    writer.goto(reverse("thread", args=[alone.thread_id]))
    writer.get_by_label("What you want to say").fill("Ears, and **paws**.")
    writer.get_by_role("button", name="Send").click()
    log = page.get_by_role("log")
    expect(log.locator("#post-2")).to_contain_text("Ears, and paws.")
    expect(page.get_by_role("textbox", name="Ce que vous voulez dire")).to_have_value("Half a sent")
    expect(log.locator("article")).to_have_count(2)
    put_otherwise(
        place=place_of_thread(alone.thread_id, by=owner, at=clock.now()),
        number=2,
        text="Ears.",
        at=clock.now(),
    )
    expect(log.locator("#post-2 .written")).to_have_text("Ears.")
    expect(page.get_by_role("textbox", name="Ce que vous voulez dire")).to_have_value("Half a sent")
    expect(log.locator("article")).to_have_count(2)
    assert faults(page, "live", looks=("phone",)) == []
