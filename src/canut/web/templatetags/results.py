"""Figures of results as a person reads them."""

from collections.abc import Mapping

from django import template
from django.utils import formats

register = template.Library()


@register.filter
def decimals(value: float | None, digits: int) -> str:
    """Return a number with at most so many decimals, a dash where there is none."""
    if value is None:
        return "–"
    written = f"{value:.{digits}f}"
    shown = len(written.rstrip("0").rstrip(".").partition(".")[2])
    return formats.number_format(round(value, digits), shown, force_grouping=True)


@register.filter
def named(names: Mapping[str, str], key: str) -> str:
    """Return what something is called."""
    return names[key]
