"""Pages of votes: the list, the ballot and its receipt, the count and the published list; and their mails."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.governance.ballot_box import a_vote, all_cast, ended
from tests.membership.members import a_member_of, members_of
from tests.told import mailed, told
from tests.web.pages import browser_of, text_of

from canut.governance.ballots.models import Ballot, Elector
from canut.governance.ballots.queries_seen import VOTES_A_PAGE, votes_waiting_for
from canut.governance.ballots.usecases.tell_electors import tell_electors
from canut.kernel import clock
from canut.membership.states import College
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def people(now):
    return {
        "workers": members_of(College.WORKERS, 6, at=now),
        "requesters": members_of(College.REQUESTERS, 3, at=now),
    }


def test_a_ballot_is_cast_and_changed_on_its_page_and_shown_to_nobody_else(people, now):
    vote = a_vote(title_en=HOSTILE, at=now)
    worker = people["workers"][0]
    browser, address = browser_of(worker), reverse("vote", args=[vote.pk])
    page = text_of(browser.get(address))
    assert HOSTILE not in page
    assert "Your ballot, in the college: workers" in page
    cast = reverse("cast_ballot", args=[vote.pk])
    for wrong in ({}, {"choice": "maybe"}, {"choice": "yes\0"}):
        refused = browser.post(cast, wrong)
        assert refused.status_code == 422
        assert "Choose yes, no or abstain." in text_of(refused)
    assert not Ballot.objects.exists()
    page = text_of(browser.post(cast, {"choice": "yes"}, follow=True))
    receipt = Ballot.objects.get().receipt
    assert f"<code>{receipt}</code>" in page
    assert re.search(r'value="yes" required checked', page)
    page = text_of(browser.post(cast, {"choice": "no"}, follow=True))
    assert f"<code>{receipt}</code>" in page
    assert re.search(r'value="no" checked', page)
    assert "Change my ballot" in page
    # Then nobody else is told more than how many have voted
    for other in (
        Client(),
        browser_of(people["workers"][1]),
        browser_of(a_member_of(College.WORKERS, at=now)),
    ):
        seen = other.get(address)
        assert receipt not in text_of(seen)
        assert "<td>1 <small>(16.7 %)</small></td>" in text_of(seen)
        assert "no-store" in seen.headers["Cache-Control"]
    for early in ("vote_ballots", "vote_result"):
        assert Client().get(reverse(early, args=[vote.pk])).status_code == 409


def test_whoever_may_not_vote_is_told_why(people, now):
    vote = a_vote(only_college="workers", at=now)
    address = reverse("vote", args=[vote.pk])
    assert "Members vote when they have signed in." in text_of(Client().get(address))
    requester = browser_of(people["requesters"][0])
    assert "Only one college is asked, workers, and you were of another: requesters." in text_of(
        requester.get(address)
    )
    latecomer = browser_of(a_member_of(College.WORKERS, at=now + timedelta(minutes=1)))
    assert "You may not vote here." in text_of(latecomer.get(address))
    for nobody in (requester, latecomer):
        refused = nobody.post(reverse("cast_ballot", args=[vote.pk]), {"choice": "yes"})
        assert refused.status_code == 403
        assert "You are not among those who may vote here" in text_of(refused)
    assert Client().post(reverse("cast_ballot", args=[vote.pk]), {"choice": "yes"}).status_code == 302
    guarded = browser_of(people["workers"][0], checks_csrf=True)
    assert guarded.post(reverse("cast_ballot", args=[vote.pk]), {"choice": "yes"}).status_code == 403
    assert not Ballot.objects.exists()


def test_an_ended_vote_shows_its_count_and_a_list_in_which_one_finds_ones_ballot(people, now):
    vote = a_vote(at=now, class_="pay")
    receipts = all_cast(vote, people["workers"], "yes", "yes", "no", "yes", "no", at=now)
    few = all_cast(vote, people["requesters"], "yes", at=now)
    result = ended(vote)
    page = text_of(browser_of(people["workers"][0]).get(reverse("vote", args=[vote.pk])))
    assert "<strong>Adopted.</strong>" in page
    assert "<td>3</td><td>2</td><td>0</td>" in page
    assert "not told: fewer than 5 ballots" in page
    assert "not asked: 0 active members" in page
    assert result.ballots_hash in page
    assert "You voted, the last time on" in page
    assert receipts[0] not in page
    assert "Cast my ballot" not in page
    listed = reverse("vote_ballots", args=[vote.pk])
    whole = text_of(Client().get(listed))
    assert all(receipt in whole for receipt in (*receipts, *few))
    assert "not told: too few voted in this college" in whole
    found = text_of(Client().get(listed, {"starting": receipts[0][:4].lower()}))
    assert receipts[0] in found
    assert "Show all" in found
    assert "No receipt begins like that" in text_of(Client().get(listed, {"starting": "u!"}))
    for odd in (
        {"starting": "\0"},
        {"after": "\0"},
        {"starting": "9" * 500},
        {"after": "ZZZZ-ZZZZ-ZZZZ-ZZZZ"},
    ):
        assert Client().get(listed, odd).status_code == 200
    late = browser_of(people["workers"][5]).post(reverse("cast_ballot", args=[vote.pk]), {"choice": "yes"})
    assert late.status_code == 409
    assert "This vote ended on" in text_of(late)


def test_the_list_of_votes_says_what_waits_and_goes_on(people, now):
    worker = people["workers"][0]
    assert "No vote is open just now." in text_of(Client().get(reverse("votes")))
    assert "No vote has ended yet." in text_of(Client().get(reverse("votes"), {"show": "ended"}))
    for number in range(VOTES_A_PAGE + 1):
        a_vote(title_en=f"Question {number:02}", at=now + timedelta(minutes=number))
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("votes")))
    assert "21 votes wait for your ballot." in page
    assert 'title="21 votes wait for you">21</span>' in page
    assert "votes wait for you" not in text_of(Client().get(reverse("votes")))
    assert "Question 19" in page
    assert "Question 20" not in page
    after = re.search(r"\?after=(\d+)", page)
    rest = text_of(browser.get(reverse("votes"), {"after": after[1]}))
    assert "Question 20" in rest
    assert "Question 19" not in rest
    for place in Elector.objects.filter(person=worker).order_by("pk")[:2]:
        all_cast(place.vote, [worker], "yes", at=now)
        ended(place.vote)
    page = text_of(browser.get(reverse("votes"), {"show": "ended"}))
    assert page.count("you have voted") == 2
    assert page.index("Question 01") < page.index("Question 00")
    assert votes_waiting_for(worker, at=now) == 19
    for nonsense in ({"after": "x"}, {"after": "9" * 40}, {"show": "\0"}, {"after": "1", "show": "ended"}):
        assert browser.get(reverse("votes"), nonsense).status_code == 200
    for number in (10**30, 0):
        assert browser.get(reverse("vote", args=[number])).status_code == 404
        assert browser.post(reverse("cast_ballot", args=[number]), {"choice": "yes"}).status_code == 404


def test_electors_are_told_once_and_reminded_once_and_may_say_no(people, now):
    a_member_of(College.WORKERS, at=now, simulated=True)
    vote = a_vote(title_en="A higher floor?", title_fr="Un plancher plus haut ?", at=now)
    voter, silent, unwilling, french = people["workers"][:4]
    french.locale = "fr"
    french.save(update_fields=["locale"])
    choose(by=unwilling, kind=NoticeKind.VOTE, mail=False, push=False)
    assert tell_electors(at=now) == 9  # of ten: one is nobody
    assert tell_electors(at=now) == 0
    by_person = {one.person_id: one for one in mailed()}
    willing = {one.pk for one in (*people["workers"], *people["requesters"])} - {unwilling.pk}
    assert set(by_person) == willing
    assert by_person[silent.pk].subject == "A vote has opened: A higher floor?"
    assert by_person[silent.pk].path == f"/votes/{vote.pk}/"
    assert "Un plancher plus haut ?" in by_person[french.pk].subject
    receipts = all_cast(vote, [voter], "yes", at=now)
    before_end = vote.closes_at - timedelta(days=2)
    assert tell_electors(at=before_end - timedelta(seconds=1)) == 0
    assert tell_electors(at=before_end) == 8
    assert tell_electors(at=before_end) == 0
    reminded = told()[9:]
    assert voter.pk not in {one.person_id for one in reminded}
    assert "A vote ends soon: A higher floor?" in {one.subject for one in reminded}
    # Then what opens together comes in one notice, and a short vote does not remind on its first day
    for _each in range(2):
        a_vote(at=before_end, days=3)
    assert tell_electors(at=before_end) > 0
    assert (told()[-1].subject, told()[-1].path) == ("Votes you may take part in", "/votes/")
    short = a_vote(at=before_end, days=2)
    assert tell_electors(at=before_end) > 0
    assert tell_electors(at=short.closes_at - timedelta(hours=1)) > 0  # of the two votes of three days
    assert not Elector.objects.filter(vote=short, reminded_at__isnull=False).exists()
    # And how a vote ended is told while it is news, with no word of what anybody voted
    ended(vote)
    assert tell_electors(at=vote.closes_at + timedelta(days=8)) == 0
    before = len(told())
    assert tell_electors(at=vote.closes_at) == 9
    assert tell_electors(at=vote.closes_at) == 0
    (last,) = [one for one in told()[before:] if one.person_id == voter.pk]
    assert last.subject == "A vote has ended: A higher floor?"
    assert "Not adopted." in last.text
    assert receipts[0] not in "".join(one.subject + one.text for one in told())
