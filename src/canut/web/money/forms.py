"""The shape of a deposit."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """Return a key that makes one form's sending count once, however often it is sent."""
    return uuid.uuid4().hex


class DepositForm(forms.Form):
    amount = forms.CharField(
        label=_("Amount"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    key = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)

    def renew_key(self) -> None:
        """Put a fresh key into the form, as the one it came with stands for another deposit."""
        self.data = {**dict(self.data.items()), "key": new_key()}
