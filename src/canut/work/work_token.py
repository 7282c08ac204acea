"""The short-lived token in a task's form: proof of who works on what, and of where the form came from.

It stands for one worker, one assignment and one revision until a moment, signed with the site's
secret. Nobody else can make one, and a foreign page cannot read one, so it is authentication and
protection against forged requests in one (DESIGN.md 4).
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

_SALT = b"canut.work.work_token:"


@dataclass(frozen=True, slots=True)
class WorkToken:
    """What a token says; `expires_at` in whole seconds since 1970."""

    worker_id: int
    assignment_id: int
    revision_id: int
    expires_at: int


def sign(token: WorkToken) -> str:
    """Return the token as text of digits, dots and hexadecimal."""
    body = f"{token.worker_id}.{token.assignment_id}.{token.revision_id}.{token.expires_at}"
    return f"{body}.{_signature(body, settings.SECRET_KEY)}"


def read(text: str, *, now: float) -> WorkToken | None:
    """Return what a genuine token that has not run out says, else None.

    `now` in seconds since 1970. Tokens signed with a secret that the site is retiring are good still.
    """
    body, _dot, signature = text.rpartition(".")
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(
        hmac.compare_digest(signature.encode(), _signature(body, secret).encode()) for secret in secrets
    ):
        return None
    parts = body.split(".")
    token = WorkToken(*(int(part) for part in parts))
    return token if token.expires_at > now else None


def _signature(body: str, secret: str) -> str:
    return hmac.new(_SALT + secret.encode(), body.encode(), sha256).hexdigest()
