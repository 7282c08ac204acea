"""How values, bounds and scopes are said to a person, in the active language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from canut.charter.parameters import Parameter, ScopeKind, Unit, Value
from canut.charter.rules import to_json
from canut.kernel.money import format_money

FLOOR_CURRENCY = "EUR"
"""What the charter's amounts are in."""

CHOICES: Mapping[str, object] = {
    "ladder": gettext_lazy("ladder: a step a beat"),
    "throughput": gettext_lazy("throughput: when fewer work on it"),
    "share": gettext_lazy("share: as the project falls behind others"),
    "open": gettext_lazy("open: to all at once"),
    "first_come": gettext_lazy("first come, first served"),
    "random": gettext_lazy("at random"),
}
"""What each word that a parameter may be set to means."""


COUNTED: Mapping[Unit, Any] = {
    Unit.SECONDS: ngettext_lazy("%(number)s second", "%(number)s seconds", "count"),
    Unit.HOURS: ngettext_lazy("%(number)s hour", "%(number)s hours", "count"),
    Unit.DAYS: ngettext_lazy("%(number)s day", "%(number)s days", "count"),
    Unit.WORKING_DAYS: ngettext_lazy("%(number)s working day", "%(number)s working days", "count"),
    Unit.BEATS: ngettext_lazy("%(number)s beat", "%(number)s beats", "count"),
    Unit.LEVELS: ngettext_lazy("%(number)s level", "%(number)s levels", "count"),
    Unit.DECIMALS: ngettext_lazy("%(number)s decimal", "%(number)s decimals", "count"),
    Unit.CHARACTERS: ngettext_lazy("%(number)s character", "%(number)s characters", "count"),
    Unit.PEOPLE: ngettext_lazy("%(number)s person", "%(number)s people", "count"),
    Unit.VOTES: ngettext_lazy("%(number)s vote", "%(number)s votes", "count"),
    Unit.COLLEGES: ngettext_lazy("%(number)s college", "%(number)s colleges", "count"),
    Unit.PLACES: ngettext_lazy("%(number)s place", "%(number)s places", "count"),
    Unit.ASSIGNMENTS: ngettext_lazy("%(number)s assignment", "%(number)s assignments", "count"),
    Unit.ITEMS: ngettext_lazy("%(number)s item", "%(number)s items", "count"),
    Unit.REVIEWS: ngettext_lazy("%(number)s review", "%(number)s reviews", "count"),
    Unit.FLAGS: ngettext_lazy("%(number)s flag", "%(number)s flags", "count"),
}
"""How whole numbers of a unit are said."""


def say_value(parameter: Parameter, value: Value) -> str:
    """Return the value with its unit: "€15.00 an hour", "6.5 %", "72 hours", "yes", "2; 1.99; 1"."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return str(CHOICES.get(value, value))
    if isinstance(value, tuple):
        return "; ".join(_say_number(parameter.unit, number) for number in value)
    return _say_number(parameter.unit, value)


def _say_number(unit: Unit, number: int | Decimal) -> str:
    if unit == Unit.MINOR:
        return format_money(int(number), FLOOR_CURRENCY)
    if unit == Unit.MINOR_AN_HOUR:
        return _("%(amount)s an hour") % {"amount": format_money(int(number), FLOOR_CURRENCY)}
    if unit == Unit.SHARE:
        return _("%(number)s %%") % {"number": _plain(Decimal(number) * 100)}
    if unit in COUNTED:
        return str(COUNTED[unit] % {"count": int(number), "number": _plain(number)})
    return _plain(number)


def _plain(number: int | Decimal) -> str:
    digits = to_json(number) if isinstance(number, Decimal) else number
    return formats.number_format(Decimal(str(digits)), use_l10n=True, force_grouping=True)


def say_bounds(parameter: Parameter) -> str:
    """Return what the parameter may be set to: "€1.00 an hour to €100.00 an hour", "yes or no"."""
    if parameter.type == "bool":
        return _("yes or no")
    if parameter.type == "choice":
        return "; ".join(str(CHOICES.get(choice, choice)) for choice in parameter.choices)
    assert parameter.bounds is not None
    low, high = (_say_number(parameter.unit, number) for number in parameter.bounds)
    if parameter.lengths is None:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    shortest, longest = parameter.lengths
    if shortest == longest:
        return _("%(count)s falling numbers, %(low)s to %(high)s") % {
            "count": longest,
            "low": low,
            "high": high,
        }
    return _("%(least)s to %(most)s falling numbers, %(low)s to %(high)s") % {
        "least": shortest,
        "most": longest,
        "low": low,
        "high": high,
    }


def say_step(parameter: Parameter) -> str:
    """Return how far one decision may move the value, or "" where only the bounds limit it."""
    return "" if parameter.largest_step is None else _say_number(parameter.unit, parameter.largest_step)


def say_scopes(parameter: Parameter) -> str:
    """Return for whom the parameter may have values: "everybody", "everybody, country"."""
    return ", ".join(str(ScopeKind(scope).label) for scope in parameter.scopes)


def say_favours(parameter: Parameter) -> str:
    """Return which direction is better for workers, or "" where the registry does not say."""
    return {"higher": _("higher"), "lower": _("lower")}.get(parameter.favours or "", "")
