"""The shape of a question to the charter, and of a law that an operator enters."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from canut.charter.parameters import Parameter, ScopeKind
from canut.charter.rules import Scope
from canut.people.models import WorkingStatus
from canut.people.places import country_choices

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    """A day of this era, typed or chosen in the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Write the day as year-month-day, such as 2026-03-31.")},
            required=False,
            **kwargs,
        )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2999."))


class DayForm(forms.Form):
    """Which day's rules to look at."""

    at = DayField(label=_("As it was, or will be, at the end of"))

    def moment(self, now: datetime) -> datetime:
        """Return the end of the day that was asked for, where the reader is; now for today or none."""
        day: date | None = self.cleaned_data.get("at")
        if day is None or day == timezone.localdate(now):
            return now
        zone = timezone.get_current_timezone()
        return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


class LookForm(DayForm):
    """Which day's charter to look at, and which words to look for."""

    q = forms.CharField(label=_("Words to look for"), max_length=100, required=False)


class LawForm(forms.Form):
    """A legal minimum: the value in the parameter's unit, for whom, by which text, from which day."""

    def __init__(self, parameter: Parameter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = forms.IntegerField if parameter.type == "int" else forms.DecimalField
        self.fields["value"] = number(
            label=_("The law's value, in %(unit)s") % {"unit": parameter.unit.label}, localize=True
        )
        if ScopeKind.COUNTRY in parameter.scopes:
            self.fields["country"] = forms.ChoiceField(
                label=_("Country"), choices=[("", _("All countries")), *country_choices()], required=False
            )
        if ScopeKind.STATUS in parameter.scopes:
            self.fields["status"] = forms.ChoiceField(
                label=_("Working status"),
                choices=[("", _("Everybody")), *WorkingStatus.choices],
                required=False,
            )
        self.fields["cites"] = forms.CharField(
            label=_("Which law says so"),
            help_text=_("Its name, its article and what it says; everybody reads this."),
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["effective_on"] = DayField(
            label=_("In force from the beginning of"), help_text=_("Empty: at once.")
        )

    def scope(self) -> Scope:
        return Scope(
            country=self.cleaned_data.get("country") or None, status=self.cleaned_data.get("status") or None
        )

    def effective_at(self, now: datetime) -> datetime:
        """Return the beginning of the law's first day in the site's zone; now for today or none."""
        day: date | None = self.cleaned_data["effective_on"]
        zone = timezone.get_default_timezone()  # laws go by the site's days, wherever the operator is
        return (
            now
            if day is None or day == timezone.localdate(now, zone)
            else datetime.combine(day, time(), zone)
        )
