"""What people type in disputes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from canut.justice.files import SentFile
from canut.justice.mediation.models import LONGEST_TITLE, LONGEST_WORDS
from canut.justice.mediation.states import Audience, Topic
from canut.web.paging import LARGEST_ID


def text_field(label: Any, help_text: Any = "", *, rows: int = 5, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_WORDS,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows, "dir": "auto"}),
    )


def _hidden_number(*, required: bool = True) -> forms.IntegerField:
    """Return a field by which a form says what it is about."""
    return forms.IntegerField(required=required, widget=forms.HiddenInput, min_value=1, max_value=LARGEST_ID)


class BeginForm(forms.Form):
    """What divides two sides."""

    screen_name = forms.CharField(
        label=_("Screen name of the other side"),
        max_length=60,
        required=False,
        help_text=_(
            "Somebody for whom you worked, or who worked for you. Leave it empty if it is about the people "
            "who run this site, or about a guild's or the site's own tasks: then they answer."
        ),
    )
    topic = forms.ChoiceField(label=_("What it is about"), choices=Topic.choices)
    happened_on = forms.DateField(
        label=_("When it happened"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("If it went on for some time, the last day."),
    )
    words = text_field(
        _("What happened"), _("The other side reads it, and later the mediator. Nobody else does.")
    )
    wish = text_field(_("What would settle it"), _("Say what you would like the other side to do."), rows=3)
    project_id = _hidden_number(required=False)


class SureForm(forms.Form):
    """Something that cannot be undone."""

    sure = forms.BooleanField(label=_("I have thought about it. It cannot be undone."))


class WordsForm(forms.Form):
    """Words alone; their label says for what."""

    text = text_field("")

    def __init__(self, *given: Any, label: Any, help_text: Any = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text


class SureWordsForm(WordsForm):
    """Words that cannot be taken back."""

    sure = forms.BooleanField(label=_("I have thought about it. It cannot be undone."))


class AgreeForm(forms.Form):
    """Agreeing to the wording that one has read, which is named by its number."""

    number = _hidden_number()
    sure = forms.BooleanField(
        label=_("I agree to this wording. Once both sides have, it ends the dispute and cannot be undone.")
    )


class AnotherForm(SureWordsForm):
    """Asking for another mediator than the one who is named."""

    mandate_id = _hidden_number()


class _ForReaders(forms.Form):
    """Asks who reads it where there is a choice."""

    def __init__(self, *given: Any, audiences: Sequence[Audience], **more: Any) -> None:
        super().__init__(*given, **more)
        if len(audiences) > 1:
            self.fields["audience"] = forms.ChoiceField(
                label=_("Who reads it"),
                choices=[(one.value, one.label) for one in audiences],
                initial=Audience.ALL.value,
                widget=forms.RadioSelect,
            )

    def readers(self) -> str:
        return str(self.cleaned_data.get("audience") or Audience.ALL)


class MessageForm(_ForReaders):
    """A message to the others."""

    text = text_field(_("Your message"))


class DisputeFileForm(_ForReaders):
    """A file for the others."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A picture, sound, PDF or plain text, at most 10 MB. You can take it back until the end."
        ),
    )

    def sent(self) -> SentFile:
        found = self.cleaned_data["file"]
        if not isinstance(found, UploadedFile):
            raise TypeError("a file field holds a file once it is valid")
        return SentFile(found, str(found.name))


class FollowsForm(forms.Form):
    """Whether a side follows what the mediator recommends."""

    follows = forms.TypedChoiceField(
        label=_("Do you follow it?"),
        choices=[("yes", _("Yes, I follow it")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("It binds nobody. You can change your answer."),
    )


class SummaryForm(forms.Form):
    """What others may learn of a dispute, in one language or both."""

    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE, required=False)
    text_en = text_field(_("Summary in English"), required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=LONGEST_TITLE, required=False)
    text_fr = text_field(_("Summary in French"), required=False)

    def titles(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"title_{language}"] for language in ("en", "fr")}

    def texts(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"text_{language}"] for language in ("en", "fr")}


class SummaryAnswerForm(forms.Form):
    """Whether the version of a summary that one has read may be published."""

    version = _hidden_number()
    answer = forms.ChoiceField(
        label=_("May it be published like this?"),
        choices=[("fine", _("Yes")), ("objects", _("No, I object to the wording"))],
        widget=forms.RadioSelect,
    )
    objection = text_field(_("If not: what is wrong with it"), rows=3, required=False)


class MediatorForm(forms.Form):
    """Who is appointed."""

    screen_name = forms.CharField(
        label=_("Screen name"),
        max_length=60,
        help_text=_("They are told by mail, and get the next dispute for which they may."),
    )
