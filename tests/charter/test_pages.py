"""The charter in public: everything in it, for any day, to anybody; and the doors that say no."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, FLOOR, a_line, days, empty_the_log

from canut.charter import log
from canut.charter.models import CharterEntry
from canut.charter.pages import charter_sections, parameter_lines
from canut.charter.parameters import PARAMETERS, SECTIONS
from canut.kernel import clock

pytestmark = pytest.mark.django_db
CHARTER = "/charter/"
PAGE = f"/charter/{FLOOR}/"
LAW = f"/charter/{FLOOR}/law/"


def text_of(response) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


@pytest.fixture
def own_log():
    log.lock()


def test_anybody_reads_every_parameter_with_its_value_bounds_and_entry(client):
    response = client.get(CHARTER)
    assert response.status_code == 200
    text = text_of(response)
    assert_landmarks_differ(text)
    for section in charter_sections(at=clock.now()):
        assert f">{escape(section.title)}</h2>" in text
        for parameter in section.parameters:
            row = text.split(f"<code>{parameter.name}</code>")
            assert len(row) == 2, parameter.name
            assert escape(parameter.meaning) in row[0].rsplit("<tr>", 1)[1]
            cells = row[1].split("</tr>")[0]
            assert parameter.holding is not None
            for said in (
                parameter.unit,
                parameter.holding.value,
                parameter.bounds,
                parameter.scopes,
                parameter.class_,
                f"entry {parameter.holding.entry_id}: the founding",
                date_format(timezone.localtime(parameter.holding.since), "DATE_FORMAT"),
            ):
                assert escape(said) in cells, (parameter.name, said)


def test_the_sections_hold_every_parameter_once():
    shown = [p.name for section in charter_sections(at=NOON) for p in section.parameters]
    assert sorted(shown) == sorted(PARAMETERS)
    assert [section.key for section in charter_sections(at=NOON)] == [section.key for section in SECTIONS]


def assert_landmarks_differ(text):
    """Who goes from landmark to landmark by a screen reader hears no name twice."""
    named = re.findall(r'aria-labelledby="([^"]+)"', text)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_has_a_page_with_its_history(client, name):
    response = client.get(reverse("charter_parameter", args=[name]))
    text = text_of(response)
    assert response.status_code == 200
    assert f"<code>{name}</code>" in text
    assert escape(str(PARAMETERS[name].meaning)) in text
    assert f'id="entry-{CharterEntry.objects.get(parameter=name).pk}"' in text
    assert_landmarks_differ(text)


def test_a_past_day_shows_what_held_at_its_end(client, own_log):
    today = clock.now()
    a_line(effective_at=today + timedelta(days=3), recorded_at=today)
    for day, value in ((0, "€15.00 an hour"), (2, "€15.00 an hour"), (3, "€16.00 an hour")):
        asked = timezone.localdate(today + timedelta(days=day)).isoformat()
        text = text_of(client.get(CHARTER, {"at": asked, "q": FLOOR}))
        assert f"<strong>{value}</strong>" in text
        assert ("as it stands in the log" in text) == (day > 0)
        assert f"<strong>{value}</strong>" in text_of(client.get(PAGE, {"at": asked}))


def test_a_day_before_the_beginning_shows_that_nothing_held(client):
    text = text_of(client.get(CHARTER, {"at": "2025-06-01"}))
    assert text.count("Nothing held yet") == len(PARAMETERS)
    assert "Nothing held yet" in text_of(client.get(PAGE, {"at": "2025-06-01"}))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1066-10-14", "9999-12-31", "2026-13-01"])
def test_a_day_that_is_none_is_said_by_the_field_and_what_holds_now_is_shown(client, day):
    for address in (CHARTER, PAGE):
        response = client.get(address, {"at": day})
        assert response.status_code == 400
        assert "€15.00 an hour" in text_of(response)
    text = text_of(client.get(CHARTER, {"at": day}))
    assert "errorlist" in text
    assert f'value="{day}"' in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("floor_hourly", [FLOOR]),
        ("LEAST hour of active", [FLOOR]),
        ("service fee", ["fee.service_share"]),
        ("réputation", []),
        ("'<script>", []),
    ],
)
def test_words_narrow_the_charter_down(words, found):
    sections = charter_sections(at=NOON, text=words)
    assert [p.name for section in sections for p in section.parameters] == found


def test_accents_and_capitals_make_no_difference():
    assert charter_sections(at=NOON, text="FLÖOR_hourly") == charter_sections(at=NOON, text="floor_hourly")


def test_no_match_is_said_with_a_way_back(client):
    text = text_of(client.get(CHARTER, {"q": "<script>zebra"}))
    assert "No rule has all of these words." in text
    assert 'value="&lt;script&gt;zebra"' in text


def test_a_site_without_a_log_still_shows_what_the_parameters_are(client):
    log.lock()
    empty_the_log()
    assert text_of(client.get(CHARTER)).count("Nothing held yet") == len(PARAMETERS)
    assert "The log has no entry for it yet." in text_of(client.get(PAGE))


def test_a_narrower_value_is_shown_beside_the_sites(own_log):
    a_line(scope_kind="country", scope_key="FR", new_value=1700)
    a_line(scope_kind="status", scope_key="student", new_value=1400)
    a_line(parameter=DRAWS, scope_kind="guild", scope_key="3", old_value=10, new_value=4)
    lines = parameter_lines(FLOOR, at=days(1))
    assert [(n.scope, n.value, n.raw) for n in lines.narrower] == [
        ("France", "€17.00 an hour", "1700"),
        ("Student", "€15.00 an hour", "1500"),  # the site's is better for them
    ]
    (of_a_guild,) = parameter_lines(DRAWS, at=days(1)).narrower
    assert (of_a_guild.scope, of_a_guild.value) == ("guild 3", "4 items")
    assert parameter_lines(FLOOR, at=days(-1)).narrower == ()


def test_the_history_is_newest_first_and_says_what_is_to_come(own_log):
    soon = a_line(effective_at=days(2))
    history = parameter_lines(FLOOR, at=days(1)).history
    assert [(line.entry_id == soon.pk, line.value, line.is_to_come) for line in history] == [
        (True, "€16.00 an hour", True),
        (False, "€15.00 an hour", False),
    ]


def test_numbers_are_written_as_french_people_write_them(client):
    text = text_of(client.get(CHARTER, headers={"accept-language": "fr"}))
    assert "15,00\xa0€" in text
    assert "6,5" in text
    assert "<strong>2; 1,99; 1</strong>" in text


def test_a_law_is_shown_as_text_whatever_it_holds(client, own_log):
    a_line(kind="law", cites="<script>alert(1)</script>", effective_at=clock.now(), recorded_at=NOON)
    text = text_of(client.get(PAGE))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("who", [None, "worker", "requester", "operator", "stranger"])
def test_posting_a_value_is_refused_for_everybody_and_changes_nothing(client, request, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    before = CharterEntry.objects.count()
    response = client.post(PAGE, {"value": "9999"})
    assert response.status_code == 403
    assert "charter_needs_decision" in text_of(response)
    assert "Only a decision of the members changes the charter" in text_of(response)
    assert CharterEntry.objects.count() == before


def test_a_parameter_that_is_not_there_is_not_found(client, operator):
    for response in (client.get("/charter/pay.ceiling/"), client.post("/charter/pay.ceiling/", {"value": 1})):
        assert response.status_code == 404
    client.force_login(operator)
    assert client.post("/charter/pay.ceiling/law/", {"value": 1}).status_code == 404


@pytest.mark.parametrize("who", [None, "worker", "requester", "stranger"])
def test_only_an_operator_sees_and_may_use_the_form_for_laws(client, request, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert 'name="cites"' not in text_of(client.get(PAGE))
    response = client.post(LAW, {"value": "1700", "cites": "A law"})
    assert response.status_code == (403 if who else 302)
    assert who or response.headers["Location"].startswith("/account/login/")
    assert not CharterEntry.objects.filter(kind="law").exists()


def test_an_operator_enters_a_law(client, operator):
    client.force_login(operator)
    assert 'name="cites"' in text_of(client.get(PAGE))
    response = client.post(LAW, {"value": "1700", "country": "FR", "cites": "A law", "effective_on": ""})
    assert response.status_code == 302
    entry = CharterEntry.objects.get(kind="law")
    assert (entry.new_value, entry.scope_key, entry.cites) == (1700, "FR", "A law")
    text = text_of(client.get(response.headers["Location"]))
    assert f"Entered as number {entry.pk} of the log." in text
    assert "€17.00 an hour" in text


def test_a_law_begins_with_the_sites_day(client, operator):
    client.force_login(operator)
    tomorrow = timezone.localdate(clock.now(), timezone.get_default_timezone()) + timedelta(days=1)
    client.post(LAW, {"value": "1700", "cites": "A law", "effective_on": tomorrow.isoformat()})
    begins = CharterEntry.objects.get(kind="law").effective_at.astimezone(timezone.get_default_timezone())
    assert (begins.date(), begins.hour, begins.minute) == (tomorrow, 0, 0)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "1400"}, "A law is entered only where it gives workers more"),
        ({"value": "99999"}, "The value must lie between €1.00 an hour and €100.00 an hour."),
        ({"value": "a lot"}, "Enter a whole number."),
        ({"cites": ""}, "This field is required."),
        ({"effective_on": "2026-01-01"}, "A law is entered with a date to come"),
        ({"effective_on": "soon"}, "Write the day as year-month-day"),
        ({"country": "FR", "status": "student"}, "not for two at once"),
        ({"country": "XX"}, "Select a valid choice"),
    ],
)
def test_a_law_that_is_refused_leaves_what_was_typed(client, operator, sent, said):
    client.force_login(operator)
    response = client.post(LAW, {"value": "1700", "cites": "The law of the land", "effective_on": ""} | sent)
    assert 400 <= response.status_code < 500
    text = text_of(response)
    assert said in text
    assert f'value="{sent.get("value", "1700")}"' in text
    assert not CharterEntry.objects.filter(kind="law").exists()


def test_a_share_is_typed_with_the_readers_decimal_sign(client, operator):
    operator.locale = "fr"
    operator.save(update_fields=["locale"])
    client.force_login(operator)
    response = client.post("/charter/fee.service_share/law/", {"value": "0,05", "cites": "Une loi"})
    assert response.status_code == 302
    assert CharterEntry.objects.get(kind="law").new_value == "0.05"
