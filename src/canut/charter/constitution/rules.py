"""Which words of the constitution hold at a moment, and which words an article may have."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from canut.charter.changes import ArticleChange

MOST_TITLE_CHARACTERS = 160
MOST_TEXT_CHARACTERS = 8_000
MOST_POSITION = 100_000

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MOST_KEY_CHARACTERS = 60

NAMED = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\}")
"""A parameter of the charter in an article's text, in braces: its value in force stands there on the page."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says, in both languages; the texts are empty when it is repealed."""

    title_en: str
    title_fr: str
    text_en: str
    text_fr: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article. `decision_number` is None for what the software brought."""

    key: str
    number: int
    position: int
    wording: Wording
    repealed: bool
    decision_number: int | None
    effective_at: datetime
    recorded_at: datetime


class WordingRefused(ValueError):
    """Words that an article cannot have, or a change that cannot be made.

    `what` says why, for a use case to put into a sentence: title_missing, text_missing (in one of the two
    languages), title_long, text_long, unknown_parameter, unknown_article, repealed_already, unchanged or
    notice.
    """

    def __init__(self, what: str, about: str = "") -> None:
        super().__init__(f"{what}: {about}" if about else what)
        self.what = what
        self.about = about


def version_in_force(versions: Iterable[Version], at: datetime) -> Version | None:
    """Return which of one article's versions holds at `at`; None before the first, or once it is repealed.

    The later decision wins: of those in effect the highest number holds, so a version that was decided
    earlier but takes effect later never takes the place of one that was decided after it.
    """
    latest = max((v for v in versions if v.effective_at <= at), key=lambda v: v.number, default=None)
    return None if latest is None or latest.repealed else latest


def check_wording(wording: Wording, *, parameters: Collection[str]) -> None:
    """Return if an article may be worded so; `parameters` are the names that the charter has.

    Raises:
        WordingRefused: title_missing, text_missing, title_long, text_long or unknown_parameter.
    """
    for title in (wording.title_en, wording.title_fr):
        _demand(bool(title.strip()), "title_missing")
        _demand(len(title) <= MOST_TITLE_CHARACTERS, "title_long")
    for text in (wording.text_en, wording.text_fr):
        _demand(bool(text.strip()), "text_missing")
        _demand(len(text) <= MOST_TEXT_CHARACTERS, "text_long")
        for name in NAMED.findall(text):
            _demand(name in parameters, "unknown_parameter", name)


def check_change(
    change: ArticleChange,
    versions: Collection[Version],
    *,
    decided_at: datetime,
    notice_days: int,
    parameters: Collection[str],
) -> None:
    """Return if the change can be made to the article whose versions are given (none of a new one).

    What it is compared with is the article's latest version, in effect or to come; the later decision wins,
    so it need not be the version that the change was written against.

    Raises:
        WordingRefused: as `check_wording`; unknown_article: there is none of this key, and the change is
            not for a new one; repealed_already; unchanged: the latest version says the same; notice:
            `effective_at` is less than `notice_days` after `decided_at`.
    """
    latest = max(versions, key=lambda version: version.number, default=None)
    _demand(change.based_on is None or latest is not None, "unknown_article", change.key)
    if change.repeals:
        _demand(change.based_on is not None and latest is not None, "unknown_article", change.key)
        _demand(latest is not None and not latest.repealed, "repealed_already")
    else:
        check_wording(wording_of(change), parameters=parameters)
        holds = latest is not None and not latest.repealed and change.based_on is not None
        same = latest is not None and latest.wording == wording_of(change)
        _demand(not (holds and same), "unchanged")
    _demand(change.effective_at >= decided_at + timedelta(days=notice_days), "notice", str(notice_days))


def wording_of(change: ArticleChange) -> Wording:
    """Return what the change would have the article say."""
    return Wording(change.title_en, change.title_fr, change.text_en, change.text_fr)


def key_for(title_en: str, *, taken: Collection[str]) -> str:
    """Return a key for a new article: its English title in lower case with hyphens, numbered if taken."""
    ascii_title = unicodedata.normalize("NFKD", title_en).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", ascii_title))[:50].strip("-")
    base = words if words[:1].isalpha() else f"article-{words}".rstrip("-")
    key, count = base, 1
    while key in taken:
        count += 1
        key = f"{base}-{count}"
    return key


def _demand(held: bool, what: str, about: str = "") -> None:
    if not held:
        raise WordingRefused(what, about)
