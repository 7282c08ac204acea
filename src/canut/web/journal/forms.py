"""The shape of an entry, and of what is asked for when a portfolio is made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from canut.guilds.journal.limits import LONGEST_NAME, LONGEST_TITLE
from canut.guilds.journal.portfolio import Offered
from canut.guilds.journal.queries import Batch, Entry


class EntryForm(forms.Form):
    """An entry as it is typed; it says which state of the entry its writer had before them."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput({"dir": "auto"})
    )
    text = forms.CharField(
        label=_("What you learnt"),
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        help_text=_("Plain text; an empty line begins a paragraph."),
    )
    project_id = forms.TypedChoiceField(
        label=_("About which project"), required=False, coerce=int, empty_value=None
    )
    learnt_on = forms.DateField(
        label=_("Learnt on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, batches: Sequence[Batch], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [("", _("None in particular")), *((str(one.project_id), one.title) for one in batches)]
        cast(forms.ChoiceField, self.fields["project_id"]).choices = choices

    def clean_based_on(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["based_on"] or "")
        except ValueError:
            return None

    def rebase(self, changed_at: datetime) -> None:
        """Base what was typed on the entry as it is now, so that saving again replaces it knowingly."""
        data = cast(QueryDict, self.data).copy()
        data["based_on"] = changed_at.isoformat()
        self.data = data


def as_typed(entry: Entry) -> dict[str, Any]:
    """Return what the form of an entry begins with."""
    return {
        "title": entry.title,
        "text": entry.text,
        "project_id": entry.batch.project_id if entry.batch else None,
        "learnt_on": entry.learnt_on,
        "based_on": entry.changed_at.isoformat(),
    }


class PortfolioForm(forms.Form):
    """What a portfolio shows beside the entries that were chosen; everything unless it is taken out."""

    name = forms.CharField(
        label=_("Name on it"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "name"}),
        help_text=_("Your screen name, or any other; empty for your screen name."),
    )
    keeps_name = forms.BooleanField(
        label=_("Keep this name for the next time"),
        required=False,
        help_text=_("Otherwise it goes into the file alone, and is stored nowhere here."),
    )
    badges = forms.MultipleChoiceField(
        label=_("Badges"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has the file can tell that badges in it belong to the name on it."),
    )
    levels = forms.MultipleChoiceField(
        label=_("Levels in guilds"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, offered: Offered, **more: Any) -> None:
        super().__init__(*given, **more)
        badges = [(str(one.credential_id), one.name) for one in offered.badges]
        levels = [(str(one.guild_id), f"{one.guild}: {one.in_words}") for one in offered.levels]
        for name, choices in (("badges", badges), ("levels", levels)):
            if choices:
                cast(forms.MultipleChoiceField, self.fields[name]).choices = choices
            else:
                del self.fields[name]
