"""The constitution as programs read it."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said


class ArticleVersion(Said):
    """What one article says from a moment on, in both languages.

    A name in braces, such as `{pay.floor_hourly_minor}`, is a parameter of the charter. What was repealed has
    no text. `decision` is the number of the decision behind it, null for what the software brought.
    """

    version: int
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str
    repealed: bool
    decision: int | None
    effective_at: Moment
    recorded_at: Moment


class Article(Said):
    """One article as it stands at a moment; `in_force` is null where none of its versions holds then."""

    key: str
    position: int = Field(description="The article's own number, which never changes.")
    in_force: ArticleVersion | None
    to_come: Sequence[ArticleVersion] = Field(description="Decided by then, and not in effect yet.")


class ArticleWithHistory(Article):
    """One article as it stands now, with every version it ever had, the oldest first."""

    versions: Sequence[ArticleVersion]


class Constitution(Said):
    """All articles at a moment. `ratified_by` is the decision that ratified them, null before that."""

    at: Moment
    ratified_by: int | None
    articles: Sequence[Article]
