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
from tests.webhooks.conftest import receiver  # noqa: F401 - a fixture
from tests.webhooks.receiver import Receiver

from canut.kernel import clock
from canut.webhooks.models import Endpoint
from canut.webhooks.states import Told
from canut.webhooks.usecases.manage_endpoint import add_endpoint, give_up_waiting
from canut.webhooks.usecases.send_again import try_endpoint
from canut.webhooks.usecases.send_messages import send_messages

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_webhook_is_set_up_on_a_phone_and_its_pages_are_accessible(
    cast,  # noqa: F811
    opened,  # noqa: F811
    receiver: Receiver,  # noqa: F811
) -> None:
    owner = cast.requester
    project = a_project(owner=owner, at=cast.began).pk
    page = opened(owner, viewport=PHONE)
    page.goto(reverse("studio_project", args=[project]))
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    page.get_by_label("Name").fill("A program with a long name, " + "x" * 30)
    page.keyboard.press("Tab")
    page.keyboard.type(f"{receiver.url}/{'a_long_path_without_a_break' * 4}")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Make the webhook").press("Enter")
    page.get_by_role("button", name="Try it out").press("Enter")
    expect(page.get_by_text("It was not sent yet.")).to_be_visible()
    endpoint = Endpoint.objects.get()
    receiver.answers = [500, 200]
    for _try in range(2):
        send_messages(endpoint_id=endpoint.pk, at=clock.now())
    message = page.url
    add_endpoint(name="Another", url=receiver.url, events=list(Told.values), by=owner, at=clock.now())
    try_endpoint(endpoint_id=endpoint.pk, by=owner, at=clock.now())
    give_up_waiting(endpoint, at=clock.now())
    own = reverse("webhook", args=[endpoint.pk])
    secret = reverse("webhook_secret", args=[endpoint.pk])
    page.goto(secret)
    page.fill("input[name=password]", "correct horse")
    page.press("input[name=password]", "Enter")
    addresses = [own, message, secret, reverse("webhooks"), reverse("drop_webhook", args=[endpoint.pk])]
    found = seen(page, [*addresses, own + "?state=given_up"])
    page.goto(own)
    page.get_by_role("button", name="Send all that was given up again").click()
    expect(page.get_by_role("status")).to_contain_text("on its way")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    for address in (own, reverse("webhooks")):
        page.goto(address)
        found += faults(page, f"{address} in French")
    assert found == []
