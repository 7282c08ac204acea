"""A version of a proposal in words: what it says and would change, and what it changed of the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.charter.constitution.models import ArticleVersion
from canut.charter.differences import Piece, word_differences
from canut.charter.pages import scope_name
from canut.charter.parameters import PARAMETERS
from canut.charter.wording import say_value
from canut.governance.access import proposal_known, version_known
from canut.governance.checking import stored_value
from canut.governance.founding import founding_of
from canut.governance.models import ProposalSetting, ProposalVersion
from canut.governance.refusals import (
    ArticleRefused,
    ChangesNothing,
    GuildRefused,
    SettingRefused,
    TranslationMissing,
)
from canut.governance.usecases.judge_feasibility import check_whole
from canut.guilds.founding import Founding
from canut.guilds.models import Guild
from canut.guilds.states import Joining


@dataclass(frozen=True, slots=True)
class SettingSeen:
    """One setting in words. `lapsed` is the code of the reason for which it could not be executed, if so."""

    position: int
    parameter: str
    meaning: str
    scope_kind: str
    scope_key: str
    scope: str
    old: str
    new: str
    effective_at: datetime | None
    notice_days: int
    lapsed: str


@dataclass(frozen=True, slots=True)
class ArticleSeen:
    """One article's change, with the difference to what the constitution says, in the reader's language."""

    position: int
    key: str
    title: str
    number: int | None
    is_new: bool
    repeals: bool
    pieces: Sequence[Piece]
    missing_language: str
    is_behind: bool
    lapsed: str


@dataclass(frozen=True, slots=True)
class GuildSeen:
    """The guild that a version would found, or has founded as `guild_id`. `founders` are name and level.

    `lapsed` is the code of the reason for which it could not be founded when the vote closed, if so.
    """

    name: str
    screen_name: str
    craft: str
    language: str
    charter_text: str
    joining: str
    joining_label: str
    founders: Sequence[tuple[str, int]]
    guild_id: int | None
    lapsed: str


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version: its words in the reader's language if it has them, and all that it would change."""

    number: int
    title: str
    text: str
    language: str
    is_translated: bool
    other_title: str
    other_text: str
    other_language: str
    note: str
    by_jury: bool
    made_at: datetime
    settings: Sequence[SettingSeen]
    articles: Sequence[ArticleSeen]
    guild: GuildSeen | None


@dataclass(frozen=True, slots=True)
class Amended:
    """What one version changed of the one before it, in its words and in each change that executes."""

    proposal_id: int
    number: int
    note: str
    by_jury: bool
    made_at: datetime
    title: Sequence[Piece]
    text: Sequence[Piece]
    settings_before: Sequence[SettingSeen]
    settings: Sequence[SettingSeen]
    articles: Sequence[tuple[str, Sequence[Piece]]]
    is_last: bool

    @property
    def before(self) -> int:
        return self.number - 1


def version_seen(version: ProposalVersion, *, lapsed: Sequence[Mapping[str, object]] = ()) -> VersionSeen:
    """Return a version in words, in the reader's language as far as it has them."""
    is_own = version.language == language_read() or not version.translated_title
    mine = (version.title, version.text, version.language)
    other = (version.translated_title, version.translated_text, "fr" if version.language == "en" else "en")
    shown, hidden = (mine, other) if is_own else (other, mine)
    why = {("setting", one["setting"]): str(one["code"]) for one in lapsed if "setting" in one}
    why |= {("article", one["article"]): str(one["code"]) for one in lapsed if "article" in one}
    return VersionSeen(
        number=version.number,
        title=shown[0],
        text=shown[1],
        language=shown[2],
        is_translated=not is_own,
        other_title=hidden[0],
        other_text=hidden[1],
        other_language=hidden[2],
        note=version.note,
        by_jury=version.by_id is None,
        made_at=version.made_at,
        settings=[
            _setting(row, why.get(("setting", row.position), ""))
            for row in version.settings.order_by("position")
        ],
        articles=_articles(version, why),
        guild=guild_of(version, lapsed=next((str(one["code"]) for one in lapsed if "guild" in one), "")),
    )


def guild_of(version: ProposalVersion, *, lapsed: str = "") -> GuildSeen | None:
    """Return the guild that a version would found; None if it founds none."""
    found = founding_of(version)
    if found is None:
        return None
    number = version.proposal.decision_number
    made = None if number is None else Guild.objects.filter(adopted=number).first()
    return GuildSeen(
        name=found.name,
        screen_name=found.screen_name,
        craft=found.craft,
        language=found.language,
        charter_text=found.charter_text,
        joining=found.joining,
        joining_label=str(Joining(found.joining).label),
        founders=tuple(found.founders.items()),
        guild_id=None if made is None else made.pk,
        lapsed=lapsed,
    )


