"""Reading the constitution: which articles hold at a moment, and every version there ever was."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.charter.constitution.models import ArticleVersion
from canut.charter.constitution.rules import KEY, Version, Wording, version_in_force
from canut.charter.models import Decision

RATIFICATION = "ratification"
"""The kind of question by which members make the constitution theirs."""


@dataclass(frozen=True, slots=True)
class Ratified:
    """The decision by which the members ratified the constitution, and the page about it."""

    decision_number: int
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article with all its versions, oldest first; `in_force` is None where none holds at `at`.

    `to_come` are the versions that were decided by then and not in effect yet; `is_repealed` tells that it
    held before.
    """

    key: str
    position: int
    in_force: Version | None
    is_repealed: bool
    to_come: tuple[Version, ...]
    versions: tuple[Version, ...]


def articles(*, at: datetime) -> tuple[Article, ...]:
    """Return every article there ever was, in the order of their numbers, as it stands at `at`."""
    by_key: dict[str, list[Version]] = {}
    for version in versions():
        by_key.setdefault(version.key, []).append(version)
    return tuple(
        sorted((_article(found, at) for found in by_key.values()), key=lambda article: article.position)
    )


def articles_in_force(*, at: datetime) -> tuple[Version, ...]:
    """Return the versions that hold at `at`, in the order of the articles' numbers."""
    return tuple(article.in_force for article in articles(at=at) if article.in_force is not None)


def article(key: str, *, at: datetime) -> Article | None:
    """Return one article as it stands at `at`, or None if there never was one of this key."""
    found = versions(keys=[key]) if KEY.fullmatch(key) else []
    return _article(found, at) if found else None


def ratified() -> Ratified | None:
    """Return how the members ratified their constitution; None while it is only what the software brought."""
    row = Decision.objects.filter(question_kind=RATIFICATION, adopted=True).order_by("number").first()
    return None if row is None else Ratified(row.number, row.recorded_at, row.address)


def is_ratification_answered() -> bool:
    """Return whether members have answered, with yes or no, whether the constitution is theirs.

    It is the first thing they are asked, and from then on all else can be voted on. Where the question was
    put while no college could be asked, or nobody voted, it is not answered, for nobody was there to say so.
    """
    leaves = Decision.objects.filter(question_kind=RATIFICATION).values_list("logged__leaf", flat=True)
    return any(
        college.get("decides") and college.get("ballots")
        for leaf in leaves
        for college in json.loads(leaf)["body"]["colleges"]
    )


def versions(*, keys: Collection[str] | None = None) -> Sequence[Version]:
    """Return all versions of the articles named, or of all, in the order in which they were written down."""
    rows = ArticleVersion.objects.order_by("pk")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    return [version_of(row) for row in rows]


def decided_by(decision_numbers: Collection[int]) -> Mapping[int, Sequence[Version]]:
    """Return the versions that each of the decisions brought, for those that brought any."""
    found: dict[int, list[Version]] = {}
    for row in ArticleVersion.objects.filter(decision_number__in=decision_numbers).order_by("position"):
        assert row.decision_number is not None  # it was looked for
        found.setdefault(row.decision_number, []).append(version_of(row))
    return found


def version_of(row: ArticleVersion) -> Version:
    """Return a row of the table as rules and pages read it."""
    return Version(
        key=row.key,
        number=row.number,
        position=row.position,
        wording=Wording(
            title_en=row.title_en, title_fr=row.title_fr, text_en=row.text_en, text_fr=row.text_fr
        ),
        repealed=row.repealed,
        decision_number=row.decision_number,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
    )


def _article(found: Sequence[Version], at: datetime) -> Article:
    in_force = version_in_force(found, at)
    in_effect = [v for v in found if v.effective_at <= at]
    last = max((v.number for v in in_effect), default=0)
    return Article(
        key=found[0].key,
        position=found[0].position,
        in_force=in_force,
        is_repealed=in_force is None and bool(in_effect),
        to_come=tuple(v for v in found if v.effective_at > at >= v.recorded_at and v.number > last),
        versions=tuple(found),
    )
