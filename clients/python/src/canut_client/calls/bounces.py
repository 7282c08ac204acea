"""Reporting mails of the site that came back, as one of those who run it."""

from canut_client.calls.base import Calls
from canut_client.models import BounceNoted
from canut_client.reading import read


class BounceCalls(Calls):
    def report_bounce(self, reference: str, status: str) -> BounceNoted:
        """Say that a mail did not arrive: its message id or return address, and what the mail server said."""
        body = {"reference": reference, "status": status}
        return read(BounceNoted, self._transport.post("/bounces", body))

    def report_bounced_mail(self, message: str) -> BounceNoted:
        """Hand in a whole report (RFC 3464) that came to the site's bounce address."""
        return read(BounceNoted, self._transport.post("/bounces/reports", {"message": message}))
