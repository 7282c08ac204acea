"""What somebody wants a proposal to say, before it is checked and written as a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.charter.parameters import Value
from canut.guilds.founding import Founding


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingWish:
    """The parameter is to have the value `new` for a scope, from `effective_at` on or as soon as it can."""

    parameter: str
    new: Value
    scope_kind: str = "site"
    scope_key: str = ""
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWish:
    """The article of this key is to read so, or to be no more; a new article has no key yet."""

    key: str = ""
    repeals: bool = False
    title_en: str = ""
    title_fr: str = ""
    text_en: str = ""
    text_fr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A whole version: words in one language and perhaps the other, what it changes, and what is new.

    It changes settings and articles, or founds a guild.
    """

    language: str
    title: str
    text: str
    translated_title: str = ""
    translated_text: str = ""
    note: str = ""
    settings: Sequence[SettingWish] = ()
    articles: Sequence[ArticleWish] = ()
    guild: Founding | None = None
