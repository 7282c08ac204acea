"""Sending one message to one address: once, within a set time, and never into a private network."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from canut.kernel.outside import AddressIsInternal, address_outside
from canut.webhooks.models import LONGEST_SAID, Endpoint
from canut.webhooks.rules import may_be_told, signature
from canut.webhooks.secrets import opened
from canut.webhooks.states import Outcome

TIMEOUT_SECONDS = 15
"""For all of it: a program that answers a byte at a time gains no more."""
MOST_BYTES_READ = 4_096


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending a message once."""

    outcome: Outcome
    milliseconds: int
    status: int | None = None
    said: str = ""


def send(endpoint: Endpoint, *, uid: str, body: str, at: datetime) -> Sent:
    """Send a message once, signed; what the program answers is read so far as its owner is shown it.

    `at` tells which secrets are in use. The moment that is signed is the world's, not the site's clock's, for
    programs refuse what is too old by theirs.
    """
    before = None if endpoint.signed_before_until is None else endpoint.sealed_before
    sealed = [endpoint.sealed]
    if before is not None and endpoint.signed_before_until is not None and at < endpoint.signed_before_until:
        sealed.append(before)
    headers = signed_headers([opened(one) for one in sealed], uid=uid, timestamp=int(time.time()), body=body)
    began = time.monotonic()
    outcome, status, said = _posted(endpoint.url, headers, body)
    return Sent(outcome, round((time.monotonic() - began) * 1000), status, said)


def signed_headers(secrets: Sequence[bytes], *, uid: str, timestamp: int, body: str) -> dict[str, str]:
    """Return a message's headers, with a signature by each secret."""
    signatures = [signature(secret, uid=uid, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Canut-Webhooks/1",
        "webhook-id": uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _posted(url: str, headers: dict[str, str], body: str) -> tuple[Outcome, int | None, str]:
    if not may_be_told(url, allowed=settings.WEBHOOK_NETWORKS):  # it may have been, when it was written
        return Outcome.INTERNAL, None, ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = address_outside(host, port, allowed=settings.WEBHOOK_NETWORKS)
        _trusted()  # read before the clock runs
        status, said = asyncio.run(_asked(url, address, {**headers, "Host": parts.netloc}, body))
    except AddressIsInternal:
        return Outcome.INTERNAL, None, ""
    except (TimeoutError, httpx.TimeoutException):
        return Outcome.TOO_SLOW, None, ""
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        return Outcome.UNREACHABLE, None, _shown(str(error) or type(error).__name__)
    if 200 <= status < 300:
        return Outcome.TAKEN, status, said
    return (Outcome.REDIRECTED if 300 <= status < 400 else Outcome.REFUSED), status, said


async def _asked(url: str, address: str, headers: dict[str, str], body: str) -> tuple[int, str]:
    """Post to an address that was looked at before, and return the status and the beginning of the answer."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        async with (
            httpx.AsyncClient(
                timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=_trusted(), trust_env=False
            ) as client,
            client.stream(
                "POST",
                httpx.URL(url).copy_with(host=address),
                content=body.encode(),
                headers=headers,
                extensions={"sni_hostname": urlsplit(url).hostname},
            ) as answer,
        ):
            read = b""
            async for part in answer.aiter_raw():
                read += part
                if len(read) >= MOST_BYTES_READ:
                    break
            return answer.status_code, _shown(read[:MOST_BYTES_READ].decode("utf-8", "replace"))


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust for https; reading the list takes longer than a message."""
    return httpx.create_ssl_context()


def _shown(text: str) -> str:
    """Return what was answered as it is kept: on one line, without what cannot be shown."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_SAID].strip()
