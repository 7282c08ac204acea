"""Where a page of the requester's own is shown, and what came back from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PageAnswer = Mapping[str, str | list[str]]
"""What a page's form sent: each field's name, and what was filled in there."""


@dataclass(frozen=True, kw_only=True)
class Framed:
    """One item's frame in front of one worker.

    `address` is what the frame shows, empty where nothing can be shown. `answer` is what has come back
    from it and `answered_at` when; a preview has an answer that came at no time, for it keeps none.
    """

    address: str
    answer: PageAnswer | None = None
    answered_at: datetime | None = None
