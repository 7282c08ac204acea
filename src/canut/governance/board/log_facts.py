"""What of a count goes into the public log: enough that nobody can show another one later."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785


def count_facts(sheet: Mapping[str, Any], *, is_told: bool) -> dict[str, Any]:
    """Return the facts of a count for the log, with the SHA-256 of the sheet in RFC 8785's form.

    Of few ballots nothing but who is elected is told, so the sheet is not hashed either: from few
    ballots' hash one could find by trying how they were ranked.
    """
    if not is_told:
        return {"told": False}
    return {
        "told": True,
        "valid": sheet["valid"],
        "empty": sheet["empty"],
        "quota": sheet["quota"],
        "stages": len(sheet["stages"]),
        "sheet_hash": sha256(rfc8785.dumps(dict(sheet))).hexdigest(),
    }
