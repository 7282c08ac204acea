"""Pages of notices: what one was told and wants to be told, quiet hours, browsers, and stopping mails."""

import re
from datetime import time, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.builders import a_person
from tests.guilds.crafts import a_guild, a_member
from tests.people.notices import links, told
from tests.people.push_service import Reader
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.people.models import PushSubscription, QuietHours
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Choice, Limit, MailTrouble, Notice
from canut.people.notices.queries import limit_of, unread_count, ways_wanted
from canut.people.notices.rules import Ways
from canut.people.notices.token import Stop, stop_token
from canut.people.notices.usecases.send_notices import send_notices
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.people.usecases.close_account import close_account
from canut.web.notices.topics import MOST_SHOWN
from canut.web.notices.views import NOTICES_A_PAGE
from canut.work.queries.feed_filters import NO_FILTERS
from canut.work.usecases.save_search import save_search

pytestmark = pytest.mark.django_db

GUILD, REVIEW = NoticeKind.GUILD, NoticeKind.REVIEW


def now_told(person, subject="A decision", *paragraphs, **details):
    return told(person, subject, *paragraphs, **{"at": clock.now(), **details})


def chosen(page):
    """Return what the form on a page of choices would send as it is."""
    sent = {"shown": re.findall(r'name="shown" value="(\w+)"', page)}
    for name in re.findall(r'type="checkbox" name="([^"]+)" checked', page):
        sent[name] = "on"
    return sent


# --- The list ---------------------------------------------------------------------------------------


def test_the_bell_counts_what_is_unread_and_opening_a_notice_reads_it(worker):
    first = now_told(worker, "Your work <1> was approved", path="/money/")
    now_told(worker, "A reply", kind=NoticeKind.MENTION)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("account")))
    assert re.search(r'<a class="bell" href="/notices/">.*2 unread notices', page)
    page = text_of(browser.get(reverse("notices")))
    assert 'class="bell" href="/notices/" aria-current="page"' in page
    assert page.index("A reply") < page.index("Your work &lt;1&gt; was approved")  # the latest first
    assert page.count('<span class="mark">unread</span>') == 2
    answer = browser.get(reverse("open_notice", args=[first.pk]))
    assert answer.headers["Location"] == "/money/"
    assert "1 unread notice" in text_of(browser.get(reverse("notices")))
    assert "unread notice" not in text_of(Client().get(reverse("home")))


def test_beyond_a_hundred_the_bell_says_so(worker):
    rows = [now_told(worker)]
    made = {"person": worker, "kind": "pay", "subject": "Paid", "path": "/", "made_at": rows[0].made_at}
    states = {"mail": "not_wanted", "push": "not_wanted"}
    Notice.objects.bulk_create(Notice(**made, **states) for _each in range(120))
    page = text_of(browser_of(worker).get(reverse("notices")))
    assert "99+" in page
    assert "More than 99 unread notices" in page


