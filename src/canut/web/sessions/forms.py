"""The shape of what is filled in about hours, sensitive work, refusals and withdrawals."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.states import RefusalGround, Risk


class HoursForm(forms.Form):
    """How many hours to add, and what the page showed when it was filled in."""

    hours = forms.CharField(
        label=_("Hours to add"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("For example 10, or 2.5."),
    )
    hours_before = forms.IntegerField(widget=forms.HiddenInput)
    agreed_minor = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_hours(self) -> int:
        """Return the time in seconds."""
        written = self.cleaned_data["hours"].strip().replace(",", ".")
        parts = written.split(".", 1)
        if len(written) > 9 or not all(part.isascii() and part.isdecimal() for part in parts):
            raise forms.ValidationError(_("Write the hours as a number, such as 10 or 2.5."))
        return int(Decimal(written) * 3600)


class RisksForm(forms.Form):
    risks = forms.MultipleChoiceField(
        label=_("I will see work that may show"),
        choices=Risk.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RefusalForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Why do you refuse this project?"),
        choices=RefusalGround.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The requester reads them, without your name. Do not sign them."),
    )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why was the refusal wrong?"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )
