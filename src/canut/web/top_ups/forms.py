"""What a contest says, and what decides it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.usecases.return_submission import LONGEST_TEXT


class ContestForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with these times"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The worker reads it, and the operator who decides."),
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("pay", _("Pay the top-up: the times are believable, or nothing shows that they are not.")),
            ("uphold", _("Do not pay the top-up: the times cannot be right.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Both sides read it, with your screen name: a named person decides about pay."),
    )
