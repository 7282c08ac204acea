"""The shape of what people type about themselves. Whether it is allowed is the use cases' question."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from canut.kernel import clock
from canut.people import documents, places, rules
from canut.people.models import OF_OPERATORS, ListKind, Locale, Person, Scope, WorkingStatus
from canut.people.queries import Profile
from canut.people.shapes import SCREEN_NAME_SHAPE
from canut.people.usecases.register_person import register_person

_WITH_BLANK = [("", _("Choose…"))]


def _without_placeholders(form: forms.Form) -> None:
    """A placeholder vanishes while one types; the label says it better."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _offer(form: forms.Form, field: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Fill a list in now, in the language of this page."""
    cast(forms.ChoiceField, form.fields[field]).choices = list(choices)


def _age_sentence() -> str:
    by_age: dict[int, list[str]] = {}
    for country, age in rules.ADULT_AT_BY_COUNTRY.items():
        by_age.setdefault(age, []).append(places.country_name(country))
    exceptions = "; ".join(
        gettext("%(age)s in %(countries)s")
        % {"age": age, "countries": ", ".join(sorted(names, key=places.sort_key))}
        for age, names in sorted(by_age.items())
    )
    return gettext("I am at least %(age)s years old (%(exceptions)s).") % {
        "age": rules.ADULT_AT,
        "exceptions": exceptions,
    }


def _terms_sentence() -> str:
    return format_html(gettext('I agree to the <a href="{}">terms of use</a>.'), reverse_lazy("terms"))


def _privacy_sentence() -> str:
    return format_html(
        gettext('I have read the <a href="{}">privacy notice</a> and agree to it.'), reverse_lazy("privacy")
    )


class _Languages:
    """Up to three languages, asked for one after the other: easier than a list of a hundred boxes."""

    FIELDS = ("language_1", "language_2", "language_3")

    @staticmethod
    def add_to(form: forms.Form) -> None:
        labels = [_("Language you read best"), _("Another language you read well"), _("And another one")]
        choices = places.language_choices()
        for name, label in zip(_Languages.FIELDS, labels, strict=True):
            required = name == "language_1"
            form.fields[name] = forms.ChoiceField(
                label=label, choices=[*_WITH_BLANK, *choices], required=required
            )

    @staticmethod
    def of(form: forms.Form) -> list[str]:
        chosen = [form.cleaned_data.get(name) for name in _Languages.FIELDS]
        return list(dict.fromkeys(code for code in chosen if code))


