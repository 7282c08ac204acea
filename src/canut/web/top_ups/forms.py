"""What a contest says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.usecases.return_submission import LONGEST_TEXT


class ContestForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with these times"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The worker reads it, and the peers who decide. Name nobody."),
    )
