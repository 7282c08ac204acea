"""A version of a proposal is checked and written down. Called by the verbs that begin and amend proposals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from canut.charter.constitution.models import ArticleVersion
from canut.charter.constitution.rules import (
    MOST_TEXT_CHARACTERS,
    MOST_TITLE_CHARACTERS,
    NAMED,
)
from canut.charter.parameters import PARAMETERS, Value
from canut.charter.rules import to_json
from canut.governance.checking import check_setting_wish, setting_refused
from canut.governance.content import ArticleWish, Content
from canut.governance.founding import check_founding, founding_of, founding_said, keep_founding
from canut.governance.models import Proposal, ProposalArticle, ProposalSetting, ProposalVersion
from canut.governance.refusals import ArticleRefused
from canut.governance.states import ProposalKind
from canut.kernel.refusals import BadInput
from canut.people.models import Locale, Person

LONGEST_TITLE = 120
LONGEST_TEXT = 10_000
LONGEST_NOTE = 500
MOST_SETTINGS = 10
MOST_ARTICLES = 10


def write_version(
    proposal: Proposal, content: Content, *, number: int, by: Person | None, at: datetime
) -> ProposalVersion:
    """Write a proposal's version of this number; the proposal is new, or locked by whoever calls.

    Raises:
        BadInput: words have the wrong shape, or it asks another kind of thing than the proposal does;
            `errors` names each field.
        SettingRefused, ArticleRefused: the charter or the constitution cannot be so.
        GuildRefused: the guild cannot be founded so.
    """
    content = check_content(content, kind=proposal.kind, at=at)
    before = _values_before(content, at=at)
    founders = {} if content.guild is None else check_founding(content.guild, at=at)
    articles = [_article(wish, place) for place, wish in enumerate(content.articles, 1)]
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=number,
        language=content.language,
        title=content.title,
        text=content.text,
        translated_title=content.translated_title,
        translated_text=content.translated_text,
        note=content.note,
        by=by,
        made_at=at,
    )
    ProposalSetting.objects.bulk_create(
        ProposalSetting(
            version=version,
            position=place,
            parameter=wish.parameter,
            scope_kind=wish.scope_kind,
            scope_key=wish.scope_key,
            old_value=to_json(old),
            new_value=to_json(wish.new),
            effective_at=wish.effective_at,
        )
        for place, (wish, old) in enumerate(zip(content.settings, before, strict=True), 1)
    )
    for article in articles:
        article.version = version
    ProposalArticle.objects.bulk_create(articles)
    if content.guild is not None:
        keep_founding(version, content.guild, founders)
    return version


def check_content(content: Content, *, kind: str, at: datetime) -> Content:
    """Return the content as it would be kept, if a version of a proposal of that kind could say it now.

    Raises:
        BadInput, SettingRefused, ArticleRefused, GuildRefused: as `write_version`.
    """
    content = cleaned(content)
    if errors := shape_errors(content) | _kind_errors(content, kind):
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was kept."), errors=errors)
    _values_before(content, at=at)
    if content.guild is not None:
        check_founding(content.guild, at=at)
    for place, wish in enumerate(content.articles, 1):
        _article(wish, place)
    return content


def cleaned(content: Content) -> Content:
    """Return the content without blanks around its words, and with line ends as the database keeps them."""
    return Content(
        language=content.language,
        title=" ".join(content.title.split()),
        text=_clean(content.text),
        translated_title=" ".join(content.translated_title.split()),
        translated_text=_clean(content.translated_text),
        note=" ".join(content.note.split()),
        settings=tuple(content.settings),
        articles=tuple(
            ArticleWish(
                key=wish.key,
                repeals=wish.repeals,
                title_en=" ".join(wish.title_en.split()),
                title_fr=" ".join(wish.title_fr.split()),
                text_en=_clean(wish.text_en),
                text_fr=_clean(wish.text_fr),
            )
            for wish in content.articles
        ),
        guild=None if content.guild is None else content.guild.tidied(),
    )


def kind_of(content: Content) -> ProposalKind:
    """Return what kind of proposal a member begins with a content."""
    return ProposalKind.CHANGE if content.guild is None else ProposalKind.GUILD


def _kind_errors(content: Content, kind: str) -> dict[str, Any]:
    """Return what a version holds that a proposal of its kind does not ask."""
    errors: dict[str, Any] = {}
    if kind == ProposalKind.GUILD and content.guild is None:
        errors["guild"] = _("This proposal founds a guild: say which. Propose anything else on its own.")
    if kind != ProposalKind.GUILD and content.guild is not None:
        errors["guild"] = _("A guild is founded by a proposal of its own.")
    if kind != ProposalKind.CHANGE and content.settings:
        errors["settings"] = _("A setting is changed by a proposal of its own.")
    if kind != ProposalKind.CHANGE and content.articles:
        errors["articles"] = _("An article is changed by a proposal of its own.")
    return errors


def shape_errors(content: Content) -> dict[str, Any]:
    """Return for each field that cannot be kept what is wrong with it."""
    errors: dict[str, Any] = {}
    if not content.title or len(content.title) > LONGEST_TITLE:
        errors["title"] = _("Give it a title of at most 120 characters.")
    if not content.text or len(content.text) > LONGEST_TEXT:
        errors["text"] = _("Say in at most 10,000 characters what should change, and why.")
    if content.language not in Locale.values:
        errors["language"] = _("A proposal is written in English or in French.")
    if bool(content.translated_title) != bool(content.translated_text):
        missing = "translated_text" if content.translated_title else "translated_title"
        errors[missing] = _("Translate both the title and the text, or neither.")
    if len(content.translated_title) > LONGEST_TITLE:
        errors["translated_title"] = _("Give it a title of at most 120 characters.")
    if len(content.translated_text) > LONGEST_TEXT:
        errors["translated_text"] = _("A text has at most 10,000 characters.")
    if len(content.note) > LONGEST_NOTE:
        errors["note"] = _("Say in at most 500 characters what is different.")
    if len(content.settings) > MOST_SETTINGS:
        errors["settings"] = _("A proposal sets at most ten parameters. Make two of it.")
    if len(content.articles) > MOST_ARTICLES:
        errors["articles"] = _("A proposal changes at most ten articles. Make two of it.")
    for field in ("title", "text", "translated_title", "translated_text", "note"):
        if "\0" in getattr(content, field):
            errors[field] = _("This holds a character that cannot be stored.")
    return errors


def _values_before(content: Content, *, at: datetime) -> list[Value]:
    """Return what holds where each setting would change something, in their order."""
    before, seen = [], set()
    for place, wish in enumerate(content.settings, 1):
        field = f"settings.{place}"
        before.append(check_setting_wish(wish, field=field, at=at))
        key = wish.parameter, wish.scope_kind, wish.scope_key
        if key in seen:
            raise setting_refused(
                field, wish.parameter, _("The same is set twice. Take one of them out."), "set_twice"
            )
        seen.add(key)
    return before


def _article(wish: ArticleWish, place: int) -> ProposalArticle:
    """Return an article's change as it is kept, on the article's latest version.

    Raises:
        ArticleRefused: there is no such article, or its words cannot be so in either language.
    """
    latest = ArticleVersion.objects.filter(key=wish.key).order_by("number").last() if wish.key else None
    sentence = _article_error(wish, latest)
    if sentence:
        raise ArticleRefused(
            _("The constitution cannot be changed so. Nothing was kept."),
            errors={f"articles.{place}": sentence},
            key=wish.key,
        )
    words = {} if wish.repeals else _words_of(wish)
    return ProposalArticle(
        position=place,
        key=wish.key,
        of_number=None if latest is None else latest.number,
        repeals=wish.repeals,
        **words,
    )


def _article_error(wish: ArticleWish, latest: ArticleVersion | None) -> str:
    if wish.key and latest is None:
        return _("The constitution has no article of this name.")
    if wish.repeals:
        if latest is None:
            return _("Say which article is to be repealed.")
        return _("This article is repealed already.") if latest.repealed else ""
    words = _words_of(wish)
    said = {
        language: bool(words[f"title_{language}"] and words[f"text_{language}"]) for language in ("en", "fr")
    }
    if not any(said.values()):
        return _("Give the article a title and a text in one language at least.")
    if any("\0" in text for text in words.values()):
        return _("This holds a character that cannot be stored.")
    if max(len(words["title_en"]), len(words["title_fr"])) > MOST_TITLE_CHARACTERS:
        return _("A title has at most %(most)s characters.") % {"most": MOST_TITLE_CHARACTERS}
    if max(len(words["text_en"]), len(words["text_fr"])) > MOST_TEXT_CHARACTERS:
        return _("An article's text has at most %(most)s characters.") % {"most": MOST_TEXT_CHARACTERS}
    for name in NAMED.findall(words["text_en"] + words["text_fr"]):
        if name not in PARAMETERS:
            return _("The charter has no parameter named %(name)s; correct the name in braces.") % {
                "name": name
            }
    before = latest and {field: getattr(latest, field) for field in words}
    if before == words and latest is not None and not latest.repealed:
        return _("These are the words that the article has already. Change something.")
    return ""


def _words_of(wish: ArticleWish) -> dict[str, str]:
    return {
        "title_en": wish.title_en,
        "title_fr": wish.title_fr,
        "text_en": wish.text_en,
        "text_fr": wish.text_fr,
    }


def _clean(text: str) -> str:
    return "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()


def says_the_same(version: ProposalVersion, content: Content) -> bool:
    """Return whether a version says exactly what somebody wants to write, its note aside."""
    content = cleaned(content)
    words = ("language", "title", "text", "translated_title", "translated_text")
    if any(getattr(version, field) != getattr(content, field) for field in words):
        return False
    settings = version.settings.order_by("position").values_list(
        "parameter", "scope_kind", "scope_key", "new_value", "effective_at"
    )
    if list(settings) != [
        (wish.parameter, wish.scope_kind, wish.scope_key, to_json(wish.new), wish.effective_at)
        for wish in content.settings
    ]:
        return False
    kept, wanted = founding_of(version), content.guild
    if (kept is None) != (wanted is None):
        return False
    if kept is not None and wanted is not None and founding_said(kept) != founding_said(wanted):
        return False
    return _articles_of(version) == [
        (wish.key, wish.repeals, *_words_of(wish).values()) for wish in content.articles
    ]


def _articles_of(version: ProposalVersion) -> Sequence[tuple[Any, ...]]:
    fields = ("key", "repeals", "title_en", "title_fr", "text_en", "text_fr")
    return list(version.articles.order_by("position").values_list(*fields))
