"""What a decision of the members changes: values of the charter, articles of the constitution."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canut.charter.parameters.kinds import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """From `effective_at` on, the parameter is `new` for the scope, which is everybody or a narrower one."""

    parameter: str
    new: "Value"
    effective_at: datetime
    scope_kind: str = "site"
    scope_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChange:
    """From `effective_at` on, the article of this key reads so; or it is no more, if `repeals`.

    `based_on` is the number of the version that the change was written against, None for a new article.
    """

    key: str
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str
    position: int
    effective_at: datetime
    repeals: bool = False
    based_on: int | None = None


def moment(at: datetime) -> str:
    """Return how the log writes a moment: 2026-03-01T12:00:00.000000Z, UTC to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
