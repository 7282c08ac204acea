"""Pages where people talk: threads of projects, forums, one post, mails; each address for each who comes."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_person, a_project, a_requester, a_worker, taken
from tests.forums.cast import says
from tests.guilds.crafts import a_guild, a_member
from tests.membership.members import a_member_of
from tests.web.pages import browser_of, text_of

from canut.discussion.models import Post, Reader, SubjectKind, Thread
from canut.forums.access import place_about
from canut.forums.usecases.write_in_thread import start_in_forum
from canut.membership.states import College
from canut.people.usecases.block_person import block_person

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def owner():
    return a_requester("owner")


@pytest.fixture
def worker():
    return a_worker("ada")


@pytest.fixture
def project(owner):
    return a_project(owner=owner, title="Cats and dogs")


def test_a_question_from_the_task_page_is_answered_in_the_thread(owner, worker, project):
    assignment = taken(worker=worker, project=project)
    browser, studio = browser_of(worker), browser_of(owner)
    talk = reverse("project_talk", args=[project.pk])
    number = assignment.task.position
    assert f"{talk}?task={number}#write" in text_of(browser.get(reverse("task", args=[assignment.pk])))
    assert talk in text_of(browser.get(reverse("project", args=[project.pk])))
    assert talk in text_of(studio.get(reverse("studio_project", args=[project.pk])))
    empty = text_of(browser.get(talk, {"task": number}))
    assert "Nobody has written here yet." in empty
    assert f'value="{number}"' in empty
    sent = browser.post(talk, {"text": f"What is *this*? {HOSTILE}", "task": number, "quotes": ""})
    post = Post.objects.get()
    assert sent.url == f"/talk/threads/{post.thread_id}/?post=1#post-1"
    page = text_of(browser.get(sent.url))
    assert "<em>this</em>" in page
    assert HOSTILE not in page
    assert reverse("task", args=[assignment.pk]) in page  # one's own task, and a link to it
    seen = text_of(studio.get(reverse("thread", args=[post.thread_id]), {"quote": 1}))
    assert f"About task {number}" in seen
    assert "In answer to:" in seen
    assert "row <bdi>" in seen
    studio.post(reverse("thread", args=[post.thread_id]), {"text": "A dog.", "quotes": "1", "task": ""})
    assert Post.objects.get(number=2).quotes == post
    assert "1 thread has something new" in text_of(browser.get(reverse("feed")))
    assert "1 new" in text_of(browser.get(reverse("talk")))
    assert "A dog." in text_of(browser.get(reverse("thread", args=[post.thread_id])))
    assert "something new" not in text_of(browser.get(reverse("feed")))


def test_what_cannot_be_sent_is_still_there_with_what_to_mend(worker, project):
    browser = browser_of(worker)
    talk = reverse("project_talk", args=[project.pk])
    for sent, says_why in (
        ({"text": ""}, "This field is required."),
        ({"text": "Hello", "task": "99"}, "This project has no task of this number."),
        ({"text": "Hello", "task": "9" * 30}, "less than or equal"),
        ({"text": "Hello", "quotes": "5"}, "There is no post of this number here."),
        ({"text": "Hello \0"}, "Null characters"),
    ):
        answer = browser.post(talk, sent)
        assert (answer.status_code, says_why in text_of(answer)) == (422, True), sent
        assert "Hello" in text_of(answer) or not sent["text"]
    assert not Post.objects.exists()


def test_each_address_for_each_who_comes(owner, worker, project):
    guild = a_guild()
    member = a_member(guild).person
    in_guild = start_in_forum(
        place=place_about(SubjectKind.GUILD, guild.pk, by=member, at=NOON), title="Rates", text="Hi", at=NOON
    )
    post = says(project, worker, "Hello")
    stranger, blocked = a_person("stranger"), a_worker("blocked")
    block_person(person_id=blocked.pk, by=owner, at=NOON)
    thread, theirs = post.thread_id, in_guild.thread_id
    reading = {
        reverse("project_talk", args=[project.pk]): (200, 200, 200, 403, 200),
        reverse("thread", args=[thread]): (200, 200, 200, 404, 200),
        reverse("post_wordings", args=[thread, 1]): (200, 200, 200, 404, 200),
        reverse("edit_post", args=[thread, 1]): (403, 200, 403, 404, 403),
        reverse("withdraw_post", args=[thread, 1]): (403, 200, 403, 404, 403),
        reverse("guild_forum", args=[guild.pk]): (403, 403, 403, 403, 200),
        reverse("thread", args=[theirs]): (404, 404, 404, 404, 200),
        reverse("post_wordings", args=[theirs, 1]): (404, 404, 404, 404, 200),
        reverse("edit_post", args=[theirs, 1]): (404, 404, 404, 404, 200),
        reverse("college_forum", args=["workers"]): (403, 403, 403, 403, 403),
        reverse("college_forum", args=["nobles"]): (404, 404, 404, 404, 404),
        reverse("thread", args=[2**63 - 1]): (404, 404, 404, 404, 404),
        reverse("talk"): (200, 200, 200, 200, 200),
    }
    writing = {
        reverse("project_talk", args=[project.pk]): (302, 302, 422, 403, 302),
        reverse("thread", args=[thread]): (302, 302, 422, 404, 302),
        reverse("edit_post", args=[thread, 1]): (403, 302, 403, 404, 403),
        reverse("guild_forum", args=[guild.pk]): (403, 403, 403, 403, 302),
        reverse("thread", args=[theirs]): (404, 404, 404, 404, 302),
        reverse("follow_thread", args=[theirs]): (404, 404, 404, 404, 302),
        reverse("close_thread", args=[theirs]): (404, 404, 404, 404, 302),
        reverse("close_thread", args=[thread]): (403, 403, 403, 404, 403),
        reverse("withdraw_post", args=[theirs, 1]): (404, 404, 404, 404, 302),
    }
    browsers = [browser_of(one) for one in (owner, worker, blocked, stranger, member)]
    for address, expected in reading.items():
        assert tuple(one.get(address).status_code for one in browsers) == expected, address
        assert Client().get(address).url.startswith(reverse("account_login"))
    for address, expected in writing.items():
        told = {"title": "x", "text": f"By {address}", "follows": "yes", "closed": "no"}
        assert tuple(one.post(address, told).status_code for one in browsers) == expected, address
    assert "keeps you away" in text_of(browsers[2].get(reverse("thread", args=[thread])))


def test_a_forum_is_begun_followed_searched_closed_and_opened():
    member, other = a_member_of(College.WORKERS), a_member_of(College.WORKERS)
    browser, reader = browser_of(member), browser_of(other)
    forum = reverse("college_forum", args=["workers"])
    assert forum in text_of(browser.get(reverse("membership")))
    assert forum in text_of(browser.get(reverse("talk")))
    assert "Nobody has begun a thread yet." in text_of(browser.get(forum))
    lacking = browser.post(forum, {"title": "", "text": "Kept"})
    assert (lacking.status_code, "Kept" in text_of(lacking)) == (422, True)
    began = browser.post(forum, {"title": f"Rates {HOSTILE}", "text": "What would be fair rates?"})
    thread = Thread.objects.get()
    assert began.url == reverse("thread", args=[thread.pk])
    listed = text_of(reader.get(forum, {"words": "rate"}))
    assert "What was found for “rate”" in listed
    assert "fair <mark>rates</mark>" in listed
    assert HOSTILE not in listed
    assert "No post has these words." in text_of(reader.get(forum, {"words": "\0<b>"}))
    reader.post(reverse("follow_thread", args=[thread.pk]), {"follows": "yes"})
    assert Reader.objects.get(person=other).follows
    browser.post(reverse("close_thread", args=[thread.pk]), {"closed": "yes"})
    assert "This thread was closed" in text_of(reader.get(reverse("thread", args=[thread.pk])))
    refused = reader.post(reverse("thread", args=[thread.pk]), {"text": "Twenty"})
    assert (refused.status_code, Thread.objects.get().posts) == (422, 1)
    browser.post(reverse("close_thread", args=[thread.pk]), {"closed": "no"})
    reader.post(reverse("thread", args=[thread.pk]), {"text": "Twenty"})
    assert Thread.objects.get().posts == 2


def test_a_post_is_changed_and_taken_back_and_others_see_what_it_said(owner, worker, project):
    post = says(project, worker, "First words")
    browser, other = browser_of(worker), browser_of(owner)
    edit = reverse("edit_post", args=[post.thread_id, 1])
    assert "First words" in text_of(browser.get(edit))
    assert browser.post(edit, {"text": " "}).status_code == 422
    browser.post(edit, {"text": "Second words"})
    thread = reverse("thread", args=[post.thread_id])
    said = reverse("post_wordings", args=[post.thread_id, 1])
    assert said in text_of(other.get(thread))
    page = text_of(other.get(said))
    assert "First words" in page
    assert "Second words" in page
    back = reverse("withdraw_post", args=[post.thread_id, 1])
    assert "Second words" in text_of(browser.get(back))
    assert Post.objects.get().withdrawn_at is None
    browser.post(back)
    for address in (thread, said):
        gone = text_of(other.get(address))
        assert "First words" not in gone
        assert "Second words" not in gone
    assert "Its author has taken this post back." in text_of(other.get(thread))


def test_a_long_thread_has_pages_and_opens_where_one_stopped_reading(owner, worker, project):
    post = says(project, worker, "First")
    Thread.objects.update(posts=121)
    Post.objects.bulk_create(
        Post(thread=post.thread, number=n, author_id=worker.pk, text=f"Line {n}", posted_at=NOON)
        for n in range(2, 122)
    )
    address = reverse("thread", args=[post.thread_id])
    browser = browser_of(owner)
    assert "Page 1 of 3" in text_of(browser.get(address))
    opened = text_of(browser.get(address))
    assert "Page 2 of 3" in opened  # page 1 is read now
    assert 'id="post-51"' in opened
    for asked, page in ({"page": "3"}, 3), ({"page": "9" * 40}, 3), ({"post": "7"}, 1), ({"page": "x"}, 3):
        assert f"Page {page} of 3" in text_of(browser.get(address, asked))
