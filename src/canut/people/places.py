"""Countries, languages and time zones by name: the lists that people choose from.

The countries are ISO 3166-1's, in `countries.tsv`, named as their neighbours commonly name them;
language names and their own spellings are Django's; time zones are the IANA list of the machine.
"""

import csv
import unicodedata
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, gettext

# Variants of one language that Django lists for its own translations.
_NOT_LANGUAGES = frozenset(
    (
        "ar-dz",
        "en-au",
        "en-gb",
        "eo",
        "es-ar",
        "es-co",
        "es-mx",
        "es-ni",
        "es-ve",
        "io",
        "sr-latn",
        "zh-cn",
        "zh-hk",
        "zh-mo",
        "zh-sg",
        "zh-tw",
        "zh-my",
        "ia",
    )
)


@cache
def _countries() -> dict[str, dict[str, str]]:
    text = (resources.files("canut.people") / "countries.tsv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def _locale() -> str:
    return "fr" if (get_language() or "").startswith("fr") else "en"


def sort_key(name: str) -> str:
    """Return a key under which É sorts with E whatever the machine's locale is."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def is_country(code: str) -> bool:
    return code in _countries()


def country_name(code: str) -> str:
    """Return the country's name in the active language, or the code if there is no such country."""
    row = _countries().get(code)
    return row[_locale()] if row else code


def country_choices() -> list[tuple[str, str]]:
    return sorted(((code, country_name(code)) for code in _countries()), key=lambda pair: sort_key(pair[1]))


# Languages of many people that Django has no name for: in English, in French, in the language.
_MORE_LANGUAGES = {
    "am": ("Amharic", "Amharique", "አማርኛ"),
    "bm": ("Bambara", "Bambara", "bamanankan"),
    "fil": ("Filipino", "Filipino", "Filipino"),
    "gu": ("Gujarati", "Gujarati", "ગુજરાતી"),
    "ha": ("Hausa", "Haoussa", "Hausa"),
    "ht": ("Haitian Creole", "Créole haïtien", "kreyòl ayisyen"),
    "lo": ("Lao", "Lao", "ລາວ"),
    "ln": ("Lingala", "Lingala", "lingála"),
    "mg": ("Malagasy", "Malgache", "malagasy"),
    "mt": ("Maltese", "Maltais", "Malti"),
    "oc": ("Occitan", "Occitan", "occitan"),
    "ps": ("Pashto", "Pachto", "پښتو"),
    "rw": ("Kinyarwanda", "Kinyarwanda", "Ikinyarwanda"),
    "si": ("Sinhala", "Cingalais", "සිංහල"),
    "so": ("Somali", "Somali", "Soomaali"),
    "ti": ("Tigrinya", "Tigrigna", "ትግርኛ"),
    "wo": ("Wolof", "Wolof", "Wolof"),
    "xh": ("Xhosa", "Xhosa", "isiXhosa"),
    "yo": ("Yoruba", "Yoruba", "Yorùbá"),
    "zu": ("Zulu", "Zoulou", "isiZulu"),
}


@cache
def _languages() -> dict[str, tuple[str, str]]:
    found = {}
    for code, info in LANG_INFO.items():
        if "name" in info and code not in _NOT_LANGUAGES:
            found[_spelled(code)] = (info["name"], info["name_local"])
    return found


def _spelled(code: str) -> str:
    """Return a code the way BCP 47 spells it: "pt-br" is "pt-BR", "zh-hans" is "zh-Hans"."""
    base, _, rest = code.partition("-")
    if not rest:
        return base
    return f"{base}-{rest.upper() if len(rest) == 2 else rest.title()}"


def language_name(code: str) -> str:
    """Return a language's name in the active language and in its own: "German (Deutsch)"."""
    if code in _MORE_LANGUAGES:
        english, french, own = _MORE_LANGUAGES[code]
        name = french if _locale() == "fr" else english
    elif code in _languages():
        english, own = _languages()[code]
        name = gettext(english)
    else:
        return code
    return name if name.casefold() == own.casefold() else f"{name} ({own})"


def language_choices() -> list[tuple[str, str]]:
    codes = {**_languages(), **_MORE_LANGUAGES}
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: sort_key(pair[1]))


def is_language(code: str) -> bool:
    return code in _languages() or code in _MORE_LANGUAGES


@cache
def _time_zones() -> tuple[str, ...]:
    areas = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ("UTC", *sorted(zone for zone in available_timezones() if zone.startswith(areas)))


def is_time_zone(name: str) -> bool:
    return name in _time_zones()


def time_zone_choices() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in _time_zones()]
