"""Pages of webhooks in a real browser: set up by the keyboard on a phone, in French, in the dark, for axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project
from tests.web.looks import PHONE, faults
from tests.web.test_guilds_browser import seen
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.kernel import clock
from canut.webhooks.models import Endpoint, Message
from canut.webhooks.sending import Sent
from canut.webhooks.states import Outcome, Told
from canut.webhooks.usecases.manage_endpoint import add_endpoint, give_up_waiting
from canut.webhooks.usecases.send_again import try_endpoint
from canut.webhooks.usecases.send_messages import note_attempt

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_webhook_is_set_up_on_a_phone_and_its_pages_are_accessible(cast, opened):  # noqa: F811
    owner = cast.requester
    project = a_project(owner=owner, at=cast.began).pk
    page = opened(owner, viewport=PHONE)
    page.goto(reverse("studio_project", args=[project]))
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    page.get_by_label("Name").fill("A program with a long name, " + "x" * 30)
    page.keyboard.press("Tab")
    page.keyboard.type(f"https://hooks.example.org/{'a_long_path_without_a_break' * 4}")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Make the webhook").press("Enter")
    page.get_by_role("button", name="Try it out").press("Enter")
    expect(page.get_by_text("It was not sent yet.")).to_be_visible()
    endpoint = Endpoint.objects.get()
    for sent in (Sent(Outcome.REFUSED, 12, 500, "Try later. " * 10), Sent(Outcome.TAKEN, 7, 200, "Thanks.")):
        note_attempt(message_id=Message.objects.get().pk, sent=sent, at=clock.now())
    message = page.url
    add_endpoint(
        name="Another", url="https://hooks.example.org", events=list(Told.values), by=owner, at=clock.now()
    )
    try_endpoint(endpoint_id=endpoint.pk, by=owner, at=clock.now())
    give_up_waiting(endpoint, at=clock.now())
    own = reverse("webhook", args=[endpoint.pk])
    secret = reverse("webhook_secret", args=[endpoint.pk])
    page.goto(secret)
    page.fill("input[name=password]", "correct horse")
    page.press("input[name=password]", "Enter")
    found = seen(page, [own, message])
    for address in (secret, reverse("webhooks"), reverse("drop_webhook", args=[endpoint.pk])):
        page.goto(address)
        found += faults(page, address, looks=("phone",))
    page.goto(own)
    page.get_by_role("button", name="Send all that was given up again").click()
    expect(page.get_by_role("status")).to_contain_text("on its way")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, "in French", looks=("phone",))
    assert found == []
