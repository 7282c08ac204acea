"""What is asked for in a facilitated discussion."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.discussion.facilitated.limits import LONGEST_PIECE, LONGEST_QUESTION, LONGEST_STATEMENT
from canut.discussion.limits import LONGEST_TEXT


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "dir": "auto"})


class OpenForm(forms.Form):
    question = forms.CharField(
        label=_("The question"),
        max_length=LONGEST_QUESTION,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("One that people answer from where they stand, not by yes or no."),
    )
    text = forms.CharField(
        label=_("What there is to know about it"), max_length=LONGEST_TEXT, widget=_text(6)
    )


class CallForm(forms.Form):
    """Somebody to ask for a part, by their screen name."""

    part = forms.CharField(max_length=20, widget=forms.HiddenInput)
    screen_name = forms.CharField(
        label=_("Screen name"), max_length=30, widget=forms.TextInput({"dir": "auto"})
    )


class SummaryForm(forms.Form):
    text = forms.CharField(
        label=_("What this round brought"),
        max_length=LONGEST_TEXT,
        widget=_text(6),
        help_text=_("Fair to all that was said, without taking sides. The next round begins with it."),
    )


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("Your statement"),
        max_length=LONGEST_STATEMENT,
        widget=_text(2),
        help_text=_(
            "One sentence that all could live with. It is marked as it stands, so it cannot be changed."
        ),
    )


class MarkForm(forms.Form):
    can_live = forms.ChoiceField(
        label=_("Could you live with it?"),
        choices=[("yes", _("I could live with it")), ("no", _("I could not"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why not, if you could not"), max_length=LONGEST_TEXT, required=False, widget=_text(2)
    )


class RecordForm(forms.Form):
    asked = forms.CharField(label=_("What was asked"), max_length=LONGEST_PIECE, widget=_text(3))
    said = forms.CharField(label=_("What was said"), max_length=LONGEST_PIECE, widget=_text(8))
    agreed = forms.CharField(label=_("What was agreed"), max_length=LONGEST_PIECE, widget=_text(4))
    left_open = forms.CharField(label=_("What was left open"), max_length=LONGEST_PIECE, widget=_text(4))
    are_no_names = forms.BooleanField(
        label=_("The words that look like names of people are none"), required=False
    )


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("What the record gets wrong"), max_length=LONGEST_TEXT, widget=_text(4))
