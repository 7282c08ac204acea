"""Pages of webhooks: set up, tried, looked at, sent again, deleted; by their owner alone."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_person, a_requester
from tests.web.pages import browser_of, text_of
from tests.webhooks.receiver import Receiver

from canut.kernel import clock
from canut.webhooks.models import Endpoint, Message
from canut.webhooks.secrets import shown_secret
from canut.webhooks.usecases.send_messages import send_messages


@pytest.mark.django_db
def test_a_webhook_from_the_first_click_to_the_last(receiver: Receiver) -> None:
    owner, stranger = a_requester(), a_person("stranger", worker=True, requester=True)
    browser = browser_of(owner)
    assert reverse("webhooks") in text_of(browser.get(reverse("account")))
    assert "You have none yet." in text_of(browser.get(reverse("webhooks")))
    wrong = browser.post(reverse("webhooks"), {"name": "Mine", "url": "https://10.0.0.1/", "events": ["x"]})
    assert (wrong.status_code, 'value="Mine"' in text_of(wrong)) == (422, True)
    inside = {"name": "Mine", "url": "https://10.0.0.1/", "events": ["project.done"]}
    assert "begins with https://" in text_of(browser.post(reverse("webhooks"), inside))
    given = {"name": "My program", "url": receiver.url, "events": ["project.done", "submission.submitted"]}
    made = browser.post(reverse("webhooks"), given)
    endpoint = Endpoint.objects.get()
    own = reverse("webhook", args=[endpoint.pk])
    assert made.headers["Location"] == own
    page = text_of(browser.get(own))
    assert "Messages are sent" in page
    assert "Nothing yet." in page

    secret = reverse("webhook_secret", args=[endpoint.pk])
    assert browser.get(secret).headers["Location"].startswith(reverse("account_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    assert shown_secret(endpoint) in text_of(browser.get(secret))
    browser.post(secret)
    assert shown_secret(endpoint) not in text_of(browser.get(secret))

    message_page = browser.post(reverse("try_webhook", args=[endpoint.pk])).headers["Location"]
    assert "It was not sent yet." in text_of(browser.get(message_page))
    receiver.answers = [500, 200]
    send_messages(endpoint_id=endpoint.pk, at=clock.now())
    page = text_of(browser.get(message_page))
    assert "Your program answered with an error." in page
    assert "500" in page
    assert "Said." in page
    browser.post(message_page)
    send_messages(endpoint_id=endpoint.pk, at=clock.now())
    assert "It was taken." in text_of(browser.get(message_page))
    assert "webhook.tried" in text_of(browser.get(own, {"state": "delivered", "before": "9" * 19}))
    for nonsense in ({"state": "\0"}, {"before": "9" * 40}, {"before": "-1"}):
        assert browser.get(own, nonsense).status_code == 200

    changed = given | {"name": "Another", "active": ""}
    assert browser.post(own, changed).status_code == 302
    assert "You have paused it" in text_of(browser.get(own))
    assert browser.post(message_page).status_code == 409

    unasked = browser_of(stranger)
    unasked.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    assert (unasked.get(secret).status_code, unasked.post(secret).status_code) == (404, 404)
    drop = reverse("drop_webhook", args=[endpoint.pk])
    for who, status in ((browser_of(stranger), 404), (Client(), 302)):
        for address in (own, drop, message_page):
            assert (who.get(address).status_code, who.post(address, given).status_code) == (status, status)
    assert "Delete “Another”?" in text_of(browser.get(drop))
    assert browser.post(drop).headers["Location"] == reverse("webhooks")
    assert not Message.objects.exists()
