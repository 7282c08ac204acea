"""Pages of membership and lots in a real browser: at a desk, on a phone, in the dark, in French."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.membership.members import active_on, admitted, members_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.membership.invitation_token import invitation_token
from canut.membership.models import ActivityDay
from canut.membership.queries import is_admitted
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.close_lot import close_lot
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.invite_member import invite_member
from canut.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_pages_of_membership_are_accessible_on_a_phone_and_in_french(cast, opened):  # noqa: F811
    at, member = cast.at, cast.worker
    members_of("workers", 3, at=at)
    admitted(member, at=at)
    active_on(member, 6, at=at)
    ActivityDay.objects.filter(person=member).update(requested=True)
    asking = ask_admission(by=cast.requester, words="I publish pictures of cats. " * 10, at=at)
    invitation = invite_member(by=member, email=f"{'a' * 40}@{'example' * 4}.org", at=at)
    lots = [
        commit_lot(subject_kind="jury", subject_id=n, address="/decide/", college=None, seats=4, at=at)
        for n in (1, 2)
    ]
    for lot in lots:
        draw_lot(number=lot.pk, at=at)
    close_lot(number=lots[0].pk, at=at)
    names = ("membership", "members", "admission_requests", "member_invitations", "lots", "leave_membership")
    addresses = [*map(reverse, names), *(reverse("lot", args=[lot.pk]) for lot in lots)]
    page = opened(member, viewport=PHONE)
    found = seen(page, addresses)
    # Seats are accepted with the keyboard alone
    page.goto(reverse("lot", args=[lots[1].pk]))
    page.get_by_role("button", name="Accept", exact=True).press("Enter")
    expect(page.get_by_text("You have accepted. Thank you.")).to_be_visible()
    page.goto(reverse("membership"))
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += seen(page, addresses[:3])
    # Somebody asks, is invited, and comes in; an operator sees who was checked
    other = opened(cast.requester, viewport=PHONE)
    link = reverse("member_invitation", args=[invitation_token(invitation.pk)])
    found += seen(other, [reverse("membership"), link])
    Person.objects.filter(pk=member.pk).update(is_operator=True)
    found += seen(page, [reverse("check_identity", args=[asking.pk]), reverse("identity_checks")])
    other.goto(link)
    other.get_by_role("button", name="Become a member").click()
    expect(other.get_by_text("Welcome: you are a member now.")).to_be_visible()
    assert is_admitted(cast.requester.pk, at=at.replace(year=at.year + 1))
    assert found == [], "\n".join(map(str, found))


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
