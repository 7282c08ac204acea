"""What is said about something flagged: by a member, by whoever looks at it, and by its author."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.justice.flags.models import LONGEST_REASON, LONGEST_WORDS
from canut.justice.flags.states import FlagGround


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "dir": "auto"})


class FlagForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Why it should not be here"), choices=FlagGround.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What those who look at it should know"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=_text(3),
        help_text=_("You need not say anything. Its author never reads this."),
    )


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("hide", _("Keep it hidden")), ("show", _("Show it"))],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Ground on which it stays hidden"),
        choices=[("", "–"), *FlagGround.choices],
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=_text(4),
        help_text=_("Its author reads this, and so does whoever flagged it."),
    )


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=_("Why it should be shown again"),
        max_length=LONGEST_REASON,
        widget=_text(5),
        help_text=_("Another person than the one who decided reads this and answers."),
    )


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Answer"),
        choices=[("grant", _("Show it again")), ("refuse", _("It stays hidden"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=_text(4), help_text=_("Its author reads this.")
    )
