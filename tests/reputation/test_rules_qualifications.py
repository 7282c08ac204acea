"""What a value may be, and how a table of values is read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.reputation.rules_qualifications import LARGEST_VALUE, GivenRow, number_of, plain, rows_of, value_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("7", "7.00"),
        (" 7,5 ", "7.50"),
        ("-0.25", "-0.25"),
        ("\u22123", "-3.00"),
        ("-0", "0.00"),
        (7, "7.00"),
        (Decimal("1e3"), "1000.00"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_a_number_with_at_most_two_decimals_is_kept_exactly(written, kept):
    assert str(value_of(written)) == kept


@pytest.mark.parametrize(
    "written",
    [
        *("", "high", "NaN", "Infinity", "-inf", "sNaN", "1e400", "10000000000", "0.001", "1_0", "7 8"),
        *("7\0", "٣", "1,2,3", "1" * 5_000, 10**400, Decimal("NaN"), Decimal("0.005"), True),
    ],
)
def test_whatever_else_stands_there_is_no_value(written):
    assert value_of(written) is None


@given(st.decimals(-LARGEST_VALUE, LARGEST_VALUE, places=2))
def test_what_is_shown_is_read_back_as_the_same(value):
    assert value_of(plain(value)) == value


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Alice,7.5\nBob the 2nd,-1", (1, 2)),
        ("\ufeffworker;value\r\nAlice;7.5\r\n\r\nBob the 2nd;-1\r\n", (2, 4)),
        ('\n\n"Alice"\t7.5\n  Bob the 2nd \t "-1"\t', (3, 4)),
    ],
)
def test_tables_from_anywhere_are_read_alike_and_rows_keep_their_line(text, lines):
    first, second = lines
    assert list(rows_of(text)) == [GivenRow("Alice", "7.5", first), GivenRow("Bob the 2nd", "-1", second)]


def test_a_row_that_makes_no_sense_is_kept_to_be_named():
    rows = rows_of("Alice\nBob;7,5\n;\n")
    assert list(rows) == [GivenRow("Alice", "", 1), GivenRow("Bob", "7,5", 2), GivenRow("", "", 3)]
    assert rows_of("") == []


@given(st.text())
def test_no_text_at_all_breaks_the_reading(text):
    for row in rows_of(text):
        value_of(row.value)
        number_of(row.who)
