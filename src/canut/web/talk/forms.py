"""What is asked for when somebody writes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.discussion.limits import LONGEST_TEXT, LONGEST_TITLE

LARGEST_NUMBER = 2**31 - 1


class PostForm(forms.Form):
    text = forms.CharField(
        label=_("What you want to say"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        help_text=_(
            "Plain text, or Markdown: *emphasis*, **strong**, lists, > quotes, `code`, [a link](https://…). "
            "@ and a screen name calls somebody."
        ),
    )
    quotes = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_NUMBER, widget=forms.HiddenInput
    )


class ProjectPostForm(PostForm):
    task = forms.IntegerField(
        label=_("About one task, if so: its number"),
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        widget=forms.TextInput({"inputmode": "numeric", "size": 8}),
    )


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what each is, the use case looks at."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Sequence[Any]:
        return list(data or ())


def _files() -> FilesField:
    return FilesField(
        label=_("Files"),
        required=False,
        widget=SeveralFiles(),
        help_text=_("Up to five pictures, sounds, PDFs or plain texts, for the two of you alone."),
    )


class MessageForm(PostForm):
    attached = _files()


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )
    task = forms.IntegerField(
        label=_("About one task, if so: its number"),
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        widget=forms.TextInput({"inputmode": "numeric", "size": 8}),
    )
    attached = _files()


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("The note"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )


class ThreadForm(forms.Form):
    title = forms.CharField(
        label=_("What it is about"), max_length=LONGEST_TITLE, widget=forms.TextInput({"dir": "auto"})
    )
    text = forms.CharField(
        label=_("The first post"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6, "dir": "auto"})
    )
