"""Secrets that must lie in the database, sealed with the installation's own.

Whoever has the database alone (a stolen dump, a replica, a log of changes) cannot open them: the key is
worked out from CANUT_SECRET_KEY, which is never in the database. While that key is being changed,
CANUT_SECRET_KEY_FALLBACKS open what the earlier ones sealed.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealedWithAnotherSecret(Exception):
    """None of the installation's secrets opens this, or it was changed since."""


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Return `plain` encrypted and authenticated. What is sealed for one purpose opens for no other."""
    return _fernet(settings.SECRET_KEY, purpose).encrypt(plain)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Return what was sealed.

    Raises:
        SealedWithAnotherSecret: it was sealed with a secret that is neither in force nor a fallback,
            for another purpose, or is damaged.
    """
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        return MultiFernet([_fernet(secret, purpose) for secret in secrets]).decrypt(sealed)
    except InvalidToken:
        raise SealedWithAnotherSecret(purpose) from None


@lru_cache
def _fernet(secret: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"canut.kernel.sealing {purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))
