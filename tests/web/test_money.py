"""A requester's money page: balance, deposits of play money, projects, movements."""

import re

import pytest
from django.urls import reverse
from tests.builders import a_person, a_project, a_submission
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.ledger.models import Kind, LedgerEntry
from canut.ledger.queries import party_total_minor
from canut.work.usecases.approve_submission import approve_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def newcomer(db):
    return a_person("newcomer", requester=True)


def key_in(page):
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]


def test_a_deposit_adds_exactly_what_was_typed_once(newcomer):
    browser = browser_of(newcomer)
    key = key_in(text_of(browser.get(reverse("money"))))
    for _click in range(2):
        response = browser.post(reverse("deposit"), {"amount": "12,34", "key": key}, follow=True)
        assert "€12.34 of play money is on your balance." in text_of(response)
    assert party_total_minor(newcomer.pk, Kind.BALANCE, "EUR") == 1234


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("4.99", "The smallest deposit is €5.00."),
        ("-10", "It cannot be negative."),
        ("10.005", "This currency has 2 decimals; the amount has 3."),
        ("ten", "Write the amount as digits"),
        ("", "This field is required."),
        ("99999999", "The largest deposit at once is"),
    ],
)
def test_a_deposit_that_is_refused_says_why_at_the_field_and_keeps_what_was_typed(newcomer, amount, said):
    browser = browser_of(newcomer)
    response = browser.post(reverse("deposit"), {"amount": amount, "key": "0" * 32})
    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert not amount or f'name="amount" value="{amount}"' in page
    assert 'aria-invalid="true"' in page
    assert party_total_minor(newcomer.pk, Kind.BALANCE, "EUR") == 0


def test_a_key_that_stands_for_another_deposit_is_renewed_for_the_next_try(newcomer):
    browser = browser_of(newcomer)
    browser.post(reverse("deposit"), {"amount": "10", "key": "a" * 32})
    refused = browser.post(reverse("deposit"), {"amount": "20", "key": "a" * 32})
    assert "Nothing was moved." in text_of(refused)
    fresh = key_in(text_of(refused))
    assert fresh != "a" * 32
    browser.post(reverse("deposit"), {"amount": "20", "key": fresh})
    assert party_total_minor(newcomer.pk, Kind.BALANCE, "EUR") == 3000


def test_only_requesters_deposit(worker):
    browser = browser_of(worker)
    assert browser.post(reverse("deposit"), {"amount": "10", "key": "a" * 32}).status_code == 403
    assert browser.get(reverse("money")).status_code == 403
    assert not LedgerEntry.objects.exists()


def test_the_page_shows_each_project_and_each_movement(requester, worker, at):
    project = a_project(owner=requester, title="Cats & dogs", rows=2, at=at)
    submission = a_submission(worker=worker, project=project, at=at)
    approve_submission(submission_id=submission.pk, by=requester, at=at)
    page = text_of(browser_of(requester).get(reverse("money")))
    assert "Cats &amp; dogs" in page
    assert "Set aside for pay in <bdi>Cats &amp; dogs</bdi>" in page
    assert "Set aside for levies and the fee in <bdi>Cats &amp; dogs</bdi>" in page
    assert "Reserve for rework and top-ups in <bdi>Cats &amp; dogs</bdi>" in page
    assert "Play money added" in page
    assert "<td>€0.67</td>" in page  # spent: the reward, the fee and the levies


def test_movements_come_page_by_page(newcomer):
    browser = browser_of(newcomer)
    for number in range(23):
        browser.post(reverse("deposit"), {"amount": str(10 + number), "key": f"{number:032x}"})
    first = text_of(browser.get(reverse("money")))
    onward = re.search(r'rel="next" href="([^"#]+)', first)[1]
    second = text_of(browser.get(onward))
    amounts = [re.findall(r"<td>€(\d+)\.00</td> </tr>", page) for page in (first, second)]
    assert [len(found) for found in amounts] == [20, 3]
    assert amounts[1] == ["12", "11", "10"]
