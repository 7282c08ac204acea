"""How answers are written: compact JSON in UTF-8, moments in UTC with a Z, never a float for money."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.renderers import BaseRenderer

_encode = msgspec.json.Encoder(enc_hook=lambda value: _written(value)).encode


class Json(BaseRenderer):
    """The one renderer of the API."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return encode(data)


def encode(data: Any) -> bytes:
    """Return the JSON of plain values, moments and lazy sentences."""
    return _encode(in_utc(data))


def in_utc(data: Any) -> Any:
    """Return the data with every moment in it as a program reads it: `2026-07-31T12:00:00Z`."""
    match data:
        case datetime():
            return data.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case dict():
            return {key: in_utc(value) for key, value in data.items()}
        case list() | tuple():
            return [in_utc(value) for value in data]
        case _:
            return data


def _written(value: object) -> str:
    return str(value)
