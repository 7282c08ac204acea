"""The constitution as people read it: with the charter's numbers in its sentences, and with its history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from canut.charter.constitution.queries import Article, Ratified, article, articles, ratified
from canut.charter.constitution.rules import NAMED, Version
from canut.charter.differences import Piece, word_differences
from canut.charter.models import Decision
from canut.charter.queries import InForce, all_in_force
from canut.charter.wording import say_value


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of an article's text; with a `parameter` it is that number's value, or its name in braces
    where the charter has none such."""

    text: str
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """The decision behind a version, with its title in the reader's language and the page about it."""

    number: int
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class VersionLines:
    """One version in words. `title_pieces` and `text_pieces` are what is different from the one before,
    empty for the first. `decision` is None for what the software brought."""

    number: int
    title: str
    paragraphs: tuple[tuple[Said, ...], ...]
    repealed: bool
    decision: Cited | None
    effective_at: datetime
    recorded_at: datetime
    is_in_force: bool
    is_to_come: bool
    title_pieces: Sequence[Piece] = ()
    text_pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """One article in words: what holds, what is to come, and every version, newest first."""

    key: str
    position: int
    title: str
    in_force: VersionLines | None
    to_come: tuple[VersionLines, ...]
    history: tuple[VersionLines, ...]


@dataclass(frozen=True, slots=True)
class ConstitutionLines:
    """The whole of it at a moment. `repealed` are articles that hold no more; `ratified` is None before."""

    articles: tuple[ArticleLines, ...]
    repealed: tuple[ArticleLines, ...]
    ratified: Ratified | None


def constitution_lines(*, at: datetime) -> ConstitutionLines:
    """Return the constitution as it holds at `at`, in the reader's language."""
    found = articles(at=at)
    charter, cited = all_in_force(at=at), _cited(found)
    lines = {one.key: _lines(one, charter, cited, with_history=False) for one in found}
    return ConstitutionLines(
        articles=tuple(lines[one.key] for one in found if one.in_force or one.to_come),
        repealed=tuple(lines[one.key] for one in found if one.is_repealed and not one.to_come),
        ratified=ratified(),
    )


def article_lines(key: str, *, at: datetime) -> ArticleLines | None:
    """Return one article with all its versions and what each changed; None if there never was one."""
    found = article(key, at=at)
    return None if found is None else _lines(found, all_in_force(at=at), _cited([found]), with_history=True)


def with_numbers(text: str, charter: Mapping[str, InForce]) -> tuple[tuple[Said, ...], ...]:
    """Return a text's paragraphs, with the values that the charter has for the names in braces."""
    return tuple(
        _paragraph(paragraph.strip(), charter) for paragraph in text.split("\n\n") if paragraph.strip()
    )


def _paragraph(text: str, charter: Mapping[str, InForce]) -> tuple[Said, ...]:
    said, end = [], 0
    for match in NAMED.finditer(text):
        said.append(Said(text[end : match.start()]))
        held = charter.get(match[1])
        said.append(Said(match[0]) if held is None else Said(say_value(held.parameter, held.value), match[1]))
        end = match.end()
    said.append(Said(text[end:]))
    return tuple(one for one in said if one.text)


def _lines(
    found: Article, charter: Mapping[str, InForce], cited: Mapping[int, Cited], *, with_history: bool
) -> ArticleLines:
    before: Version | None = None
    lines: dict[int, VersionLines] = {}
    for version in found.versions:
        lines[version.number] = _version(
            version, before if with_history else None, found, charter=charter, cited=cited
        )
        before = version
    shown = found.in_force or found.versions[-1]
    return ArticleLines(
        key=found.key,
        position=found.position,
        title=title_of(shown),
        in_force=lines[found.in_force.number] if found.in_force else None,
        to_come=tuple(lines[version.number] for version in found.to_come),
        history=tuple(lines[version.number] for version in reversed(found.versions)) if with_history else (),
    )


def _version(
    version: Version,
    before: Version | None,
    found: Article,
    *,
    charter: Mapping[str, InForce],
    cited: Mapping[int, Cited],
) -> VersionLines:
    return VersionLines(
        number=version.number,
        title=title_of(version),
        paragraphs=with_numbers(text_of(version), charter),
        repealed=version.repealed,
        decision=None if version.decision_number is None else cited.get(version.decision_number),
        effective_at=version.effective_at,
        recorded_at=version.recorded_at,
        is_in_force=version == found.in_force,
        is_to_come=version in found.to_come,
        title_pieces=() if before is None else word_differences(title_of(before), title_of(version)),
        text_pieces=() if before is None else word_differences(text_of(before), text_of(version)),
    )


def title_of(version: Version) -> str:
    """Return the title in the reader's language."""
    return version.wording.title_fr if _in_french() else version.wording.title_en


def text_of(version: Version) -> str:
    """Return the text in the reader's language, names in braces and all."""
    return version.wording.text_fr if _in_french() else version.wording.text_en


def _in_french() -> bool:
    return (get_language() or "").startswith("fr")


def _cited(found: Collection[Article]) -> Mapping[int, Cited]:
    numbers = {v.decision_number for one in found for v in one.versions if v.decision_number is not None}
    french = _in_french()
    return {
        row.number: Cited(row.number, row.title_fr if french else row.title_en, row.address)
        for row in Decision.objects.filter(number__in=numbers)
    }
