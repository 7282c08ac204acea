"""A push service with a browser behind it, on this machine: it takes messages by HTTP and reads them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def data(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Reader:
    """A browser's end of the encryption, written from RFC 8291 and RFC 8188 and not from our sending."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    shared: bytes = b"sixteen bytes...".ljust(16)[:16]

    @property
    def public_key(self) -> str:
        return text(point(self.key))

    @property
    def shared_key(self) -> str:
        return text(self.shared)

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        together = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        first = hmac(hmac(self.shared, together), b"WebPush: info\0" + point(self.key) + theirs + b"\1")
        second = hmac(salt, first)
        key = hmac(second, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = hmac(second, b"Content-Encoding: nonce\0\1")[:12]
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded[-1:] == b"\2", "not the last record"
        return padded[:-1]


def hmac(key: bytes, message: bytes) -> bytes:
    made = HMAC(key, SHA256())
    made.update(message)
    return made.finalize()


def claims_of(authorization: str) -> dict[str, Any]:
    """Return what the site says of itself, once its signature is seen to fit the key it shows (RFC 8292)."""
    scheme, _space, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _dot, signature = parts["t"].rpartition(".")
    r, s = data(signature)[:32], data(signature)[32:]
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, data(parts["k"]))
    key.verify(
        encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signed.encode(), ec.ECDSA(SHA256())
    )
    header, claims = (json.loads(data(part)) for part in signed.split("."))
    assert header == {"typ": "JWT", "alg": "ES256"}
    return {**claims, "key": parts["k"]}


@dataclass
class Service:
    """What came in: paths, headers and bodies; it answers each request with `answers`."""

    address: str = ""
    answers: int = 201
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def a_push_service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.came.append((self.path, dict(self.headers.items()), body))
            self.send_response(service.answers)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Say nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
