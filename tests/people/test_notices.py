"""People are told: on the site, by mail and in browsers, as they chose, and in no quiet hour."""

import smtplib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.utils import parseaddr
from time import sleep

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from pytest_django import Settings
from tests.builders import NOON, a_person
from tests.people.at_once import at_once
from tests.people.notices import at_hour, links, quiet, subjects, told

from canut.kernel.doing import doing
from canut.kernel.refusals import BadInput
from canut.lab.simulated import simulated_person
from canut.people.access import AccountIsClosed
from canut.people.models import Person
from canut.people.notices.access import NoticeNotFound
from canut.people.notices.faults import Unsent
from canut.people.notices.kinds import KINDS, SECURITY, Group, NoticeKind
from canut.people.notices.models import Choice, Letter, Limit, MailTrouble, Notice
from canut.people.notices.queries import (
    Glance,
    at_a_glance,
    choices_of,
    limit_of,
    notices_of,
    trouble_of,
    unread_count,
    ways_wanted,
)
from canut.people.notices.rules import SENT_AGAIN_AFTER, Ways
from canut.people.notices.tags import letter_in
from canut.people.notices.token import Stop, stop_of, stop_token
from canut.people.notices.usecases import send_notices as sending
from canut.people.notices.usecases.choose_notices import (
    MOST_CHOICES,
    NoticesStay,
    StopLinkNotUsable,
    TooManyChoices,
    choose,
    choose_all,
    forget_choice,
    have_again,
    is_stopped,
    limit_mails,
    mails_to_stop,
    stop,
)
from canut.people.notices.usecases.forget_notices import KEPT_FOR, forget_old_notices
from canut.people.notices.usecases.read_notices import read_all, read_notice
from canut.people.notices.usecases.send_notices import send_notices, send_what_is_due
from canut.people.notices.usecases.tell import tell
from canut.people.notices.usecases.try_address import AddressTriedAlready, AddressWorks, try_address
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.people.usecases.close_account import close_account
from canut.people.usecases.send_mail import send_mail

NIGHT = at_hour(23)
MORNING = at_hour(7, day=1)
NO_SUCH_MAILBOX = (550, b"5.1.1 No such user here")
NO_MAIL = "not_wanted"
MAILBOX_FULL = (452, b"4.2.2 The mailbox is full")


@pytest.fixture
def person(db: None) -> Person:
    return a_person("one")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
    """Have the mail server say something else than yes; with None it takes mails again."""
    takes = EmailMessage.send

    def answer(error: Exception | None) -> None:
        def send(message: EmailMessage, fail_silently: bool = False) -> int:
            if error is not None:
                raise error
            return takes(message)

        monkeypatch.setattr(EmailMessage, "send", send)

    return answer


def refuses(person: Person, answer: tuple[int, bytes]) -> Exception:
    return smtplib.SMTPRecipientsRefused({person.email: answer})


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).mail


# --- What is told ---------------------------------------------------------------------------------


def test_a_notice_stands_on_the_site_and_leaves_by_mail(person, settings: Settings):
    settings.CANUT_BOUNCE_ADDRESS = "bounces@example.org"
    notice = told(person, "Your work\nwas approved", "Thank you.", "", "Come again.", topic="guild:12")
    assert send_notices(person_id=person.pk, at=NOON) == 1
    assert send_notices(person_id=person.pk, at=NOON) == 0
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Your work was approved", [person.email])
    assert message.body.startswith("Thank you.\n\nCome again.\n\nhttp://127.0.0.1:8000/work/\n\n")
    stop_at, choices_at = links(message.body)[1:]
    assert choices_at == "http://127.0.0.1:8000/notices/choices/"
    assert stop_of(stop_at.split("/")[-2]) == Stop(person.pk, NoticeKind.DECISION, "guild:12")
    assert message.extra_headers["List-Unsubscribe"] == f"<{stop_at}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    sent = message.message()
    assert parseaddr(sent["From"])[1] == "canut@127.0.0.1"
    letter = Letter.objects.get()
    assert message.from_email.startswith("bounces+")
    assert letter_in(message.from_email) == letter_in(sent["Message-ID"]) == letter.pk
    (stands,) = notices_of(person.pk).notices
    assert (stands.subject, stands.paragraphs) == (
        "Your work was approved",
        ["Thank you.", "Come again."],
    )
    assert (stands.path, stands.group, stands.mail) == ("/work/", Group.WORK, "sent")
    assert state(notice) == "sent"


