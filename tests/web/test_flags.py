"""Flagging through pages, without scripts: by members, for authors, and by those who run the site."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import NOON, a_worker, taken
from tests.justice.flags.flagging import a_member, a_post, an_operator, flagged, matter_of, members
from tests.web.pages import browser_of, text_of

from canut.discussion.hiding.queries import is_hidden
from canut.forums.access import place_of_thread
from canut.forums.usecases.write_in_thread import write_in_thread
from canut.justice.flags.models import Flag, Matter, Objection
from canut.kernel import clock
from canut.work.models import Project

pytestmark = pytest.mark.django_db
MINE = "/justice/flags/"


def test_a_member_flags_a_post_from_its_thread_and_reads_what_became_of_it(client):
    post = a_post("Win **money** at my casino <script>")
    member, odile = a_member(), an_operator("odile")
    thread = text_of(browser_of(member).get(reverse("thread", args=[post.thread_id])))
    address = reverse("flag", args=["post", post.pk])
    assert address in thread
    # Strangers sign in first; who is no member is told how one becomes one
    assert client.get(address).status_code == 302
    refused = browser_of(a_worker()).get(address)
    assert (refused.status_code, "Only admitted members" in text_of(refused)) == (403, True)
    # Without a ground what was written comes back
    page = browser_of(member)
    again = page.post(address, {"words": "It is an advert."})
    assert (again.status_code, "It is an advert." in text_of(again)) == (422, True)
    given = page.post(address, {"ground": "spam", "words": "It is an advert."}, follow=True)
    assert "Nobody is told who did" in text_of(given)
    assert "flagged, and shown" in text_of(page.get(MINE))
    assert page.post(address, {"ground": "spam"}, follow=True).status_code == 200  # a second click
    assert Flag.objects.count() == 1
    assert "You flagged this on" in text_of(page.get(address))
    # An operator sees what is said against it, decides with a reason, and what was typed is not lost
    queue = browser_of(odile)
    assert "Post 1 by" in text_of(queue.get(reverse("flag_queue")))
    matter = reverse("flag_queue_matter", args=[matter_of(post).pk])
    seen = text_of(queue.get(matter))
    assert "It is an advert." in seen
    assert "&lt;script&gt;" in seen
    assert member.screen_name not in seen
    lacks = queue.post(matter, {"decision": "hide", "ground": "", "reason": "A casino."})
    assert (lacks.status_code, "A casino." in text_of(lacks)) == (422, True)
    done = queue.post(matter, {"decision": "hide", "ground": "spam", "reason": "A casino."}, follow=True)
    assert "Decided." in text_of(done)
    assert is_hidden("post", post.pk, clock.now())
    assert queue.post(matter, {"decision": "show", "reason": "No."}).status_code == 409
    for anybody in (browser_of(member), browser_of(a_worker())):
        assert anybody.get(matter).status_code == 403
        assert anybody.get(reverse("flag_queue")).status_code == 403
    assert "A casino." in text_of(page.get(MINE))


def test_an_author_reads_why_objects_once_and_is_answered_by_another():
    author, odile, second = a_member("author"), an_operator("odile"), an_operator("second")
    post = a_post(author=author)
    for member in members(3):
        flagged(member, post, at=clock.now())
    number = matter_of(post).pk
    own, mine = browser_of(author), reverse("flag_matter", args=[number])
    assert mine in text_of(own.get(MINE))
    assert "Members have flagged this, and it is hidden until" in text_of(own.get(mine))
    assert own.post(reverse("object_to_hiding", args=[number]), {"words": "Why?"}).status_code == 409
    operator = browser_of(odile)
    matter = reverse("flag_queue_matter", args=[number])
    operator.post(matter, {"decision": "hide", "ground": "spam", "reason": "A casino."})
    assert "it stays hidden" in text_of(own.get(mine))
    empty = own.post(reverse("object_to_hiding", args=[number]), {"words": " "})
    assert empty.status_code == 422
    own.post(reverse("object_to_hiding", args=[number]), {"words": "It is a river."})
    assert "It waits for another person." in text_of(own.get(mine))
    assert browser_of(a_member()).get(mine).status_code == 404
    answers = reverse("answer_flag_objection", args=[number])
    said = {"decision": "grant", "answer": "It is a river."}
    assert operator.post(answers, said).status_code == 403
    other = browser_of(second)
    assert "Answer the objection" in text_of(other.get(matter))
    assert other.post(answers, {"decision": "grant"}).status_code == 422
    assert other.post(answers, said, follow=True).status_code == 200
    assert Objection.objects.get().state == "granted"
    assert "It is shown." in text_of(own.get(mine))
    assert not is_hidden("post", post.pk, clock.now())


def test_projects_tasks_pictures_and_names_have_a_link_and_show_what_is_hidden(requester, worker):
    from tests.builders import a_project

    design = {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "image", "source": "{{image}}", "alt": "A photo"},
            {"type": "short_text", "name": "seen", "label": "What is it?"},
        ],
    }
    rows = [{"image": "https://pictures.example/1.jpg"}]
    now = clock.now()
    project = a_project(owner=requester, rows=rows, design=design, answers=9, at=now)
    people = members(3)
    browsers = [browser_of(person) for person in people]
    addresses = [reverse("flag", args=["project", project.pk])]
    given = [taken(worker=person, project=project, at=now) for person in people]
    addresses += [reverse("flag", args=[kind, given[0].task_id]) for kind in ("task", "picture")]
    addresses.append(reverse("flag", args=["screen_name", requester.pk]))
    pages = [reverse("project", args=[project.pk]), *[reverse("task", args=[given[0].pk])] * 2]
    pages.append(reverse("requester", args=[requester.pk]))
    for page, address in zip(pages, addresses, strict=True):
        assert address in text_of(browsers[0].get(page)), address
    task = reverse("task", args=[given[0].pk])
    assert "<img" in text_of(browsers[0].get(task)).split("<main")[1]
    for address in addresses[1:]:
        for browser in browsers:
            assert browser.post(address, {"ground": "harm"}).status_code == 302
    covered = text_of(browsers[0].get(task)).split("<main")[1]
    assert "Members have flagged this picture." in covered
    assert "<img" not in covered
    assert f"name-hidden-{requester.pk}" in text_of(browsers[0].get(reverse("project", args=[project.pk])))
    seen = browser_of(requester)
    assert "Casino" not in text_of(seen.get(MINE))
    name = Matter.objects.get(subject_kind="screen_name")
    assert "Choose another screen name" in text_of(seen.get(reverse("flag_matter", args=[name.pk])))
    for browser in browsers:
        browser.post(addresses[0], {"ground": "fraud"})
    closed = text_of(browser_of(worker).get(reverse("project", args=[project.pk])))
    assert "This project is hidden at present" in closed
    assert Project.objects.get().state == "live"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/justice/flags/new/guild/1/", 404),
        ("/justice/flags/new/post/99999999999999999999999999/", 404),
        ("/justice/flags/new/task/1/", 404),
        ("/justice/flags/99999999999999999999999999/", 404),
        ("/justice/flags/?before=nonsense&about=99999999999999999999", 200),
        ("/justice/flags/queue/?state=%00&before=x", 200),
        ("/justice/flags/queue/99999999999999999999999999/", 404),
    ],
)
def test_nonsense_in_an_address_is_answered(address, status):
    assert browser_of(an_operator()).get(address).status_code == status


def test_long_lists_go_on(django_assert_max_num_queries):
    member, odile = a_member(), an_operator()
    first = a_post("Advert", author=odile)
    there = place_of_thread(first.thread_id, by=odile, at=NOON)
    for number in range(23):
        post = write_in_thread(place=there, text=f"Advert {number}", at=NOON)
        flagged(member, post, at=NOON + timedelta(days=number))
    page = browser_of(member)
    seen = text_of(page.get(MINE))
    assert seen.count("card-title") == 20
    assert text_of(page.get(seen.split('rel="next" href="')[1].split('"')[0])).count("card-title") == 3
    queue = browser_of(odile)
    with django_assert_max_num_queries(400):
        assert text_of(queue.get(reverse("flag_queue"))).count('scope="row"') == 20
