"""The shape of a motion to stop an algorithm."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.charter.moratoria import NAMES, Algorithm
from canut.governance.moratoria.models import LONGEST_REASON


class MotionForm(forms.Form):
    """What is to be stopped, and why."""

    algorithm = forms.ChoiceField(label=_("What is to be stopped"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Everybody reads this, and votes by it. At most 2,000 characters."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["algorithm"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, str(NAMES[one])) for one in Algorithm]
