"""What a requester writes when deciding. Ids tell many forms on one page apart."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.people.usecases.put_on_list import LONGEST_TEXT as LONGEST_TOLD
from canut.work.states import Ground
from canut.work.usecases.return_submission import LONGEST_TEXT


class _OfOneWork(forms.Form):
    """A form about one assignment; `purpose` and the assignment make its fields' ids unique on the page."""

    purpose = ""

    def __init__(self, assignment_id: int, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{self.purpose}_{assignment_id}_%s", **kwargs)


class ReturnForm(_OfOneWork):
    purpose = "return"
    reason = forms.CharField(
        label=_("What to change, and why"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )


class RejectForm(_OfOneWork):
    purpose = "reject"
    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("Choose…")), *Ground.choices])
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What in the answer shows it."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The worker reads all three, and so does whoever hears an appeal."),
    )


class BonusForm(_OfOneWork):
    purpose = "bonus"
    amount = forms.CharField(
        label=_("Amount"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("What for"), max_length=200, help_text=_("The worker reads it beside the sum.")
    )
    key = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)

    def renew_key(self, key: str) -> None:
        """Put a fresh key into the form, as the one it came with stands for another bonus."""
        self.data = {**dict(self.data.items()), "key": key}


class BlockForm(_OfOneWork):
    purpose = "block"
    told = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TOLD,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The worker reads it."),
    )
