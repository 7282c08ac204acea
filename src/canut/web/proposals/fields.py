"""A parameter's value as people type it: amounts in euros, shares in per cent, lists with semicolons."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _

from canut.charter.parameters import Parameter, Unit, Value
from canut.charter.rules import to_json
from canut.charter.wording import CHOICES

MOST_DIGITS = 18
AMOUNTS = (Unit.MINOR, Unit.MINOR_AN_HOUR)


class NumberField(forms.DecimalField):
    """A number typed as its reader writes it, kept in the parameter's own unit: `factor` as many."""

    def __init__(self, *, factor: Decimal = Decimal(1), whole: bool, **kwargs: Any) -> None:
        super().__init__(localize=True, max_digits=MOST_DIGITS, **kwargs)
        self.factor, self.whole = factor, whole
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if typed is None:
            return None
        number = typed * self.factor
        if not self.whole:
            return Decimal(str(to_json(number)))
        if number != number.to_integral_value():
            raise ValidationError(
                _("Give at most two decimals.") if self.factor > 1 else _("Give a whole number.")
            )
        return int(number)


class ListField(forms.CharField):
    """Several numbers, with semicolons between them."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            numbers = tuple(
                Decimal(str(sanitize_separators(part.strip()))) for part in typed.split(";") if part.strip()
            )
        except InvalidOperation:
            numbers = ()
        if not numbers or not all(number.is_finite() for number in numbers):
            raise ValidationError(_("Write numbers with semicolons between them, such as 2; 1.5; 1."))
        return numbers


def value_field(parameter: Parameter) -> forms.Field:
    """Return the field in which somebody types a value of the parameter."""
    label = _("New value")
    if parameter.type == "bool":
        return forms.TypedChoiceField(
            label=label,
            choices=[("yes", _("yes")), ("no", _("no"))],
            coerce=lambda said: said == "yes",
            widget=forms.RadioSelect,
        )
    if parameter.type == "choice":
        return forms.ChoiceField(
            label=label, choices=[(one, str(CHOICES.get(one, one))) for one in parameter.choices]
        )
    if parameter.type == "decimals":
        return ListField(
            label=_("New values, with semicolons between them"), max_length=400, widget=forms.TextInput
        )
    if parameter.unit in AMOUNTS:
        return NumberField(label=_("New value, in euros"), factor=Decimal(100), whole=True)
    if parameter.unit == Unit.SHARE and parameter.type == "decimal":
        return NumberField(label=_("New value, in per cent"), factor=Decimal("0.01"), whole=False)
    unit = "" if parameter.unit == Unit.NONE else str(parameter.unit.label)
    named = _("New value, in %(unit)s") % {"unit": unit} if unit else label
    return NumberField(label=named, whole=parameter.type == "int")


def typed(parameter: Parameter, value: Value) -> Any:
    """Return a value as `value_field` has it before anybody types: the inverse of what it cleans."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(str(to_json(number)) for number in value)
    if isinstance(value, int) and parameter.unit in AMOUNTS:
        return Decimal(value) / 100
    if isinstance(value, Decimal) and parameter.unit == Unit.SHARE:
        return Decimal(str(to_json(value * 100)))
    return value