def test_one_is_marked_read_and_unread_and_all_with_a_way_back(worker):
    one, two = now_told(worker, "One"), now_told(worker, "Two", kind=NoticeKind.MENTION)
    browser = browser_of(worker)
    here = reverse("notices") + "?unread=yes"
    answer = browser.post(reverse("mark_notice", args=[one.pk]), {"read": "yes", "next": here})
    assert answer.headers["Location"] == here
    assert "One" not in re.sub("Mark as.*?<", "", text_of(browser.get(here)))
    answer = browser.post(
        reverse("mark_notice", args=[one.pk]), {"read": "no", "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == reverse("notices")
    assert unread_count(worker.pk) == 2
    # All of what was on the page: what came meanwhile stays unread, and so does another group
    assert browser.post(reverse("mark_notices"), {"up_to": one.pk}).status_code == 302
    assert unread_count(worker.pk) == 1
    browser.post(reverse("mark_notices"), {"group": "work"})
    assert unread_count(worker.pk) == 1
    answer = browser.post(reverse("mark_notices"), {"up_to": "9" * 19}, follow=True)
    page = text_of(answer)
    assert unread_count(worker.pk) == 0
    back = re.search(r'name="read" value="([^"]+)"', page)[1]
    browser.post(reverse("unmark_notices"), {"read": back.replace("&#x2B;", "+")})
    assert set(Notice.objects.filter(read_at__isnull=True)) == {two}
    assert browser.post(reverse("unmark_notices"), {"read": "yesterday\0"}).status_code == 302


def test_the_list_is_narrowed_paged_and_says_when_it_is_empty(worker):
    browser = browser_of(worker)
    assert "Nothing yet." in text_of(browser.get(reverse("notices")))
    for number in range(NOTICES_A_PAGE + 1):
        now_told(worker, f"Number {number}.", "A" * 500 + "\n\nB")
    now_told(worker, "A reply", kind=NoticeKind.MENTION)
    page = text_of(browser.get(reverse("notices"), {"group": "talk"}))
    assert "A reply" in page
    assert "Number" not in page
    answer = browser.get(reverse("notices"), {"group": "work", "unread": "yes"})
    page = text_of(answer)
    assert "Number 0." not in page
    assert "<summary>The whole notice</summary>" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    page = text_of(browser.get(following))
    assert "Number 0." in page
    assert "To the beginning" in page
    Notice.objects.update(read_at=clock.now() + timedelta(1))
    assert "You have read everything." in text_of(browser.get(reverse("notices"), {"unread": "yes"}))
    for nonsense in (
        {"group": "x\0"},
        {"before": "9" * 30},
        {"unread": "\0"},
        {"read": "2026-99-99T00:00:00Z"},
        {"read": "0001-01-01T00:00:00+14:00"},
        {"read": "9999-12-31T23:00:00-12:00"},
    ):
        assert browser.get(reverse("notices"), nonsense).status_code == 200
    assert "There is nothing more." in text_of(browser.get(reverse("notices"), {"before": "1"}))


def test_an_open_page_is_told_once_something_came(worker, stranger):
    browser = browser_of(worker)
    asks = re.search(r'hx-get="([^"]+)"', text_of(browser.get(reverse("notices"))))[1]
    assert browser.get(asks).status_code == 204
    now_told(worker)
    assert "Something new came in." in text_of(browser.get(asks))
    asks = re.search(r'hx-get="([^"]+)"', text_of(browser.get(reverse("notices"), {"group": "talk"})))[1]
    assert browser.get(asks).status_code == 204
    assert browser_of(stranger).get(reverse("newer_notices"), {"after": "\0"}).status_code == 204


def test_nobody_reads_or_marks_the_notices_of_others(worker, stranger):
    notice = now_told(worker, "For the worker alone")
    addresses = [reverse("open_notice", args=[notice.pk]), reverse("mark_notice", args=[notice.pk])]
    theirs = browser_of(stranger)
    assert theirs.get(addresses[0]).status_code == 404
    assert theirs.post(addresses[1], {"read": "yes"}).status_code == 404
    theirs.post(reverse("mark_notices"))
    assert "For the worker alone" not in text_of(theirs.get(reverse("notices")))
    assert theirs.get(reverse("open_notice", args=[2**63])).status_code == 404
    for name in ("notices", "notice_choices"):
        assert "/login/" in Client().get(reverse(name)).headers["Location"]
    for address in (*addresses, reverse("mark_notices"), reverse("unmark_notices"), reverse("try_address")):
        assert "/login/" in Client().post(address).headers["Location"]
    assert unread_count(worker.pk) == 1


# --- Choices ----------------------------------------------------------------------------------------


def test_kinds_are_chosen_and_what_is_left_alone_stays_as_usual(worker):
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("notice_choices")))
    assert "Running the site" not in page  # it concerns operators alone
    sent = chosen(page)
    assert {"mail decision", "push mention"} <= sent.keys()
    browser.post(reverse("notice_choices"), sent)
    assert not Choice.objects.exists()
    del sent["mail decision"]
    answer = browser.post(
        reverse("notice_choices"), {**sent, "push pay": "on", "mail account": ""}, follow=True
    )
    assert "Saved." in text_of(answer)
    assert set(Choice.objects.values_list("kind", "mail", "push")) == {
        ("decision", False, False),
        ("pay", True, True),
    }
    # What the form did not show, and what nobody turns off, is left alone
    browser.post(reverse("notice_choices"), {"shown": ["account", "nonsense\0"]})
    assert Choice.objects.count() == 2