def test_nobody_is_told_twice_under_one_key_and_who_cannot_read_it_is_not_told(person, settings: Settings):
    first = told(person, "One", key="decision:7")
    assert told(person, "Another", key="decision:7") == first
    assert told(a_person("two"), "One", key="decision:7") != first
    send_what_is_due(at=NOON)
    assert Notice.objects.filter(person=person).count() == 1
    # An address that the text has already is not said again; a long subject is cut
    told(person, "x" * 400, "Here: http://127.0.0.1:8000/work/")
    send_notices(person_id=person.pk, at=NOON)
    assert mail.outbox[-1].body.count("http://127.0.0.1:8000/work/\n") == 1
    assert len(mail.outbox[-1].subject) == 300
    simulated = simulated_person("three", screen_name="Three", at=NOON)
    closed = a_person("four")
    told(closed)
    MailTrouble.objects.create(address=closed.email, kind="hard", count=1, since=NOON)
    choose(by=closed, kind="pay", mail=False, push=False)
    limit_mails(by=closed, mails_a_week=7)
    send_notices(person_id=closed.pk, at=NOON)
    address = closed.email
    close_account(by=closed, what_is_open=lambda _party: [], at=NOON)
    closed.refresh_from_db()
    for nobody in (simulated, closed):
        assert tell(nobody, NoticeKind.PAY, "Pay", path="/", at=NOON) is None
        for rows in (Notice, Letter, Choice, Limit):
            assert not rows.objects.filter(person=nobody).exists()
    assert not MailTrouble.objects.filter(address=address).exists()
    # Told at the very moment of closing: what came in between goes
    Notice.objects.create(
        person=closed, kind="pay", subject="Late", path="/", made_at=NOON, mail="wanted", mail_due_at=NOON,
        push="not_wanted",
    )  # fmt: skip
    before = len(mail.outbox)
    assert send_what_is_due(at=NOON) == 0
    assert len(mail.outbox) == before
    assert not Notice.objects.filter(person=closed).exists()


@pytest.mark.parametrize(
    "path", ["", "work/", "//elsewhere.example/", "/\\elsewhere", "/a b", "https://x.example/"]
)
def test_a_notice_opens_a_page_of_this_site_alone(person, path):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="notice_opens_a_page_here"), transaction.atomic():
        told(person, path=path)


def test_the_centre_is_paged_and_what_is_read_is_somebodys_own_affair(person, stranger):
    notices = [
        told(person, f"{n}", kind=kind) for n in range(3) for kind in (NoticeKind.PAY, NoticeKind.VOTE)
    ]
    page = notices_of(person.pk, most=4)
    assert [each.subject for each in page.notices] == ["2", "2", "1", "1"]
    rest = notices_of(person.pk, most=4, before=page.next_before)
    assert ([each.subject for each in rest.notices], rest.next_before) == (["0", "0"], None)
    assert at_a_glance(person.pk) == Glance(unread=6, mail_fails=False)
    read_notice(notice_id=notices[0].pk, by=person, at=NOON)
    read_notice(notice_id=notices[0].pk, by=person, at=NOON + timedelta(days=1))
    assert Notice.objects.get(pk=notices[0].pk).read_at == NOON
    with pytest.raises(NoticeNotFound):
        read_notice(notice_id=notices[1].pk, by=stranger, at=NOON)
    assert [len(notices_of(person.pk, group=group).notices) for group in (Group.WORK, Group.JUSTICE)] == [
        3,
        0,
    ]
    assert read_all(by=person, at=NOON, group=Group.WORK, up_to=notices[2].pk) == 1
    assert len(notices_of(person.pk, only_unread=True).notices) == unread_count(person.pk) == 4
    assert read_all(by=stranger, at=NOON) == 0
    assert read_all(by=person, at=NOON) == 4
    Notice.objects.bulk_create(
        Notice(person=person, kind="pay", subject="x", path="/", made_at=NOON, mail=NO_MAIL, push=NO_MAIL)
        for _each in range(120)
    )  # fmt: skip
    assert unread_count(person.pk) == 100
    assert forget_old_notices(at=NOON + KEPT_FOR) == 0
    later = NOON + KEPT_FOR + timedelta(seconds=1)
    assert (forget_old_notices(at=later, most=100), forget_old_notices(at=later)) == (100, 26)


