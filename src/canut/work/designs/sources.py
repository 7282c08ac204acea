"""Addresses of what a design shows from elsewhere: https only, and nothing that a page could run."""

import re
from urllib.parse import urlsplit

from canut.work.designs.columns import PLACE
from canut.work.designs.fields import Fields

LONGEST = 2000

_PLAIN = re.compile(r"https://[^\s\x00-\x20\x7f<>\"'`\\]+", re.IGNORECASE)


def read_source(raw: Fields, field: str) -> str:
    """Take an address out of `raw`: an https one, in which columns may stand, or a column of them."""
    source = raw.text(field, at_most=LONGEST, one_line=True)
    if source and not safe_source(PLACE.sub("x", source)) and not source.startswith("{{"):
        raw.problem("not_a_source", field)
    return source


def safe_source(address: str) -> str:
    """Return the address if it is an https one with a host and without credentials, else nothing."""
    address = address.strip()
    if len(address) > LONGEST or not _PLAIN.fullmatch(address):
        return ""
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:  # such as a port that is no number
        return ""
    return address if usable else ""
