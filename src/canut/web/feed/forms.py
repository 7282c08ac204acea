"""The form by which a worker narrows the feed. It goes into the address, so that a page can be kept."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.people.places import language_name
from canut.work.queries.feed_filters import ACCEPTED, ALL_RISKS, NO_RISKS, Filters, as_address


class FilterForm(forms.Form):
    """It draws and keeps what was typed; `feed_filters.filters_from` reads it."""

    least_hourly = forms.CharField(
        label=_("Least pay for an hour"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("In euros, such as 12.50."),
    )
    most_minutes = forms.CharField(
        label=_("Longest task, in minutes"),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("By the time it is expected to take."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Language needed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Work that needs one of these, or none. Nothing ticked: any."),
    )
    device = forms.ChoiceField(
        label=_("Device"),
        required=False,
        choices=[
            ("", _("any")),
            ("phone", _("can be done on a phone")),
            ("computer", _("can be done on a computer")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("paid and volunteer work")),
            ("paid", _("paid work")),
            ("volunteer", _("volunteer work")),
        ],
    )
    risks = forms.ChoiceField(
        label=_("Sensitive work"),
        required=False,
        choices=[
            (ACCEPTED, _("what I have accepted")),
            (NO_RISKS, _("none of it")),
            (ALL_RISKS, _("all, also what I have not accepted")),
        ],
    )

    def __init__(self, *args: object, languages: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(code, language_name(code)) for code in languages]
        self.fields["languages"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["languages"]

    @staticmethod
    def shown(filters: Filters) -> dict[str, object]:
        """Return what the form holds for these filters."""
        return {"risks": ACCEPTED, **as_address(filters), "languages": list(filters.languages)}