# --- What somebody chose --------------------------------------------------------------------------


def test_a_topics_choice_goes_before_its_kinds_and_that_before_what_is_usual(person):
    def mails(topic: str = "", kind: NoticeKind = NoticeKind.GUILD) -> bool:
        return ways_wanted(person.pk, kind, topic).mail

    assert mails()
    assert mails("guild:1")
    choose(by=person, kind="guild", mail=False, push=True)
    assert not mails("guild:1")
    assert ways_wanted(person.pk, NoticeKind.GUILD).push
    choose(by=person, kind="guild", topic="guild:1", mail=True, push=False)
    assert [mails(), mails("guild:1"), mails("guild:2"), mails("guild:2 guild:1")] == [
        False,
        True,
        False,
        True,
    ]
    assert mails(kind=NoticeKind.ACCOUNT)
    shown = {each.kind: each for each in choices_of(person.pk)}
    assert list(shown) == list(KINDS)
    guild = shown[NoticeKind.GUILD]
    assert (guild.mail, guild.push, guild.was_chosen) == (False, True, True)
    assert [(each.topic, each.mail, each.push) for each in guild.topics] == [("guild:1", True, False)]
    assert all(shown[kind].mail and shown[kind].is_security for kind in SECURITY)
    forget_choice(by=person, kind=NoticeKind.GUILD, topic="guild:1")
    forget_choice(by=person, kind=NoticeKind.GUILD, topic="")
    assert not mails("guild:1")


def test_what_cannot_be_chosen_is_refused_and_nothing_of_it_is_kept(person, stranger):
    wrong: list[tuple[str, str, type[Exception]]] = [
        ("gossip", "", BadInput),
        ("account", "", NoticesStay),
        *(
            ("guild", topic, BadInput)
            for topic in ("12", "guild:", "guild:1 guild:2", "guild:\0", "g:" + "1" * 31)
        ),
    ]
    for kind, topic, refused in wrong:
        with pytest.raises(refused):
            choose_all(by=person, chosen={("pay", ""): Ways(False, False), (kind, topic): Ways(False, False)})
    for number in (-1, 201, 10**30):
        with pytest.raises(BadInput):
            limit_mails(by=person, mails_a_week=number)
    assert not Choice.objects.exists()
    assert limit_of(person.pk) == 30
    full = {("guild", f"guild:{n}"): Ways(True, True) for n in range(MOST_CHOICES)}
    choose_all(by=person, chosen=full)
    choose_all(by=person, chosen=full)
    with pytest.raises(TooManyChoices):
        choose(by=person, kind="pay", mail=True, push=True)
    close_account(by=stranger, what_is_open=lambda _party: [], at=NOON)
    with pytest.raises(AccountIsClosed):
        choose(by=stranger, kind="pay", mail=True, push=True)


