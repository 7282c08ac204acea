"""The shape of a witness's registration, and of looking through the log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.charter.models import LogKind


class WitnessForm(forms.Form):
    """A witness's public key."""

    vkey = forms.CharField(
        label=_("The witness's key for cosignatures"),
        help_text=_("In one word, name+id+key, as the witness publishes it."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class LookForm(forms.Form):
    """Which entries to show."""

    kind = forms.ChoiceField(
        label=_("Show"), choices=[("", _("everything")), *LogKind.choices], required=False
    )
