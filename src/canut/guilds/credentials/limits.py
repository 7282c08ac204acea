"""How often one address may have files checked: each can cost the site a second of work."""

from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import Refusal

CHECKS_ALLOWED = 60
WITHIN_SECONDS = 600


class TooManyChecks(Refusal):
    """Too many files came from this address. Fact: `retry_after_seconds`."""

    code = "too_many_checks"
    status = 429


def count_check(address: str, *, at: datetime) -> None:
    """Count a file that comes from a network address; who has many to check installs `canut` and asks nobody.

    What is kept is how many came within ten minutes from what cannot be read back to an address by sight,
    and for ten minutes only. Two at the very same moment may be counted as one.

    Raises:
        TooManyChecks: this address has had its share.
    """
    seconds = int(at.timestamp())
    window, left = seconds // WITHIN_SECONDS, WITHIN_SECONDS - seconds % WITHIN_SECONDS
    kept_as = f"badge-checks:{sha256(f'{window} {address}'.encode()).hexdigest()}"
    counted = cache.get(kept_as, 0) + 1
    if counted > CHECKS_ALLOWED:
        raise TooManyChecks(
            _("Many badges were checked or fetched from your address. Wait ten minutes, then go on."),
            retry_after_seconds=left,
        )
    cache.set(kept_as, counted, left)