def test_a_stop_link_ends_mails_and_brings_back_what_was_chosen(person):
    choose(by=person, kind="guild", topic="guild:1", mail=True, push=True)
    choose(by=person, kind="guild", topic="guild:2", mail=False, push=False)
    of_topic, of_kind, of_all = (
        stop_token(Stop(person.pk, kind, topic))
        for kind, topic in ((NoticeKind.GUILD, "guild:1"), (NoticeKind.GUILD, ""), (None, ""))
    )

    def mails() -> list[bool]:
        chosen = [("guild:1", "guild"), ("guild:2", "guild"), ("", "guild"), ("", "pay"), ("", "account")]
        return [ways_wanted(person.pk, NoticeKind(kind), topic).mail for topic, kind in chosen]

    assert mails() == [True, False, True, True, True]
    for _twice in range(2):
        assert stop(token=of_topic, at=NOON) == Stop(person.pk, NoticeKind.GUILD, "guild:1")
    assert (mails(), ways_wanted(person.pk, NoticeKind.GUILD, "guild:1").push) == (
        [False, False, True, True, True],
        True,
    )
    assert is_stopped(mails_to_stop(of_topic)[0])
    assert not is_stopped(mails_to_stop(of_kind)[0])
    have_again(token=of_topic)
    stop(token=of_kind, at=NOON)
    assert mails() == [False, False, False, True, True]
    have_again(token=of_kind)
    assert mails() == [True, False, True, True, True]
    stop(token=of_all, at=NOON)
    assert mails() == [False, False, False, False, True]
    assert is_stopped(mails_to_stop(of_all)[0])
    # Whoever wants one topic again has its mails, and can stop those that name several by the same link
    choose(by=person, kind="guild", mail=True, push=False, topic="guild:1")
    assert not is_stopped(mails_to_stop(of_all)[0])
    assert not is_stopped(mails_to_stop(of_kind)[0])
    stop(token=of_all, at=NOON)
    assert is_stopped(mails_to_stop(of_kind)[0])
    choose(by=person, kind="pay", mail=True, push=False)
    assert mails() == [False, False, False, True, True]
    have_again(token=of_all)
    assert mails() == [True, False, True, True, True]


def test_a_topic_stopped_by_its_own_link_stays_stopped_when_its_kind_is_had_again(person):
    of_topic, of_other, of_kind, of_all = (
        stop_token(Stop(person.pk, kind, topic))
        for kind, topic in (
            (NoticeKind.GUILD, "guild:1"),
            (NoticeKind.GUILD, "guild:2"),
            (NoticeKind.GUILD, ""),
            (None, ""),
        )
    )

    def mails() -> list[bool]:
        return [ways_wanted(person.pk, NoticeKind.GUILD, topic).mail for topic in ("guild:1", "guild:2", "")]

    stop(token=of_topic, at=NOON)
    choose(by=person, kind="guild", topic="guild:2", mail=True, push=False)
    for hours, token in ((1, of_kind), (2, of_all)):
        for again in range(2):
            stop(token=token, at=NOON + timedelta(hours=hours, minutes=again))
        assert mails() == [False, False, False]
        have_again(token=token)
        assert mails() == [False, True, True]
    # Stopped apart after its kind was, it stays so too
    stop(token=of_kind, at=NOON + timedelta(hours=3))
    stop(token=of_other, at=NOON + timedelta(hours=4))
    have_again(token=of_kind)
    assert mails() == [False, False, True]
    have_again(token=of_topic)
    assert mails() == [True, False, True]


def test_a_token_is_good_for_nothing_but_what_this_site_signed(person, settings: Settings):
    good = stop_token(Stop(person.pk, NoticeKind.GUILD, "guild:1"))
    for wrong in (
        "",
        "x",
        "\0",
        good[:-1],
        good.replace("guild", "vote"),
        f"{person.pk}~account~:{good[-43:]}",
    ):
        with pytest.raises(StopLinkNotUsable):
            stop(token=wrong, at=NOON)
    secret = stop_token(Stop(person.pk, NoticeKind.ACCOUNT))
    with pytest.raises(StopLinkNotUsable):
        stop(token=secret, at=NOON)
    close_account(by=person, what_is_open=lambda _party: [], at=NOON)
    for use in (lambda: stop(token=good, at=NOON), lambda: have_again(token=good)):
        with pytest.raises(StopLinkNotUsable):
            use()


# --- When it leaves -------------------------------------------------------------------------------


