"""The neutral orders of the feed, which hold while the members have stopped its order (MECHANISMS 7.10)."""

from datetime import date
from hashlib import md5
from typing import Literal

NeutralOrder = Literal["first_come", "random"]
"""As they were published, the oldest first; or at random, anew each day."""


def random_key(*, project_id: int, worker_id: int, day: date) -> int:
    """Return by what a project stands in a worker's feed on a day of random order, the highest first.

    The first 60 bits of MD5 over the project's number, the worker's and the day in UTC, with blanks between:
    anybody can recompute it, nobody can choose it, and it favours no project from one day to the next.
    PostgreSQL computes the same for all projects at once.

    Source: MECHANISMS 7.10. MD5 is RFC 1321, https://www.rfc-editor.org/rfc/rfc1321; it only mixes here.
    """
    words = f"{project_id} {worker_id} {day.isoformat()}"
    return int(md5(words.encode(), usedforsecurity=False).hexdigest()[:15], 16)
