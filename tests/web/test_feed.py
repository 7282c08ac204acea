"""The feed and a project's page as a worker sees them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import a_draft, a_project, a_requester, a_submission, taken
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.work.models import Assignment, Project, WorkerChoice
from canut.work.usecases.pause_project import pause_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return clock.now()


def test_a_card_says_all_a_worker_needs_to_choose(worker, at):
    owner = a_requester("weaver", simulated=True)
    a_project(owner=owner, title="Cats & <b>dogs</b>", rows=5, reward_minor=75, language="fr", at=at)
    page = text_of(browser_of(worker).get(reverse("feed")))
    for words in (
        "Cats &amp; &lt;b&gt;dogs&lt;/b&gt;",
        "<bdi>Weaver</bdi></a>",
        "simulated",
        "€0.75",
        "2\u00a0min",
        "€22.50",
        "5 tasks",
        "This requester has decided on no work yet.",
    ):
        assert words in page


def test_volunteer_work_is_marked_and_shows_no_pay(requester, worker, at):
    a_project(owner=requester, kind="volunteer", at=at)
    page = text_of(browser_of(worker).get(reverse("feed")))
    assert "volunteer work, unpaid" in page
    assert "Pay per hour" not in page


def test_an_empty_feed_says_so(worker):
    assert "There is nothing for you to take just now." in text_of(browser_of(worker).get(reverse("feed")))


def test_the_chosen_order_is_remembered(requester, worker, at):
    low, high = (a_project(owner=requester, reward_minor=minor, at=at) for minor in (60, 90))
    newest = a_project(owner=requester, reward_minor=70, at=at)
    browser = browser_of(worker)
    browser.post(reverse("feed_order"), {"order": "pay"})
    page = text_of(browser_of(worker).get(reverse("feed")))
    assert [int(pk) for pk in re.findall(r'href="/projects/(\d+)/"', page)] == [high.pk, newest.pk, low.pk]
    assert re.search(r'value="pay" aria-pressed="true"', page)
    assert WorkerChoice.objects.get(worker=worker).feed_order == "pay"


def test_the_feed_goes_on_by_a_link(requester, worker, at, monkeypatch):
    monkeypatch.setattr("canut.web.feed.views.feed_page", _two_at_a_time)
    for _each in range(3):
        a_project(owner=requester, at=at)
    browser = browser_of(worker)
    first = text_of(browser.get(reverse("feed")))
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = text_of(browser.get(onward))
    assert len(re.findall(r'href="/projects/\d+/"', first)) == 2
    assert len(re.findall(r'href="/projects/\d+/"', second)) == 1


def _two_at_a_time(**asked):
    from canut.work.queries.feed import feed_page

    return feed_page(**asked, most=2)


def test_what_is_in_hand_stands_above_the_feed(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    page = text_of(browser_of(worker).get(reverse("feed")))
    assert "In your hands" in page
    assert reverse("task", args=[assignment.pk]) in page


def test_the_page_of_a_project_has_one_button_that_takes_a_task(requester, worker, at):
    project = a_project(owner=requester, description="About <i>pets</i>.", at=at)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert "About &lt;i&gt;pets&lt;/i&gt;." in page
    assert "Say what the picture shows." in page
    assert page.count("Take a task") == 1
    response = browser.post(reverse("take_task", args=[project.pk]))
    assignment = Assignment.objects.get(worker=worker)
    assert response.headers["Location"] == reverse("task", args=[assignment.pk])
    again = browser.post(reverse("take_task", args=[project.pk]))
    assert again.headers["Location"] == response.headers["Location"]
    assert "Go on with the task you have in hand" in text_of(
        browser.get(reverse("project", args=[project.pk]))
    )


def test_a_project_that_gives_no_task_says_why_instead_of_offering_one(requester, worker, peer, at):
    project = a_project(owner=requester, rows=1, at=at)
    a_submission(worker=peer, project=project, at=at)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert "There is no task left for you in this project." in page
    assert "Take a task" not in page
    other = a_project(owner=requester, at=at)
    pause_project(project_id=other.pk, by=requester, at=at)
    assert "The requester has paused this project." in text_of(
        browser.get(reverse("project", args=[other.pk]))
    )


def test_taking_what_is_not_to_be_had_is_refused_with_the_rules_own_words(requester, worker, at):
    project = a_project(owner=requester, at=at)
    pause_project(project_id=project.pk, by=requester, at=at)
    response = browser_of(worker).post(reverse("take_task", args=[project.pk]))
    assert response.status_code == 409
    assert "The requester has paused this project." in text_of(response)


@pytest.mark.parametrize("task", ["0", "x", "-1", "9" * 30])
def test_a_task_that_is_not_in_the_project_is_not_given(requester, worker, at, task):
    project = a_project(owner=requester, at=at)
    response = browser_of(worker).post(reverse("take_task", args=[project.pk]), {"task": task})
    assert response.status_code in (302, 404)
    assert Assignment.objects.filter(worker=worker).count() == (response.status_code == 302)


def test_an_owner_sees_the_page_of_their_project_and_no_button(requester, at):
    project = a_project(owner=requester, at=at)
    page = text_of(browser_of(requester).get(reverse("project", args=[project.pk])))
    assert "This project is yours." in page
    assert "Take a task" not in page


def test_somebody_elses_draft_and_a_project_that_never_was_look_the_same(requester, worker):
    draft = a_draft(owner=requester)
    browser = browser_of(worker)
    hidden = browser.get(reverse("project", args=[draft.pk]))
    absent = browser.get(reverse("project", args=[10**9]))
    assert hidden.status_code == absent.status_code == 404
    assert re.search("<main.*</main>", text_of(hidden))[0] == re.search("<main.*</main>", text_of(absent))[0]


def test_a_deadline_ends_the_offer(requester, worker, at):
    project = a_project(owner=requester, deadline_at=at + timedelta(hours=1), at=at)
    browser = browser_of(worker)
    assert "Until" in text_of(browser.get(reverse("feed")))
    Project.objects.filter(pk=project.pk).update(deadline_at=at - timedelta(seconds=1))
    assert reverse("project", args=[project.pk]) not in text_of(browser.get(reverse("feed")))
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert "deadline has passed" in page


def test_a_project_that_is_being_tried_says_so(requester, worker):
    tried = a_project(owner=requester, rows=30, untried=True)
    page = text_of(browser_of(worker).get(reverse("project", args=[tried.pk])))
    assert "This is a prototype round" in page
    whole = a_project(owner=requester, rows=3)
    assert "This is a prototype round" not in text_of(
        browser_of(worker).get(reverse("project", args=[whole.pk]))
    )


# --- Narrowing ---


def shown(page: str) -> set[int]:
    return {int(pk) for pk in re.findall(r'href="/projects/(\d+)/"', page)}


def test_the_address_narrows_the_feed_and_the_page_says_how(requester, worker, at):
    high, low = (a_project(owner=requester, reward_minor=minor, at=at).pk for minor in (90, 60))
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("feed") + "?least_hourly=20,00&kind=paid"))
    assert shown(page) == {high}
    assert "Only this is shown: paid work, at least €20.00 an hour." in page
    assert 'name="least_hourly" value="20.00"' in page
    assert re.search(r'<option value="paid" selected', page)
    assert shown(text_of(browser.get(reverse("feed")))) == {high, low}


def test_a_value_that_cannot_be_read_is_shown_at_its_field_and_stays_there(requester, worker, at):
    project = a_project(owner=requester, at=at).pk
    answer = browser_of(worker).get(reverse("feed") + "?least_hourly=a+lot&most_minutes=5&device=phone")
    page = text_of(answer)
    assert answer.status_code == 422
    assert project not in shown(page)
    assert "Write the amount as digits with a point or a comma" in page
    assert 'name="least_hourly" value="a lot"' in page
    assert 'name="most_minutes" value="5"' in page
    assert re.search(r'<option value="phone" selected', page)
    assert "<details" in page
    assert re.search(r"<details[^>]* open", page)


@pytest.mark.parametrize(
    "query",
    ["languages=xx-!", "device=fridge", "risks=some", "kind=odd", "most_minutes=%00", "most_seconds=-5"],
)
def test_whatever_stands_in_the_address_is_answered(requester, worker, at, query):
    a_project(owner=requester, at=at)
    answer = browser_of(worker).get(f"{reverse('feed')}?{query}")
    assert answer.status_code == 422
    assert "errorlist" in text_of(answer)


def test_filters_that_hide_everything_say_so_and_how_to_see_all(requester, worker, at):
    for _each in range(2):
        a_project(owner=requester, at=at)
    page = text_of(browser_of(worker).get(reverse("feed") + "?least_hourly=900"))
    assert "No work is like that just now. Without these conditions there are 2 projects." in page
    assert "Show all work" in page


def test_filters_are_kept_by_the_next_page_and_by_another_order(requester, worker, at, monkeypatch):
    monkeypatch.setattr("canut.web.feed.views.feed_page", _two_at_a_time)
    for minor in (90, 91, 92, 60):
        a_project(owner=requester, reward_minor=minor, language="fr", at=at)
    browser = browser_of(worker)
    address = reverse("feed") + "?least_hourly=20.00&languages=fr"
    first = text_of(browser.get(address))
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = text_of(browser.get(onward))
    assert len(shown(first)) == 2
    assert len(shown(second) - shown(first)) == 1
    kept = {"order": "pay", "least_hourly": "20.00", "languages": "fr"}
    answer = browser.post(reverse("feed_order"), kept)
    assert answer["Location"] == reverse("feed") + "?languages=fr&least_hourly=20.00"
    assert all(f'type="hidden" name="{name}"' in first for name in kept if name != "order")


def test_a_length_in_seconds_is_kept_by_the_form(requester, worker, at):
    a_project(owner=requester, expected_seconds=60, at=at)
    page = text_of(browser_of(worker).get(reverse("feed") + "?most_seconds=90"))
    assert "at most 90 seconds a task" in page
    assert '<input type="hidden" name="most_seconds" value="90">' in page


def test_a_card_says_what_it_is_best_done_with_and_the_requester_changes_it(requester, worker, at):
    project = a_project(owner=requester, device="computer", at=at)
    assert "on a computer" in text_of(browser_of(worker).get(reverse("feed")))
    answer = browser_of(requester).post(reverse("project_device", args=[project.pk]), {"device": "phone"})
    assert answer["Location"] == reverse("studio_project", args=[project.pk])
    assert "on a phone" in text_of(browser_of(worker).get(reverse("project", args=[project.pk])))
    refused = browser_of(requester).post(reverse("project_device", args=[project.pk]), {"device": "loom"})
    assert refused.status_code == 422


def test_a_stranger_changes_no_device(requester, worker, stranger, at):
    project = a_project(owner=requester, at=at)
    address = reverse("project_device", args=[project.pk])
    assert browser_of(worker).post(address, {"device": "phone"}).status_code == 403
    assert browser_of(a_requester()).post(address, {"device": "phone"}).status_code == 404
    assert Project.objects.get(pk=project.pk).device == "any"


def test_who_is_no_worker_is_told_so_whatever_the_filters(requester):
    for query in ("", "?kind=paid", "?kind=odd"):
        answer = browser_of(requester).get(reverse("feed") + query)
        assert answer.status_code == 403
