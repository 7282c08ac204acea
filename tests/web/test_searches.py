"""Pages of saved searches."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_project
from tests.people.push_service import Reader
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.people.usecases.add_browser import add_browser
from canut.work.models import SavedSearch
from canut.work.queries.feed_filters import NO_FILTERS
from canut.work.usecases.save_search import save_search

pytestmark = pytest.mark.django_db

CHOSEN = {"name": "Quick", "notice": "mail", "pace": "at_once"}


def a_search(worker, name="Quick", **details):
    given = {"filters": NO_FILTERS, "notice": "mail", "pace": "at_once", "at": clock.now()}
    return save_search(by=worker, name=name, **{**given, **details})


def a_browser(person):
    reader = Reader()
    keys = {"public_key": reader.public_key, "shared_key": reader.shared_key}
    return add_browser(
        by=person, endpoint="https://push.example.net/1", browser="Firefox", at=clock.now(), **keys
    )


def test_the_feed_leads_to_saving_what_it_shows(requester, worker):
    a_project(owner=requester, at=clock.now())
    page = text_of(browser_of(worker).get(reverse("feed"), {"kind": "paid", "least_hourly": "12"}))
    assert re.search(r'href="/searches/new/\?[^"]*kind=paid', page)
    assert "Save this search" in page


def test_a_search_is_saved_as_the_feed_was_narrowed(worker):
    browser = browser_of(worker)
    address = reverse("save_search") + "?kind=paid&least_hourly=12.50"
    page = text_of(browser.get(address))
    assert "paid work, at least €12.50 an hour" in page
    assert 'value="Paid work, at least €12.50 an hour"' in page
    answer = browser.post(address, CHOSEN)
    assert answer.headers["Location"] == reverse("searches")
    page = text_of(browser.get(reverse("searches")))
    assert "Saved: Quick." in page
    assert re.search(
        r'href="/feed/\?(kind=paid&amp;least_hourly=12.50|least_hourly=12.50&amp;kind=paid)"', page
    )
    assert "by e-mail" in page
    assert "not yet" in page


def test_what_cannot_be_saved_is_said_beside_its_field(worker):
    a_search(worker, "Quick", notice="none")
    browser = browser_of(worker)
    for wrong, sentence in (
        ({"name": "quick"}, "You have a saved search called “quick” already."),
        ({"name": ""}, "This field is required."),
        ({"notice": "fax"}, "Select a valid choice."),
    ):
        answer = browser.post(reverse("save_search"), {**CHOSEN, **wrong})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert SavedSearch.objects.count() == 1


def test_an_address_that_cannot_be_read_is_refused(worker):
    browser = browser_of(worker)
    answer = browser.get(reverse("save_search"), {"least_hourly": "much", "after": "<&"}, follow=True)
    assert answer.redirect_chain == [(reverse("feed") + "?least_hourly=much&after=%3C%26", 302)]
    assert answer.status_code == 422
    assert "Write the amount as digits" in answer.content.decode()  # at its field


def test_a_search_is_renamed_and_its_notices_chosen(worker):
    search = a_search(worker)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("change_search", args=[search.pk])))
    assert 'value="Quick"' in page
    assert "No browser of yours shows messages yet." in page
    browser.post(reverse("change_search", args=[search.pk]), {**CHOSEN, "name": "Slow", "notice": "push"})
    page = text_of(browser.get(reverse("searches")))
    assert "Slow" in page
    assert "so what is new stands among your notices alone" in page
    a_browser(worker)
    assert "among your notices alone" not in text_of(browser.get(reverse("searches")))


def test_a_search_is_deleted_once_it_was_asked(worker):
    search = a_search(worker)
    browser = browser_of(worker)
    assert "Delete “Quick”?" in text_of(browser.get(reverse("drop_search", args=[search.pk])))
    assert SavedSearch.objects.exists()
    browser.post(reverse("drop_search", args=[search.pk]))
    page = text_of(browser.get(reverse("searches")))
    assert "Deleted: Quick." in page
    assert "You have saved no search yet." in page


def test_full_is_said(worker):
    for number in range(20):
        a_search(worker, f"Search {number}", notice="none")
    browser = browser_of(worker)
    assert "That is all there is room for: 20 searches." in text_of(browser.get(reverse("searches")))
    answer = browser.post(reverse("save_search"), CHOSEN)
    assert "You have 20 saved searches already. Delete one first." in text_of(answer)


@pytest.mark.parametrize("name", ["change_search", "drop_search"])
def test_nobody_else_reaches_a_search(worker, stranger, requester, name):
    address = reverse(name, args=[a_search(worker).pk])
    for method in ("get", "post"):
        assert getattr(browser_of(stranger), method)(address, CHOSEN).status_code == 404
        assert getattr(browser_of(requester), method)(address, CHOSEN).status_code == 403
        assert "/login/" in getattr(Client(), method)(address, CHOSEN).headers["Location"]
    assert SavedSearch.objects.get().name == "Quick"


@pytest.mark.parametrize("name", ["searches", "save_search"])
def test_only_workers_have_searches(requester, name):
    assert browser_of(requester).get(reverse(name)).status_code == 403
    assert "/login/" in Client().get(reverse(name)).headers["Location"]