def settings_of(version: ProposalVersion) -> Sequence[SettingSeen]:
    return [_setting(row, "") for row in version.settings.order_by("position")]


def amended(proposal_id: int, number: int) -> Amended:
    """Return what a version says that the one before it did not; the first is all new.

    Raises:
        ProposalNotFound: there is no such proposal or version.
    """
    proposal = proposal_known(proposal_id)
    version = version_known(proposal, number)
    before = ProposalVersion.objects.filter(proposal=proposal, number=number - 1).first()
    same_language = before is not None and before.language == version.language
    old_words = (before.title, before.text) if before is not None and same_language else ("", "")
    old_articles = {} if before is None else dict(_article_words(before))
    return Amended(
        proposal_id=proposal.pk,
        number=version.number,
        note=version.note,
        by_jury=version.by_id is None and version.number > 1,
        made_at=version.made_at,
        title=word_differences(old_words[0], version.title),
        text=word_differences(old_words[1], version.text),
        settings_before=() if before is None else settings_of(before),
        settings=settings_of(version),
        articles=[
            (name, word_differences(old_articles.get(name, ""), words))
            for name, words in [
                *_article_words(version),
                *((name, "") for name in old_articles if name not in dict(_article_words(version))),
            ]
        ],
        is_last=version.number == proposal.version_number,
    )


def problem_of(version: ProposalVersion, *, at: datetime) -> str:
    """Return in a sentence why no vote could decide a version as it stands; empty if one could."""
    try:
        check_whole(version, at=at)
    except (SettingRefused, ArticleRefused, GuildRefused) as refusal:
        return " ".join(str(sentence) for sentence in refusal.facts["errors"].values())
    except (ChangesNothing, TranslationMissing) as refusal:
        return str(refusal)
    return ""


def language_read() -> str:
    return (get_language() or "en")[:2]


def title_of(version: ProposalVersion) -> tuple[str, str]:
    """Return the title in the reader's language if it has one in it, and the language that it is in."""
    if version.language != language_read() and version.translated_title:
        return version.translated_title, language_read()
    return version.title, version.language


def _setting(row: ProposalSetting, lapsed: str) -> SettingSeen:
    parameter = PARAMETERS.get(row.parameter)
    old, new = (stored_value(row.parameter, value) for value in (row.old_value, row.new_value))
    return SettingSeen(
        position=row.position,
        parameter=row.parameter,
        meaning=str(parameter.meaning) if parameter else "",
        scope_kind=row.scope_kind,
        scope_key=row.scope_key,
        scope=scope_name(row.scope_kind, row.scope_key),
        old=say_value(parameter, old) if parameter and old is not None else str(row.old_value),
        new=say_value(parameter, new) if parameter and new is not None else str(row.new_value),
        effective_at=row.effective_at,
        notice_days=parameter.notice_days if parameter else 0,
        lapsed=lapsed,
    )


def _articles(version: ProposalVersion, why: Mapping[tuple[str, object], str]) -> Sequence[ArticleSeen]:
    rows = list(version.articles.order_by("position"))
    of: dict[tuple[str, int], ArticleVersion] = {}
    newest: dict[str, int] = {}
    for one in ArticleVersion.objects.filter(key__in=[row.key for row in rows if row.key]).order_by("number"):
        of[one.key, one.number] = one
        newest[one.key] = one.number
    found = []
    for row in rows:
        base = of.get((row.key, row.of_number or 0))
        # In the reader's language where it is written in it, else in the other
        is_there = row.repeals or bool(getattr(row, f"text_{language_read()}", ""))
        language = (
            language_read()
            if is_there and language_read() in ("en", "fr")
            else ("fr" if row.text_fr else "en")
        )
        missing = "" if row.repeals or (row.text_en and row.text_fr) else ("fr" if row.text_en else "en")
        old = "" if base is None else getattr(base, f"text_{language}")
        title = getattr(row, f"title_{language}") or (
            "" if base is None else getattr(base, f"title_{language}")
        )
        found.append(
            ArticleSeen(
                position=row.position,
                key=row.key,
                title=title,
                number=None if base is None else base.position,
                is_new=not row.key,
                repeals=row.repeals,
                pieces=word_differences(old, getattr(row, f"text_{language}")),
                missing_language=missing,
                is_behind=bool(row.key) and newest.get(row.key) != row.of_number,
                lapsed=why.get(("article", row.position), ""),
            )
        )
    return found


