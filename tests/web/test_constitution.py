"""The constitution in public: read by anybody, for any day, in both languages, with every version."""

from datetime import timedelta

import pytest
from django.utils.html import escape
from tests.charter.test_constitution import CHANGE, decided
from tests.web.pages import text_of

from canut.charter import log
from canut.charter.constitution.default import DEFAULT
from canut.kernel import clock

pytestmark = pytest.mark.django_db
PAGE = "/constitution/"


def test_anybody_reads_every_article_with_the_numbers_in_force(client):
    text = text_of(client.get(PAGE))
    for place, article in enumerate(DEFAULT, 1):
        assert f'id="article-{place}">{place}. {escape(article.wording.title_en)}</h2>' in text
    assert 'href="/charter/pay.floor_hourly_minor/" title="pay.floor_hourly_minor">€15.00 an hour</a>' in text
    assert "{" not in text.split("<main")[1].split("</main>")[0]
    assert "Not ratified yet." in text
    french = text_of(client.get(PAGE, headers={"accept-language": "fr"}))
    for article in DEFAULT:
        assert escape(article.wording.title_fr) in french


def test_an_article_shows_what_each_version_changed_and_by_which_decision(client):
    log.lock()
    now = clock.now()
    text = "Never <b>sixteen</b> hours. Sundays are free."
    change = CHANGE.__class__(
        **{name: getattr(CHANGE, name) for name in CHANGE.__slots__}
        | {"key": "pay", "based_on": 1, "text_en": text, "effective_at": now + timedelta(days=30)}
    )
    number = decided(change, at=now).number
    whole = text_of(client.get(PAGE))
    assert "Other words take effect on" in whole
    assert "/constitution/pay/#version-2" in whole
    page = text_of(client.get("/constitution/pay/"))
    assert f'<a href="/proposals/1/">decision {number}: On rest</a>' in page
    assert "<ins>" in page
    assert "<del>" in page
    assert "<b>" not in page.split("<main")[1]
    assert "brought by the software" in page
    # And on the day that it takes effect
    day = (now + timedelta(days=32)).date().isoformat()
    assert escape("Never <b>sixteen</b> hours.") in text_of(client.get(PAGE, {"at": day}))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/constitution/nothing/", 404),
        ("/constitution/pay%00/", 404),
        ("/constitution/?at=2025-01-01", 200),
        ("/constitution/?at=soon", 400),
        ("/constitution/?at=%00", 400),
        ("/constitution/?at=9999-12-31", 400),
    ],
)
def test_what_is_not_there_is_said(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    if "2025" in address:
        assert "the constitution begins later" in text_of(response)


def test_nothing_is_changed_by_posting(client, operator):
    client.force_login(operator)
    assert client.post(PAGE).status_code == 405
    assert client.post("/constitution/pay/", {"text_en": "Less."}).status_code == 405
