"""What is said of a broken task, and of a row that somebody reported."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.states import BrokenKind
from canut.work.usecases.report_broken import LEAST_WORDS, MOST_WORDS
from canut.work.usecases.return_submission import LONGEST_TEXT

LONG_CELL = 80
"""From so many characters on a cell is changed in a field of several lines."""


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is wrong"), choices=BrokenKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What exactly, and where"),
        min_length=LEAST_WORDS,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The requester reads it, to mend the task."),
    )


class SayForm(forms.Form):
    words = forms.CharField(
        label=_("What you say to whoever reported it (optional)"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 2}),
    )


class ContestReportForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the task is not broken"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The worker reads it, and the peers who decide. Name nobody."),
    )


class MendForm(SayForm):
    """A field for each column of a row. What is left as it stands keeps its type."""

    def __init__(self, row: Mapping[str, Any], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.row, self.columns = row, list(row)
        cells = {}
        for number, column in enumerate(self.columns):
            written = as_written(row[column])
            is_long = len(written) > LONG_CELL or "\n" in written
            cells[f"cell_{number}"] = forms.CharField(
                label=column,
                initial=written,
                required=False,
                strip=False,
                widget=forms.Textarea({"rows": 4, "dir": "auto"})
                if is_long
                else forms.TextInput({"dir": "auto"}),
            )
        self.fields = {**cells, **self.fields}

    def mended(self) -> dict[str, Any]:
        """Return the whole row with what was typed in it."""
        return {
            column: _typed(self.cleaned_data[f"cell_{number}"], self.row[column])
            for number, column in enumerate(self.columns)
        }


def as_written(value: object) -> str:
    """Return a cell as it stands in its field: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _typed(written: str, before: object) -> object:
    written = _with_line_ends(written)
    if written == _with_line_ends(as_written(before)):
        return before  # browsers send every line end as their own
    if isinstance(before, str):
        return written
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
