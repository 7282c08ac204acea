"""Pages of the board in a real browser: a ballot by keyboard, the count sheet on a phone, in French."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.api.scenarios.board import counted
from tests.membership.members import active_on, members_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.governance.board.access import held_seats
from canut.governance.board.models import Election
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.move_motion import move_motion
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.petition import petition_recall
from canut.governance.board.usecases.stand import stand_for_election
from canut.membership.states import College

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_member_ranks_by_keyboard_and_reads_the_count_on_a_phone(cast, opened):  # noqa: F811
    over = counted(cast)
    active_on(cast.peer, 1, at=cast.at, skip=60)
    holder, other, *_rest = [seat.candidate.person for seat in held_seats()]
    motion = move_motion(kind="ratification", by=holder, reason="Il est temps. " * 20, at=cast.at)
    seat = held_seats().get(candidate__person=other)
    petition = petition_recall(seat_id=seat.pk, by=cast.worker, reason="Jamais là. " * 20, at=cast.at)
    began = cast.at - timedelta(days=15)
    team = members_of(College.TEAM, 3, at=began)
    open_due_elections(at=began)
    running = Election.objects.get(college="team")
    for person in team[:2]:
        stand_for_election(election_id=running.pk, by=person, statement="J’écoute. " * 30, at=began)
    end_due_nominations(at=running.nominations_end_at)

    page = opened(team[2], viewport=PHONE)
    ballot = reverse("board_election", args=[running.pk])
    page.goto(ballot)
    page.get_by_label(team[1].screen_name).focus()
    page.keyboard.press("1")
    expect(page.get_by_label(team[1].screen_name)).to_have_value("1")
    page.get_by_role("button", name="Cast my ballot").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your receipt, by which you find it")).to_be_visible()
    expect(page.get_by_label(team[1].screen_name)).to_have_value("1")

    addresses = [
        ballot,
        reverse("board"),
        reverse("board_elections"),
        *(reverse(name, args=[over.pk]) for name in ("board_election", "board_ballots")),
        reverse("board_motion", args=[motion.pk]),
        reverse("board_recall", args=[petition.pk]),
    ]
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    of_board = opened(holder, viewport=PHONE)
    for address in (
        reverse("move_motion"),
        reverse("board_motion", args=[motion.pk]),
        reverse("leave_board", args=[held_seats().get(candidate__person=holder).pk]),
    ):
        of_board.goto(address)
        found += faults(of_board, address)
    page.goto(reverse("board"))
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    for address in addresses[:5]:
        page.goto(address)
        found += faults(page, address)
    assert found == []
