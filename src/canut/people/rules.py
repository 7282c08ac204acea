"""What makes a name usable, how old is old enough, what a key's token looks like."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping

TOKEN_PREFIX = "cnt_"  # noqa: S105 - how every token begins
SHOWN_OF_TOKEN = 12

# Nobody may look like the site itself, or like an account that was closed.
RESERVED_NAMES = frozenset(
    (
        "admin",
        "administrator",
        "canut",
        "everybody",
        "moderator",
        "nobody",
        "operator",
        "root",
        "staff",
        "support",
        "system",
    )
)
FORMER_NAME = re.compile(r"(former|name-hidden)-\d+")

ADULT_AT = 18

# Where the law sets another age than 18 for a contract of one's own.
ADULT_AT_BY_COUNTRY: Mapping[str, int] = {
    "DZ": 19,
    "EG": 21,
    "HN": 21,
    "KR": 19,
    "KW": 21,
    "NZ": 20,
    "SG": 21,
    "TH": 20,
}

_USERNAME = re.compile(r"[a-z0-9._+-]{3,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


def smallest_age(country: str) -> int:
    """Return the age, in years, from which somebody living in `country` (ISO alpha-2) may take part."""
    return ADULT_AT_BY_COUNTRY.get(country, ADULT_AT)


def tidy_screen_name(typed: str) -> str:
    """Return the name as it is kept: one form for look-alike characters, single spaces, none around."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def screen_name_is_usable(name: str) -> bool:
    """Say whether a tidy name may be somebody's: 3 to 30 letters, digits, spaces and `. _ - '`.

    It starts with a letter or digit, holds a letter, and is neither the site's nor what stands for a closed
    account or a hidden name.
    """
    if not 3 <= len(name) <= 30 or name != tidy_screen_name(name):
        return False
    if not (name[0].isalnum() and any(character.isalpha() for character in name)):
        return False
    if not all(c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") or c in " ._-'’" for c in name):
        return False
    return name.casefold() not in RESERVED_NAMES and not FORMER_NAME.fullmatch(name.casefold())


def username_is_usable(username: str) -> bool:
    """Say whether `username`, in lower case, may be signed in with: 3 to 40 of `a-z 0-9 . _ + -`."""
    return bool(_USERNAME.fullmatch(username)) and not FORMER_NAME.fullmatch(username)


def languages_are_usable(languages: Collection[str]) -> bool:
    """Say whether there is at least one language, none twice, each a code such as "fr" or "pt-BR"."""
    return 1 <= len(languages) == len(set(languages)) <= 10 and all(
        _LANGUAGE.fullmatch(code) for code in languages
    )


def former_name(party_id: int) -> str:
    """Return what stands in the place of both names once an account is closed."""
    return f"former-{party_id}"


def hidden_name(party_id: int) -> str:
    """Return what stands in the place of a screen name that is hidden."""
    return f"name-hidden-{party_id}"


def token_hash(token: str) -> str:
    """Return what we keep of a token: its SHA-256 in hex.

    No salt and no slow hash are needed: a token is 256 random bits, not something a person chose.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def shown_of_token(token: str) -> str:
    """Return the beginning of a token, by which its owner tells their keys apart."""
    return token[:SHOWN_OF_TOKEN]