def _article_words(version: ProposalVersion) -> list[tuple[str, str]]:
    """Return the texts of a version's guild and articles, each with a name that tells which it is."""
    words = []
    guild = founding_of(version)
    if guild is not None:
        words.append((_("The guild"), _guild_words(guild)))
    for row in version.articles.order_by("position"):
        name = row.key or _("New article %(place)s") % {"place": row.position}
        if row.repeals:
            words.append((name, _("To be repealed.")))
            continue
        for language in ("en", "fr"):
            text = getattr(row, f"text_{language}")
            if text:
                title = getattr(row, f"title_{language}")
                words.append((f"{name} ({language})", f"{title}\n\n{text}"))
    return words


def _guild_words(guild: Founding) -> str:
    """Return all that a guild is to be, a line for each, so that two versions can be compared."""
    founders = ", ".join(f"{name} ({level})" for name, level in guild.founders.items())
    lines = (guild.name, guild.screen_name, guild.craft, guild.language, str(Joining(guild.joining).label))
    return "\n\n".join(line for line in (*lines, founders, guild.charter_text) if line)


@dataclass(frozen=True, slots=True)
class SettingWritten:
    """One setting as it is stored, for programs."""

    parameter: str
    scope_kind: str
    scope_key: str
    old: int | bool | str | Sequence[str]
    new: int | bool | str | Sequence[str]
    effective_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticleWritten:
    """One article's change as it is stored, for programs."""

    key: str | None
    of_version: int | None
    repeals: bool
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str


@dataclass(frozen=True, slots=True)
class FounderWritten:
    """Somebody named as a founder, and the level at which they begin, for programs."""

    screen_name: str
    level: int


@dataclass(frozen=True, slots=True)
class GuildWritten:
    """The guild that a version would found, for programs; `guild_id` once it is founded."""

    name: str
    screen_name: str
    craft: str
    language: str
    charter_text: str
    joining: str
    founders: Sequence[FounderWritten]
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class VersionWritten:
    """One version as it is stored, for programs: no difference, no language chosen."""

    number: int
    language: str
    title: str
    text: str
    translated_title: str
    translated_text: str
    note: str
    is_by_jury: bool
    made_at: datetime
    settings: Sequence[SettingWritten]
    articles: Sequence[ArticleWritten]
    guild: GuildWritten | None


def versions_written(
    proposal_id: int, *, after: int = 0, only: int | None = None, most: int
) -> Sequence[VersionWritten]:
    """Return the versions of a proposal with numbers above `after`, the oldest first; or `only` one.

    Raises:
        ProposalNotFound: there is none of this number.
    """
    proposal = proposal_known(proposal_id)
    rows = proposal.versions.filter(number__gt=min(after, 2**31 - 1)).prefetch_related("settings", "articles")
    rows = rows.select_related("proposal")
    if only is not None:
        rows = rows.filter(number=only)
    return [_written(row) for row in rows.order_by("number")[:most]]


def _written(row: ProposalVersion) -> VersionWritten:
    return VersionWritten(
        number=row.number,
        language=row.language,
        title=row.title,
        text=row.text,
        translated_title=row.translated_title,
        translated_text=row.translated_text,
        note=row.note,
        is_by_jury=row.by_id is None and row.number > 1,
        made_at=row.made_at,
        settings=[
            SettingWritten(
                one.parameter, one.scope_kind, one.scope_key, one.old_value, one.new_value, one.effective_at
            )
            for one in sorted(row.settings.all(), key=lambda one: one.position)
        ],
        articles=[
            ArticleWritten(
                one.key or None,
                one.of_number,
                one.repeals,
                one.title_en,
                one.title_fr,
                one.text_en,
                one.text_fr,
            )
            for one in sorted(row.articles.all(), key=lambda one: one.position)
        ],
        guild=_guild_written(row),
    )


def _guild_written(row: ProposalVersion) -> GuildWritten | None:
    seen = guild_of(row)
    if seen is None:
        return None
    return GuildWritten(
        name=seen.name,
        screen_name=seen.screen_name,
        craft=seen.craft,
        language=seen.language,
        charter_text=seen.charter_text,
        joining=seen.joining,
        founders=[FounderWritten(name, level) for name, level in seen.founders],
        guild_id=seen.guild_id,
    )
