"""What may be told of small numbers of cases: nothing by which somebody could be found (MECHANISMS 6).

A table has lines (kinds of cases, grounds) and columns (how they ended). Its figures add up, so that a
figure which is left out could be had from the others by subtraction. Therefore lines are told together until
whatever anybody can work out from the figures shown is itself a count of enough cases.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

Cells = tuple[int, ...]

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Lines that are told together, or one line alone: how many cases, and how they ended if that is told.

    `names` has one name where the line stands for itself. `cells` is None where the columns are not told.
    """

    names: tuple[str, ...]
    total: int
    cells: Cells | None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What is told of a table. Without a `total` there were too few cases to tell anything.

    `none` names the lines without any case: that nothing happened unmasks nobody.
    """

    total: int | None
    cells: Cells | None
    lines: tuple[ShownLine, ...]
    none: tuple[str, ...]


def told_together(lines: Sequence[Cells], least: int) -> frozenset[int]:
    """Return which lines cannot be told each for itself, by their place: none, or enough of them.

    Those with a figure under `least` cannot. What all of them come to can be had from the table's sums, so
    it must reach `least` in each column too: until it does, the smallest of the others joins them.

    Source: MECHANISMS 6, for the number; that figures are left out together so that no subtraction brings
    one back is complementary suppression, as offices of statistics do it (Hundepool et al. "Statistical
    Disclosure Control". Wiley 2012, chapter 4); that whole lines join, and which, is our own.
    """
    together = {place for place, cells in enumerate(lines) if min(cells) < least}
    others = sorted(set(range(len(lines))) - together, key=lambda place: (sum(lines[place]), place))
    while together and others and min(_sums(lines[place] for place in together)) < least:
        together.add(others.pop(0))
    return frozenset(together)


def safe_table(lines: Mapping[str, Cells], *, least: int, with_columns: bool = True) -> ShownTable:
    """Return what may be told of a table, so that no figure, and no difference of figures, is under `least`.

    First the lines are joined whose totals cannot be told each for itself; then how they ended is told of
    those where each column has enough, and of the whole table. A line without a case is only named. With
    `with_columns` false no column is told, because another table that shares cases with this one hides them.

    Source: MECHANISMS 6; complementary suppression as in `told_together`.
    """
    none = tuple(name for name, cells in lines.items() if not sum(cells))
    names = [name for name in lines if name not in none]
    rows = [lines[name] for name in names]
    total = sum(map(sum, rows))
    if total < least:
        return ShownTable(None, None, (), () if total else none)
    joined = told_together([(sum(row),) for row in rows], least)
    groups: list[tuple[tuple[str, ...], Cells]] = [
        ((names[place],), rows[place]) for place in range(len(rows)) if place not in joined
    ]
    if joined:
        places = sorted(joined)
        groups.append((tuple(names[place] for place in places), _sums(rows[place] for place in places)))
    if len(groups) == 1 and len(names) > 1:
        groups = []
    sums = _sums(rows)
    tells_columns = with_columns and min(sums) >= least
    hidden: Collection[int] = range(len(groups))
    if tells_columns:
        hidden = told_together([row for _names, row in groups], least)
    shown = tuple(
        ShownLine(told, sum(row), None if place in hidden else row)
        for place, (told, row) in enumerate(groups)
    )
    return ShownTable(total, sums if tells_columns else None, shown, none)


def so_far(table: ShownTable, *, least: int) -> ShownTable:
    """Return a table of a year that is not over, its figures rounded down to whole steps of `least`.

    Who looked every day would else see each case come in, and how it ended. For the same reason it names no
    line as one without a case.

    Source: ours, for MECHANISMS 6: nothing that unmasks a person under 10 cases.
    """

    def down(cells: Cells | None) -> Cells | None:
        return None if cells is None else tuple(cell // least * least for cell in cells)

    return ShownTable(
        None if table.total is None else table.total // least * least,
        down(table.cells),
        tuple(ShownLine(line.names, line.total // least * least, down(line.cells)) for line in table.lines),
        (),
    )


def per_thousand(count: int, of: int) -> Decimal | None:
    """Return how many of a thousand, with one decimal, rounded half up; None where there is nothing.

    Source: MECHANISMS 6: appeals per 1,000 decisions.
    """
    if of <= 0:
        return None
    return (Decimal(1000 * count) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)


def typical_days(lasted: Sequence[timedelta], *, least: int) -> int | None:
    """Return how long cases took, as the median in whole days, rounded half up; None of fewer than `least`.

    Source: MECHANISMS 6; the median, so that no single case shows in it, is ours.
    """
    if len(lasted) < least:
        return None
    days = Decimal(median(one / DAY for one in lasted))
    return int(days.quantize(Decimal(1), ROUND_HALF_UP))


def _sums(rows: Iterable[Cells]) -> Cells:
    return tuple(map(sum, zip(*rows, strict=True)))
