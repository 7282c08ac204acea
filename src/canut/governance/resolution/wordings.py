"""A wording as it is kept, and back: what a whole version of a draft says."""

from datetime import datetime
from typing import Any

from canut.charter.rules import to_json
from canut.governance.checking import stored_value
from canut.governance.content import ArticleWish, Content, SettingWish

WORDS = ("language", "title", "text", "translated_title", "translated_text", "note")
OF_ARTICLE = ("key", "repeals", "title_en", "title_fr", "text_en", "text_fr")


def kept(content: Content) -> dict[str, Any]:
    """Return the content as JSON can hold it."""
    return {
        **{name: getattr(content, name) for name in WORDS},
        "settings": [
            {
                "parameter": wish.parameter,
                "new": to_json(wish.new),
                "scope_kind": wish.scope_kind,
                "scope_key": wish.scope_key,
                "effective_at": None if wish.effective_at is None else wish.effective_at.isoformat(),
            }
            for wish in content.settings
        ],
        "articles": [{name: getattr(wish, name) for name in OF_ARTICLE} for wish in content.articles],
    }


def read(stored: dict[str, Any]) -> Content:
    """Return the content that was kept; a setting that the charter does not know any more is left out."""
    settings = []
    for one in stored["settings"]:
        value = stored_value(one["parameter"], one["new"])
        if value is not None:
            when = one["effective_at"]
            settings.append(
                SettingWish(
                    parameter=one["parameter"],
                    new=value,
                    scope_kind=one["scope_kind"],
                    scope_key=one["scope_key"],
                    effective_at=None if when is None else datetime.fromisoformat(when),
                )
            )
    return Content(
        **{name: stored[name] for name in WORDS},
        settings=tuple(settings),
        articles=tuple(ArticleWish(**one) for one in stored["articles"]),
    )
