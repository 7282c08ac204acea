"""What is asked for when somebody stands, votes, petitions or moves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from canut.governance.board.models import LONGEST_REASON, LONGEST_STATEMENT, LONGEST_WORDS
from canut.governance.board.queries import CandidateSeen
from canut.governance.board.states import MotionChoice


class StandForm(forms.Form):
    """What a candidate says of themselves."""

    statement = forms.CharField(
        label=_("What you want voters to know"),
        max_length=LONGEST_STATEMENT,
        required=False,
        help_text=_("Everybody can read it, beside your screen name."),
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )


class ReasonForm(forms.Form):
    """Why somebody asks for something."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Everybody can read it, beside your screen name."),
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )


class MotionForm(ReasonForm):
    """What the board should vote on, and why."""

    about = forms.ChoiceField(label=_("What the board should decide"), widget=forms.RadioSelect)
    field_order = ("about", "reason")

    def __init__(self, questions: Sequence[tuple[str, str]], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(questions)


class MotionVoteForm(forms.Form):
    """What a member of the board says, in the open."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=MotionChoice.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why, if you like"),
        max_length=LONGEST_WORDS,
        required=False,
        help_text=_("Everybody can read your vote and what you say."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class RankingForm(forms.Form):
    """A place for each candidate: 1 is the first choice. Places left out do not matter, equal ones do."""

    def __init__(
        self, candidates: Sequence[CandidateSeen], data: Any = None, *, ranking: Sequence[int] = ()
    ) -> None:
        super().__init__(data)
        places = [("", _now("no place")), *((str(n), str(n)) for n in range(1, len(candidates) + 1))]
        for one in candidates:
            place = ranking.index(one.number) + 1 if one.number in ranking else ""
            self.fields[f"place_{one.number}"] = forms.ChoiceField(
                label=one.name, choices=places, required=False, initial=str(place)
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for name, place in list(cleaned.items()):  # a field with an error leaves them
            if place and place in taken:
                sentence = _now("Two candidates have place %(place)s. Give each a place of their own.")
                self.add_error(name, ValidationError(sentence % {"place": place}))
            taken.setdefault(place, name)
        return cleaned

    def ranking(self) -> list[int]:
        """Return the candidates' numbers, the first choice first."""
        placed = [(int(place), name) for name, place in self.cleaned_data.items() if place]
        return [int(name.removeprefix("place_")) for _place, name in sorted(placed)]
