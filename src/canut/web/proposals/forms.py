"""What is asked for when somebody proposes or amends: words, settings and articles in one form.

Settings and articles are added and taken out by buttons of the form itself, so nothing typed is lost and no
script is needed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from canut.charter.constitution.queries import article, articles
from canut.charter.constitution.rules import MOST_TEXT_CHARACTERS, MOST_TITLE_CHARACTERS
from canut.charter.parameters import PARAMETERS, SECTIONS, ScopeKind
from canut.charter.queries import NotInForceYet, in_force
from canut.charter.wording import say_bounds, say_step, say_value
from canut.governance.checking import stored_value
from canut.governance.content import ArticleWish, Content, SettingWish
from canut.governance.founding import founding_of
from canut.governance.models import ProposalVersion
from canut.governance.states import Stance
from canut.governance.usecases.check_sense import LONGEST_REASON
from canut.governance.usecases.judge_feasibility import LONGEST_ANSWER
from canut.governance.usecases.write_version import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_ARTICLES,
    MOST_SETTINGS,
)
from canut.guilds.founding import Founding
from canut.guilds.models import Guild
from canut.people.models import Locale, WorkingStatus
from canut.people.places import country_choices
from canut.web.charter.forms import DayField
from canut.web.guilds.forms import FoundingForm
from canut.web.proposals.fields import typed, value_field

NEW_ARTICLE = "new"
Raw = dict[str, str]


class WordsForm(forms.Form):
    """What a proposal is called, and why."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=Locale.choices)
    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput({"dir": "auto"})
    )
    text = forms.CharField(
        label=_("What should change, and why"),
        max_length=LONGEST_TEXT,
        help_text=_("Everybody can read it. Your name stands beside it only once enough members support it."),
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )
    translated_title = forms.CharField(
        label=_("Title in the other language"),
        max_length=LONGEST_TITLE,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    translated_text = forms.CharField(
        label=_("Text in the other language"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )


class AmendForm(WordsForm):
    """The same, with what is different now."""

    note = forms.CharField(
        label=_("What is different"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("In a sentence, for those who have read the version before."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    written_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SettingForm(forms.Form):
    """One parameter's new value, typed as the parameter is, for whom and from which day."""

    def __init__(self, name: str, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parameter = PARAMETERS[name]
        self.parameter = parameter
        self.name, self.meaning = name, parameter.meaning
        self.now = _said_now(name, at)
        self.bounds, self.step = say_bounds(parameter), say_step(parameter)
        self.notice_days, self.class_label = parameter.notice_days, parameter.class_.label
        self.fields["value"] = value_field(parameter)
        if len(parameter.scopes) > 1:
            self.fields["scope"] = forms.ChoiceField(
                label=_("For whom"), choices=_scope_choices(parameter.scopes), required=False
            )
        self.fields["effective_on"] = DayField(
            label=_("In force from the beginning of"),
            help_text=_("Empty: as soon as the notice allows once the vote has ended."),
        )

    def wish(self) -> SettingWish:
        kind, _colon, key = (self.cleaned_data.get("scope") or "site:").partition(":")
        day: date | None = self.cleaned_data["effective_on"]
        zone = timezone.get_default_timezone()
        return SettingWish(
            parameter=self.name,
            new=self.cleaned_data["value"],
            scope_kind=kind,
            scope_key=key,
            effective_at=None if day is None else datetime.combine(day, time(), zone),
        )


class ArticleForm(forms.Form):
    """An article's new words in both languages, or its repeal."""

    title_en = forms.CharField(label=_("Title in English"), max_length=MOST_TITLE_CHARACTERS, required=False)
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=MOST_TEXT_CHARACTERS,
        required=False,
        widget=forms.Textarea({"rows": 6, "lang": "en"}),
    )
    title_fr = forms.CharField(label=_("Title in French"), max_length=MOST_TITLE_CHARACTERS, required=False)
    text_fr = forms.CharField(
        label=_("Text in French"),
        max_length=MOST_TEXT_CHARACTERS,
        required=False,
        widget=forms.Textarea({"rows": 6, "lang": "fr"}),
    )

    def __init__(self, key: str, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = "" if key == NEW_ARTICLE else key
        known = article(self.key, at=at) if self.key else None
        newest = known.versions[-1] if known is not None else None
        self.number = None if known is None else known.position
        self.heading = (
            "" if newest is None else _in_language(newest.wording.title_en, newest.wording.title_fr)
        )
        if self.key:
            self.fields["repeals"] = forms.BooleanField(
                label=_("Repeal this article; what stands above does not count then"), required=False
            )

    def wish(self) -> ArticleWish:
        given = self.cleaned_data
        if given.get("repeals"):
            return ArticleWish(key=self.key, repeals=True)
        words = {name: given[name] for name in ("title_en", "title_fr", "text_en", "text_fr")}
        return ArticleWish(key=self.key, **words)


class SenseForm(forms.Form):
    """What somebody thinks of a draft."""

    stance = forms.ChoiceField(
        label=_("What do you think of it?"), choices=Stance.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Needed if you disagree or block. Everybody reads it, under your screen name."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class FeasibilityForm(forms.Form):
    """The team's answer."""

    feasible = forms.TypedChoiceField(
        label=_("Can it be done as it stands?"),
        choices=[("yes", _("Yes, it is feasible")), ("no", _("No, not as it stands"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_ANSWER,
        required=False,
        help_text=_("Needed for a no. Everybody reads it."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    help_text = forms.CharField(
        label=_("What would make it feasible, or how the team helps"),
        max_length=LONGEST_ANSWER,
        required=False,
        help_text=_("Needed for a no."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


class WholeForm:
    """Words, settings and articles of one proposal, or its words and the guild it founds, as one form.

    `given` holds what was posted, `start` what stands in the fields before anybody types.
    """

    def __init__(
        self,
        given: QueryDict | None = None,
        *,
        at: datetime,
        start: Mapping[str, Any] | None = None,
        settings: Sequence[tuple[str, Mapping[str, Any]]] = (),
        articles: Sequence[tuple[str, Mapping[str, Any]]] = (),
        guild: Mapping[str, Any] | None = None,
        amends: bool = False,
    ) -> None:
        self.at, self.amends = at, amends
        self.guild: FoundingForm | None = None
        form = AmendForm if amends else WordsForm
        if given is None:
            self.words: forms.Form = form(initial=dict(start or {}))
            self._fill(settings, articles)
            if guild is not None:
                self.guild = FoundingForm(initial=dict(guild), prefix="guild")
        elif self._is_only_rebuilt(given):
            self.words = form(initial={name: given.get(name, "") for name in form.base_fields})
            self._rebuild(given)
        else:
            self.words = form(given)
            self.settings = [
                SettingForm(name, given, prefix=f"s{place}", at=at)
                for place, name in enumerate(_known_settings(given))
            ]
            self.articles = [
                ArticleForm(key, given, prefix=f"a{place}", at=at)
                for place, key in enumerate(_known_articles(given, at))
            ]
            if given.get("founds"):
                self.guild = FoundingForm(given, prefix="guild")
        self.is_rebuilt = given is not None and not self.words.is_bound

    def is_valid(self) -> bool:
        every = (self.words, *self.settings, *self.articles, *([self.guild] if self.guild else []))
        sound = [one.is_valid() for one in every]  # each of them, so that each says what is wrong with it
        return all(sound)

    def content(self) -> Content:
        given = self.words.cleaned_data
        return Content(
            **{name: given.get(name, "") for name in WordsForm.base_fields},
            note=given.get("note", ""),
            settings=[one.wish() for one in self.settings],
            articles=[one.wish() for one in self.articles],
            guild=None if self.guild is None else Founding(**self.guild.cleaned_data),
        )

    def parameter_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the parameters by section, for the list from which one is added."""
        return [
            (str(section.title), [(one.name, str(one.meaning)) for one in section.parameters])
            for section in SECTIONS
        ]

    def article_choices(self) -> list[tuple[str, str]]:
        found = [one.in_force for one in articles(at=self.at) if one.in_force is not None]
        return [
            (one.key, f"{one.position}. {_in_language(one.wording.title_en, one.wording.title_fr)}")
            for one in found
        ]

    @property
    def takes_settings(self) -> bool:
        return len(self.settings) < MOST_SETTINGS

    @property
    def takes_articles(self) -> bool:
        return len(self.articles) < MOST_ARTICLES

    def _fill(
        self,
        settings: Sequence[tuple[str, Mapping[str, Any]]],
        articles: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> None:
        self.settings = [
            SettingForm(name, initial=dict(start), prefix=f"s{place}", at=self.at)
            for place, (name, start) in enumerate(settings)
        ]
        self.articles = [
            ArticleForm(key, initial=dict(start), prefix=f"a{place}", at=self.at)
            for place, (key, start) in enumerate(articles)
        ]

    @staticmethod
    def _is_only_rebuilt(given: QueryDict) -> bool:
        return any(
            given.get(name) for name in ("add_setting", "add_article", "remove_setting", "remove_article")
        )

    def _rebuild(self, given: QueryDict) -> None:
        """Add or take out a part as a button asks, with everything that was typed where it stood."""
        settings = [(name, _raw(given, f"s{n}")) for n, name in enumerate(_known_settings(given))]
        articles = [(key, _raw(given, f"a{n}")) for n, key in enumerate(_known_articles(given, self.at))]
        settings = _without(settings, given.get("remove_setting", ""))
        articles = _without(articles, given.get("remove_article", ""))
        name, key = given.get("which_parameter", ""), given.get("which_article", "")
        if given.get("add_setting") and name in PARAMETERS and len(settings) < MOST_SETTINGS:
            settings.append((name, {}))
        if given.get("add_article") and is_article(key, self.at) and len(articles) < MOST_ARTICLES:
            articles.append((key, article_start(key, at=self.at)))
        self._fill(settings, articles)


def start_of(version: ProposalVersion, *, goes_back: bool = False) -> dict[str, Any]:
    """Return how the whole form begins with a version in it; with `goes_back`, with what was before it."""
    settings = []
    for row in version.settings.order_by("position"):
        value = stored_value(row.parameter, row.old_value if goes_back else row.new_value)
        if value is None:
            continue
        day = None if goes_back or row.effective_at is None else row.effective_at
        start = {
            "value": typed(PARAMETERS[row.parameter], value),
            "scope": f"{row.scope_kind}:{row.scope_key}",
            "effective_on": None
            if day is None
            else timezone.localdate(day, timezone.get_default_timezone()).isoformat(),
        }
        settings.append((row.parameter, start))
    return {
        "settings": settings,
        "articles": _articles_start(version, goes_back=goes_back),
        "guild": None if goes_back else _guild_start(version),
    }


def _guild_start(version: ProposalVersion) -> dict[str, Any] | None:
    """Return a version's guild as it stands in the form's fields; None if it founds none."""
    found = founding_of(version)
    if found is None:
        return None
    names = ("name", "screen_name", "craft", "language", "charter_text", "joining")
    lines = [f"{name}, {level}" for name, level in found.founders.items()]
    return {name: getattr(found, name) for name in names} | {"founders": "\n".join(lines)}


def article_start(key: str, *, at: datetime) -> dict[str, str]:
    """Return the words that an article has, for somebody to change."""
    known = article(key, at=at) if key != NEW_ARTICLE else None
    if known is None:
        return {}
    said = known.versions[-1].wording
    return {
        "title_en": said.title_en,
        "title_fr": said.title_fr,
        "text_en": said.text_en,
        "text_fr": said.text_fr,
    }


def _articles_start(version: ProposalVersion, *, goes_back: bool) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for row in version.articles.order_by("position"):
        if not goes_back:
            words = {name: getattr(row, name) for name in ("title_en", "title_fr", "text_en", "text_fr")}
            found.append((row.key or NEW_ARTICLE, words | {"repeals": row.repeals}))
            continue
        known = article(row.key, at=version.made_at) if row.key else None
        before = next((one for one in known.versions if one.number == row.of_number), None) if known else None
        if before is not None:
            said = before.wording
            found.append(
                (
                    row.key,
                    {
                        "title_en": said.title_en,
                        "title_fr": said.title_fr,
                        "text_en": said.text_en,
                        "text_fr": said.text_fr,
                        "repeals": before.repealed,
                    },
                )
            )
    return found


def _raw(given: QueryDict, prefix: str) -> Raw:
    return {
        name.removeprefix(f"{prefix}-"): str(given.get(name, ""))
        for name in given
        if name.startswith(f"{prefix}-")
    }


def _known_settings(given: QueryDict) -> list[str]:
    return [name for name in given.getlist("setting") if name in PARAMETERS][:MOST_SETTINGS]


def _known_articles(given: QueryDict, at: datetime) -> list[str]:
    return [key for key in given.getlist("article") if is_article(key, at)][:MOST_ARTICLES]


def is_article(key: str, at: datetime) -> bool:
    """Return whether an article can be added under this name: one that there is, or a new one."""
    return key == NEW_ARTICLE or ("\0" not in key and len(key) < 100 and article(key, at=at) is not None)


def _without(parts: list[tuple[str, Raw]], place: str) -> list[tuple[str, Raw]]:
    return [one for number, one in enumerate(parts) if str(number) != place]


def _said_now(name: str, at: datetime) -> str:
    try:
        return say_value(PARAMETERS[name], in_force(name, at=at))
    except NotInForceYet:
        return ""


def _scope_choices(scopes: Sequence[str]) -> list[Any]:
    choices: list[Any] = [("site:", ScopeKind.SITE.label)]
    if ScopeKind.COUNTRY in scopes:
        of_countries = [(f"country:{code}", name) for code, name in country_choices()]
        choices.append((ScopeKind.COUNTRY.label, of_countries))
    if ScopeKind.STATUS in scopes:
        of_statuses = [(f"status:{key}", label) for key, label in WorkingStatus.choices]
        choices.append((ScopeKind.STATUS.label, of_statuses))
    if ScopeKind.GUILD in scopes:
        guilds = Guild.objects.select_related("party").order_by("party__name")[:500]
        choices.append((ScopeKind.GUILD.label, [(f"guild:{one.pk}", one.party.name) for one in guilds]))
    return choices


def _in_language(english: str, french: str) -> str:
    return french if (get_language() or "en").startswith("fr") else english


__all__ = [
    "ArticleForm",
    "FeasibilityForm",
    "SenseForm",
    "SettingForm",
    "WholeForm",
    "article_start",
    "start_of",
]
