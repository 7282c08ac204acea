"""What members type about the key of their badges, and the file that anybody has checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_DID = 200
LONGEST_SIGNATURE = 400
ACCEPTED = ".json,.jsonld,.jwt,.txt,.svg,.png,application/json,application/jwt,image/svg+xml,image/png"


class KeyToBringForm(forms.Form):
    """The public half of a key that somebody has."""

    did = forms.CharField(
        label=_("Your key, as a did:key"),
        max_length=LONGEST_DID,
        help_text=_(
            "It begins with did:key:z6Mk. Only the public half; never paste the private one anywhere."
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class SignatureForm(forms.Form):
    """What shows that the key is theirs."""

    did = forms.CharField(max_length=LONGEST_DID, widget=forms.HiddenInput)
    signature = forms.CharField(
        label=_("The signature"),
        max_length=LONGEST_SIGNATURE,
        help_text=_("64 bytes in base64 or base64url, 86 letters or a few more. Line breaks do not matter."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_signature(self) -> str:
        """Return it in base64url without padding, however a program has written it."""
        written: str = "".join(self.cleaned_data["signature"].split())
        return written.rstrip("=").replace("+", "-").replace("/", "_")


class BadgeFileForm(forms.Form):
    """A badge that somebody wants checked."""

    file = forms.FileField(
        label=_("The badge"),
        help_text=_("A JSON, JWT, SVG or PNG file of at most 4 MB. Choose it, or drop it on the field."),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "invalid": _("Choose a file first."),
            "empty": _("This file is empty. Fetch the badge anew from where you had it."),
        },
        widget=forms.FileInput({"accept": ACCEPTED}),
    )
