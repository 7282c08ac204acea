"""The secret of an endpoint, which lies in the database sealed."""

import os

from canut.kernel.sealing import seal, unseal
from canut.webhooks.models import Endpoint
from canut.webhooks.rules import SECRET_BYTES, written_secret

PURPOSE = "webhooks.endpoint"


def new_sealed() -> bytes:
    """Return a new secret, sealed."""
    return seal(os.urandom(SECRET_BYTES), purpose=PURPOSE)


def opened(sealed: bytes | memoryview) -> bytes:
    """Return the secret that was sealed."""
    return unseal(bytes(sealed), purpose=PURPOSE)


def shown_secret(endpoint: Endpoint) -> str:
    """Return the secret of an endpoint as its owner's program is given it."""
    return written_secret(opened(endpoint.sealed))
