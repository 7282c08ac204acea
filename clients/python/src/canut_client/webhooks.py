"""Checking that a webhook comes from the site: see `verified`."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

TOLERANCE_SECONDS = 300
"""How old, or how much ahead, a message may be: whoever records one cannot use it later."""


class NotFromCanut(Exception):
    """A message was not signed with this secret, was changed since, or is too old. Answer it with 400."""


def verified(
    body: str | bytes, headers: Mapping[str, str], secret: str, *, now: float | None = None
) -> dict[str, Any]:
    """Return what a webhook says, once its signature is seen to be the site's (Standard Webhooks 1.0.0).

    `body` is the request's, as it came; `secret` begins with `whsec_`. The same message may come more than
    once: do nothing for an id (the header `webhook-id`) that you have had.

    Raises:
        NotFromCanut: do not use it.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        uid, timestamp, signatures = (given[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        moment = int(timestamp) if timestamp.isascii() else 0
    except (KeyError, ValueError, binascii.Error) as error:
        raise NotFromCanut(f"The message or the secret cannot be read ({error}).") from error
    if abs((time.time() if now is None else now) - moment) > TOLERANCE_SECONDS:
        raise NotFromCanut("The message is too old, or this machine's clock is wrong.")
    content = body.encode() if isinstance(body, str) else body
    expected = hmac.new(key, f"{uid}.{timestamp}.".encode() + content, hashlib.sha256).digest()
    written = b"v1," + base64.b64encode(expected)
    if not any(hmac.compare_digest(one.encode(), written) for one in signatures.split(" ")):
        raise NotFromCanut("The message was not signed with this secret.")
    said: dict[str, Any] = json.loads(content)
    return said
