"""Notices in browsers: as they were chosen, not old, not in quiet hours, and to none of our own addresses."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.builders import NOON, a_person
from tests.people.notices import at_hour, quiet, told
from tests.people.push_service import Reader, Service, a_push_service

from canut.people import push
from canut.people.models import Person, PushSubscription
from canut.people.notices.faults import Unsent
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Notice
from canut.people.notices.usecases.choose_notices import choose, limit_mails
from canut.people.notices.usecases.push_to_browser import push_to_browser
from canut.people.notices.usecases.read_notices import read_notice
from canut.people.notices.usecases.send_notices import send_notices, send_what_is_due
from canut.people.usecases.add_browser import add_browser

NIGHT, MORNING = at_hour(23), at_hour(7, day=1)
LATER = "SELECT args::text, scheduled_at FROM procrastinate_jobs WHERE task_name = 'notices.push' ORDER BY id"


@pytest.fixture
def service() -> Iterator[Service]:
    with a_push_service() as running:
        yield running


@pytest.fixture
def person(db: None) -> Person:
    return a_person("one")


def browser_of(person: Person, endpoint: str, reader: Reader | None = None) -> PushSubscription:
    keys = reader or Reader()
    given = {"public_key": keys.public_key, "shared_key": keys.shared_key, "browser": "Firefox"}
    return add_browser(by=person, endpoint=endpoint, at=NOON, **given)


def jobs() -> list[tuple[dict[str, Any], Any]]:
    with connection.cursor() as cursor:
        cursor.execute(LATER)
        return [(json.loads(said), at) for said, at in cursor.fetchall()]


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).push


def test_each_browser_shows_the_subject_the_first_line_and_the_page(person, service):
    readers = [Reader(), Reader()]
    browsers = [browser_of(person, f"{service.address}/{n}", reader) for n, reader in enumerate(readers)]
    notice = told(person, "Ada calls you by name", "First\nsecond", kind=NoticeKind.MENTION, path="/talk/1/")
    unwanted = told(person, "A decision")
    send_notices(person_id=person.pk, at=NOON)
    assert (state(notice), state(unwanted)) == ("sent", "not_wanted")
    given = [said for said, _at in jobs()]
    assert given == [{"notice_id": notice.pk, "browser_id": browser.pk} for browser in browsers]
    for said, reader in zip(given, readers, strict=True):
        assert push_to_browser(**said, at=NOON)
        _path, headers, body = service.came[-1]
        assert json.loads(reader.read(body)) == {
            "title": "Ada calls you by name",
            "body": "First",
            "path": "/talk/1/",
            "opens": f"/notices/{notice.pk}/",
        }
        assert headers["TTL"] == str(12 * 3600)
    send_notices(person_id=person.pk, at=NOON)
    assert len(jobs()) == 2


def test_what_is_old_read_unwanted_or_too_much_stands_on_the_site_alone(person):
    browser_of(person, "https://push.example.net/1")

    def mention(subject: str = "Ada calls you by name") -> Notice:
        return told(person, subject, kind=NoticeKind.MENTION)

    limit_mails(by=person, mails_a_week=2)
    old, read = mention(), mention()
    read_notice(notice_id=read.pk, by=person, at=NOON)
    send_notices(person_id=person.pk, at=NOON + timedelta(hours=12))
    assert (state(old), state(read)) == ("dropped", "dropped")
    first, second, third = mention(), mention(), mention()
    key = told(person, "A new key", kind=NoticeKind.ACCOUNT)
    send_notices(person_id=person.pk, at=NOON)
    assert [state(each) for each in (first, second, third, key)] == ["sent", "sent", "dropped", "sent"]
    unwanted = mention()
    choose(by=person, kind="mention", mail=True, push=False)
    send_notices(person_id=person.pk, at=NOON + timedelta(days=8))
    assert state(unwanted) == "not_wanted"
    choose(by=person, kind="mention", mail=True, push=True)
    gone = mention()
    PushSubscription.objects.all().delete()
    send_notices(person_id=person.pk, at=NOON + timedelta(hours=1))
    assert state(gone) == state(mention()) == "not_wanted"


def test_quiet_hours_hold_what_browsers_show_and_security_passes(person, service):
    browser = browser_of(person, f"{service.address}/1")
    quiet(person)
    notice = told(person, "Ada calls you by name", kind=NoticeKind.MENTION, at=NIGHT)
    key = told(person, "A new key", kind=NoticeKind.ACCOUNT, at=NIGHT)
    send_notices(person_id=person.pk, at=NIGHT)
    assert (state(notice), state(key)) == ("wanted", "sent")
    assert push_to_browser(notice_id=key.pk, browser_id=browser.pk, at=NIGHT)
    send_what_is_due(at=MORNING)
    assert state(notice) == "sent"
    # One tried again waits for them too, and the push service keeps it until they begin at most
    given = {"notice_id": notice.pk, "browser_id": browser.pk}
    before = len(jobs())
    assert not push_to_browser(**given, at=NIGHT)
    assert [said for said, _at in jobs()[before:]] == [given]
    assert push_to_browser(**given, at=MORNING)
    late = told(person, kind=NoticeKind.MENTION, at=at_hour(21))
    assert push_to_browser(notice_id=late.pk, browser_id=browser.pk, at=at_hour(21))
    assert service.came[-1][1]["TTL"] == "3600"
    # Whose quiet hours end too late is not told of it in the browser at all
    early = told(person, kind=NoticeKind.MENTION, at=at_hour(18))
    assert not push_to_browser(notice_id=early.pk, browser_id=browser.pk, at=NIGHT)
    assert not push_to_browser(notice_id=early.pk, browser_id=browser.pk, at=at_hour(6, day=1))
    assert len(jobs()) == before + 1


def test_browsers_are_told_while_no_mail_leaves(person, service, monkeypatch):
    def away(_message: object) -> None:
        raise Unsent("the mail server is away")

    monkeypatch.setattr("canut.people.notices.usecases.send_notices.deliver", away)
    waiting = [a_person(f"waiting{number}") for number in range(3)]
    for one in waiting:
        told(one, at=at_hour(11))
    browser_of(person, service.address)
    notice = told(person, kind=NoticeKind.MESSAGE)  # no mail by default
    with pytest.raises(ExceptionGroup) as failed:
        send_what_is_due(at=NOON, most=2)
    assert len(failed.value.exceptions) == 1  # no server is asked once for each
    assert state(notice) == "sent"


def test_a_browser_that_is_gone_foreign_or_inside_our_network_gets_nothing(person, service, stranger):
    notice = told(person, kind=NoticeKind.MENTION)
    gone = browser_of(person, f"{service.address}/gone")
    service.answers = 410
    assert not push_to_browser(notice_id=notice.pk, browser_id=gone.pk, at=NOON)
    service.answers = 503
    away = browser_of(person, f"{service.address}/away")
    with pytest.raises(push.NotReached):
        push_to_browser(notice_id=notice.pk, browser_id=away.pk, at=NOON)
    inside = browser_of(person, "https://localhost.example/x")
    PushSubscription.objects.filter(pk=inside.pk).update(endpoint="https://127.0.0.2/x")
    assert not push_to_browser(notice_id=notice.pk, browser_id=inside.pk, at=NOON)
    assert list(PushSubscription.objects.values_list("pk", flat=True)) == [away.pk]
    theirs = browser_of(stranger, f"{service.address}/theirs")
    came = len(service.came)
    for notice_id, browser_id in ((notice.pk, theirs.pk), (10**9, away.pk), (notice.pk, 10**9)):
        assert not push_to_browser(notice_id=notice_id, browser_id=browser_id, at=NOON)
    assert len(service.came) == came
