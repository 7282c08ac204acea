"""What jurors type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.governance.resolution.models import LONGEST_WORDS


class ReasonForm(forms.Form):
    """What a jury is to settle."""

    reason = forms.CharField(
        label=_("What is the conflict?"),
        max_length=LONGEST_WORDS,
        help_text=_("Everybody can read it. At most 2,000 characters."),
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )


class StatementForm(forms.Form):
    """What a juror thinks."""

    text = forms.CharField(
        label=_("What matters to you in this?"),
        max_length=LONGEST_WORDS,
        help_text=_("The others say it back to you. Everybody can read it; nobody is told your name."),
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )


class BackForm(forms.Form):
    """What a juror has understood of what another one said."""

    text = forms.CharField(
        label=_("What you understood, in your own words"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class AnswerForm(forms.Form):
    """Whether what was said back is what one meant."""

    understood = forms.TypedChoiceField(
        label=_("Is this what you meant?"),
        choices=[("yes", _("Yes")), ("no", _("Not yet"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    missed = forms.CharField(
        label=_("If not: what was missed"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
