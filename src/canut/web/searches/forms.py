"""The shape of a saved search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.models.searches import Notice, Pace
from canut.work.rules_searches import LONGEST_NAME


class SearchForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("For you to tell it from your others.")
    )
    notice = forms.ChoiceField(
        label=_("Tell me of new work"), choices=Notice.choices, widget=forms.RadioSelect
    )
    pace = forms.ChoiceField(label=_("How soon"), choices=Pace.choices, widget=forms.RadioSelect)
