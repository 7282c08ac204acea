"""What somebody says and shows when they appeal."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from canut.justice.files import SentFile
from canut.justice.models import LONGEST_WORDS

ACCEPTED = "image/*,audio/*,application/pdf,text/plain,.txt,.csv,.md,.log"


def _file_field(*, required: bool) -> forms.FileField:
    return forms.FileField(
        label=_("File"),
        required=required,
        widget=forms.ClearableFileInput({"accept": ACCEPTED}),
        help_text=_(
            "A picture, sound, PDF or plain text, at most 10 MB. The peers and the other side read it: leave "
            "out your name."
        ),
    )


class WithFile(forms.Form):
    """A form with a field `file`."""

    def sent(self) -> SentFile | None:
        """Return the file of a form that is valid; None if there is none."""
        found = self.cleaned_data.get("file")
        return SentFile(found, str(found.name)) if isinstance(found, UploadedFile) else None


class CaseFileForm(WithFile):
    file = _file_field(required=True)


class AppealForm(WithFile):
    """An appeal is one click: both fields may stay empty."""

    words = forms.CharField(
        label=_("What you want the peers to know"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "You may leave it empty: the task, your answers and the reasons are before them anyway. They do "
            "not learn who you are, so do not sign it."
        ),
    )
    file = _file_field(required=False)
