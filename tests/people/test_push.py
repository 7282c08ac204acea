"""Messages to browsers: as the RFCs say, to nobody inside our own network, and not in quiet hours."""

import json
import socket
import time as world
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings
from tests.builders import NOON, a_person
from tests.people.at_once import at_once
from tests.people.notices import told
from tests.people.push_service import CURVE, Reader, Service, a_push_service, claims_of, data

from canut.cli import check
from canut.kernel.refusals import BadInput
from canut.people import push
from canut.people.access import AccountIsClosed, NotActivated
from canut.people.documents import IN_FORCE
from canut.people.models import Person, PushSubscription, QuietHours
from canut.people.notices.rules import PUSH_GOOD_FOR
from canut.people.notices.usecases.push_to_browser import push_to_browser
from canut.people.queries_notices import browsers_of, quiet_until
from canut.people.usecases.add_browser import MOST_BROWSERS, TooManyBrowsers, add_browser
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.people.usecases.close_account import close_account
from canut.people.usecases.drop_browser import BrowserNotFound, drop_browser
from canut.people.usecases.register_person import register_person

SAID = {"title": "New work: Cats", "body": "€18.00 an hour", "path": "/projects/7/"}


@pytest.fixture
def service() -> Iterator[Service]:
    with a_push_service() as running:
        yield running


@pytest.fixture
def person(db: None) -> Person:
    return a_person("one")


def added(person: Person, reader: Reader, endpoint: str, **details: Any) -> PushSubscription:
    given = {"public_key": reader.public_key, "shared_key": reader.shared_key, "browser": "Firefox"}
    return add_browser(by=person, endpoint=endpoint, at=NOON, **{**given, **details})


def shown(person: Person, browser: PushSubscription, at: datetime = NOON) -> bool:
    """Tell somebody something once, and show it in a browser."""
    notice = told(person, SAID["title"], SAID["body"], path=SAID["path"], key="said")
    return push_to_browser(notice_id=notice.pk, browser_id=browser.pk, at=at)


def a_browser(reader: Reader, endpoint: str) -> push.Browser:
    return push.Browser(endpoint, reader.public_key, reader.shared_key, push.site_key())


# --- As the RFCs say ------------------------------------------------------------------------------


