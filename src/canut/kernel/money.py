"""Amounts: whole numbers in a currency's smallest unit, and their written form at the edges."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, translation
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import Refusal

DIGITS = {"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "JPY": 0}
"""How many decimals each currency we keep books in has (ISO 4217)."""

_SYMBOL = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥"}
_WRITTEN = re.compile(r"(?P<whole>[0-9]{1,12})(?:[.,](?P<part>[0-9]+))?")


class AmountRefused(Refusal):
    code = "amount_refused"
    status = 422


def parse_minor(text: object, currency: str) -> int:
    """Return an amount written by a person or a program, such as "0.60" or "0,60", in minor units.

    Raises:
        AmountRefused: it is no plain non-negative number, has more decimals than the currency, or
            the currency is unknown. A float is refused too: it cannot say exactly what was meant.
    """
    if currency not in DIGITS:
        raise AmountRefused(_("Canut keeps no books in this currency."), currency=currency)
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise AmountRefused(_("Write the amount as digits in quotes, such as “0.60”."))
    found = _WRITTEN.fullmatch(str(text).strip())
    if not found:
        raise AmountRefused(
            _("Write the amount as digits with a point or a comma, such as 0.60. It cannot be negative.")
        )
    part = found["part"] or ""
    digits = DIGITS[currency]
    if len(part) > digits:
        raise AmountRefused(
            _("This currency has %(digits)s decimals; the amount has %(given)s.")
            % {"digits": digits, "given": len(part)}
        )
    return int(found["whole"] + part.ljust(digits, "0"))


def plain(minor: int, currency: str) -> str:
    """Return the amount as programs read it: "0.60", "-12.00", "7" for a currency without decimals."""
    digits = DIGITS[currency]
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def format_money(minor: int, currency: str) -> str:
    """Return the amount as a person reads it in the active language: "€0.60", "-€0.60", "0,60 €"."""
    exact = Decimal(minor).scaleb(-DIGITS[currency])
    symbol = _SYMBOL[currency]
    if translation.get_language() == "fr":
        return f"{formats.number_format(exact, DIGITS[currency], force_grouping=True)}\u00a0{symbol}"
    number = formats.number_format(abs(exact), DIGITS[currency], force_grouping=True)
    space = "" if len(symbol) == 1 else "\u00a0"
    return f"{'-' if minor < 0 else ''}{symbol}{space}{number}"


def share_minor(amount_minor: int, rate: Decimal) -> int:
    """Return `rate` (0.065 is 6.5 %) of an amount, rounded half up to the smallest unit.

    Exact decimals throughout (MECHANISMS, introduction).
    """
    return int((Decimal(amount_minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
