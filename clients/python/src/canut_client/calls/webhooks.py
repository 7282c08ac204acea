"""Having a program told what happens; `canut_client.webhooks.verified` reads what comes."""

from collections.abc import Iterator, Sequence

from canut_client.calls.base import Calls, given
from canut_client.models import Webhook, WebhookMessage, WebhookSecret, WebhookSentAgain
from canut_client.reading import read


class WebhookCalls(Calls):
    def webhooks(self) -> Iterator[Webhook]:
        """Give one's webhooks, the oldest first."""
        return self._all(Webhook, "/webhooks")

    def webhook(self, webhook_id: int) -> Webhook:
        return read(Webhook, self._transport.get(f"/webhooks/{webhook_id}"))

    def make_webhook(self, name: str, url: str, events: Sequence[str], *, key: str | None = None) -> Webhook:
        """Have an address told what happens from now on, such as "submission.submitted", "project.done"."""
        body = {"name": name, "url": url, "events": list(events)}
        return read(Webhook, self._transport.post("/webhooks", body, key=key))

    def change_webhook(
        self,
        webhook_id: int,
        *,
        name: str | None = None,
        url: str | None = None,
        events: Sequence[str] | None = None,
        active: bool | None = None,
    ) -> Webhook:
        """Change what is given and leave the rest; what happens while it is not `active` is not told."""
        listed = None if events is None else list(events)
        body = given(name=name, url=url, events=listed, active=active)
        return read(Webhook, self._transport.patch(f"/webhooks/{webhook_id}", body))

    def delete_webhook(self, webhook_id: int) -> None:
        self._transport.delete(f"/webhooks/{webhook_id}")

    def webhook_secret(self, webhook_id: int) -> str:
        """Return what messages are signed with."""
        return read(WebhookSecret, self._transport.get(f"/webhooks/{webhook_id}/secret")).secret

    def rotate_webhook_secret(self, webhook_id: int, *, key: str | None = None) -> str:
        """Make a new secret and return it; for a day messages are signed with the earlier one too."""
        return read(WebhookSecret, self._transport.post(f"/webhooks/{webhook_id}/secret", {}, key=key)).secret

    def try_webhook(self, webhook_id: int, *, key: str | None = None) -> WebhookMessage:
        """Send a message that says nothing but that it works."""
        return read(WebhookMessage, self._transport.post(f"/webhooks/{webhook_id}/try", {}, key=key))

    def webhook_messages(self, webhook_id: int) -> Iterator[WebhookMessage]:
        """Give what a webhook was told in the last 30 days, the latest first."""
        return self._all(WebhookMessage, f"/webhooks/{webhook_id}/messages")

    def webhook_message(self, webhook_id: int, message_id: int) -> WebhookMessage:
        """Return one message with each attempt to send it."""
        return read(WebhookMessage, self._transport.get(f"/webhooks/{webhook_id}/messages/{message_id}"))

    def send_webhook_message_again(self, webhook_id: int, message_id: int) -> WebhookMessage:
        """Send a message again, under the same id."""
        path = f"/webhooks/{webhook_id}/messages/{message_id}/send"
        return read(WebhookMessage, self._transport.post(path, {}))

    def send_all_webhook_messages_again(self, webhook_id: int) -> int:
        """Send all that was given up again, and return how many messages that is."""
        path = f"/webhooks/{webhook_id}/send-again"
        return read(WebhookSentAgain, self._transport.post(path, {})).count
