"""Mails that come back: whose they were, whose fault it is, and what is no such report at all."""

import email
import email.policy
import io
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from tests.builders import NOON, a_person
from tests.people.bounced import AWAY, EXCHANGE, GMAIL, MANY_PARTS, POSTFIX, report
from tests.people.mail_server import a_mail_server
from tests.people.notices import told

from canut.cli import bounce, check
from canut.cli.failure import Failure
from canut.kernel.clock import now
from canut.people.access import OperatorRoleMissing
from canut.people.models import Person
from canut.people.notices.bounces import MOST_BYTES, BounceNotOurs, NotABounce, read_report
from canut.people.notices.models import Letter, MailTrouble, Notice
from canut.people.notices.queries import trouble_of
from canut.people.notices.rules_faults import enhanced_code, fault_of
from canut.people.notices.states import Fault
from canut.people.notices.tags import letter_in, message_id, return_address, tag_of
from canut.people.notices.usecases.note_fault import note_fault
from canut.people.notices.usecases.send_notices import send_notices, send_what_is_due
from canut.people.notices.usecases.take_bounce import take_bounce, take_fault

OTHERS = "bounces+7-0123456789abcdef0123@example.org"
OTHERS_ID = "<7-0123456789abcdef0123@example.org>"


@pytest.fixture(autouse=True)
def _comes_back(settings: Settings) -> None:
    settings.CANUT_BOUNCE_ADDRESS = "bounces@example.org"


@pytest.fixture
def person(db: None) -> Person:
    return a_person("one")


def a_letter(person: Person) -> Letter:
    notice = told(person)
    send_notices(person_id=person.pk, at=NOON)
    return Letter.objects.get(notices=notice)


# --- Whose fault ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "said", "fault"),
    [
        (550, "5.1.1 unknown user", "hard"),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", "hard"),
        (550, "5.4.1 Recipient address rejected: Access denied", "hard"),
        (0, "5.4.4 no such domain", "hard"),
        (550, "5.2.1 the account is disabled", "hard"),
        (550, "5.0.0 unknown", "hard"),
        (550, "no such mailbox", "hard"),
        (553, "", "hard"),
        (552, "5.2.2 over quota", "soft"),
        (552, "", "soft"),
        (554, "transaction failed", "soft"),
        (0, "4.4.1 connection timed out", "soft"),
        (0, "5.4.7 delivery time expired", "soft"),
        (421, "try again", "soft"),
        (0, "", "soft"),
        (550, "5.7.1 Your host 192.0.2.25 is on a list", "ours"),
        (554, "5.6.0 bad message", "ours"),
        (552, "5.3.4 message too big", "ours"),
        (552, "5.2.3 longer than we allow", "ours"),
        (550, "5.1.8 sender unknown", "ours"),
    ],
)
def test_the_codes_say_whose_fault_it_is(reply, said, fault):
    assert fault_of(reply=reply, code=enhanced_code(said)) == fault


@given(st.integers(-1, 10**30), st.text())
def test_whatever_a_server_says_it_is_somebodys_fault(reply, said):
    assert fault_of(reply=reply, code=enhanced_code(said)) in Fault


@given(st.integers(1, 10**17), st.integers(1, 10**17), st.text(max_size=5))
def test_a_tag_names_its_letter_and_no_other(letter_id, other, around):
    assert letter_in(f"<{tag_of(letter_id).upper()}@x>") == letter_id
    assert letter_in(f"{around} {message_id(letter_id)}") == letter_id
    forged = f"{other}-{tag_of(letter_id).partition('-')[2]}"
    assert letter_in(forged) == (letter_id if other == letter_id else None)
    assert len(return_address(letter_id).partition("@")[0]) <= 64


def test_a_tag_outlives_the_secret_it_was_made_with_as_long_as_that_is_known(settings: Settings):
    tag, settings.SECRET_KEY_FALLBACKS = tag_of(7), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert letter_in(tag) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert letter_in(tag) is None
    settings.CANUT_BOUNCE_ADDRESS = ""
    assert return_address(7) == ""


