"""What can be wrong with a file of rows, and the sentence that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.kernel.refusals import Refusal

WHOLE_FILE = {
    "empty": gettext_lazy("The file is empty."),
    "no_rows": gettext_lazy("The file names columns but has no row."),
    "file_too_large": gettext_lazy("The file is larger than %(at_most)s MB, the most this site takes."),
    "too_many_rows": gettext_lazy("The file has more than %(at_most)s rows. Split it."),
    "not_utf8": gettext_lazy(
        "Byte %(byte)s of this line is not UTF-8. Save the file with the encoding UTF-8."
    ),
    "utf16": gettext_lazy("The file is in UTF-16. Save it with the encoding UTF-8."),
    "spreadsheet": gettext_lazy("This is a spreadsheet or an archive. Save the sheet as CSV in UTF-8."),
    "json_list": gettext_lazy(
        "The file is one JSON list. Write each row as one object on a line of its own."
    ),
    "header_unreadable": gettext_lazy(
        "The names of the columns cannot be read: a quotation mark is out of place."
    ),
    "column_unnamed": gettext_lazy("Column %(number)s has no name. Give it one."),
    "column_repeated": gettext_lazy("Two columns are called “%(column)s”. Rename one."),
    "column_name_too_long": gettext_lazy("A column's name is longer than %(at_most)s characters."),
    "too_many_columns": gettext_lazy("There are more than %(at_most)s columns."),
    "column_unknown": gettext_lazy("There is no column “%(column)s” in the file."),
    "quote_open": gettext_lazy(
        "A quotation mark opened in the row that begins here is never closed. Nothing after it can be read."
    ),
    "row_never_ends": gettext_lazy(
        "The row beginning here is larger than %(at_most)s KB. Most often a quotation mark is not closed."
    ),
}
"""Reasons why nothing of a file can be used."""

ONE_ROW = {
    "wrong_cell_count": gettext_lazy("This row has %(given)s cells; the header names %(expected)s columns."),
    "quote_misplaced": gettext_lazy(
        "A quotation mark is out of place. Put the cell in quotation marks and double those inside it."
    ),
    "not_json": gettext_lazy("This is not JSON, from character %(at)s on."),
    "not_finite": gettext_lazy(
        "NaN and Infinity are not numbers of JSON. Write null or leave the field out."
    ),
    "number_too_large": gettext_lazy(
        "A number here has too many digits to be kept. Write it in quotation marks."
    ),
    "too_deep": gettext_lazy("The values of this row are nested more than %(at_most)s levels deep."),
    "not_an_object": gettext_lazy('A row is one JSON object, such as {"text": "…"}.'),
    "key_repeated": gettext_lazy("The name “%(column)s” stands twice in this row."),
    "name_unusable": gettext_lazy(
        "A name in this row is empty, too long, or holds a character that cannot be stored."
    ),
    "too_many_columns": gettext_lazy("With this row the file has more than %(at_most)s columns."),
    "unstorable": gettext_lazy("This row holds a character that cannot be stored (NUL, or half of a pair)."),
    "cell_too_large": gettext_lazy("The value in “%(column)s” is larger than %(at_most)s KB."),
    "row_too_large": gettext_lazy("This row is larger than %(at_most)s KB."),
    "id_missing": gettext_lazy("This row has nothing in “%(column)s”, the column with the rows' ids."),
    "id_unusable": gettext_lazy(
        "The id in “%(column)s” must be a text or a number of at most %(at_most)s characters."
    ),
    "id_repeated": gettext_lazy("The id “%(id)s” stands in line %(first)s already."),
    "answers_unusable": gettext_lazy(
        "“%(column)s” must say how many answers the row needs: a whole number from 1 to 1,000."
    ),
}
"""Reasons why one row cannot be used; the others can."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong: the line of the file where it begins, a stable code, and what the sentence needs."""

    line: int
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return what is wrong and how to mend it, in the active language."""
        return str((ONE_ROW | WHOLE_FILE)[self.code]) % self.facts

    def as_json(self) -> list[object]:
        return [self.line, self.code, self.sentence]


class UploadRefused(Refusal):
    """Nothing of the file can be used, or a bad row was met where none is allowed; `problem` says why."""

    code = "upload_refused"
    status = 422

    def __init__(self, problem: RowProblem) -> None:
        self.problem = problem
        told = problem.sentence
        if problem.line:
            told = _("Line %(line)s: %(sentence)s") % {"line": problem.line, "sentence": told}
        super().__init__(told, line=problem.line, reason=problem.code)