class SignUpForm(allauth_forms.SignupForm):
    """Everything the site must know before somebody can take part, and nothing more."""

    screen_name = forms.CharField(
        label=_("Screen name"),
        max_length=30,
        help_text=_("The only thing other people see of you. You can change it later."),
    )
    is_worker = forms.BooleanField(label=_("I want to do tasks"), required=False)
    is_requester = forms.BooleanField(label=_("I want to publish tasks"), required=False)
    country = forms.ChoiceField(
        label=_("Country you live in"), help_text=_("It sets the least you can be paid. Nobody else sees it.")
    )
    working_status = forms.ChoiceField(
        label=_("Working status"), help_text=_("It sets the least you can be paid. Nobody else sees it.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    is_old_enough = forms.BooleanField(label=lazy(_age_sentence, str)())
    agrees_to_terms = forms.BooleanField(label=lazy(_terms_sentence, str)())
    agrees_to_privacy = forms.BooleanField(label=lazy(_privacy_sentence, str)())

    field_order = (
        "email",
        "username",
        "password1",
        "password2",
        "screen_name",
        "is_worker",
        "is_requester",
        "country",
        "working_status",
        *_Languages.FIELDS,
        "time_zone",
        "is_old_enough",
        "agrees_to_terms",
        "agrees_to_privacy",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _Languages.add_to(self)
        self.order_fields(self.field_order)
        _offer(self, "country", [*_WITH_BLANK, *places.country_choices()])
        _offer(self, "working_status", [*_WITH_BLANK, *WorkingStatus.choices])
        _offer(self, "time_zone", places.time_zone_choices())
        self.fields["time_zone"].initial = settings.TIME_ZONE
        self.fields["time_zone"].widget.attrs["data-time-zone"] = ""
        self.fields["language_1"].initial = get_language()
        self.fields["email"].label = _("E-mail address")
        self.fields["username"].label = _("Name to sign in with")
        self.fields["username"].help_text = _(
            "3 to 40 letters without accents, digits, and any of . _ + - Nobody else sees it."
        )
        self.fields["password2"].label = _("The same password again")
        _without_placeholders(self)

    def clean_screen_name(self) -> str:
        name = rules.tidy_screen_name(self.cleaned_data["screen_name"])
        if not rules.screen_name_is_usable(name):
            raise forms.ValidationError(SCREEN_NAME_SHAPE)
        return name

    def save(self, request: HttpRequest) -> Person:
        data = self.cleaned_data
        return register_person(
            username=data["username"],
            email=data["email"],
            password=data["password1"],
            screen_name=data["screen_name"],
            country=data["country"],
            working_status=data["working_status"],
            languages=_Languages.of(self),
            age_stated=rules.smallest_age(data["country"]),
            consents=documents.IN_FORCE,
            time_zone=data["time_zone"],
            locale=get_language() or Locale.ENGLISH,
            worker=data["is_worker"],
            requester=data["is_requester"],
            at=clock.now(),
        )


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name or e-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the page has its own link for who forgot it
        self.fields["remember"].label = _("Stay signed in on this device")
        _without_placeholders(self)


class ProfileForm(forms.Form):
    country = forms.ChoiceField(label=_("Country you live in"))
    working_status = forms.ChoiceField(label=_("Working status"))
    legal_given_name = forms.CharField(label=_("Legal given name"), max_length=80, required=False)
    legal_family_name = forms.CharField(
        label=_("Legal family name"),
        max_length=80,
        required=False,
        help_text=_("Only needed to pay real money out. The other side never sees your legal name."),
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "country": profile.country,
            "working_status": profile.working_status,
            "legal_given_name": profile.legal_given_name,
            "legal_family_name": profile.legal_family_name,
            **dict(zip(_Languages.FIELDS, profile.languages, strict=False)),
        }
        super().__init__(*args, **kwargs)
        _offer(self, "country", places.country_choices())
        _offer(self, "working_status", WorkingStatus.choices)
        _Languages.add_to(self)
        self.order_fields(
            ["country", "working_status", *_Languages.FIELDS, "legal_given_name", "legal_family_name"]
        )

    def languages(self) -> list[str]:
        return _Languages.of(self)


class ScreenNameForm(forms.Form):
    screen_name = forms.CharField(label=_("Screen name"), max_length=30, help_text=SCREEN_NAME_SHAPE)


class RolesForm(forms.Form):
    worker = forms.BooleanField(
        label=_("Worker"), required=False, help_text=_("You see the feed, take tasks and are paid for them.")
    )
    requester = forms.BooleanField(
        label=_("Requester"), required=False, help_text=_("You publish tasks and decide on the answers.")
    )


class PreferencesForm(forms.Form):
    locale = forms.ChoiceField(label=_("Language of pages and mails"), choices=Locale.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "time_zone", places.time_zone_choices())


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("For you to tell it from others: the program's name.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for a key that ends only when you revoke it."),
    )

    def __init__(self, *args: Any, is_operator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_operator:
            _offer(self, "scopes", [each for each in Scope.choices if each[0] not in OF_OPERATORS])

    def expires_at(self, zone: str) -> datetime | None:
        """Return the end of the last day in the person's zone."""
        day: date | None = self.cleaned_data["ends_on"]
        return datetime.combine(day, time.max, ZoneInfo(zone)) if day else None


class ListingForm(forms.Form):
    screen_name = forms.CharField(label=_("Screen name"), max_length=30)
    kind = forms.ChoiceField(label=_("List"), choices=ListKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Note to yourself"), max_length=500, required=False, help_text=_("Only you see it.")
    )


class CloseForm(forms.Form):
    screen_name = forms.CharField(
        label=_("Your screen name"), help_text=_("Type it to show that you mean it.")
    )

    gives_up_money = forms.BooleanField(required=False)

    def __init__(self, *args: Any, screen_name: str, money: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._screen_name = screen_name
        self.fields["gives_up_money"].label = _("I give up the %(money)s of play money on my account.") % {
            "money": money
        }
        if not money:
            del self.fields["gives_up_money"]

    def clean_screen_name(self) -> str:
        typed = rules.tidy_screen_name(self.cleaned_data["screen_name"])
        if typed.lower() != self._screen_name.lower():
            raise forms.ValidationError(_("This is not your screen name. Nothing was closed."))
        return typed
