"""The articles of the constitution."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """What one article says from a moment on, in both languages.

    A name in braces, such as `{pay.floor_hourly_minor}`, is a parameter of the charter. What was repealed has
    no text. `decision` is the number of the decision behind it, None for what the software brought.
    """

    version: int
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str
    repealed: bool
    decision: int | None
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it stands at a moment; `in_force` is None where none of its versions holds then."""

    key: str
    position: int
    in_force: ArticleVersion | None
    to_come: tuple[ArticleVersion, ...]


@dataclass(frozen=True, slots=True)
class ArticleWithHistory:
    """One article as it stands now, with every version it ever had, the oldest first."""

    key: str
    position: int
    in_force: ArticleVersion | None
    to_come: tuple[ArticleVersion, ...]
    versions: tuple[ArticleVersion, ...]


@dataclass(frozen=True, slots=True)
class Constitution:
    """All articles at a moment. `ratified_by` is the decision that ratified them, None before that."""

    at: datetime
    ratified_by: int | None
    articles: tuple[Article, ...]
