"""Which value to try, typed as the parameter is."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.charter.parameters import SECTIONS, Parameter, Value
from canut.charter.rules import to_json
from canut.charter.wording import CHOICES, say_bounds


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
        self.parameter = parameter
        self.fields["value"] = _field(parameter)
        self.fields["value"].help_text = say_bounds(parameter)

    def value(self) -> Value:
        """Return the value as the parameter's type has it."""
        given = self.cleaned_data["value"]
        if self.parameter.type == "bool":
            return bool(given == "yes")
        return given  # type: ignore[no-any-return]


class DecimalsField(forms.CharField):
    """Falling numbers, with semicolons or spaces between them."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        parts = text.replace(";", " ").split()
        number = forms.DecimalField(localize=True, max_digits=12, decimal_places=6)
        return tuple(Decimal(number.clean(part)) for part in parts)


def _field(parameter: Parameter) -> forms.Field:
    label = (
        _("Value to try")
        if parameter.type in ("bool", "choice")
        else _("Value to try, in %(unit)s") % {"unit": parameter.unit.label}
    )
    if parameter.type == "int":
        return forms.IntegerField(label=label, localize=True)
    if parameter.type == "decimal":
        return forms.DecimalField(label=label, localize=True, max_digits=12, decimal_places=6)
    if parameter.type == "decimals":
        return DecimalsField(label=label, max_length=300)
    if parameter.type == "bool":
        return forms.ChoiceField(label=label, choices=[("yes", _("yes")), ("no", _("no"))])
    return forms.ChoiceField(
        label=label, choices=[(choice, CHOICES.get(choice, choice)) for choice in parameter.choices]
    )


def first_text(value: Value) -> Any:
    """Return a value as its field begins with it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        plain = to_json(value)
        assert isinstance(plain, list)
        return "; ".join(plain)
    return value
