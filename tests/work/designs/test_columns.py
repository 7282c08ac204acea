"""`{{column}}` in a requester's text."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.columns import columns_in, fill


def test_columns_are_replaced_with_or_without_blanks_around_the_name():
    row = {"name": "Ana", "city of birth": "Lyon"}
    assert fill("{{name}}, {{ name }}, {{\tcity of birth\n}}", row) == "Ana, Ana, Lyon"


def test_a_column_that_is_missing_or_null_is_empty():
    assert fill("[{{gone}}][{{nothing}}]", {"nothing": None}) == "[][]"


def test_what_is_no_text_is_written_as_in_json():
    row = {"n": 3, "f": 0.1, "d": Decimal("0.10000000000000000001"), "yes": True, "list": ["é", None]}
    assert fill("{{n}} {{f}} {{d}} {{yes}} {{list}}", row) == '3 0.1 0.10000000000000000001 true ["é", null]'


def test_a_value_that_looks_like_a_column_stays_as_it_is():
    assert fill("{{a}}{{b}}", {"a": "{{b}}", "b": "{{a}}"}) == "{{b}}{{a}}"


def test_braces_without_a_name_are_plain_text():
    text = "{{}} {{ }} {name} {{{deep}}} {{open"
    assert fill(text, {"deep": "x"}) == "{{}} {{ }} {name} {x} {{open"
    assert list(columns_in(text)) == ["deep"]


def test_a_name_is_found_however_its_accents_are_composed():
    assert fill("{{cle\u0301}}", {"clé": "found"}) == "found"


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_any_text_can_be_filled_with_any_row(template, row):
    filled = fill(template, row)
    if not list(columns_in(template)):
        assert filled == template


def test_filling_a_long_text_of_braces_takes_no_time():
    assert fill("{{" * 100_000, {}) == "{{" * 100_000
    assert fill("{{" + " " * 200_000, {}) == "{{" + " " * 200_000