def test_quiet_hours_hold_mails_which_then_leave_together_and_security_passes(person):
    quiet(person)
    for n in range(25):
        told(person, f"News {n}", f"Text {n}", kind=NoticeKind.PAY if n else NoticeKind.GUILD, at=NIGHT)
    told(person, "Your password was changed", kind=NoticeKind.ACCOUNT, at=NIGHT)
    send_notices(person_id=person.pk, at=NIGHT)
    assert subjects() == ["Your password was changed"]
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert send_what_is_due(at=MORNING - timedelta(minutes=1)) == 0
    read_notice(notice_id=Notice.objects.get(subject="News 1").pk, by=person, at=NIGHT)
    choose(by=person, kind="guild", mail=False, push=False)
    # A choice is looked at again, and so are quiet hours that change: nothing leaves too early for it
    assert send_what_is_due(at=NIGHT + timedelta(hours=1)) == 0
    assert send_what_is_due(at=MORNING) == 1
    together = mail.outbox[1]
    assert together.subject == "23 pieces of news"
    assert [f"\nNews {n}\n" in together.body for n in (0, 1, 2, 24)] == [False, False, True, True]
    assert [f"Text {n}\n" in together.body for n in (2, 21, 24)] == [True, True, False]
    assert stop_of(links(together.body)[-2].split("/")[-2]) == Stop(person.pk, NoticeKind.PAY)
    assert set(Notice.objects.filter(kind="pay").values_list("mail", flat=True)) == {"sent", "not_wanted"}
    assert send_what_is_due(at=MORNING + timedelta(days=9)) == 0
    # Who takes quiet hours away has what was held at once
    told(person, "Late", at=NIGHT)
    send_notices(person_id=person.pk, at=NIGHT)
    choose_quiet_hours(by=person, starts=None, ends=None)
    assert send_what_is_due(at=NIGHT + timedelta(minutes=1)) == 1


def test_a_full_week_holds_mails_back_and_what_waits_leaves_as_one(person):
    limit_mails(by=person, mails_a_week=2)
    for n in range(4):
        told(person, f"News {n}", "Text", at=NOON)
    assert send_notices(person_id=person.pk, at=NOON) == 2
    assert subjects() == ["News 0", "3 pieces of news"]
    day = NOON + timedelta(days=1)
    told(person, "Waits", at=day)
    told(person, "Waits too", at=day)
    told(person, "A new key", kind=NoticeKind.ACCOUNT, at=day)
    assert send_notices(person_id=person.pk, at=day) == 1
    assert send_what_is_due(at=NOON + timedelta(days=7, seconds=-1)) == 0
    assert send_what_is_due(at=NOON + timedelta(days=7)) == 1
    assert subjects()[-1] == "2 pieces of news"
    told(person, "Fresh", at=NOON + timedelta(days=7))
    assert send_what_is_due(at=NOON + timedelta(days=7)) == 1
    # None a week is none at all, but for security
    limit_mails(by=person, mails_a_week=0)
    told(person, "Never", at=NOON + timedelta(days=8))
    told(person, "Another key", kind=NoticeKind.ACCOUNT, at=NOON + timedelta(days=8))
    assert send_what_is_due(at=NOON + timedelta(days=30)) == 1
    assert subjects()[-1] == "Another key"


def test_whoever_raises_the_limit_has_what_was_held_soon(person):
    limit_mails(by=person, mails_a_week=1)
    for subject in ("One", "Two"):
        told(person, subject)
        send_notices(person_id=person.pk, at=NOON)
    assert subjects() == ["One"]
    limit_mails(by=person, mails_a_week=9)
    assert send_what_is_due(at=NOON) == 1


def test_a_job_that_is_done_once_more_tells_nobody_twice(person):
    other = a_person("two")

    def work() -> None:
        for each in (other, person, person):
            told(each, "A step")

    for people in (2, 2):  # its runner died after the commit, and before it noted that
        with doing(7):
            work()
        assert (
            Notice.objects.filter(person=person).count(),
            Notice.objects.filter(person=other).count(),
        ) == (
            people,
            1,
        )
    with doing(8):
        work()
    told(other)
    assert (Notice.objects.filter(person=person).count(), Notice.objects.filter(person=other).count()) == (
        4,
        3,
    )


def test_a_notice_in_french_stays_in_french_whoever_sends_it(person):
    Person.objects.filter(pk=person.pk).update(locale="fr")
    for subject in ("Payé", "Refusé"):
        told(person, subject)
    limit_mails(by=person, mails_a_week=1)
    send_notices(person_id=person.pk, at=NOON)
    assert "No such mails any more" not in mail.outbox[0].body


# --- When it does not arrive ----------------------------------------------------------------------


