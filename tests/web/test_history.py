"""The pages of a history: what both sides read, narrowed by the address, page by page and as a file."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON
from tests.web.pages import browser_of, text_of
from tests.work.a_life import a_life

from canut.people.usecases.choose_roles import choose_roles
from canut.work.models import Assignment, Project

pytestmark = pytest.mark.django_db

PAGES = ("worked", "requested", "worked_file", "requested_file")


def body_of(response):
    return b"".join(response.streaming_content).decode()


def rows_in(page):
    return re.findall(r'<th scope="row">(.*?)</th>', page, re.S)


def test_both_sides_find_their_history_narrow_it_page_through_it_and_take_it_along(
    worker, requester, monkeypatch
):
    monkeypatch.setattr("canut.work.history.pages.LINES_A_PAGE", 5)
    a_life(worker, requester)
    theirs = browser_of(worker)
    for page, link in (("my_work", "worked"), ("earnings", "worked")):
        assert reverse(link) in text_of(theirs.get(reverse(page)))
    assert theirs.get(reverse("history")).url == reverse("worked")

    address, seen = reverse("worked"), []
    while address:
        page = text_of(theirs.get(address))
        seen += rows_in(page)
        onward = re.search(r'rel="next" href="([^"]*)"', page)
        address = onward and onward[1].replace("&amp;", "&")
    assert len(seen) == 15
    first = text_of(theirs.get(reverse("worked")))
    for said in (
        "12 tasks",
        "1 session",
        "1 top-up",
        "Paid to you",
        "Bonus",
        "€0.25",
        "Look at the ears again.",
    ):
        assert said in first or said in text_of(theirs.get(f"{reverse('worked')}?order=oldest"))

    pieces = Project.objects.get(title="=Pieces")
    narrowed = text_of(theirs.get(f"{reverse('worked')}?project={pieces.pk}&outcome=put_back"))
    assert len(rows_in(narrowed)) == 2
    assert "Nothing was paid for these so far." in narrowed
    assert 'value="put_back" selected' in narrowed
    file = re.search(r'href="([^"]*format=csv)"', narrowed)[1].replace("&amp;", "&")
    response = theirs.get(file)
    assert response["Content-Disposition"].startswith('attachment; filename="canut-worked-')
    assert body_of(response).count("\r\n") == 3

    bought = browser_of(requester)
    assert bought.get(reverse("history")).url == reverse("requested")
    assert reverse("requested") in text_of(bought.get(reverse("projects")))
    page = text_of(bought.get(reverse("requested")))
    assert "Paid to workers" in page
    assert "Service fee" in page
    assert "What you did" not in page
    choose_roles(by=requester, worker=True, requester=True, at=NOON + timedelta(days=20))
    assert "What you did" in text_of(bought.get(reverse("requested")))
    every_task = body_of(bought.get(f"{reverse('requested_file')}?format=jsonl&outcome=in_hand"))
    assert every_task.count("\n") == Assignment.objects.filter(state="held").count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_what_is_asked_wrongly_is_said_at_its_field_and_is_never_an_error(name, stranger):
    browser, address = browser_of(stranger), reverse(name)
    assert Client().get(address).status_code == 302
    empty = browser.get(address)
    assert empty.status_code == 200
    if name in ("worked", "requested"):
        assert "Nothing yet." in text_of(empty)
        wrong = browser.get(f"{address}?since=soon&project=9{'9' * 30}&outcome=lost")
        assert wrong.status_code == 422
        assert text_of(wrong).count('aria-invalid="true"') == 3
        assert 'value="soon"' in text_of(wrong)
        assert "Nothing of this kind." in text_of(browser.get(f"{address}?project=9223372036854775807"))
        assert browser.get(f"{address}?after=%00.9.9.9&order=oldest").status_code == 200
    else:
        assert browser.get(f"{address}?format=xlsx").status_code == 404
        assert browser.get(f"{address}?since=%00").status_code == 422
    assert browser.post(address).status_code == 405
