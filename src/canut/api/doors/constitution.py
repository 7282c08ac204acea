"""The constitution, which everybody may read."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query

from canut.api.operations import Doors
from canut.api.shapes.common import MomentIn
from canut.api.shapes.constitution import Article, ArticleVersion, ArticleWithHistory, Constitution
from canut.charter.constitution import queries
from canut.charter.constitution.refusals import ArticleNotFound
from canut.charter.constitution.rules import Version
from canut.kernel import clock

doors = Doors("constitution")

At = Annotated[MomentIn | None, Query(description="The moment asked about; now, if it is left out.")]
Key = Annotated[str, Path(description="An article's key, such as `pay`.")]


@doors.get("/constitution", scope=None, answers=Constitution)
def read_constitution(request: HttpRequest, at: At = None) -> Constitution:
    """Every article with what it says at a moment, repealed ones included. Needs no key."""
    moment = at or clock.now()
    ratified = queries.ratified()
    return Constitution(
        at=moment,
        ratified_by=None if ratified is None else ratified.decision_number,
        articles=[_article(found) for found in queries.articles(at=moment)],
    )


@doors.get("/constitution/{str:key}", scope=None, answers=ArticleWithHistory, refuses=(ArticleNotFound,))
def read_article(request: HttpRequest, key: Key) -> ArticleWithHistory:
    """One article as it stands now, and every version it ever had. Needs no key."""
    found = queries.article(key, at=clock.now())
    if found is None:
        raise ArticleNotFound(_("The constitution has no article of this name."))
    now = _article(found)
    return ArticleWithHistory(
        key=now.key,
        position=now.position,
        in_force=now.in_force,
        to_come=now.to_come,
        versions=[_version(version) for version in found.versions],
    )


def _article(found: queries.Article) -> Article:
    return Article(
        key=found.key,
        position=found.position,
        in_force=None if found.in_force is None else _version(found.in_force),
        to_come=[_version(version) for version in found.to_come],
    )


def _version(version: Version) -> ArticleVersion:
    return ArticleVersion(
        version=version.number,
        title_en=version.wording.title_en,
        title_fr=version.wording.title_fr,
        text_en=version.wording.text_en,
        text_fr=version.wording.text_fr,
        repealed=version.repealed,
        decision=version.decision_number,
        effective_at=version.effective_at,
        recorded_at=version.recorded_at,
    )
