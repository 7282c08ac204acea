"""What is typed to make a qualification and to give values of it."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from canut.reputation.rules_qualifications import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_VALUE,
    number_of,
    rows_of,
)
from canut.work.usecases.grant_qualification import MOST_AT_ONCE, Row

LARGEST_FILE_BYTES = 1_000_000


class QualificationForm(forms.Form):
    """What a qualification is called and what it says."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput({"dir": "auto"}))
    description = forms.CharField(
        label=_("What it says of somebody"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("Whoever holds it reads this: what it is about, and what the values mean."),
    )


class _Reasoned(forms.Form):
    """A form with the reason that workers read. `prefix_of_ids` lets several stand in one page."""

    prefix_of_ids = "id"

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict[str, UploadedFile] | None = None
    ) -> None:
        super().__init__(data, files, auto_id=f"{self.prefix_of_ids}_%s")

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("The worker reads it."),
    )


class RevokeForm(_Reasoned):
    """Why a value is taken back."""


class GrantForm(_Reasoned):
    """One worker and their value."""

    prefix_of_ids = "one"
    who = forms.CharField(
        label=_("Screen name"),
        max_length=60,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=LONGEST_VALUE,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("A number with at most two decimals."),
    )
    field_order = ("who", "value", "reason")

    def rows(self) -> Sequence[Row]:
        """Return what was typed as the use case takes it."""
        return [_row(self.cleaned_data["who"], self.cleaned_data["value"])]


class GrantManyForm(_Reasoned):
    """Many workers with their values, pasted or in a file."""

    prefix_of_ids = "many"
    pasted = forms.CharField(
        label=_("Names and values"),
        required=False,
        max_length=LARGEST_FILE_BYTES,
        strip=False,
        widget=forms.Textarea({"rows": 6, "dir": "auto", "placeholder": "Ana Lopes; 7\nBruno; 8.5"}),
        help_text=_("One person a line, by screen name or number, then the value; as a sheet gives them."),
    )
    file = forms.FileField(
        label=_("Or a CSV file of these"),
        required=False,
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    field_order = ("pasted", "file", "reason")

    def clean(self) -> dict[str, Any]:
        """Put what stands in the file into the field, where it can be mended if it is refused."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None and given.get("pasted", "").strip():
            self.add_error("file", _("Paste the names or choose a file, not both."))
        elif file is not None and file.size > LARGEST_FILE_BYTES:
            self.add_error("file", _("This file is too large. It may have a thousand rows."))
        elif file is not None:
            try:
                given["pasted"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is no text in UTF-8. Save it again as CSV UTF-8."))
        elif not given.get("pasted", "").strip() and "pasted" not in self.errors:
            self.add_error("pasted", _("Write at least one name with a value."))
        return given

    def rows(self) -> Sequence[Row]:
        """Return what was pasted as the use case takes it; one row more than it takes tells it."""
        rows = rows_of(self.cleaned_data["pasted"])[: MOST_AT_ONCE + 1]
        return [_row(row.who, row.value, line=row.line) for row in rows]

    def keep(self) -> None:
        """Leave what a file said in the field, for a browser does not give a file twice."""
        data = cast(QueryDict, self.data).copy()
        data["pasted"] = self.cleaned_data["pasted"]
        self.data = data


def _row(who: str, value: str, *, line: int | None = None) -> Row:
    number = number_of(who.strip())
    return Row(who.strip() if number is None else number, value, number=line)
