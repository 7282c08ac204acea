"""What a worker fills in beside the task itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.web.templatetags.amounts import duration
from canut.work.queries.showing import Offer

SECONDS_UNDER = 120
"""Expected times under this are stated to the second, longer ones to the half minute (MECHANISMS 4.1)."""
STEP_SECONDS = 30
MOST_STEPS = 480


class StatedTime(forms.Form):
    """How long the worker says it took. Empty means: what the page's timer measured.

    What is stated stands; what the timer measured is kept beside it (`active_seconds_from_post`).
    """

    def __init__(self, offer: Offer, data: Any = None) -> None:
        super().__init__(data, auto_id="stated_%s")
        label, help_text = (
            _("Active time"),
            _("How long you worked on it, without breaks. Leave it to the timer if it is right."),
        )
        if offer.expected_seconds < SECONDS_UNDER:
            widget = forms.NumberInput(
                {"min": 1, "max": offer.lease_seconds, "step": 1, "data-stated-seconds": ""}
            )
            self.fields["active_seconds"] = forms.IntegerField(
                label=_("Active time in seconds"), help_text=help_text, required=False, widget=widget
            )
        else:
            steps = range(1, min(offer.lease_seconds // STEP_SECONDS, MOST_STEPS) + 1)
            choices = [(step * STEP_SECONDS, duration(step * STEP_SECONDS)) for step in steps]
            self.fields["active_seconds"] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                required=False,
                choices=[("", _("as the page's timer measured")), *choices],
                widget=forms.Select({"data-stated-seconds": ""}),
            )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("What you want the hearing to know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("You may leave it empty: the task, your answers and the reasons are before them anyway."),
    )
