"""What a worker fills in beside the task itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.web.templatetags.amounts import duration
from canut.work.queries.showing import Offer
from canut.work.queries.whole_time import Stating

MOST_STEPS = 480
"""How many steps a list offers; what takes longer is left to the timer."""


class StatedTime(forms.Form):
    """How long the worker says it took. Empty means: what the page's timer measured.

    What is stated stands; what the timer measured is kept beside it (`active_seconds_from_post`). The
    steps are the charter's: fine ones, for a short task, are typed; the others are chosen from a list.
    """

    def __init__(self, offer: Offer, steps: Stating, data: Any = None) -> None:
        super().__init__(data, auto_id="stated_%s")
        label, help_text = (
            _("Active time"),
            _("How long you worked on it, without breaks. Leave it to the timer if it is right."),
        )
        step = steps.step_seconds
        if steps.is_short:
            widget = forms.NumberInput(
                {"min": step, "max": offer.lease_seconds, "step": step, "data-stated-seconds": ""}
            )
            self.fields["active_seconds"] = forms.IntegerField(
                label=_("Active time in seconds"), help_text=help_text, required=False, widget=widget
            )
        else:
            counts = range(1, min(offer.lease_seconds // step, MOST_STEPS) + 1)
            choices = [(count * step, duration(count * step)) for count in counts]
            self.fields["active_seconds"] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                required=False,
                choices=[("", _("as the page's timer measured")), *choices],
                widget=forms.Select({"data-stated-seconds": ""}),
            )