def test_each_guild_of_several_has_a_choice_of_its_own(worker):
    guild, other = a_guild(), a_guild()
    a_member(guild, person=worker)
    browser = browser_of(worker)
    assert "topic review" not in text_of(browser.get(reverse("notice_choices")))
    a_member(other, person=worker)
    page = text_of(browser.get(reverse("notice_choices")))
    name = f"topic review guild:{guild.pk}"
    assert f'name="{name}"' in page
    browser.post(
        reverse("notice_choices"), {**chosen(page), name: "push", f"topic review guild:{other.pk}": "x"}
    )
    assert ways_wanted(worker.pk, REVIEW, f"guild:{guild.pk}") == Ways(mail=False, push=True)
    assert ways_wanted(worker.pk, REVIEW, f"guild:{other.pk}") == Ways(mail=True, push=False)
    assert '<option value="push" selected>' in text_of(browser.get(reverse("notice_choices")))
    browser.post(reverse("notice_choices"), {**chosen(page), name: ""})
    assert not Choice.objects.exists()


def test_single_things_that_were_chosen_are_named_by_what_was_told_of_them(worker):
    now_told(worker, "Ballot 7 closes", kind=NoticeKind.VOTE, topic="vote:7", path="/votes/7/")
    for topic in ("vote:7", "vote:8"):
        Choice.objects.create(person=worker, kind="vote", topic=topic, mail=False, push=False)
    Choice.objects.bulk_create(
        Choice(person=worker, kind="facilitated", topic=f"discussion:{n}", mail=True, push=True)
        for n in range(MOST_SHOWN + 1)
    )
    search = save_search(
        by=worker, name="Cats", filters=NO_FILTERS, notice="none", pace="at_once", at=clock.now()
    )
    page = text_of(browser_of(worker).get(reverse("notice_choices")))
    assert '<a href="/votes/7/">Ballot 7 closes</a>' in page
    assert "vote:8" in page
    assert "1 more choice about a single thing is kept" in page
    assert (
        f'<a href="{reverse("change_search", args=[search.pk])}">Cats</a></th> <td colspan="3">not at all'
        in page
    )


def test_the_limit_is_kept_within_its_range(worker):
    browser = browser_of(worker)
    assert 'value="30"' in text_of(browser.get(reverse("notice_choices")))
    browser.post(reverse("mail_limit"), {"mails_a_week": "5"})
    assert limit_of(worker.pk) == 5
    for wrong in ("201", "-1", "many", "", "9" * 40):
        answer = browser.post(reverse("mail_limit"), {"mails_a_week": wrong})
        assert answer.status_code == 422
        assert "errorlist" in text_of(answer)
    assert Limit.objects.get().mails_a_week == 5


def test_quiet_hours_are_chosen_shown_and_taken_away(worker):
    browser = browser_of(worker)
    browser.post(reverse("quiet_hours"), {"starts": "22:00", "ends": "07:00"})
    assert (QuietHours.objects.get().starts, QuietHours.objects.get().ends) == (time(22), time(7))
    page = text_of(browser.get(reverse("notice_choices")))
    assert 'value="22:00"' in page
    assert 'value="07:00"' in page
    browser.post(reverse("quiet_hours"), {"starts": "", "ends": ""})
    assert not QuietHours.objects.exists()
    choose_quiet_hours(by=worker, starts=time(1), ends=time(2))
    for given in ({"starts": "22:00", "ends": ""}, {"starts": "22:00", "ends": "22:00"}, {"starts": "late"}):
        assert browser.post(reverse("quiet_hours"), given).status_code == 422
    assert QuietHours.objects.get().starts == time(1)


# --- Browsers ---------------------------------------------------------------------------------------


def test_a_browser_is_set_up_and_stopped(worker, stranger):
    reader = Reader()
    given = {"endpoint": "https://push.example.net/1", "public_key": reader.public_key}
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("notice_choices")))
    assert "No browser of yours shows messages yet" in page
    assert re.search(r"<p data-push-missing>Messages in this browser cannot be offered", page)
    assert re.search(r"<form [^>]*hidden data-push=", page)
    sent = {**given, "shared_key": reader.shared_key}
    browser.post(reverse("add_browser"), sent, headers={"user-agent": "Firefox 1"})
    kept = PushSubscription.objects.get()
    page = text_of(browser.get(reverse("notice_choices")))
    assert "Firefox 1" in page
    assert "push.example.net" not in page
    assert browser_of(stranger).post(reverse("drop_browser", args=[kept.pk])).status_code == 404
    browser.post(reverse("drop_browser", args=[kept.pk]))
    assert not PushSubscription.objects.exists()
    for gone in (kept.pk, 2**63):
        assert browser.post(reverse("drop_browser", args=[gone])).status_code == 404
    for wrong in ({}, {"endpoint": "https://10.0.0.1/", "public_key": "x", "shared_key": "y"}):
        assert browser.post(reverse("add_browser"), wrong).status_code == 422
    assert browser.get(reverse("add_browser")).status_code == 405


