"""What standings a project asks for, as its requester chooses them on a page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.guilds.queries.choices import guild_choices
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.queries_qualifications import own_qualifications
from canut.work.queries.requirements import RequirementSeen, plain_number
from canut.work.states import Comparator
from canut.work.usecases.require_standings import MOST_REQUIREMENTS, WITHOUT_VALUE, Wanted

MOST_QUALIFICATIONS = 500
SPARE_ROWS: Final = 2


class GuildAskedForm(forms.Form):
    """The guild a project asks for, and the least level."""

    guild = forms.TypedChoiceField(
        label=_("Guild"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Members review each other's work, and have the level that this has brought them to."),
    )
    level = forms.TypedChoiceField(
        label=_("Least level"),
        coerce=int,
        help_text=_(
            "Members from this level on can work for it. Of yours and others' projects they see those of "
            "their own level first."
        ),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lowest, highest = in_force("guild.first_level", at=at), in_force("guild.highest_level", at=at)
        choices = [(str(one.id), f"{one.name} ({one.craft})") for one in guild_choices()]
        _choice(self, "guild").choices = [("", _("Anybody, in a guild or not")), *choices]
        levels = [(str(level), str(level)) for level in range(lowest, highest + 1)]
        _choice(self, "level").choices = levels


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class QualificationAskedForm(forms.Form):
    """One qualification a project asks for; left empty, none."""

    qualification = forms.TypedChoiceField(
        label=_("Qualification"), required=False, coerce=int, empty_value=None
    )
    comparator = forms.ChoiceField(label=_("is"), choices=Comparator.choices, required=False)
    value = forms.CharField(
        label=_("Value"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "qualification").choices = [("", _("None")), *choices]


class AsksForm:
    """The whole page's form: a guild, and rows of qualifications."""

    def __init__(
        self,
        *,
        by: Person,
        asked: Sequence[RequirementSeen],
        at: datetime,
        data: Mapping[str, str] | None = None,
    ) -> None:
        guild = next((one for one in asked if one.is_of_guild), None)
        initial = (
            {}
            if guild is None or guild.value is None
            else {"guild": guild.scale_id, "level": int(guild.value)}
        )
        self.guild = GuildAskedForm(data, at=at, initial=initial)
        rows = [one for one in asked if not one.is_of_guild]
        names = {one.id: one.name for one in own_qualifications(by, retired=False, most=MOST_QUALIFICATIONS)}
        names |= {one.scale_id: one.name for one in rows}  # one retired meanwhile is still seen
        choices = [(str(pk), name) for pk, name in sorted(names.items(), key=lambda pair: pair[1].lower())]
        count = min(MOST_REQUIREMENTS, len(rows) + SPARE_ROWS) if data is None else MOST_REQUIREMENTS
        self.has_qualifications = bool(choices)
        shown = [one for one in range(count) if data is None or f"q{one}-qualification" in data]
        self.rows = [
            QualificationAskedForm(data, prefix=f"q{number}", choices=choices, initial=_initial(rows, number))
            for number in shown
        ]

    @property
    def errors(self) -> list[str]:
        """What is wrong with the whole of it."""
        return [str(error) for error in self.guild.non_field_errors()]

    def is_valid(self) -> bool:
        found = [form.is_valid() for form in (self.guild, *self.rows)]  # each is looked at, so each says why
        return all(found)

    def wanted(self) -> list[Wanted]:
        """Return what was chosen, once it is valid."""
        found: list[Wanted] = []
        if (guild_id := self.guild.cleaned_data["guild"]) is not None:
            level = self.guild.cleaned_data["level"]
            found.append(Wanted(ScaleKind.GUILD, guild_id, Comparator.AT_LEAST, level))
        for row in self.rows:
            given = row.cleaned_data
            if given["qualification"] is not None:
                comparator = given["comparator"] or Comparator.AT_LEAST
                value = None if comparator in WITHOUT_VALUE else given["value"]
                found.append(Wanted(ScaleKind.QUALIFICATION, given["qualification"], comparator, value))
        return found


def _initial(rows: Sequence[RequirementSeen], number: int) -> dict[str, Any]:
    if number >= len(rows):
        return {}
    one = rows[number]
    value = "" if one.value is None else plain_number(one.value)
    return {"qualification": one.scale_id, "comparator": one.comparator, "value": value}