# --- Reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [POSTFIX, EXCHANGE, GMAIL])
def test_a_report_of_any_server_is_read_by_either_sign(shape):
    for signs in ({}, {"to": "canut@example.org"}, {"sent_as": OTHERS_ID}):
        found = read_report(report(shape, 12, **signs))
        assert (found.letter_id, found.fault, found.code) == (12, "hard", "5.1.1")
    full = read_report(report(shape, 12, status="5.2.2", diagnostic="552 5.2.2 Over quota"))
    assert (full.fault, full.code) == ("soft", "5.2.2")
    expired = read_report(report(shape, 12, status="4.4.1", diagnostic="timed out"))
    assert (expired.fault, expired.code) == ("soft", "4.4.1")
    vague = read_report(report(shape, 12, status="5.0.0", diagnostic="550 5.7.1 You are on a list"))
    assert (vague.fault, vague.code) == ("ours", "5.7.1")
    windows = read_report(report(shape, 12).replace(b"\n", b"\r\n"))
    assert windows.letter_id == 12
    for action in ("delayed", "relayed", "delivered", "expanded", ""):
        with pytest.raises(NotABounce):
            read_report(report(shape, 12, action=action))
    with pytest.raises(BounceNotOurs):
        read_report(report(shape, 12, to=OTHERS, sent_as=OTHERS_ID))
    with pytest.raises(BounceNotOurs):
        read_report(report(shape, 12, to="bounces@example.org", sent_as="<1@example.org>"))


@pytest.mark.parametrize(
    "raw",
    [
        report(AWAY, 12),
        report(MANY_PARTS, 12),
        b"",
        b"\0" * 100,
        b"\xff\xfe garbage",
        b"Content-Type: multipart/report; boundary=\n\nx",
        b"Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n--a--",
        report(POSTFIX, 12)[:600],
        b"x" * (MOST_BYTES + 1),
    ],
)
def test_what_is_no_report_of_a_failure_is_refused(raw):
    with pytest.raises(NotABounce):
        read_report(raw)


@given(st.data())
def test_a_report_that_was_damaged_on_its_way_is_read_or_refused(data):
    raw = bytearray(report(data.draw(st.sampled_from([POSTFIX, EXCHANGE, GMAIL])), 12))
    for _each in range(data.draw(st.integers(1, 20))):
        where = data.draw(st.integers(0, len(raw) - 1))
        raw[where : where + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=9))
    with suppress(NotABounce, BounceNotOurs):
        assert read_report(bytes(raw)).letter_id == 12


def test_a_mail_that_comes_back_counts_once_and_stops_the_mails(person, operator, stranger):
    letter = a_letter(person)
    for news in (True, False):
        _read, is_news = take_bounce(message=report(GMAIL, letter.pk), by=None, at=NOON)
        assert is_news is news
    letter.refresh_from_db()
    assert (letter.state, letter.fault, letter.code, letter.sent_at) == ("failed", "hard", "5.1.1", NOON)
    assert Notice.objects.get(letter=letter).mail == "failed"
    trouble = trouble_of(person)
    assert trouble is not None
    assert (trouble.count, trouble.stopped_at) == (1, NOON)
    with pytest.raises(OperatorRoleMissing):
        take_bounce(message=report(GMAIL, letter.pk), by=stranger, at=NOON)
    with pytest.raises(OperatorRoleMissing):
        take_fault(reference=tag_of(letter.pk), code="5.1.1", by=stranger, at=NOON)
    assert take_fault(reference=message_id(letter.pk), code="5.1.1", by=operator, at=NOON)[1] is False
    with pytest.raises(BounceNotOurs):
        take_fault(reference=OTHERS, code="5.1.1", by=operator, at=NOON)
    # A letter that went by its age says nothing of an address any more
    assert take_fault(reference=tag_of(10**9), code="5.1.1", by=operator, at=NOON)[1] is False


def test_worse_news_counts_and_our_own_fault_does_not(person, operator):
    one, two = a_letter(person), a_letter(person)
    assert note_fault(letter_id=one.pk, fault=Fault.OURS, code="5.7.1", at=NOON)
    assert trouble_of(person) is None
    assert take_fault(reference=tag_of(two.pk), code="452 full", by=operator, at=NOON)[0].fault == "soft"
    watched = trouble_of(person)
    assert watched is not None
    assert (watched.stopped_at, watched.code) == (None, "452")
    assert take_fault(reference=tag_of(two.pk), code="550", by=operator, at=NOON)[1]
    other = tag_of(a_letter(a_person("other")).pk)
    nonsense, _is_news = take_fault(reference=other, code="\0??", by=operator, at=NOON)
    assert (nonsense.fault, nonsense.code) == ("soft", "")
    assert not note_fault(letter_id=two.pk, fault=Fault.SOFT, code="4.2.2", at=NOON)
    stopped = trouble_of(person)
    assert stopped is not None
    assert (stopped.kind, stopped.count, stopped.stopped_at) == ("hard", 1, NOON)


