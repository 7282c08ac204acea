"""What the database refuses of notices, their mails and what people chose, sentence by sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.builders import NOON, a_person
from tests.people.notices import told
from tests.promises import broken, promises_of

from canut.people.models import Person
from canut.people.notices.models import Choice, Letter, Limit, MailTrouble, Notice

pytestmark = pytest.mark.django_db

BEFORE = NOON - timedelta(seconds=1)


def a_notice(person: Person, **details: Any) -> Notice:
    given = {"kind": "pay", "subject": "Paid", "path": "/", "made_at": NOON, "mail": "not_wanted"}
    return Notice.objects.create(**{"person": person, "push": "not_wanted", **given, **details})


def a_letter(person: Person, **details: Any) -> Letter:
    given = {"person": person, "address": "one@example.org", "made_at": NOON, "due_at": NOON}
    return Letter.objects.create(**{**given, **details})


def a_sent(person: Person, **details: Any) -> Letter:
    return a_letter(person, **{"state": "sent", "due_at": None, "sent_at": NOON, **details})


def a_choice(person: Person, **details: Any) -> Choice:
    return Choice.objects.create(**{"person": person, "kind": "pay", "mail": True, "push": True, **details})


def a_trouble(**details: Any) -> MailTrouble:
    given = {"address": "one@example.org", "kind": "hard", "count": 1, "since": NOON}
    return MailTrouble.objects.create(**{**given, **details})


def changed(row: Any, **changes: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**changes)


BREAKS: dict[str, Callable[[Person, Person], Any]] = {
    "letter_fault_known": lambda one, two: a_letter(
        one, state="failed", due_at=None, failed_at=NOON, fault="odd"
    ),
    "letter_state_has_its_times": lambda one, two: a_letter(one, state="lost"),
    "letter_at_fault_has_failed": lambda one, two: a_sent(one, fault="hard"),
    "letter_sent_after_made": lambda one, two: a_sent(one, sent_at=BEFORE),
    "letter_leaves_once": lambda one, two: changed(a_sent(one), state="sending", due_at=NOON, sent_at=None),
    "notice_kind_known": lambda one, two: a_notice(one, kind="gossip"),
    "notice_topic_shape": lambda one, two: a_notice(one, topic="guild:1  guild:2"),
    "notice_has_a_subject": lambda one, two: a_notice(one, subject="\n"),
    "notice_text_not_endless": lambda one, two: a_notice(one, text="x" * 50_001),
    "notice_opens_a_page_here": lambda one, two: a_notice(one, path="//elsewhere.example/"),
    "notice_once_a_key": lambda one, two: [a_notice(one, key="round:7"), a_notice(one, key="round:7")],
    "notice_read_after_made": lambda one, two: a_notice(one, read_at=BEFORE),
    "notice_mail_known": lambda one, two: a_notice(one, mail="lost"),
    "notice_push_known": lambda one, two: a_notice(one, push="lost"),
    "notice_mail_waits_or_not": lambda one, two: a_notice(one, mail="held"),
    "notice_push_waits_or_not": lambda one, two: a_notice(one, push="sent"),
    "notice_says_what_it_said": lambda one, two: changed(a_notice(one), text="Something else."),
    "notice_is_sent_once": lambda one, two: changed(
        a_notice(one, mail="sent", letter=a_sent(one)), mail="wanted", mail_due_at=NOON, letter=None
    ),
    "notice_leaves_to_its_reader": lambda one, two: a_notice(one, mail="wanted", letter=a_letter(two)),
    "choice_kind_known": lambda one, two: a_choice(one, kind="gossip"),
    "choice_topic_shape": lambda one, two: a_choice(one, topic="guild:1 guild:2"),
    "choice_once": lambda one, two: [a_choice(one), a_choice(one)],
    "choice_not_of_security": lambda one, two: a_choice(one, kind="account"),
    "limit_mails_a_week_range": lambda one, two: Limit.objects.create(person=one, mails_a_week=201),
    "mail_trouble_kind_known": lambda one, two: a_trouble(kind="ours"),
    "mail_trouble_address_lower": lambda one, two: a_trouble(address="One@example.org"),
    "mail_trouble_counts": lambda one, two: a_trouble(count=0),
    "mail_trouble_stopped_after_it_began": lambda one, two: a_trouble(stopped_at=BEFORE),
}


@pytest.mark.parametrize("promise", BREAKS)
def test_the_database_refuses(promise):
    one, two = a_person("one"), a_person("two")
    with broken(promise):
        BREAKS[promise](one, two)


def test_every_promise_is_broken_above():
    assert promises_of("people_notices") == set(BREAKS)


def test_a_mail_that_was_sent_may_still_come_back_and_a_notice_be_read():
    person = a_person("one")
    notice = told(person)
    letter = a_sent(person)
    changed(notice, mail="sent", mail_due_at=None, letter=letter, read_at=NOON)
    changed(letter, state="failed", failed_at=NOON, fault="hard", code="5.1.1")
    changed(notice, mail="failed")