def test_a_mail_server_that_is_away_is_nobodys_fault_and_nothing_is_lost(person, server):
    notice = told(person)
    other = told(a_person("two"))
    server(smtplib.SMTPServerDisconnected("gone"))
    for at in (NOON, NOON, NOON + timedelta(minutes=5)):
        with pytest.raises((Unsent, ExceptionGroup)):
            send_what_is_due(at=at)
    assert {state(notice), state(other)} == {"wanted"}
    assert Letter.objects.filter(attempts=2).exists()
    server(None)
    assert send_what_is_due(at=NOON + timedelta(hours=1)) == 2
    assert state(notice) == state(other) == "sent"
    # Days of it end the trying
    server(OSError("no route"))
    last = told(person, at=NOON + timedelta(hours=1))
    at = NOON + timedelta(hours=1)
    for wait in (*SENT_AGAIN_AFTER, timedelta()):
        with pytest.raises(ExceptionGroup):
            send_what_is_due(at=at)
        at += wait
    assert state(last) == "failed"
    assert not MailTrouble.objects.exists()


def test_an_address_without_a_mailbox_is_sent_no_more_until_its_owner_tries_again(person, server):
    server(refuses(person, NO_SUCH_MAILBOX))
    notice = told(person)
    assert send_notices(person_id=person.pk, at=NOON) == 0
    trouble = trouble_of(person)
    assert trouble is not None
    assert (trouble.kind, trouble.code, trouble.count, trouble.stopped_at) == ("hard", "5.1.1", 1, NOON)
    assert (state(notice), at_a_glance(person.pk).mail_fails) == ("failed", True)
    server(None)
    # Nothing but security is sent
    passed_over = told(person, "Passed over")
    told(person, "A new key", kind=NoticeKind.ACCOUNT)
    assert send_notices(person_id=person.pk, at=NOON) == 1
    assert state(passed_over) == "failed"
    # Another four such, and nothing at all
    server(refuses(person, NO_SUCH_MAILBOX))
    for _each in range(4):
        told(person, "A key", kind=NoticeKind.ACCOUNT)
        send_notices(person_id=person.pk, at=NOON)
    server(None)
    told(person, "The last key", kind=NoticeKind.ACCOUNT)
    assert send_notices(person_id=person.pk, at=NOON) == 0
    # One mail to try
    soon = NOON + timedelta(minutes=1)
    try_address(by=person, at=soon)
    assert send_notices(person_id=person.pk, at=soon) == 1
    assert subjects() == ["A new key", "A mail to try your address"]
    assert not at_a_glance(person.pk).mail_fails
    with pytest.raises(AddressWorks):
        try_address(by=person, at=soon)
    server(refuses(person, NO_SUCH_MAILBOX))
    told(person, at=soon)
    send_notices(person_id=person.pk, at=soon)
    assert at_a_glance(person.pk).mail_fails
    server(None)
    told(
        person, "Safe", kind=NoticeKind.ACCOUNT, at=soon
    )  # what came back before it was tried counts no more
    assert send_notices(person_id=person.pk, at=soon) == 1
    server(refuses(person, NO_SUCH_MAILBOX))
    with pytest.raises(AddressTriedAlready):
        try_address(by=person, at=soon + timedelta(hours=23))
    try_address(by=person, at=soon + timedelta(hours=24))
    # Another address is another matter
    told(person)
    send_notices(person_id=person.pk, at=NOON)
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    person.refresh_from_db()
    assert trouble_of(person) is None
    server(None)
    told(person)
    assert send_notices(person_id=person.pk, at=NOON) >= 1
    assert MailTrouble.objects.count() == 1
    forget_old_notices(at=NOON)
    assert not MailTrouble.objects.exists()


