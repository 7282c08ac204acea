"""What a mail carries to end such mails without signing in: the worker's number, signed by the site.

It is good for nothing else and does not end, for a mail may be read years later.
"""

from django.core.signing import BadSignature, Signer

_SALT = "canut.work.stop"


def stop_token(worker_id: int) -> str:
    return Signer(salt=_SALT).sign(str(worker_id))


def worker_of(token: str) -> int | None:
    """Return whose mails a token ends; None if this site did not make it."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