def test_check_tells_how_mails_fare_and_when_the_site_itself_is_refused(person, settings: Settings):
    settings.CANUT_MODE = "production"
    at = now()
    given = {"person": person, "address": "one@example.org", "made_at": at, "state": "sent", "sent_at": at}
    letters = Letter.objects.bulk_create(Letter(**given) for _each in range(30))
    assert check._bounces() == "came back this week: 0; addresses that are sent none: 0."
    note_fault(letter_id=letters[0].pk, fault=Fault.HARD, code="5.1.1", at=at)
    settings.CANUT_BOUNCE_ADDRESS = ""
    assert check._bounces() == (
        "came back this week: 1; addresses that are sent none: 1. "
        "Set CANUT_BOUNCE_ADDRESS to have reports of mails that come back read."
    )
    for letter in letters[1:4]:
        note_fault(letter_id=letter.pk, fault=Fault.OURS, code="5.7.1", at=at)
    with pytest.raises(Failure, match=r"3 mails of this week were refused .* \(5\.7\.1\), 30 left"):
        check._bounces()


# --- From a real mail server ----------------------------------------------------------------------


def test_a_mail_server_is_told_where_a_mail_comes_back_to_and_its_refusals_are_read(
    person, settings: Settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"

    def sent(notice: Notice) -> tuple[str, str, str]:
        send_what_is_due(at=NOON)
        letter = Letter.objects.get(notices=notice)
        return letter.state, letter.fault, letter.code

    with a_mail_server() as server:
        settings.EMAIL_PORT = server.port
        assert sent(told(person, "Payé : 1 €", "Merci.")) == ("sent", "", "")
        (taken,) = server.taken
        assert (letter_in(taken.sender), taken.to) == (Letter.objects.get().pk, person.email)
        said = email.message_from_bytes(taken.said, policy=email.policy.default)
        assert (said["From"].addresses[0].addr_spec, said["Subject"]) == ("canut@127.0.0.1", "Payé : 1 €")
        assert letter_in(said["Message-ID"]) == Letter.objects.get().pk
        # The report that another server sends to the envelope's sender is about this mail
        assert take_bounce(message=report(POSTFIX, 1, to=taken.sender, sent_as="<x@y>"), by=None, at=NOON)[1]
        MailTrouble.objects.all().delete()
        for command, answer, expected in (
            ("RCPT", "550 5.1.1 No such user", ("failed", "hard", "5.1.1")),
            ("END", "554 5.7.1 Spam", ("failed", "ours", "5.7.1")),
            ("END", "550 This looks like spam", ("failed", "ours", "550")),
            ("RCPT", "452 4.2.2 Full", ("sending", "", "")),
            ("DATA", "451 4.3.0 Later", ("sending", "", "")),
        ):
            server.answers = {command: answer}
            assert sent(told(person)) == expected
            MailTrouble.objects.all().delete()
        server.answers = {"MAIL": "550 5.7.1 We do not know you"}
        with pytest.raises(ExceptionGroup):
            sent(told(person))
    with pytest.raises(ExceptionGroup):
        sent(told(person))
    assert not MailTrouble.objects.exists()


# --- By hand --------------------------------------------------------------------------------------


def test_the_command_says_what_it_noted_or_why_it_noted_nothing(person, monkeypatch):
    letter = a_letter(person)

    def said(raw: bytes) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        return bounce.taken()

    assert said(report(POSTFIX, letter.pk)) == f"Mail {letter.pk} did not arrive (hard, 5.1.1)."
    assert said(report(POSTFIX, letter.pk)) == f"Mail {letter.pk} did not arrive; that was known."
    for raw, words in (
        (report(AWAY, letter.pk), "not_a_bounce"),
        (report(POSTFIX, 1, to=OTHERS, sent_as=OTHERS_ID), "bounce_not_ours"),
    ):
        with pytest.raises(Failure, match=words):
            said(raw)
