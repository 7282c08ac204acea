"""What is asked for when a guild is founded or changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from canut.guilds.founding import LONGEST_CHARTER_TEXT, LONGEST_CRAFT, LONGEST_NAME, LONGEST_SCREEN_NAME
from canut.guilds.states import Joining
from canut.guilds.usecases.found_guild import LONGEST_DECISION


class _GuildForm(forms.Form):
    craft = forms.CharField(
        label=_("Craft"),
        max_length=LONGEST_CRAFT,
        help_text=_("What its members are good at, such as transcription or labelling images."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    charter_text = forms.CharField(
        label=_("Charter text"),
        max_length=LONGEST_CHARTER_TEXT,
        help_text=_("What the guild stands for, and how its members judge work. Everybody can read it."),
        widget=forms.Textarea({"rows": 12, "dir": "auto"}),
    )
    joining = forms.ChoiceField(label=_("Who may join"), choices=Joining.choices)
    language = forms.CharField(
        label=_("Language"),
        max_length=12,
        required=False,
        help_text=_("A code such as en or fr, if the craft is of one language."),
    )


class FoundingForm(_GuildForm):
    """A guild as somebody wants it; the founders stand one on a line, each with a level."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput({"dir": "auto"}))
    screen_name = forms.CharField(
        label=_("Screen name"),
        max_length=LONGEST_SCREEN_NAME,
        help_text=_("Under this name the guild asks for reviews: 3 to 30 characters, like anybody's."),
    )
    founders = forms.CharField(
        label=_("Founders"),
        required=False,
        help_text=_("One on a line: a worker's screen name, a comma, and the level they begin at."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    field_order: tuple[str, ...] = (
        "name",
        "screen_name",
        "craft",
        "language",
        "charter_text",
        "joining",
        "founders",
    )

    def clean_founders(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.cleaned_data["founders"].splitlines():
            if not line.strip():
                continue
            name, _comma, level = line.rpartition(",")
            if not name.strip() or not level.strip().isdecimal() or len(level.strip()) > 2:
                raise ValidationError(
                    _now("“%(line)s” is no screen name with a level after a comma.") % {"line": line[:80]}
                )
            if name.strip() in found:
                raise ValidationError(_now("“%(name)s” is named twice.") % {"name": name.strip()[:80]})
            found[name.strip()] = int(level)
        return found


class FoundForm(FoundingForm):
    """The same as an operator founds it, where members do not vote yet."""

    decision = forms.CharField(
        label=_("The decision"),
        max_length=LONGEST_DECISION,
        help_text=_("Who decided to found it, and why. It stands on the guild's page, with your name."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    field_order = (*FoundingForm.field_order, "decision")


class ChangeForm(_GuildForm):
    """What of a guild can be changed, and why it is."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_DECISION,
        help_text=_("Who decided the change, and why. It is kept with what was before."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class InviteForm(forms.Form):
    """Whom to invite, by the exact screen name."""

    screen_name = forms.CharField(
        label=_("Screen name"), max_length=30, widget=forms.TextInput({"dir": "auto", "autocomplete": "off"})
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more | {"auto_id": "invite_%s"})
