"""Reading JSON and base64url that a stranger wrote: bounded, and in one way only."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

MOST_DEPTH = 24
"""How deep containers may be nested. A badge has six levels."""


class NotReadable(ValueError):
    """It is not what it should be. Says nothing of its content."""


class TooDeep(NotReadable):
    """It is nested deeper than MOST_DEPTH."""


def read_json(text: bytes | str) -> Any:
    """Return the value of a JSON text.

    Refused although Python's reader takes them: a member named twice (readers differ in which one
    counts), NaN and Infinity, half of a surrogate pair, and nesting deeper than MOST_DEPTH.

    Raises:
        TooDeep, NotReadable: as above; the second also for what is no JSON in UTF-8.
    """
    try:
        value = json.loads(
            text.decode("utf-8") if isinstance(text, bytes) else text,
            object_pairs_hook=_once_each,
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise TooDeep from None
    except NotReadable:
        raise
    except ValueError as error:
        raise NotReadable from error
    _check(value)
    return value


def read_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding, in the only spelling that these bytes have.

    Raises:
        NotReadable: it has another letter, padding, or bits left over that say something.
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise NotReadable from error
    if write_base64url(data) != text:
        raise NotReadable
    return data


def write_base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotReadable
    return found


def _no_constant(_name: str) -> Any:
    raise NotReadable


def _check(value: Any) -> None:
    todo = [(value, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > MOST_DEPTH:
            raise TooDeep
        if isinstance(node, dict):
            todo += [(part, depth + 1) for pair in node.items() for part in pair]
        elif isinstance(node, list):
            todo += [(part, depth + 1) for part in node]
        elif isinstance(node, str):
            try:
                node.encode()
            except UnicodeEncodeError as error:
                raise NotReadable from error
        elif isinstance(node, float) and node in (float("inf"), float("-inf")):
            raise NotReadable