def test_the_script_that_shows_messages_is_everybodys_and_never_old():
    answer = Client().get(reverse("push_worker"))
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"showNotification" in answer.content


def test_the_former_address_of_quiet_hours_leads_on(worker):
    assert browser_of(worker).get("/account/notices/").headers["Location"] == reverse("notice_choices")


# --- Stopping mails, and an address that takes none ---------------------------------------------------


def test_the_link_of_a_mail_ends_its_kind_only_when_the_button_is_pressed(worker):
    now_told(worker)
    send_notices(person_id=worker.pk, at=clock.now())
    *_others, to_stop, to_choices = links(mail.outbox[-1].body)
    assert mail.outbox[-1].extra_headers["List-Unsubscribe"] == f"<{to_stop}>"
    assert to_choices.endswith(reverse("notice_choices"))
    stop = to_stop[to_stop.index("/notices/") :]
    anybody = Client(enforce_csrf_checks=True)  # signed in nowhere, as a mail program is
    for method in (anybody.get, anybody.head):
        answer = method(stop)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
    assert "Decisions on my work" in text_of(anybody.get(stop))
    assert ways_wanted(worker.pk, NoticeKind.DECISION).mail
    for _each in range(2):
        one_click = "List-Unsubscribe=One-Click"
        answer = anybody.post(stop, one_click, content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, "Done. These mails do not come any more" in text_of(answer)) == (
            200,
            True,
        )
    assert not ways_wanted(worker.pk, NoticeKind.DECISION).mail
    assert ways_wanted(worker.pk, NoticeKind.PAY).mail
    assert "Have them again" in text_of(anybody.get(stop))
    assert "These mails come again" in text_of(anybody.post(stop, {"again": "yes"}))
    assert ways_wanted(worker.pk, NoticeKind.DECISION).mail


def test_a_stop_link_names_what_it_stops_and_no_more(worker):
    guild = a_guild()
    said = {
        Stop(worker.pk, REVIEW, f"guild:{guild.pk}"): guild.party.name,
        Stop(worker.pk, REVIEW, "guild:999999999999999999999"): "about this one thing",
        Stop(worker.pk, NoticeKind.NEW_WORK, "search:1"): "about this one thing",
        Stop(worker.pk, None): "All mails, but those about the safety of your account",
    }
    for stop, words in said.items():
        page = text_of(Client().get(reverse("stop_mails", args=[stop_token(stop)])))
        assert words in page
        assert worker.screen_name not in page


def test_a_stop_link_that_is_not_whole_says_so(worker):
    token = stop_token(Stop(worker.pk, NoticeKind.DECISION))
    closed = a_person("gone")
    close_account(by=closed, what_is_open=lambda _id: [], at=clock.now())
    for wrong in (token[:-2], "x", "%00", stop_token(Stop(closed.pk, NoticeKind.DECISION))):
        for method in (Client().get, Client().post):
            answer = method(f"/notices/stop/{wrong}/")
            assert answer.status_code == 404
            assert "This link is not whole." in text_of(answer)


def test_who_gets_no_mails_sees_it_everywhere_and_can_try_again_once_a_day(worker):
    browser = browser_of(worker)
    assert browser.post(reverse("try_address")).status_code == 409
    at = clock.now()
    MailTrouble.objects.create(
        address=worker.email, kind="hard", count=1, since=at, code="5.1.1", stopped_at=at
    )
    page = text_of(browser.get(reverse("home"), follow=True))
    assert "Mails to your address came back" in page
    answer = browser.post(reverse("try_address"), follow=True)
    page = text_of(answer)
    assert "We have sent you a mail." in page
    assert "came back" not in page
    MailTrouble.objects.update(stopped_at=clock.now())
    answer = browser.post(reverse("try_address"))
    assert answer.status_code == 409
    assert "less than a day ago" in text_of(answer)
