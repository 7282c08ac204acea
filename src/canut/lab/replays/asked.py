"""What every family of replays is given, and what it gives back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from canut.charter.parameters import Value
from canut.lab.replays.charters import Charter, Setting
from canut.lab.replays.report import Check, Family, Figure, FundFlow, Note, Table

T = TypeVar("T")

Tell = Callable[[float], None]
"""Is told the share that is done, from 0 to 1, as often as one likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One setting to be replayed: over which time, under which two charters, and where to read.

    `tried` has the settings `beside` it too, which the same proposal would make.
    """

    setting: Setting
    beside: Sequence[Setting] = ()
    old: Value
    since: datetime
    until: datetime
    was: Charter
    tried: Charter
    least_people: int
    using: str
    tell: Tell

    @property
    def name(self) -> str:
        return self.setting.parameter

    @property
    def names(self) -> frozenset[str]:
        """All parameters that are set in the charter that is tried."""
        return frozenset(one.parameter for one in (self.setting, *self.beside))

    def through(self, things: Sequence[T]) -> Iterable[T]:
        """Yield things one by one and tell how far that is."""
        for number, thing in enumerate(things):
            yield thing
            self.tell((number + 1) / len(things))

    def people(self, code: str, before: int, after: int) -> Figure:
        """Return a figure that counts people: None for so few that it would tell of somebody, 0 excepted."""
        return Figure(code=code, unit="people", before=self.if_enough(before), after=self.if_enough(after))

    def if_enough(self, people: int) -> float | None:
        return None if 0 < people < self.least_people else people

    def money(self, code: str, before: int, after: int, *, of: int) -> Figure:
        """Return a sum that so many people paid or got together, None where they are too few."""
        is_shown = of >= self.least_people
        return Figure(
            code=code, unit="minor", before=before if is_shown else None, after=after if is_shown else None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a family found out."""

    family: Family
    currency: str = "EUR"
    workers: Table | None = None
    requesters: Table | None = None
    funds: Sequence[FundFlow] = ()
    figures: Sequence[Figure] = ()
    checks: Sequence[Check] = ()
    taken_for_granted: Sequence[Note] = ()
    unknown: Sequence[Note] = ()


def note(code: str, **values: Any) -> Note:
    """Return a note with what fills its sentence."""
    return Note(code=code, values=values)


@dataclass(slots=True)
class Pair:
    """Something before and after."""

    before: float = 0
    after: float = 0

    def add(self, before: float, after: float) -> None:
        self.before += before
        self.after += after


@dataclass(slots=True)
class Middle:
    """Values of which the median is asked, before and after."""

    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    def figure(self, code: str, unit: Any) -> Figure:
        return Figure(code=code, unit=unit, before=middle(self.before), after=middle(self.after))


def middle(values: Sequence[float]) -> float | None:
    """Return the median, None of nothing."""
    if not values:
        return None
    in_order = sorted(values)
    half = len(in_order) // 2
    if len(in_order) % 2:
        return round(in_order[half], 2)
    return round((in_order[half - 1] + in_order[half]) / 2, 2)
