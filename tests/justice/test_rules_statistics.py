"""What may be told of few cases: the rules, on made-up counts, and what somebody could work out from them."""

from datetime import timedelta
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.justice.rules_statistics import (
    Cells,
    ShownTable,
    per_thousand,
    safe_table,
    so_far,
    told_together,
    typical_days,
)

LEAST = 10


def told(table: ShownTable) -> list[tuple[str, int, Cells | None]]:
    return [(" + ".join(line.names), line.total, line.cells) for line in table.lines]


def test_a_table_with_enough_in_every_cell_is_told_whole() -> None:
    table = safe_table({"rejection": (30, 12), "level": (10, 15)}, least=LEAST)
    assert (table.total, table.cells) == (67, (40, 27))
    assert told(table) == [("rejection", 42, (30, 12)), ("level", 25, (10, 15))]


def test_a_line_with_few_cases_is_told_with_the_smallest_other_one() -> None:
    table = safe_table({"rejection": (40, 60), "level": (20, 11), "admission": (2, 1)}, least=LEAST)
    assert table.total == 134
    assert told(table) == [("rejection", 100, (40, 60)), ("level + admission", 34, (22, 12))]


def test_two_small_lines_that_come_to_enough_join_each_other_alone() -> None:
    table = safe_table({"rejection": (40, 60), "level": (4, 3), "admission": (3, 4)}, least=LEAST)
    assert told(table) == [("rejection", 100, None), ("level + admission", 14, None)]
    assert table.cells == (47, 67)  # or (7, 7) would be what is left


def test_how_cases_ended_is_hidden_of_another_line_too_so_that_nothing_can_be_taken_away() -> None:
    table = safe_table({"rejection": (40, 60), "level": (38, 2), "sanction": (15, 18)}, least=LEAST)
    assert told(table) == [("rejection", 100, (40, 60)), ("level", 40, None), ("sanction", 33, None)]
    assert safe_table({"a": (40, 3), "b": (30, 6)}, least=LEAST).cells is None


def test_too_few_in_all_tell_nothing_and_no_case_at_all_tells_that() -> None:
    assert safe_table({"a": (4, 5), "b": (0, 0)}, least=LEAST) == ShownTable(None, None, (), ())
    assert safe_table({"a": (0, 0), "b": (0, 0)}, least=LEAST).none == ("a", "b")
    table = safe_table({"a": (20, 14), "b": (0, 0), "c": (2, 2)}, least=LEAST)
    assert (table.total, table.lines, table.none) == (38, (), ("b",))


def test_columns_that_another_table_hides_are_hidden() -> None:
    table = safe_table({"a": (20, 14), "b": (30, 30)}, least=LEAST, with_columns=False)
    assert table.cells is None
    assert told(table) == [("a", 34, None), ("b", 60, None)]


def test_a_year_that_goes_on_is_told_in_whole_steps() -> None:
    table = so_far(safe_table({"a": (29, 14), "b": (30, 38)}, least=LEAST), least=LEAST)
    assert (table.total, table.cells) == (110, (50, 50))
    assert told(table) == [("a", 40, (20, 10)), ("b", 60, (30, 30))]
    assert so_far(safe_table({"a": (1, 1)}, least=LEAST), least=LEAST).total is None
    # and names no line as empty, or else the first case of it would be seen to come in
    for rows in ({"a": (29, 14), "b": (0, 0)}, {"a": (0, 0), "b": (0, 0)}):
        assert so_far(safe_table(rows, least=LEAST), least=LEAST).none == ()


SMALL = st.sampled_from([0, 1, 2, 5, 8, 9, 10, 11, 14, 25, 60])


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=3))
def test_no_sum_or_difference_of_what_is_told_is_about_fewer_than_enough_cases(rows: list[Cells]) -> None:
    # Given every figure that is told, as the cells that it adds up
    lines = {str(place): row for place, row in enumerate(rows)}
    table = safe_table(lines, least=LEAST)
    figures: list[set[tuple[int, int]]] = []

    def add(names: tuple[str, ...], cells: Cells | None) -> None:
        figures.append({(int(name), column) for name in names for column in (0, 1)})
        if cells is not None:
            figures.extend({(int(name), column) for name in names} for column in (0, 1))

    if table.total is not None:
        add(tuple(lines), table.cells)
    for line in table.lines:
        add(line.names, line.cells)
        assert line.total >= LEAST
        assert line.cells is None or min(line.cells) >= LEAST
    if not figures:
        return
    cells = [(place, column) for place in range(len(rows)) for column in (0, 1)]
    matrix = np.array([[cell in figure for cell in cells] for figure in figures], dtype=int)
    kept = np.unique(matrix, axis=0)
    # When somebody adds and subtracts them in every way
    ways = np.array(list(product((-1, 0, 1), repeat=len(kept))))
    made = ways @ kept
    counted = made[((made == 0) | (made == 1)).all(axis=1) & made.any(axis=1)]
    # Then what comes out as a count of cases counts enough of them, or cases of which it is said that none is
    there = counted @ np.array([rows[place][column] for place, column in cells])
    nothing = [place for place in range(len(rows)) if not sum(rows[place])]
    of_none = counted[:, [2 * place + column for place in range(len(rows)) for column in (0, 1)]]
    for count, which in zip(there, of_none, strict=True):
        about = {cells[number][0] for number in np.flatnonzero(which)}
        assert count >= LEAST or about <= set(nothing)


@given(st.lists(st.tuples(SMALL, SMALL), max_size=6))
def test_lines_told_together_come_to_enough_or_are_all(rows: list[Cells]) -> None:
    together = told_together(rows, LEAST)
    assert all(place in together for place, row in enumerate(rows) if min(row) < LEAST)
    if together and len(together) < len(rows):
        assert all(sum(rows[place][column] for place in together) >= LEAST for column in (0, 1))


@pytest.mark.parametrize(
    ("count", "of", "said"), [(12, 3456, "3.5"), (1, 2, "500.0"), (0, 9, "0.0"), (3, 0, None)]
)
def test_shares_are_told_by_the_thousand(count: int, of: int, said: str | None) -> None:
    assert per_thousand(count, of) == (None if said is None else Decimal(said))


def test_how_long_cases_took_is_told_of_enough_of_them() -> None:
    days = [timedelta(days=number) for number in (1, 2, 2, 3, 4, 5, 5, 6, 30, 90)]
    assert typical_days(days, least=LEAST) == 5
    assert typical_days(days[1:], least=LEAST) is None
