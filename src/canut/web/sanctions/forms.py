"""What is said about a sanction: by whoever decides or looks again, and by the one it touches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.justice.files import SentFile
from canut.justice.models import LONGEST_WORDS
from canut.justice.sanctions.models import LONGEST_TEXT
from canut.justice.sanctions.states import MAY_BAR, Ground, Kind, Outcome
from canut.web.cases.forms import ACCEPTED


class ManyFiles(forms.ClearableFileInput):
    """What a browser draws for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that go along with words, if there are any; its value is a list of them as they were sent."""

    def __init__(self, help_text: Any) -> None:
        super().__init__(
            label=_("Files"),
            required=False,
            widget=ManyFiles({"accept": ACCEPTED, "multiple": True}),
            help_text=help_text,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        each = [super(FilesField, self).clean(one) for one in data or []]
        return [SentFile(file, str(file.name)) for file in each]


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "dir": "auto"})


class DecideForm(forms.Form):
    """All that a sanction needs; what fits together is the rules' business."""

    screen_name = forms.CharField(label=_("Whom it touches"), max_length=30, help_text=_("The screen name."))
    ground = forms.ChoiceField(label=_("Ground, from the published list"), choices=Ground.choices)
    kind = forms.ChoiceField(
        label=_("Sanction, as gentle as will do"), choices=Kind.choices, widget=forms.RadioSelect
    )
    bars = forms.MultipleChoiceField(
        label=_("What a restriction bars"),
        choices=[(bar.value, bar.label) for bar in MAY_BAR],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=1,
        help_text=_("Of a restriction or a suspension, counted from when it takes effect."),
    )
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False, help_text=_("Of a refusal to pay, such as EUR.")
    )
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=20,
        help_text=_("Of a refusal to pay, such as 12.50. Empty means all earnings in this currency."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=LONGEST_TEXT,
        help_text=_(
            "What shows it, and where it is. Whom it touches reads this: name nobody who complained."
        ),
        widget=_text(4),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        help_text=_("What happened, and why this sanction and no gentler one. Whom it touches reads this."),
        widget=_text(6),
    )
    attachments = FilesField(
        _("Pictures, sound, PDF or plain text, at most 10 MB each. Whom it touches reads them.")
    )
    proposal = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    is_sure = forms.BooleanField(
        label=_("I decide this myself, and answer for it with my screen name. The mail leaves at once.")
    )


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_TEXT,
        help_text=_("Those who run the site read it, and so does whoever looks at the sanction again."),
        widget=_text(5),
    )
    attachments = FilesField(_("Pictures, sound, PDF or plain text, at most 10 MB each."))


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("What should they look at?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("You may leave it empty."),
        widget=_text(4),
    )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("What should the peers know?"),
        max_length=LONGEST_WORDS,
        required=False,
        help_text=_("You may leave it empty. They do not learn your name, so do not sign it."),
        widget=_text(4),
    )


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What you say"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        help_text=_(
            "What you weighed, and why you say so. Whom it touches reads this, with your screen name."
        ),
        widget=_text(5),
    )


class BackForm(forms.Form):
    """Taking a sanction back, or setting a proposal aside."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_TEXT, widget=_text(3))
