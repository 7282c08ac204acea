"""Mails of the site that came back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BounceNoted:
    """What was read of a report: `fault` is "hard", "soft" or "ours"."""

    mail: int
    fault: str
    code: str
    is_news: bool
