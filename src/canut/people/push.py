"""Web Push: one message to one browser, encrypted for it alone and signed by this site.

The address that a browser gave comes from outside, so nothing is sent to an address inside our own
network: its host's addresses are looked up, and the one that was looked at is the one connected to.
"""

import ipaddress
import json
import os
import re
import socket
import ssl
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from canut.kernel.outside import address_outside

MOST_BYTES = 3993
"""What fits into one message of 4,096 bytes with what encryption adds (RFC 8291, section 4)."""
SIGNED_FOR_SECONDS = 12 * 3600
TIMEOUT_SECONDS = 10
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of that curve
_RECORD_BYTES = 4096
_PUBLIC_KEY = re.compile(r"B[A-Za-z0-9_-]{86}")  # an uncompressed point begins with 4
_SHARED_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class NotReached(Exception):
    """The browser's push service could not take the message now: trying again may help."""


class NotTaken(Exception):
    """The push service does not take what we send: trying again will not help, somebody must look."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser gave us to reach it; the keys are in base64url without padding."""

    endpoint: str
    public_key: str
    shared_key: str
    site_key: str


# --- The site's own key -----------------------------------------------------------------------------


def site_key() -> str:
    """Return the public key by which browsers know this site, in base64url: what a subscription is for."""
    return _public(_private(settings.SECRET_KEY))


@lru_cache
def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    """Return the signing key that belongs to one of the site's secrets.

    It is worked out from the secret, so every node has it, a backup holds it, and there is no second
    secret to keep.
    """
    seed = HKDF(SHA256(), length=48, salt=None, info=b"canut.people.push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, _CURVE)


def _signing_key(public: str) -> ec.EllipticCurvePrivateKey | None:
    """Return the key whose public half a browser was given, also of a secret that is being retired."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return next((key for key in map(_private, secrets) if _public(key) == public), None)


def authorization(browser: Browser, *, by: ec.EllipticCurvePrivateKey, now: float) -> str:
    """Return what shows a push service that a message is this site's (RFC 8292). `now` as `time.time()`."""
    parts = urlsplit(browser.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + SIGNED_FOR_SECONDS,
        "sub": settings.SITE_URL
        if settings.SITE_IS_HTTPS
        else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    signed = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(by.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={signed}.{_text(r.to_bytes(32) + s.to_bytes(32))},k={_public(by)}"


# --- Encryption -------------------------------------------------------------------------------------


def encrypted(
    message: bytes,
    browser: Browser,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return a message as only this browser can read it: RFC 8291, in one record of RFC 8188.

    `salt` and `own` are new for each message; the example of the RFC gives its own.

    Raises:
        ValueError: the message is longer than MOST_BYTES, or the browser's key is none.
    """
    if len(message) > MOST_BYTES:
        raise ValueError(f"a push message holds {MOST_BYTES} bytes at most, not {len(message)}")
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(_CURVE)
    ours, theirs = _point(own), _bytes(browser.public_key)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs))
    together = _derived(
        shared, salt=_bytes(browser.shared_key), info=b"WebPush: info\0" + theirs + ours, length=32
    )
    key = _derived(together, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(together, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + _RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, message + b"\2", None)  # 2: the last record


def is_public_key(text: str) -> bool:
    """Say whether a text is a browser's public key: a point of the curve, in base64url."""
    if not _PUBLIC_KEY.fullmatch(text):
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(text))
    except ValueError:
        return False
    return True


def is_shared_key(text: str) -> bool:
    """Say whether a text is the 16 bytes that browser and site share, in base64url."""
    return bool(_SHARED_KEY.fullmatch(text))


# --- Sending ----------------------------------------------------------------------------------------


def is_address(endpoint: str) -> bool:
    """Say whether a browser's push service can have such an address: https, and no address of a network.

    Where its name leads is looked at each time that something is sent. Tests may have one of their own.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if not endpoint.isascii() or len(endpoint) > 1000 or not parts.hostname or parts.username:
        return False
    if settings.CANUT_MODE == "test" and parts.hostname == "127.0.0.1":
        return True
    if parts.scheme != "https" or port not in (None, 443) or "." not in parts.hostname:
        return False
    try:
        ipaddress.ip_address(parts.hostname)
    except ValueError:
        return not parts.hostname.endswith((".local", ".internal", ".localhost", ".lan", ".home.arpa"))
    return False


def push(browser: Browser, said: Mapping[str, Any], *, ttl_seconds: int) -> bool:
    """Send one message, for the service to keep so many seconds at most; False if there is no such browser.

    Raises:
        AddressIsInternal: it was not sent, for it would have gone into our own network.
        NotReached, NotTaken: see there.
    """
    key = _signing_key(browser.site_key)
    if key is None:
        return False  # it was set up for a secret that the site has no more
    parts = urlsplit(browser.endpoint)
    content = encrypted(json.dumps(said, ensure_ascii=False).encode(), browser)
    headers = {
        "Host": parts.netloc,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, ttl_seconds)),
        "Urgency": "normal",
        "Authorization": authorization(browser, by=key, now=time.time()),  # the world's time, not the site's
    }
    try:
        address = _address(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=_trusted()) as client:
            answer = client.post(
                httpx.URL(browser.endpoint).copy_with(host=address),
                content=content,
                headers=headers,
                extensions={"sni_hostname": parts.hostname},
            )
    except (httpx.HTTPError, socket.gaierror) as error:
        raise NotReached(f"{parts.hostname}: {error!r}") from error
    match answer.status_code:
        case 404 | 410:
            return False
        case code if 200 <= code < 300:
            return True
        case 429 | 500 | 502 | 503 | 504:
            raise NotReached(f"{parts.hostname} answered {answer.status_code}")
    raise NotTaken(f"{parts.hostname} answered {answer.status_code}: {answer.text[:200]}")


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust for https; reading the list takes longer than a message."""
    return httpx.create_ssl_context()


def _address(host: str, port: int) -> str:
    """Return a public address of a host: the one to connect to, so that it cannot be another by then."""
    own = [ipaddress.ip_network("127.0.0.1/32")] if settings.CANUT_MODE == "test" else []
    return address_outside(host, port, allowed=own)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    return _text(_point(key))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
