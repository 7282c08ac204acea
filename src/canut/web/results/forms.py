"""What is chosen on the page of results."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.queries.results import Choices

NONE_CHOSEN = ("", _("none"))

ALL = "all"
"""In an address: the answers of all revisions, mixed."""


class ChoicesForm(forms.Form):
    """Which question, which answers, which method. It is a page's address, so it goes by GET."""

    revision = forms.ChoiceField(
        label=_("Revision of the design"),
        help_text=_(
            "Answers to different designs are kept apart; taken together, nobody can say which design they "
            "answer."
        ),
    )
    question = forms.ChoiceField(label=_("Question"))
    counted = forms.ChoiceField(
        label=_("Which answers count"),
        choices=[
            ("all", _("approved, and not decided yet")),
            ("approved", _("approved only")),
        ],
        help_text=_("Work that was returned or rejected never counts."),
    )
    smoothing = forms.TypedChoiceField(
        label=_("Smoothing of Dawid and Skene's method"),
        coerce=int,
        choices=[(1, _("1: careful with workers who answered little")), (0, _("0: as published in 1979"))],
        help_text=_(
            "The method estimates how each worker errs. With 1, one imaginary answer is added to every "
            "cell of a worker's table of errors, so that nobody with a handful of answers is taken for "
            "faultless or for always wrong. With 0 nothing is added."
        ),
    )
    gold = forms.ChoiceField(
        label=_("Column with the right answers"),
        required=False,
        help_text=_("Each method is then held against it, where a row has one."),
    )
    item_a = forms.ChoiceField(label=_("Column that names side A"), required=False)
    item_b = forms.ChoiceField(
        label=_("Column that names side B"),
        required=False,
        help_text=_("What stands in these two columns, such as the names of models, is ranked."),
    )

    def __init__(self, found: Choices) -> None:
        wanted = found.wanted
        initial = {**wanted, "counted": "approved" if wanted["approved_only"] else "all"}
        if found.mixes:
            initial["revision"] = ALL
        super().__init__(initial=initial, prefix=None)
        fields: dict[str, Any] = self.fields
        fields["revision"].choices = [
            *((number, number) for number in found.revisions),
            (ALL, _("all of them together")),
        ]
        fields["question"].choices = [(asked.name, asked.label) for asked in found.questions]
        for name in ("gold", "item_a", "item_b"):
            fields[name].choices = [NONE_CHOSEN, *((column, column) for column in found.columns)]
        if len(found.revisions) == 1:
            del fields["revision"]
        if len(found.questions) == 1:
            del fields["question"]
        if not found.question.is_closed:
            del fields["smoothing"]
        if not found.question.is_pairwise:
            del fields["item_a"], fields["item_b"]
        if not found.columns:
            fields.pop("gold")
