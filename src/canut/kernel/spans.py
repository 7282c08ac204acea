"""A span of time as a person reads it in the active language."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def span(time: timedelta | float | Decimal | None) -> str:
    """Return a span of time, seconds or a timedelta, by its two largest units: "1 h 5 min", "45 s"."""
    if time is None:
        return "–"
    seconds = round(time.total_seconds() if isinstance(time, timedelta) else time)
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
