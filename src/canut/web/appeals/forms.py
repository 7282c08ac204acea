"""What a hearing decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.usecases.return_submission import LONGEST_TEXT


class HearingForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("overturn", _("Overturn the rejection: the worker is paid from the money set aside.")),
            (
                "uphold",
                _("Let the rejection stand: the money serves the place, which opens to another worker."),
            ),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Both sides read it, with the time and not with your name."),
    )
