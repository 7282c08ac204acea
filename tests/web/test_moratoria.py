"""Stopping an algorithm through pages: by the members of a college, without scripts, and seen by anybody."""

from datetime import timedelta

import pytest
from tests.builders import a_worker
from tests.governance.ballot_box import as_if_committed
from tests.governance.proposing import ratified
from tests.membership.members import a_member_of, active_on
from tests.web.pages import browser_of, text_of

from canut.charter import log
from canut.charter.queries import in_force
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.usecases.conclude_motions import conclude_motions
from canut.kernel import clock

pytestmark = pytest.mark.django_db
PAGE = "/moratoria/"
ASKED = {"algorithm": "cascade", "reason": "Newcomers <b>wait</b> too long."}


def test_a_college_stops_an_algorithm_through_pages(client, operator):
    log.lock()
    now = clock.now()
    long_ago = now - timedelta(days=20)
    people = [a_member_of(college, at=long_ago) for college in ("workers",) * 3 + ("requesters",) * 3]
    for person in people:
        active_on(person, 19, worked=person.is_worker, at=now)
    ratified(operator, people, at=now)
    # Anybody reads what runs; a member moves, an empty reason comes back with what was chosen
    text = text_of(client.get(PAGE))
    assert text.count('<span class="mark">runs</span>') == 3
    assert "when they have signed in" in text
    mover = browser_of(people[0])
    refused = mover.post(PAGE, ASKED | {"reason": " "})
    assert refused.status_code == 422
    assert 'value="cascade" required id="id_algorithm_1" checked' in text_of(refused).replace(
        ' aria-invalid="true"', ""
    )
    assert not Motion.objects.exists()
    moved = mover.post(PAGE, ASKED, follow=True)
    address = moved.redirect_chain[-1][0]
    motion = Motion.objects.get()
    assert address == f"{PAGE}{motion.pk}/"
    assert "1 of the 3 supporters" in text_of(moved)
    # Who moved it is not told yet, and what they wrote is text
    seen = text_of(client.get(address))
    assert people[0].screen_name not in seen
    assert "&lt;b&gt;wait" in seen
    # The same again leads to it; a retry makes no second
    again = browser_of(people[1]).post(PAGE, ASKED)
    assert again.status_code == 409
    assert "Support that motion" in text_of(again)
    for person in people[1:3]:
        assert browser_of(person).post(f"{address}support/", follow=True).status_code == 200
    assert people[0].screen_name in text_of(client.get(address))
    # The college votes on its page
    motion.refresh_from_db()
    for person in people[:3]:
        page = browser_of(person)
        assert f"/votes/{motion.vote_id}/" in text_of(page.get(address))
        answer = page.post(f"/votes/{motion.vote_id}/ballot/", {"choice": "yes"}, follow=True)
        assert answer.status_code == 200, text_of(answer)
    later = now + timedelta(days=4)
    assert conclude_motions(at=later) == 1
    as_if_committed()
    assert in_force("moratorium.cascade", at=later)
    motion.refresh_from_db()
    assert motion.state == "holds"
    # Its page shows both votes, and they are no landmarks of one name
    both = text_of(client.get(address))
    assert both.count(">The vote</h2>") == 2
    assert 'aria-labelledby="vote-' not in both


def test_strangers_and_other_roles_are_told_why_not(client, operator):
    assert client.post(PAGE, ASKED).status_code == 302
    stranger = browser_of(a_worker())
    assert "You are not admitted yet" in text_of(stranger.get(PAGE))
    assert stranger.post(PAGE, ASKED).status_code == 403
    team = browser_of(a_member_of("team", at=clock.now()))
    assert team.post(PAGE, ASKED).status_code == 403
    for method, address, status in (
        ("get", f"{PAGE}99/", 404),
        ("get", f"{PAGE}{2**70}/", 404),
        ("get", f"{PAGE}?before={2**70}", 200),
        ("get", f"{PAGE}?before=x", 200),
        ("post", f"{PAGE}99/support/", 403),
        ("post", f"{PAGE}99/withdraw/", 404),
        ("get", f"{PAGE}99/support/", 405),
    ):
        assert getattr(stranger, method)(address).status_code == status, address
    bad = browser_of(a_member_of("workers", at=clock.now())).post(PAGE, {"algorithm": "a\0", "reason": "\0"})
    assert bad.status_code == 422


def test_a_motion_is_withdrawn_and_listed(client):
    now = clock.now()
    people = [a_member_of("workers", at=now) for _each in range(3)]
    browser = browser_of(people[0])
    address = browser.post(PAGE, ASKED).url
    assert browser_of(people[1]).post(f"{address}withdraw/").status_code == 403
    assert "Withdrawn" in text_of(browser.post(f"{address}withdraw/", follow=True))
    text = text_of(client.get(PAGE))
    assert f'href="{address}"' in text.split("What came of earlier motions")[1]
    assert "withdrawn" in text_of(client.get(address))
