"""Versions of articles are written down, each with the leaf of the public log that says the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from canut.charter.changes import moment
from canut.charter.constitution.models import ArticleVersion
from canut.charter.models import LogKind
from canut.charter.usecases.append_to_log import append_all


def append_articles(versions: Sequence[ArticleVersion], *, at: datetime) -> list[ArticleVersion]:
    """Save the versions, in this order, behind their leaves. Must be called in a transaction."""
    leaves = append_all(LogKind.ARTICLE, [body_of(version) for version in versions], at=at)
    for version, leaf in zip(versions, leaves, strict=True):
        version.logged, version.recorded_at = leaf, at
    return ArticleVersion.objects.bulk_create(versions)


def body_of(version: ArticleVersion) -> dict[str, Any]:
    """Return what the leaf says; migration 0006 holds the row to it."""
    return {
        "key": version.key,
        "version": version.number,
        "position": version.position,
        "title_en": version.title_en,
        "title_fr": version.title_fr,
        "text_en": version.text_en,
        "text_fr": version.text_fr,
        "repealed": version.repealed,
        "decision": version.decision_number,
        "effective_at": moment(version.effective_at),
    }