def test_the_example_of_rfc_8291_comes_out_to_the_byte():
    sender = ec.derive_private_key(int.from_bytes(data("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE)
    browser = push.Browser(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        "",
    )
    body = push.encrypted(
        b"When I grow up, I want to be a watermelon", browser, salt=data("DGv6ra1nlYgDCS1FRnbzlw"), own=sender
    )
    assert body == data(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_message_reaches_its_browser_and_only_it_can_read_it(service):
    reader, other = Reader(), Reader()
    assert push.push(a_browser(reader, f"{service.address}/to/me?x=1"), SAID, ttl_seconds=60)
    ((path, headers, body),) = service.came
    assert path == "/to/me?x=1"
    assert json.loads(reader.read(body)) == SAID
    with pytest.raises(InvalidTag):
        other.read(body)
    assert headers["Content-Encoding"] == "aes128gcm"
    assert (headers["TTL"], headers["Urgency"]) == ("60", "normal")
    assert f"http://{headers['Host']}" == service.address


def test_the_site_shows_who_it_is_to_this_service_alone_and_not_for_long(service):
    push.push(a_browser(Reader(), f"{service.address}/x"), SAID, ttl_seconds=60)
    claims = claims_of(service.came[0][1]["Authorization"])
    assert claims["aud"] == service.address
    assert claims["key"] == push.site_key()
    assert 0 < claims["exp"] - world.time() < 24 * 3600
    assert claims["sub"].startswith(("mailto:", "https:"))


def test_each_secret_has_a_key_of_its_own_that_browsers_take(settings: Settings):
    keys = set()
    for secret in ("one", "two", "x" * 100):
        settings.SECRET_KEY = secret
        assert push.is_public_key(push.site_key())
        assert push.site_key() == push.site_key()
        keys.add(push.site_key())
    assert len(keys) == 3


def test_the_longest_message_fits_and_a_longer_one_is_a_mistake():
    reader = Reader()
    body = push.encrypted(b"x" * push.MOST_BYTES, a_browser(reader, "https://a.example/"))
    assert len(body) == 4096
    assert reader.read(body) == b"x" * push.MOST_BYTES
    with pytest.raises(ValueError, match="at most"):
        push.encrypted(b"x" * (push.MOST_BYTES + 1), a_browser(reader, "https://a.example/"))


def test_a_secret_that_is_being_retired_signs_what_was_set_up_under_it(service, settings: Settings):
    reader = Reader()
    old = a_browser(reader, f"{service.address}/x")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret"
    assert push.site_key() != old.site_key
    assert push.push(old, SAID, ttl_seconds=60)
    assert claims_of(service.came[0][1]["Authorization"])["key"] == old.site_key
    settings.SECRET_KEY_FALLBACKS = []
    assert push.push(old, SAID, ttl_seconds=60) is False
    assert len(service.came) == 1


def test_check_tells_how_many_browsers_there_are(person, settings: Settings):
    added(person, Reader(), "https://push.example.net/1")
    assert check._browsers() == "1 that show messages of this site."
    settings.SECRET_KEY = "another secret"
    assert check._browsers().startswith("0 that show messages of this site. 1 more were set up under another")
    settings.CANUT_MODE = "production"
    assert "https" in check._browsers()


# --- Never into our own network -------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/x",
        "https://printer.local/x",
        "https://db.internal/x",
        "https://intranet/x",
        "https://user:word@push.example.net/x",
        "https://push.example.net:5432/x",
        "https://push.example.net:99999/x",
        "https://[push/x",
        "ftp://push.example.net/x",
        "https://push.exämple.net/x",
        "https://push.example.net/" + "x" * 1000,
        "",
    ],
)
def test_an_address_that_no_push_service_has_is_not_kept(person, endpoint, settings: Settings):
    settings.CANUT_MODE = "production"
    with pytest.raises(BadInput):
        added(person, Reader(), endpoint)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "leads_to",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:10.0.0.1"],
        ["2002:0a00:0001::1"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_not_followed_and_the_browser_forgotten(
    person, service, leads_to, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    settings.CANUT_MODE = "production"
    kept = added(person, Reader(), "https://push.example.net/x")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in leads_to]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    assert shown(person, kept) is False
    assert not PushSubscription.objects.exists()
    assert service.came == []


def test_the_address_that_was_looked_at_is_the_one_connected_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    settings.CANUT_MODE = "production"
    outside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: outside)
    asked = []

    def answer(request: Any) -> Any:
        asked.append(request)
        return push.httpx.Response(201)

    client = push.httpx.Client
    monkeypatch.setattr(
        push.httpx, "Client", lambda **more: client(transport=push.httpx.MockTransport(answer), **more)
    )
    assert push.push(a_browser(Reader(), "https://push.example.net/x?y"), SAID, ttl_seconds=1)
    (request,) = asked
    assert (request.url.host, request.url.raw_path) == ("93.184.215.14", b"/x?y")
    assert request.headers["Host"] == "push.example.net"
    assert request.extensions["sni_hostname"] == "push.example.net"


def test_a_redirect_is_not_followed(service):
    service.answers = 302
    with pytest.raises(push.NotTaken):
        push.push(a_browser(Reader(), f"{service.address}/x"), SAID, ttl_seconds=1)
    assert len(service.came) == 1


# --- Browsers of people ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(person, service, code):
    kept = added(person, Reader(), f"{service.address}/x")
    service.answers = code
    assert shown(person, kept) is False
    assert browsers_of(person.pk) == []
    assert shown(person, kept) is False
    assert len(service.came) == 1


@pytest.mark.parametrize(
    ("code", "error"), [(503, push.NotReached), (429, push.NotReached), (400, push.NotTaken)]
)
def test_a_service_that_does_not_take_it_is_tried_again_by_the_job(person, service, code, error):
    kept = added(person, Reader(), f"{service.address}/x")
    service.answers = code
    with pytest.raises(error):
        shown(person, kept)
    assert len(browsers_of(person.pk)) == 1
    assert shown(person, kept, at=NOON + PUSH_GOOD_FOR) is False
    assert len(service.came) == 1


def test_nobody_listening_is_tried_again(person):
    kept = added(person, Reader(), "http://127.0.0.1:9/x")
    with pytest.raises(push.NotReached):
        shown(person, kept)


def test_setting_up_twice_renews_and_another_person_takes_the_browser_over(person):
    other, reader = a_person("two"), Reader()
    first = added(person, Reader(), "https://push.example.net/1")
    again = added(person, reader, "https://push.example.net/1")
    assert (again.pk, len(browsers_of(person.pk))) == (first.pk, 1)
    added(other, reader, "https://push.example.net/1")
    assert (len(browsers_of(person.pk)), len(browsers_of(other.pk))) == (0, 1)


def test_one_has_so_many_browsers_and_no_more(person):
    for number in range(MOST_BROWSERS):
        added(person, Reader(), f"https://push.example.net/{number}")
    with pytest.raises(TooManyBrowsers):
        added(person, Reader(), "https://push.example.net/more")
    added(person, Reader(), "https://push.example.net/1")  # one of them, renewed


@pytest.mark.parametrize(
    "wrong",
    [{"public_key": "B" * 87}, {"public_key": "B" * 12}, {"shared_key": "é" * 22}, {"shared_key": ""}],
)
def test_keys_that_are_none_are_not_kept(person, wrong):
    with pytest.raises(BadInput):
        added(person, Reader(), "https://push.example.net/1", **wrong)


def test_a_browser_is_stopped_by_its_owner_alone_and_once(person):
    kept = added(person, Reader(), "https://push.example.net/1")
    with pytest.raises(BrowserNotFound):
        drop_browser(browser_id=kept.pk, by=a_person("two"))
    drop_browser(browser_id=kept.pk, by=person)
    with pytest.raises(BrowserNotFound):
        drop_browser(browser_id=kept.pk, by=person)


def test_who_is_no_member_gets_no_messages(person):
    details = {"email": "new@example.org", "password": "correct horse", "screen_name": "New one"}
    details |= {"country": "FR", "working_status": "student", "languages": ["fr"], "age_stated": 18}
    new = register_person(username="newone", consents=IN_FORCE, at=NOON, **details)
    with pytest.raises(NotActivated):
        added(new, Reader(), "https://push.example.net/1")


def test_a_closed_account_keeps_neither_browsers_nor_quiet_hours(person, service):
    added(person, Reader(), f"{service.address}/x")
    choose_quiet_hours(by=person, starts=time(22), ends=time(7))
    close_account(by=person, what_is_open=lambda _party: [], at=NOON)
    assert not PushSubscription.objects.exists()
    assert not QuietHours.objects.exists()
    with pytest.raises(AccountIsClosed):
        added(person, Reader(), "https://push.example.net/1")
    with pytest.raises(AccountIsClosed):
        choose_quiet_hours(by=person, starts=time(1), ends=time(2))


@pytest.mark.usefixtures("committed")
def test_the_same_browser_set_up_from_two_windows_at_once_is_there_once():
    person = a_person("one")
    kept = at_once(lambda _case: added(person, Reader(), "https://push.example.net/1").pk, 1, 2, 3)
    assert len(set(kept)) == 1
    assert len(browsers_of(person.pk)) == 1


# --- Quiet hours ----------------------------------------------------------------------------------


def test_quiet_hours_are_kept_changed_and_taken_away(person):
    assert quiet_until(person, at=NOON) is None
    choose_quiet_hours(by=person, starts=time(11), ends=time(13))  # the person's zone is UTC
    assert quiet_until(person, at=NOON) == NOON + timedelta(hours=1)
    choose_quiet_hours(by=person, starts=time(22), ends=time(7))
    assert quiet_until(person, at=NOON) is None
    choose_quiet_hours(by=person, starts=None, ends=None)
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize(("starts", "ends"), [(time(1), None), (None, time(1)), (time(1), time(1))])
def test_half_or_empty_quiet_hours_are_refused(person, starts, ends):
    with pytest.raises(BadInput):
        choose_quiet_hours(by=person, starts=starts, ends=ends)
