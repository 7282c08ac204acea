"""Pages of membership: where one stands, ways in and out, members, invitations, requests, and lots."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_person, a_worker
from tests.membership.members import a_member_of, active_on, members_of
from tests.web.pages import browser_of, text_of

from canut.kernel.clock import now
from canut.membership.invitation_token import invitation_token
from canut.membership.models import ActivityDay, AdmissionRequest, Candidate, MemberInvitation, Membership
from canut.membership.queries_lots import own_ticket, seats_of_lot
from canut.membership.states import College, RequestState
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.close_lot import close_lot
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.invite_member import invite_member
from canut.membership.usecases.prepare_lot import prepare_lot
from canut.people.models import Person

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
SCRIPT = Path(__file__).parents[2] / "scripts" / "recompute_lot.py"


@pytest.fixture
def at():
    return now()


def test_somebody_asks_is_vouched_for_and_sees_why_they_vote(at, stranger):
    address = reverse("membership")
    assert "to see where you stand" in text_of(Client().get(address))
    first, second = members_of("workers", 2, at=at)
    browser = browser_of(stranger)
    page = text_of(browser.get(address))
    assert "You are not a member" in page
    # Too many words: nothing is lost
    answer = browser.post(reverse("ask_admission"), {"words": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()
    page = text_of(browser.post(reverse("ask_admission"), {"words": HOSTILE}, follow=True))
    assert "0 of 2 members vouch for you so far" in page
    assert HOSTILE not in page
    # Members see who asks, and vouch; who is no member sees no list
    assert browser.get(reverse("admission_requests")).status_code == 403
    request = AdmissionRequest.objects.get()
    of_first = browser_of(first)
    listed = text_of(of_first.get(reverse("admission_requests")))
    assert "Stranger" in listed
    assert "&lt;script&gt;" in listed
    of_first.post(reverse("vouch", args=[request.pk]))
    of_first.post(reverse("take_back_voucher", args=[request.pk]))
    assert "Vouch for <bdi>Stranger" in text_of(of_first.get(reverse("admission_requests")))
    of_first.post(reverse("vouch", args=[request.pk]))
    page = text_of(browser_of(second).post(reverse("vouch", args=[request.pk]), follow=True))
    assert "they are a member now" in page
    active_on(stranger, 5, at=at)
    page = text_of(browser.get(address))
    assert "members vouched for you" in page
    assert "So you vote on every question" in page
    assert own_ticket(stranger) in page
    assert of_first.post(reverse("vouch", args=[10**30])).status_code == 404


def test_taking_a_request_back_keeps_nothing_of_it(worker):
    browser = browser_of(worker)
    browser.post(reverse("ask_admission"), {"words": "It is me."})
    page = text_of(browser.post(reverse("withdraw_admission_request"), follow=True))
    assert "Nothing of what you wrote is kept." in page
    assert AdmissionRequest.objects.get().state == RequestState.WITHDRAWN
    assert "It is me." not in page


def test_operators_check_identity_and_nobody_else_does(at, worker, stranger, operator):
    asked = ask_admission(by=worker, words="It is me.", at=at)
    address = reverse("check_identity", args=[asked.pk])
    for nobody in (stranger, a_member_of("workers", at=at)):
        assert browser_of(nobody).get(address).status_code == 403
        assert browser_of(nobody).get(reverse("identity_checks")).status_code == 403
    browser = browser_of(operator)
    assert "It is me." in text_of(browser.get(address))
    refused = browser.post(address, {"checked_by": "felt it", "note": "y" * 10})
    assert refused.status_code == 422
    assert "yyyyyyyyyy" in text_of(refused)
    page = text_of(browser.post(address, {"checked_by": "by_video", "note": "Ten minutes."}, follow=True))
    assert "Worker is a member now" in page
    assert browser.get(address).status_code == 404
    listed = text_of(browser.get(reverse("identity_checks")))
    assert "Ten minutes." in listed
    assert "Odile" in listed
    assert browser.get(reverse("check_identity", args=[10**30])).status_code == 404
    # The operator's own page says how they are admitted themselves
    assert "canut admit" in text_of(browser.get(reverse("membership")))
    own = ask_admission(by=operator, at=at)
    answer = browser.post(reverse("check_identity", args=[own.pk]), {"checked_by": "known"})
    assert answer.status_code == 422
    assert "Nobody checks their own identity" in text_of(answer)


def test_an_invitation_is_sent_followed_and_taken_back(at, worker):
    member = a_member_of("requesters", at=at)
    browser = browser_of(member)
    address = reverse("member_invitations")
    assert browser.post(address, {"email": "nobody"}).status_code == 422
    page = text_of(browser.post(address, {"email": "ada@example.org"}, follow=True))
    assert "ada@example.org" in page
    assert "The invitation is on its way." in page
    invitation = MemberInvitation.objects.get()
    link = reverse("member_invitation", args=[invitation_token(invitation.pk)])
    # Anybody may read it, and reading changes nothing
    assert "Sign in to accept" in text_of(Client().get(link))
    assert "Sign in to accept" in text_of(Client().post(link))
    assert browser.get(link).status_code == 404
    invited = browser_of(worker)
    assert "Become a member" in text_of(invited.get(link))
    assert Membership.objects.filter(person=worker).count() == 0
    assert "Welcome: you are a member now." in text_of(invited.post(link, follow=True))
    assert "Welcome: you are a member now." in text_of(invited.post(link, follow=True))
    assert Client().get(link).status_code == 404
    for wrong in ("x", "1:abc", "9" * 40 + ":x"):
        assert Client().get(reverse("member_invitation", args=[wrong])).status_code == 404
    for number in range(2):
        browser.post(address, {"email": f"friend{number}@example.org"})
    page = browser.post(address, {"email": "one.more@example.org"})
    assert page.status_code == 422
    assert "as many people as a member may" in text_of(page)
    newest = MemberInvitation.objects.latest("pk")
    browser.post(reverse("withdraw_member_invitation", args=[newest.pk]))
    assert browser.post(reverse("withdraw_member_invitation", args=[newest.pk])).status_code == 404
    assert browser_of(a_worker()).get(address).status_code == 403


def test_members_see_each_other_and_nobody_else_does(at, stranger):
    people = [a_member_of("workers", at=at), a_member_of("team", at=at)]
    idle = a_member_of("requesters", at=at, active=False)
    assert browser_of(stranger).get(reverse("members")).status_code == 403
    assert Client().get(reverse("members")).status_code == 302
    browser = browser_of(idle)
    page = text_of(browser.get(reverse("members")))
    assert all(one.screen_name in page for one in [*people, idle])
    assert "the operating team" in page
    assert people[0].email not in page
    page = text_of(browser.get(reverse("members"), {"words": people[0].screen_name.upper() + "\0"}))
    assert people[1].screen_name not in page
    for nonsense in ({"after": "9" * 30}, {"after": "x"}, {"words": "%\0"}):
        assert browser.get(reverse("members"), nonsense).status_code == 200


def test_choosing_a_college_and_leaving(at):
    member = a_member_of("workers", at=at)
    browser = browser_of(member)
    assert "Workers or requesters" not in text_of(browser.get(reverse("membership")))
    assert browser.post(reverse("choose_college"), {"college": "requesters"}).status_code == 422
    ActivityDay.objects.filter(person=member).update(requested=True)
    assert browser.post(reverse("choose_college"), {"college": "lords"}).status_code == 422
    page = text_of(browser.post(reverse("choose_college"), {"college": "requesters"}, follow=True))
    assert "chose to belong to the requesters" in page
    assert "You can choose anew from" in page
    assert "Be a member no more?" in text_of(browser.get(reverse("leave_membership")))
    page = text_of(browser.post(reverse("leave_membership"), follow=True))
    assert "You are no member any more." in page
    assert browser.get(reverse("leave_membership")).status_code == 403
    assert browser_of(a_person()).post(reverse("leave_membership")).status_code == 403


def test_a_lot_is_answered_on_its_page_and_recomputed_from_its_file(at, tmp_path, stranger):
    members_of("workers", 4, at=at)
    assert "No lot was prepared yet" in text_of(Client().get(reverse("lots")))
    prepared = prepare_lot(at=at)
    assert prepared.commitment in text_of(Client().get(reverse("lots")))
    lot = commit_lot(
        subject_kind="jury", subject_id=1, address="/decide/", college=College.WORKERS, seats=2, at=at
    )
    draw_lot(number=lot.pk, at=at)
    before = fetched(tmp_path / "before.json", lot)
    first = Person.objects.get(pk=seats_of_lot(lot.pk)[0].person_id)
    browser, address = browser_of(first), reverse("lot", args=[lot.pk])
    assert "You were drawn by lot." in text_of(browser.get(reverse("membership")))
    page = text_of(browser.get(address))
    assert "Accept or decline until" in page
    assert Candidate.objects.get(lot=lot, person=first).code in page
    assert browser_of(stranger).post(reverse("answer_seat", args=[lot.pk])).status_code == 404
    browser.post(reverse("answer_seat", args=[lot.pk]), {"answer": "accept"})
    page = text_of(browser.post(reverse("answer_seat", args=[lot.pk]), {"answer": "decline"}, follow=True))
    assert "The next one is asked." in page
    for missing in ("lot", "lot_csv", "lot_json"):
        assert Client().get(reverse(missing, args=[10**30])).status_code == 404
    seed = prepare_lot(at=at).seed
    assert seed not in text_of(Client().get(address))
    close_lot(number=lot.pk, at=at + timedelta(hours=1))
    # The script confirms it from either file, alone, and names what is wrong with a changed one
    for shape in ("json", "csv"):
        after = fetched(tmp_path / f"after.{shape}", lot)
        code, said = recomputed(after, "--before", before, "--ticket", own_ticket(first))
        assert (code, said.splitlines()) == (
            0,
            ["This ticket has place 1.", f"Lot {lot.pk}, 4 candidates, recomputed; 0 wrong."],
        )
    assert recomputed(before)[1].endswith("its seed is not shown yet; 0 wrong.\n")
    whole = json.loads((tmp_path / "after.json").read_text())
    for change, sentence in (
        ({"seed": "00" * 32}, "not the one that was committed to"),
        ({"candidates": whole["candidates"][1:]}, "not the one whose code was shown"),
        ({"commitment": "00" * 32}, "the code of the seed has changed"),
        ({"seed": "xy"}, "no hexadecimal number"),
    ):
        bad = tmp_path / "bad.json"
        bad.write_text(json.dumps(whole | change))
        code, said = recomputed(bad, "--before", before)
        assert (code, sentence in said) == (1, True), said
    for content in ("", "{", "a,b\n1,2\n", '{"lot": 1}'):
        bad.write_text(content)
        code, said = recomputed(bad)
        assert (code, "Traceback" in said) == (2, False)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "after.csv").read_text())))
    assert [row["state"] for row in sorted(rows, key=lambda row: int(row["place"]))] == [
        "released",
        "lapsed",
        "lapsed",
        "",
    ]


def fetched(path, lot):
    answer = Client().get(reverse(f"lot_{path.suffix[1:]}", args=[lot.pk]))
    path.write_bytes(b"".join(answer.streaming_content))
    return path


def recomputed(*arguments):
    given = [sys.executable, "-I", "-S", SCRIPT, *map(str, arguments)]
    run = subprocess.run(given, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def test_an_invitation_of_somebody_who_left_is_good_for_nothing(at, worker):
    member = a_member_of("workers", at=at)
    token = invitation_token(invite_member(by=member, email="a@example.org", at=at).pk)
    browser_of(member).post(reverse("leave_membership"))
    assert "taken back" in text_of(browser_of(worker).post(reverse("member_invitation", args=[token])))
