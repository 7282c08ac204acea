"""What a parameter is: a number (or a choice) that the rules go by, and how far it may be moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Value: TypeAlias = int | Decimal | bool | str | tuple[Decimal, ...]
Type: TypeAlias = Literal["int", "decimal", "bool", "choice", "decimals"]
Number: TypeAlias = int | Decimal


class Unit(TextChoices):
    """What a value counts. Units of time, money and share end the parameter's name."""

    NONE = "none", _("no unit")
    FACTOR = "factor", _("factor")
    SHARE = "share", _("share of one")
    MINOR = "minor", _("euro cents")
    MINOR_AN_HOUR = "minor_an_hour", _("euro cents an hour")
    SECONDS = "seconds", _("seconds")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    BEATS = "beats", _("beats of the cascade")
    RATING = "rating", _("points of rating, 1 to 3")
    REVIEW = "review", _("points of review, 1 to 4")
    LEVELS = "levels", _("guild levels")
    DECIMALS = "decimals", _("decimals")
    CHARACTERS = "characters", _("characters")
    PEOPLE = "people", _("people")
    VOTES = "votes", _("votes")
    COLLEGES = "colleges", _("colleges")
    PLACES = "places", _("places")
    ASSIGNMENTS = "assignments", _("assignments")
    ITEMS = "items", _("guild items")
    REVIEWS = "reviews", _("reviews")
    FLAGS = "flags", _("flags")


class ScopeKind(TextChoices):
    """For whom an entry sets a value, from the widest to the narrowest."""

    SITE = "site", _("everybody")
    COUNTRY = "country", _("country")
    TERRITORY = "territory", _("territory")
    STATUS = "status", _("working status")
    GUILD = "guild", _("guild")


class Class(TextChoices):
    """How hard a parameter is to change: which quorum and majority a vote on it needs."""

    ORDINARY = "ordinary", _("ordinary")
    PAY = "pay", _("pay")
    CONSTITUTIONAL = "constitutional", _("constitutional")


NOTICE_DAYS = {Class.ORDINARY: 7, Class.PAY: 14, Class.CONSTITUTIONAL: 30}
"""How many days lie at least between a decision and the moment it takes effect, unless said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One entry of the registry.

    `bounds` are inclusive and hold for each number of a list. `lengths` bounds how many numbers a
    list has; they always fall. `favours` says which direction is better for the worker; where it is
    set, a narrower scope counts only if it is more favourable, and a law may set a minimum.
    `largest_step` is how far one decision may move the value. `source` cites the law behind it.
    """

    name: str
    meaning: "StrOrPromise"
    type: Type
    unit: Unit
    default: Value
    bounds: tuple[Number, Number] | None = None
    choices: tuple[str, ...] = ()
    lengths: tuple[int, int] | None = None
    scopes: tuple[ScopeKind, ...] = (ScopeKind.SITE,)
    favours: Literal["higher", "lower"] | None = None
    class_: Class = Class.ORDINARY
    notice_days: int
    largest_step: Number | None = None
    source: "StrOrPromise" = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Parameters that are read together."""

    key: str
    title: "StrOrPromise"
    parameters: tuple[Parameter, ...]


def whole(
    name: str,
    default: int,
    bounds: tuple[int, int],
    unit: Unit,
    meaning: "StrOrPromise",
    *,
    step: int | None = None,
    favours: Literal["higher", "lower"] | None = None,
    class_: Class = Class.ORDINARY,
    also: Iterable[ScopeKind] = (),
    source: "StrOrPromise" = "",
) -> Parameter:
    """Return a parameter that is a whole number. `also` names the scopes it takes beside the site."""
    return Parameter(
        name=name,
        meaning=meaning,
        type="int",
        unit=unit,
        default=default,
        bounds=bounds,
        scopes=(ScopeKind.SITE, *also),
        favours=favours,
        class_=class_,
        notice_days=NOTICE_DAYS[class_],
        largest_step=step,
        source=source,
    )


def exact(
    name: str,
    default: str,
    bounds: tuple[str, str],
    unit: Unit,
    meaning: "StrOrPromise",
    *,
    step: str | None = None,
    favours: Literal["higher", "lower"] | None = None,
    class_: Class = Class.ORDINARY,
    also: Iterable[ScopeKind] = (),
    source: "StrOrPromise" = "",
) -> Parameter:
    """Return a parameter that is an exact decimal, its numbers written as text."""
    return Parameter(
        name=name,
        meaning=meaning,
        type="decimal",
        unit=unit,
        default=Decimal(default),
        bounds=(Decimal(bounds[0]), Decimal(bounds[1])),
        scopes=(ScopeKind.SITE, *also),
        favours=favours,
        class_=class_,
        notice_days=NOTICE_DAYS[class_],
        largest_step=None if step is None else Decimal(step),
        source=source,
    )


def falling(
    name: str,
    default: tuple[str, ...],
    bounds: tuple[str, str],
    lengths: tuple[int, int],
    unit: Unit,
    meaning: "StrOrPromise",
    *,
    class_: Class = Class.ORDINARY,
) -> Parameter:
    """Return a parameter that is a list of exact decimals, each below the one before it."""
    return Parameter(
        name=name,
        meaning=meaning,
        type="decimals",
        unit=unit,
        default=tuple(Decimal(number) for number in default),
        bounds=(Decimal(bounds[0]), Decimal(bounds[1])),
        lengths=lengths,
        class_=class_,
        notice_days=NOTICE_DAYS[class_],
    )


def one_of(
    name: str,
    default: str,
    choices: tuple[str, ...],
    meaning: "StrOrPromise",
    *,
    class_: Class = Class.ORDINARY,
) -> Parameter:
    """Return a parameter that is one of a few words."""
    return Parameter(
        name=name,
        meaning=meaning,
        type="choice",
        unit=Unit.NONE,
        default=default,
        choices=choices,
        class_=class_,
        notice_days=NOTICE_DAYS[class_],
    )


def yes_or_no(
    name: str,
    default: bool,
    meaning: "StrOrPromise",
    *,
    class_: Class = Class.ORDINARY,
    notice_days: int | None = None,
) -> Parameter:
    """Return a parameter that is a yes or a no."""
    return Parameter(
        name=name,
        meaning=meaning,
        type="bool",
        unit=Unit.NONE,
        default=default,
        class_=class_,
        notice_days=NOTICE_DAYS[class_] if notice_days is None else notice_days,
    )
