"""Seats, the fund and the hub of justice on pages: from the draw to the vote, and who must not get in."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from tests.builders import a_requester
from tests.justice.jury.panels import Dispute, fresh, heard, live
from tests.told import mailed, told
from tests.web.pages import browser_of, text_of

from canut.justice.files import SentFile
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import Seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.remind_jurors import remind_jurors
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.decide_case import decide_case
from canut.kernel import clock
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor
from canut.membership.queries_lots import own_ticket
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose
from canut.work.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

BARE_PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 4 + b"IEND\xaeB`\x82"
AUTHOR = b"Author\0Zebulonyak"
PNG = BARE_PNG[:8] + len(AUTHOR).to_bytes(4) + b"tEXt" + AUTHOR + b"\0" * 4 + BARE_PNG[8:]
SCRIPT = Path(__file__).parents[2] / "scripts" / "recompute_lot.py"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def dispute():
    return Dispute(at=clock.now() - timedelta(hours=7), peers=6, names=["Quentinrex", "Zebulonyak"])


def test_from_the_draw_to_the_vote(dispute):
    panel = dispute.drawn(words=HOSTILE, files=[SentFile(ContentFile(PNG), "Zebulonyak.png")])
    first, second, third = live(panel)
    juror, other = browser_of(first.person), browser_of(second.person)
    # The menu says that something waits; the hub and the feed lead to it
    hub = text_of(juror.get(reverse("justice")))
    assert "1 seat waits for you" in hub
    feed = text_of(juror.get(reverse("feed")))
    assert "Hear an appeal: a rejection of work" in feed
    assert reverse("jury_seats") in feed
    seats = text_of(juror.get(reverse("jury_seats")))
    here = reverse("jury_seat", args=[first.pk])
    assert here in seats
    page = text_of(juror.get(here))
    assert "file-1.png" in page
    assert "Zebulonyak" not in page
    file = reverse("jury_seat_file", args=[first.pk, 1])
    assert b"".join(juror.get(file).streaming_content) == BARE_PNG  # and its maker is not in it
    # Nobody else finds the seat or the file, whatever they ask
    appellant, visitor = browser_of(dispute.worker), Client()
    for address in (here, file):
        for who in (other, appellant):
            assert who.get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    for name in ("take_jury_seat", "decline_jury_seat"):
        for seat_id in (first.pk, 2**70):
            assert appellant.post(reverse(name, args=[seat_id])).status_code == 404
        assert juror.get(reverse(name, args=[first.pk])).status_code == 405
    assert juror.get(reverse("jury_seat_file", args=[first.pk, 2**70])).status_code == 404
    # Taking it shows the task, with both attempts and no name
    task = juror.post(reverse("take_jury_seat", args=[first.pk]), follow=True)
    shown = text_of(task)
    for words in ("The work as it was first handed in", "Evidence", "Was it right to reject this work?"):
        assert words in shown
    assert HOSTILE not in shown
    assert not re.search("Quentinrex|Zebulonyak", shown)
    held = Assignment.objects.get(task_id=first.task_id)
    assert reverse("task", args=[held.pk]) in text_of(juror.get(here))
    # Another one gives theirs up
    declined = other.post(reverse("decline_jury_seat", args=[second.pk]), follow=True)
    assert "The next peer is asked" in text_of(declined)
    assert "went to another peer" in text_of(other.get(reverse("jury_seat", args=[second.pk])))
    assert len(live(panel)) == 3
    # The vote comes by the form of the task
    form = {"answer-vote": "falls", "answer-reason": f"I see ears. {HOSTILE}", "next_was": "1"}
    juror.post(reverse("hand_in", args=[held.pk]), form)
    heard(at=clock.now())
    assert fresh(first).state == "voted"
    said = text_of(juror.get(here))
    assert "I see ears." in said
    assert HOSTILE not in said
    assert fresh(third).state == "offered"


def test_the_fund_is_public_and_takes_gifts(dispute):
    visitor = Client()
    empty = text_of(visitor.get(reverse("justice_fund")))
    assert "Nothing has come in yet." in empty
    dispute.drawn()
    giver = a_requester()
    browser = browser_of(giver)
    page = browser.get(reverse("justice_fund"))
    assert "Advanced by whoever runs this site" in text_of(page)
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page.content.decode())[1]
    give, before = reverse("give_to_justice_fund"), fund_minor(Kind.JUSTICE_FUND, "EUR")
    for amount, status in (("none", 422), ("0", 422), ("99999999", 422), ("\0", 422)):
        refused = browser.post(give, {"amount": amount, "key": key})
        assert refused.status_code == status
    for _click in range(2):
        assert browser.post(give, {"amount": "12.50", "key": key}).status_code == 302
    assert fund_minor(Kind.JUSTICE_FUND, "EUR") == before + 1_250
    assert "Given to the justice fund" in text_of(browser.get(reverse("money")))
    assert visitor.post(give, {"amount": "1", "key": key}).status_code == 302
    assert browser_of(dispute.worker).post(give, {"amount": "1", "key": key}).status_code == 403
    for nonsense in ("soon", "2026-13", "\0", "99999-01", "1-1"):
        assert visitor.get(reverse("justice_fund"), {"before": nonsense}).status_code == 200
    earlier = text_of(visitor.get(reverse("justice_fund"), {"before": "2020-01"}))
    assert "Nothing moved in these months." in earlier


def test_a_reminder_comes_once_and_by_mail_to_who_wants_it(dispute):
    panel = dispute.drawn()
    first, second, _third = live(panel)
    choose(by=second.person, kind=NoticeKind.JURY_TIME, mail=False, push=False)
    soon = panel.decide_by - timedelta(hours=23)
    assert remind_jurors(at=panel.decide_by - timedelta(hours=25)) == 0
    assert [remind_jurors(at=soon) for _run in range(2)] == [3, 0]
    assert second.person_id not in {one.person_id for one in mailed(kind="jury_time")}
    assert told(first.person, kind="jury_time")[0].path == reverse("jury_seat", args=[first.pk])


def test_anybody_recomputes_who_was_drawn_once_the_panel_has_ended(dispute, tmp_path):
    panel = dispute.drawn()
    number = lot_of(panel).number
    page = Client().get(reverse("lot_json", args=[number]))
    before = tmp_path / "before.json"
    before.write_bytes(page.getvalue())
    decide_case(case_id=panel.case_id, outcome=CaseState.DROPPED, by=CaseBy.TAKEN_BACK, at=clock.now())
    follow_panels(at=clock.now())
    after = tmp_path / "after.json"
    after.write_bytes(Client().get(reverse("lot_json", args=[number])).getvalue())
    seat = Seat.objects.filter(panel=panel).order_by("pk")[0]
    said = subprocess.run(
        [sys.executable, "-I", SCRIPT, after, "--before", before, "--ticket", own_ticket(seat.person)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "This ticket has place 1." in said.stdout
    assert "6 candidates, recomputed; 0 wrong." in said.stdout


def test_the_hub_is_for_everybody_and_lists_are_paged(dispute):
    for page in (Client().get(reverse("justice")), browser_of(dispute.worker).get(reverse("justice"))):
        assert page.status_code == 200
        assert reverse("justice_fund") in text_of(page)
    empty = browser_of(dispute.worker).get(reverse("jury_seats"))
    assert "You have not been drawn yet." in text_of(empty)
    assert "There is nothing more." in text_of(
        browser_of(dispute.worker).get(reverse("jury_seats"), {"before": "1"})
    )
    assert Client().get(reverse("jury_seats")).status_code == 302
