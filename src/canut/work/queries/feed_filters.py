"""What a worker may narrow the feed by. It narrows what is shown; who may take a task it never changes.

The same names stand in the address of the feed's page, in the API and in a saved search.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.money import AmountRefused, format_money, parse_minor, plain
from canut.kernel.refusals import BadInput
from canut.people.places import language_name

CURRENCY = "EUR"
"""In which pay per hour is asked for; this site keeps its projects in it."""
MOST_HOURLY_MINOR = 100_000_000
LONGEST_SECONDS = 8 * 3600
MOST_LANGUAGES = 10
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")

DEVICES = ("", "phone", "computer")
ACCEPTED, NO_RISKS, ALL_RISKS = "accepted", "none", "all"
RISKS = (ACCEPTED, NO_RISKS, ALL_RISKS)
KINDS = ("", "paid", "volunteer")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the feed is narrowed to; as it stands without arguments, to nothing.

    `least_hourly_minor` is what an hour of paid time pays at least, `most_seconds` the longest expected
    time of a task; 0 asks nothing. `languages` keeps work that needs one of them or none. `device` is
    "phone" or "computer" for work that can be done on one. `risks`: sensitive work as the worker has
    "accepted" it, "none" of it, or "all", also what is not accepted. `kind` is "paid", "volunteer", or ""
    for both.
    """

    least_hourly_minor: int = 0
    most_seconds: int = 0
    languages: tuple[str, ...] = ()
    device: str = ""
    risks: str = ACCEPTED
    kind: str = ""


NO_FILTERS = Filters()


def filters_from(given: Mapping[str, Any]) -> Filters:
    """Read filters from an address, the API, a form or what `as_json` returned. Other names are ignored.

    Pay per hour comes as `least_hourly`, an amount such as "12.50", or as `least_hourly_minor`; the length
    as `most_minutes` or `most_seconds`; `languages` as a list, or as text with commas. What is empty or
    missing asks nothing.

    Raises:
        BadInput: a value cannot be read; `errors` names each.
    """
    errors: dict[str, Any] = {}
    read = Filters(
        least_hourly_minor=_hourly(given, errors),
        most_seconds=_seconds(given, errors),
        languages=_languages(given, errors),
        device=_one_of(given, "device", DEVICES, "", errors),
        risks=_one_of(given, "risks", RISKS, ACCEPTED, errors),
        kind=_one_of(given, "kind", KINDS, "", errors),
    )
    if errors:
        raise BadInput(_("The feed cannot be narrowed like this. See each field."), errors=errors)
    return read


def as_json(filters: Filters) -> dict[str, Any]:
    """Return what differs from no filters, for storing; `filters_from` reads it back."""
    found: dict[str, Any] = {
        name: getattr(filters, name)
        for name in Filters.__slots__
        if getattr(filters, name) != getattr(NO_FILTERS, name)
    }
    if filters.languages:
        found["languages"] = list(filters.languages)
    return found


def as_address(filters: Filters) -> dict[str, str]:
    """Return what differs from no filters as it stands in the feed's address and its form."""
    found = {name: str(value) for name, value in as_json(filters).items()}
    if filters.least_hourly_minor:
        del found["least_hourly_minor"]
        found["least_hourly"] = plain(filters.least_hourly_minor, CURRENCY)
    if filters.most_seconds and not filters.most_seconds % 60:
        del found["most_seconds"]
        found["most_minutes"] = str(filters.most_seconds // 60)
    if filters.languages:
        found["languages"] = ",".join(filters.languages)
    return found


def mark_of(filters: Filters) -> str:
    """Return a short mark that differs between filters; empty without any. Cursors carry it."""
    said = as_json(filters)
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12] if said else ""


def describe(filters: Filters) -> str:
    """Return the filters as a person reads them, in the active language: "paid work, at most 5 minutes"."""
    parts = [
        {"paid": _("paid work"), "volunteer": _("volunteer work")}.get(filters.kind, ""),
        _hourly_said(filters.least_hourly_minor),
        _length_said(filters.most_seconds),
        _languages_said(filters.languages),
        {"phone": _("can be done on a phone"), "computer": _("can be done on a computer")}.get(
            filters.device, ""
        ),
        {
            NO_RISKS: _("no sensitive work"),
            ALL_RISKS: _("sensitive work that you have not accepted too"),
        }.get(filters.risks, ""),
    ]
    return ", ".join(part for part in parts if part) or _("all work")


def _hourly(given: Mapping[str, Any], errors: dict[str, Any]) -> int:
    written = given.get("least_hourly")
    if written in (None, ""):
        too_much = _("The pay for an hour must lie between nothing and a million.")
        return _whole(given, "least_hourly_minor", MOST_HOURLY_MINOR, too_much, errors)
    try:
        amount = parse_minor(written, CURRENCY)
    except AmountRefused as refused:
        errors["least_hourly"] = str(refused)
        return 0
    if amount > MOST_HOURLY_MINOR:
        errors["least_hourly"] = _("The pay for an hour must lie between nothing and a million.")
        return 0
    return amount


def _seconds(given: Mapping[str, Any], errors: dict[str, Any]) -> int:
    too_long = _("The length of a task is a whole number, and at most eight hours.")
    if given.get("most_minutes") in (None, ""):
        return _whole(given, "most_seconds", LONGEST_SECONDS, too_long, errors)
    return 60 * _whole(given, "most_minutes", LONGEST_SECONDS // 60, too_long, errors)


def _whole(given: Mapping[str, Any], name: str, most: int, sentence: str, errors: dict[str, Any]) -> int:
    value = given.get(name)
    if value in (None, ""):
        return 0
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        errors[name] = sentence
        return 0
    return value


def _languages(given: Mapping[str, Any], errors: dict[str, Any]) -> tuple[str, ...]:
    getlist = getattr(given, "getlist", None)  # the address may name several
    value = getlist("languages") if getlist else given.get("languages")
    values = [value] if isinstance(value, str) else value or []
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        errors["languages"] = _("Give languages by their codes, such as en or fr.")
        return ()
    codes = [code.strip() for each in values for code in each.split(",") if code.strip()]
    if not all(_LANGUAGE.fullmatch(code) for code in codes):
        errors["languages"] = _("Give languages by their codes, such as en or fr.")
    elif len(set(codes)) > MOST_LANGUAGES:
        errors["languages"] = _("Choose at most ten languages.")
    return () if "languages" in errors else tuple(sorted(set(codes)))


def _one_of(
    given: Mapping[str, Any], name: str, known: tuple[str, ...], otherwise: str, errors: dict[str, Any]
) -> str:
    value = given.get(name)
    if value in (None, ""):
        return otherwise
    if value not in known:
        errors[name] = _("Choose one of the values on the page.")
        return otherwise
    return str(value)


def _hourly_said(minor: int) -> str:
    if not minor:
        return ""
    return _("at least %(amount)s an hour") % {"amount": format_money(minor, CURRENCY)}


def _length_said(seconds: int) -> str:
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    if rest:
        said = ngettext("at most %(count)s second a task", "at most %(count)s seconds a task", seconds)
        return said % {"count": seconds}
    said = ngettext("at most %(count)s minute a task", "at most %(count)s minutes a task", minutes)
    return said % {"count": minutes}


def _languages_said(codes: tuple[str, ...]) -> str:
    if not codes:
        return ""
    names = ", ".join(language_name(code) for code in codes)
    return _("language: %(names)s, or none") % {"names": names}
