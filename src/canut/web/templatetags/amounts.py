"""Money, spans of time and shares as a person reads them in the active language."""

from datetime import timedelta
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.money import DIGITS, format_money, share_minor

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """Return an amount in minor units: `{{ reward_minor|money:currency }}` gives "€0.60"."""
    return format_money(minor, currency)


@register.filter
def exact_money(minor: Decimal, currency: str) -> str:
    """Return an amount that need not be whole minor units, with all the decimals it has: "0.039 EUR"."""
    exact = Decimal(minor).scaleb(-DIGITS[currency]).normalize()
    digits = max(DIGITS[currency], -int(exact.as_tuple().exponent))
    return f"{formats.number_format(exact, digits, force_grouping=True)}\u00a0{currency}"


@register.filter
def percent(share: Decimal | float | None) -> str:
    """Return a share of 1 as a percentage with as many decimals as it has, at most one."""
    if share is None:
        return "–"
    tenths = share_minor(1000, Decimal(str(share)))
    number = formats.number_format(Decimal(tenths) / 10, 0 if tenths % 10 == 0 else 1)
    return _("%(number)s %%") % {"number": number}


@register.filter
def duration(span: timedelta | float | Decimal | None) -> str:
    """Return a span of time, seconds or a timedelta, by its two largest units: "1 h 5 min", "45 s"."""
    if span is None:
        return "–"
    seconds = round(span.total_seconds() if isinstance(span, timedelta) else span)
    parts = [
        (seconds // 86400, ngettext("%(count)s day", "%(count)s days", seconds // 86400)),
        (seconds // 3600 % 24, _("%(count)s h")),
        (seconds // 60 % 60, _("%(count)s min")),
        (seconds % 60, _("%(count)s s")),
    ]
    first = next((place for place, (count, _unit) in enumerate(parts) if count), len(parts) - 1)
    largest, *smaller = parts[first : first + 2]
    shown = [largest, *(part for part in smaller if part[0])]
    return " ".join(unit % {"count": count} for count, unit in shown).replace(" ", "\u00a0")
