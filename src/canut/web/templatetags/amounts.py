"""Money, spans of time and shares as a person reads them in the active language."""

from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from canut.kernel.money import DIGITS, format_money, share_minor
from canut.kernel.spans import span

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


duration = register.filter("duration", span)