def test_a_full_mailbox_is_tried_again_and_five_in_two_weeks_end_the_mails(person, server):
    server(refuses(person, MAILBOX_FULL))

    def one_fails(at: datetime) -> None:
        notice = told(person, at=at)
        assert send_what_is_due(at=at) == 0
        assert state(notice) == "wanted"
        Letter.objects.filter(state="sending").update(attempts=len(SENT_AGAIN_AFTER))
        assert send_what_is_due(at=at + SENT_AGAIN_AFTER[0]) == 0
        assert state(notice) == "failed"

    for days in (0, 13, 14, 16, 18):
        one_fails(NOON + timedelta(days=days))
        assert not at_a_glance(person.pk).mail_fails
    one_fails(NOON + timedelta(days=20))
    trouble = trouble_of(person)
    assert trouble is not None
    assert (trouble.kind, trouble.code, trouble.count) == ("soft", "4.2.2", 5)
    assert at_a_glance(person.pk).mail_fails


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(554, b"5.7.1 Message looks like spam"),
        smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"5.7.1 Your host is on a list")}),
    ],
)
def test_what_is_refused_for_who_we_are_says_nothing_about_the_address(person, server, error):
    server(error)
    notice = told(person)
    assert send_notices(person_id=person.pk, at=NOON) == 0
    assert state(notice) == "failed"
    assert trouble_of(person) is None


def test_a_mail_goes_to_the_domain_that_somebody_wrote(person):
    Person.objects.filter(pk=person.pk).update(email="ada@straße.example")
    told(person)
    assert send_notices(person_id=person.pk, at=NOON) == 1
    assert mail.outbox[-1].to == ["ada@xn--strae-oqa.example"]


def test_a_mail_to_no_account_is_tried_again_only_where_that_may_help(server, db):
    given = {"to": "new@example.org", "subject": "Confirm", "text": "Here", "at": NOON}
    for error, is_tried_again in (
        (smtplib.SMTPServerDisconnected("gone"), True),
        (smtplib.SMTPRecipientsRefused({"new@example.org": MAILBOX_FULL}), True),
        (smtplib.SMTPRecipientsRefused({"new@example.org": NO_SUCH_MAILBOX}), False),
    ):
        server(error)
        with pytest.raises(Unsent) if is_tried_again else nullcontext():
            assert send_mail(**given) is False
    server(None)
    assert send_mail(**given)


def test_a_mail_that_left_as_the_runner_died_leaves_once_more_under_the_same_id(person, monkeypatch):
    notice = told(person)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note_sent", lambda *_letter, **_at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_notices(person_id=person.pk, at=NOON)
    assert state(notice) == "wanted"
    assert send_what_is_due(at=NOON) == 1
    assert send_what_is_due(at=NOON) == 0
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    # What was turned off meanwhile does not leave once more
    told(person, "Two")
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note_sent", lambda *_letter, **_at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_notices(person_id=person.pk, at=NOON)
    choose(by=person, kind="decision", mail=False, push=False)
    assert send_what_is_due(at=NOON) == 0
    assert not Letter.objects.filter(state="sending").exists()
    # And what is tried again waits for the end of quiet hours that have begun
    told(person, "Three", kind=NoticeKind.PAY)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note_sent", lambda *_letter, **_at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_notices(person_id=person.pk, at=NOON)
    quiet(person)
    assert [send_what_is_due(at=at) for at in (NIGHT, MORNING)] == [0, 1]


def test_a_mail_that_may_have_left_counts_when_it_leaves_once_more(person, monkeypatch):
    limit_mails(by=person, mails_a_week=1)
    told(person, "One")
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note_sent", lambda *_letter, **_at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_notices(person_id=person.pk, at=NOON)
    told(person, "Two", at=NOON + timedelta(days=8))
    assert send_what_is_due(at=NOON + timedelta(days=8)) == 1
    assert subjects() == ["One", "One"]


def test_two_runners_send_each_notice_once_and_no_more_than_the_week_has_room_for(committed, monkeypatch):
    def slowly(message: EmailMessage) -> None:
        sleep(0.03)
        message.send()

    monkeypatch.setattr(sending, "deliver", slowly)
    person = a_person("one")
    limit_mails(by=person, mails_a_week=3)
    for n in range(5):
        told(person, f"{n}")
    at_once(lambda _n: send_notices(person_id=person.pk, at=NOON), 1, 2, 3)
    send_what_is_due(at=NOON)
    assert len(mail.outbox) == 3
    assert Notice.objects.filter(mail="sent").count() == 5


def test_one_thing_is_told_once_by_two_who_tell_it_together(committed):
    person = a_person("one")
    made = at_once(lambda n: told(person, f"{n}", key="round:7").pk, 1, 2)
    assert made[0] == made[1]
    assert Notice.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.send'")
        assert cursor.fetchone()[0] == 1
