"""Which value of which parameter to try."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.charter.parameters import SECTIONS, Parameter
from canut.charter.wording import say_bounds
from canut.web.proposals.fields import value_field


class ChooseForm(forms.Form):
    """Which parameter to try another value of."""

    parameter = forms.ChoiceField(label=_("Parameter of the charter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parameter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(section.title), [(one.name, str(one.meaning)) for one in section.parameters])
            for section in SECTIONS
        ]


class TryForm(forms.Form):
    """The value to try. What the parameter may be set to is the use case's question."""

    def __init__(self, parameter: Parameter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(parameter)
        self.fields["value"].help_text = say_bounds(parameter)
