"""The software brings a constitution to a new site, for its members to ratify or to change."""

from datetime import datetime

from django.db import transaction

from canut.charter import log
from canut.charter.constitution.default import DEFAULT
from canut.charter.constitution.models import ArticleVersion
from canut.charter.usecases.append_articles import append_articles


@transaction.atomic
def found_constitution(*, at: datetime, holds_from: datetime) -> list[ArticleVersion]:
    """Write the default articles on a site that has none, and return them.

    A site that has articles is never touched, whatever a later release's default says: its words are its
    members'. Repeating it writes nothing, and of two nodes that start at once one waits for the other.
    """
    log.lock()
    if ArticleVersion.objects.exists():
        return []
    return append_articles(
        [
            ArticleVersion(
                key=article.key,
                number=1,
                position=position,
                title_en=article.wording.title_en,
                title_fr=article.wording.title_fr,
                text_en=article.wording.text_en,
                text_fr=article.wording.text_fr,
                effective_at=holds_from,
            )
            for position, article in enumerate(DEFAULT, 1)
        ],
        at=at,
    )
