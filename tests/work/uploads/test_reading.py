"""Reading a requester's file: every bad row named, everything else kept as it is."""

import csv
import io
import json
import os
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from canut.work.uploads.lines import CHUNK_BYTES, Limits
from canut.work.uploads.objects import row_json
from canut.work.uploads.problems import ONE_ROW, WHOLE_FILE, UploadRefused
from canut.work.uploads.reading import FORMATS, format_of, rows, scan, scan_in_steps

SHARED = Path(os.environ.get("CANUT_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")


def a_file(text):
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


def read(text, file_format, **choices):
    return [row.values for row in rows(a_file(text), file_format, **choices)]


def named(found):
    return [(problem.line, problem.code) for problem in found.problems]


def refused(text, file_format, **choices):
    with pytest.raises(UploadRefused) as refusal:
        scan(a_file(text), file_format, **choices)
    return refusal.value.problem.line, refusal.value.problem.code


# ---- what is read


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_with_whatever_delimiter_its_first_lines_show(delimiter):
    lines = ["id,text,note", "1,Hello; you,a;b", "2,Bye; now,", '3,"one,two",c;d']
    text = "\n".join(lines) if delimiter == "," else "\n".join(lines).replace(";", "").replace(",", delimiter)
    found = read(text, "csv")
    assert list(found[0]) == ["id", "text", "note"]
    assert [row["id"] for row in found] == ["1", "2", "3"]
    assert found[1]["note"] == ""


def test_a_table_from_a_french_spreadsheet_is_read():
    text = "\ufeffid;prix\r\n1;0,60\r\n2;1,20\r\n"
    assert read(text, "csv") == [{"id": "1", "prix": "0,60"}, {"id": "2", "prix": "1,20"}]


def test_a_tsv_keeps_commas_and_semicolons():
    assert read("a\tb\n1,2\t3;4\n", "tsv") == [{"a": "1,2", "b": "3;4"}]


def test_quotation_marks_delimiters_and_line_ends_stand_in_quoted_cells():
    text = 'a,b\n"say ""yes"", please","one\r\ntwo\n\nthree"\n5" pipe,x\n'
    assert read(text, "csv") == [
        {"a": 'say "yes", please', "b": "one\r\ntwo\n\nthree"},
        {"a": '5" pipe', "b": "x"},
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_blank_ones_are_passed_over(end):
    assert read(end.join(["a,b", "", "1,2", "", "3,4"]), "csv") == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
    ]
    assert read(end.join(['{"a":1}', "", ' {"a":2} ']), "jsonl") == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "@SUM(A1)", "+33 6", "-1", "<script>alert(1)</script>", "javascript:alert(1)", "{{b}}", " x "],
)
def test_formulas_html_and_script_are_data_like_any_other(cell):
    assert read(f"a,b\n{cell},1\n", "csv") == [{"a": cell, "b": "1"}]
    assert read(json.dumps({"a": cell}), "jsonl") == [{"a": cell}]


def test_json_values_keep_their_type_and_null_stays_null():
    line = '{"n": null, "yes": true, "list": [1, {"x": null}], "text": "3", "number": 3}'
    assert read(line, "jsonl") == [json.loads(line)]


@pytest.mark.parametrize(
    "number",
    ["0", "-7", "18446744073709551617", "9" * 400, "0.1", "1e22", "1.50", "-0.0",
     "0.1000000000000000055511151231257827", "123456789.123456789123456789", "1e-300", "1E+300"],
)  # fmt: skip
def test_numbers_of_json_are_exact(number):
    (row,) = read(f'{{"n": {number}}}', "jsonl")
    assert Decimal(json.loads(row_json(row), parse_float=str, parse_int=str)["n"]) == Decimal(number)


def test_names_of_columns_lose_outer_blanks_and_are_composed():
    assert read(" id , cle\u0301\n1,2\n", "csv") == [{"id": "1", "clé": "2"}]
    assert read('{" id ": 1, "cle\\u0301": 2}\n{"id": 3}', "jsonl") == [{"id": 1, "clé": 2}, {"id": 3}]


def test_columns_of_jsonl_are_all_names_in_the_order_of_their_first_row():
    found = scan(a_file('{"b": 1}\n{"a": 2, "b": 3}\n{"c": 4}'), "jsonl")
    assert found.columns == ("b", "a", "c")


def test_two_rows_with_equal_values_are_two_rows():
    assert scan(a_file("a,b\n1,2\n1,2\n"), "csv").row_count == 2
    assert scan(a_file('{"a": 1}\n{"a": 1}\n'), "jsonl").row_count == 2


def test_a_scan_tells_columns_count_and_the_first_five_rows():
    found = scan(a_file("a,b\n" + "".join(f"{n},x\n" for n in range(9))), "csv")
    assert (found.columns, found.row_count, found.problem_count) == (("a", "b"), 9, 0)
    assert found.sample == tuple({"a": str(n), "b": "x"} for n in range(5))


def test_a_sample_is_plain_json():
    found = scan(a_file('{"n": 0.1000000000000000055511151231257827}'), "jsonl")
    assert json.dumps(found.sample) == '[{"n": 0.1}]'


def test_a_file_format_is_known_by_the_files_name():
    assert [format_of(name) for name in ("a.CSV", "b.tsv", "c.jsonl", "d.ndjson", "e.xlsx", "csv")] == [
        "csv", "tsv", "jsonl", "jsonl", None, None,
    ]  # fmt: skip


# ---- ids and answers


def test_an_id_that_is_repeated_is_named_with_both_lines():
    found = scan(a_file("id,t\n7,a\n8,b\n 7 ,c\n"), "csv", id_column="id")
    assert named(found) == [(4, "id_repeated")]
    assert found.problems[0].sentence == "The id “7” stands in line 2 already."
    assert found.row_count == 2


def test_ids_of_jsonl_are_texts_or_numbers():
    text = (
        '{"id": 7}\n{"id": "7"}\n{"id": null}\n{"t": 1}\n{"id": ""}\n{"id": [7]}\n{"id": true}\n{"id": "%s"}'
    )
    found = scan(a_file(text % ("x" * 201)), "jsonl", id_column="id")
    assert named(found) == [
        (2, "id_repeated"), (3, "id_missing"), (4, "id_missing"), (5, "id_missing"),
        (6, "id_unusable"), (7, "id_unusable"), (8, "id_unusable"),
    ]  # fmt: skip
    assert [row.id for row in rows(a_file(text), "jsonl", id_column="id", leave_out_bad=True)] == ["7", "%s"]


def test_a_column_says_how_many_answers_a_row_needs():
    text = "id,n\n1,1\n2, 1000 \n3,0\n4,1001\n5,\n6,2.5\n7,two\n8,-1\n9,٣\n"
    found = scan(a_file(text), "csv", answers_column="n")
    assert named(found) == [(line, "answers_unusable") for line in range(4, 11)]
    assert found.answers_wanted == 1001
    text = '{"n": 3}\n{"n": 3.0}\n{"n": "3"}\n{"n": true}\n{"n": null}\n{"n": 0.5}\n{"n": [3]}\n{}'
    wanted = [row.answers for row in rows(a_file(text), "jsonl", answers_column="n", leave_out_bad=True)]
    assert wanted == [3, 3, 3]


@pytest.mark.parametrize(("text", "file_format"), [("a,b\n1,2\n", "csv"), ('{"a": 1}', "jsonl")])
def test_a_chosen_column_must_be_there(text, file_format):
    assert refused(text, file_format, id_column="c") == (0, "column_unknown")
    assert refused(text, file_format, answers_column="c") == (0, "column_unknown")


# ---- what is bad


def test_three_bad_rows_of_ten_thousand_are_named_and_the_rest_can_be_had():
    lines = ["id,text"] + [f"{n},text {n}" for n in range(10_000)]
    lines[17] = "16"
    lines[5000] = "4999,one,two"
    lines[9000] = '8999,"x" y'
    text = "\n".join(lines)
    found = scan(a_file(text), "csv", id_column="id")
    assert named(found) == [(18, "wrong_cell_count"), (5001, "wrong_cell_count"), (9001, "quote_misplaced")]
    assert (found.row_count, found.problem_count) == (9997, 3)
    kept = list(rows(a_file(text), "csv", id_column="id", leave_out_bad=True))
    assert len(kept) == 9997
    assert kept[4998].line == 5002
    with pytest.raises(UploadRefused) as refusal:
        list(rows(a_file(text), "csv"))
    assert refusal.value.facts == {"line": 18, "reason": "wrong_cell_count"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "not_json"),
        ('{"a": 1} x', "not_json"),
        ("{'a': 1}", "not_json"),
        ('{"a": "tab\there"}', "not_json"),
        ("[1]", "not_an_object"),
        ("null", "not_an_object"),
        ('{"a": NaN}', "not_finite"),
        ('{"a": -Infinity}', "not_finite"),
        ('{"a": 1, "a": 2}', "key_repeated"),
        ('{"a": 1, " a": 2}', "key_repeated"),
        ('{"b": {"x": 1, "x": 2}}', "key_repeated"),
        ('{"": 1}', "name_unusable"),
        ('{"\\u0000": 1}', "name_unusable"),
        ('{"%s": 1}' % ("n" * 201), "name_unusable"),
        ('{"a": "\\u0000"}', "unstorable"),
        ('{"a": ["\\uD800"]}', "unstorable"),
        ('{"a": {"\\udfff": 1}}', "unstorable"),
        ('{"a": 1e999999}', "number_too_large"),
        ('{"a": 1e309}', "number_too_large"),
        ('{"a": [-1.5e400]}', "number_too_large"),
        ('{"a": 1e-999999}', "number_too_large"),
        ('{"a": %s}' % ("9" * 5000), "number_too_large"),
        ('{"a": 0.%s1}' % ("0" * 2000), "number_too_large"),
        ('{"a": %s}' % ("[" * 60 + "]" * 60), "too_deep"),
        ('{"a": %s}' % ("[" * 100_000 + "]" * 100_000), "too_deep"),
        (json.dumps({"a": "x" * 100_001}), "cell_too_large"),
        (json.dumps({"a": "é" * 50_001}), "cell_too_large"),
        (json.dumps({"a": ["x" * 60_000, "y" * 60_000]}), "cell_too_large"),
        (json.dumps({f"c{n}": n for n in range(201)}), "too_many_columns"),
        ('{"a": "%s"}' % ("x" * 5_000_000), "row_too_large"),
    ],
)
def test_a_bad_line_of_jsonl_is_named_and_the_others_are_kept(line, code):
    text = '{"a": "first"}\n' + line + '\n{"a": "last"}\n'
    found = scan(a_file(text), "jsonl")
    assert named(found) == [(2, code)]
    assert [row["a"] for row in read(text, "jsonl", leave_out_bad=True)] == ["first", "last"]


def test_escapes_that_only_look_like_trouble_are_kept():
    line = r'{"a": "\\u0000 \\ud800", "b": "\ud83d\ude00"}'
    assert read(line, "jsonl") == [{"a": r"\u0000 \ud800", "b": "😀"}]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1", "wrong_cell_count"),
        ("1,2,3", "wrong_cell_count"),
        ("1,a\0b", "unstorable"),
        ('1,"a"b', "quote_misplaced"),
        ("1," + "x" * 100_001, "cell_too_large"),
        ("1," + "é" * 50_001, "cell_too_large"),
        ('1,"' + "x\n" * 100_000 + '"', "cell_too_large"),
    ],
)
def test_a_bad_row_of_a_table_is_named_and_the_others_are_kept(row, code):
    text = f"a,b\nfirst,1\n{row}\nlast,2\n"
    found = scan(a_file(text), "csv")
    assert named(found) == [(3, code)]
    assert [row["a"] for row in read(text, "csv", leave_out_bad=True)] == ["first", "last"]


def test_the_cell_limit_is_exact():
    for cell in ("x" * 100_000, "é" * 50_000):
        assert scan(a_file(f"a,b\n{cell},1\n"), "csv").row_count == 1
        assert scan(a_file(json.dumps({"a": cell}, ensure_ascii=False)), "jsonl").row_count == 1


def test_a_row_is_named_by_the_line_in_which_it_begins():
    found = scan(a_file('a,b\n"x\ny",1\n\n"p\nq"\n'), "csv")
    assert named(found) == [(5, "wrong_cell_count")]


def test_fifty_bad_rows_are_named_and_all_are_counted():
    found = scan(a_file("a,b\n" + "x\n" * 70 + "1,2\n"), "csv")
    assert len(found.problems) == 50
    assert (found.problem_count, found.row_count) == (70, 1)


# ---- files of which nothing can be used


@pytest.mark.parametrize(
    ("text", "file_format", "line", "code"),
    [
        (b"", "csv", 0, "empty"),
        (b"\xef\xbb\xbf", "jsonl", 0, "empty"),
        (b"\n\n", "jsonl", 0, "empty"),
        (b"\r\n\n", "csv", 0, "empty"),
        (b"a,b\n", "csv", 0, "no_rows"),
        (b"a,b\n1,2\n3,caf\xe9\n", "csv", 3, "not_utf8"),
        (b'{"a": 1}\n{"a": "\xff"}', "jsonl", 2, "not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "jsonl", 1, "not_utf8"),
        ("a,b\n1,2".encode("utf-16"), "csv", 0, "utf16"),
        (b"PK\x03\x04\x14\x00\x06\x00", "csv", 0, "spreadsheet"),
        (b'[{"a": 1},\n{"a": 2}]', "jsonl", 1, "json_list"),
        (b"[\n  {", "jsonl", 1, "json_list"),
        (b"a,,c\n1,2,3\n", "csv", 1, "column_unnamed"),
        (b"\na, a\n1,2\n", "csv", 2, "column_repeated"),
        (b"a\0,b\n1,2\n", "csv", 1, "unstorable"),
        (b'a,b\n1,2\n3,"open\n5,6\n', "csv", 3, "quote_open"),
        (b'"a"x,b\n1,2\n', "csv", 1, "header_unreadable"),
        (b"n" * 201 + b",b\n1,2\n", "csv", 1, "column_name_too_long"),
        (",".join(f"c{n}" for n in range(201)).encode(), "csv", 1, "too_many_columns"),
        (b'a,b\n1,"' + (b"x" * 99 + b"\n") * 42_000, "csv", 2, "row_never_ends"),
        (b"a,b\n1," + b"x" * 4_200_000, "csv", 2, "row_never_ends"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_line_and_reason(text, file_format, line, code):
    assert refused(text, file_format) == (line, code)


def test_the_byte_that_is_not_utf8_is_named():
    with pytest.raises(UploadRefused) as refusal:
        scan(a_file(b"a,b\n1,caf\xe9\n"), "csv")
    assert str(refusal.value).startswith("Line 2: Byte 6 of this line is not UTF-8.")


def test_files_over_the_sites_limits_are_refused():
    few = Limits(rows=3, file_bytes=1_000_000)
    assert scan(a_file("a,b\n" + "1,2\n" * 3), "csv", few).row_count == 3
    with pytest.raises(UploadRefused) as refusal:
        scan(a_file("a,b\n" + "1,2\n" * 4), "csv", few)
    assert refusal.value.problem.code == "too_many_rows"
    with pytest.raises(UploadRefused) as refusal:
        scan(a_file("a,b\n1," + "2" * 1_000_000), "csv", few)
    assert refusal.value.problem.code == "file_too_large"


def test_every_reason_has_a_sentence_that_can_be_filled():
    facts = dict.fromkeys(
        ("at", "at_most", "given", "expected", "column", "number", "byte", "id", "first"), "7"
    )
    for sentence in (ONE_ROW | WHOLE_FILE).values():
        assert str(sentence % facts).endswith((".", "}."))


# ---- streams


@given(st.binary(max_size=3000), st.sampled_from(FORMATS))
@example(b'a,b\n"', "csv")
@example(b"\r", "csv")
@example(b'""\n\n', "csv")
@example(b"0\r0\r\n", "tsv")
def test_any_bytes_are_read_or_refused_by_name(data, file_format):
    try:
        found = scan(io.BytesIO(data), file_format)
    except UploadRefused:
        found = None
    got = 0
    try:
        for row in rows(io.BytesIO(data), file_format, leave_out_bad=True):
            row_json(row.values).encode()
            got += 1
    except UploadRefused:
        assert found is None
    if found:
        assert got == found.row_count
        assert all(problem.sentence and problem.line for problem in found.problems)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).map(
    lambda text: f"c{text}x"
)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(st.data(), st.sampled_from([",", ";", "\t"]))
def test_what_was_written_as_csv_is_read_back(data, delimiter):
    from unicodedata import normalize

    columns = data.draw(
        st.lists(NAMES.map(lambda n: normalize("NFC", n)), min_size=2, max_size=4, unique=True)
    )
    table = data.draw(
        st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=5)
    )
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([columns, *table])
    expected = [dict(zip(columns, cells, strict=True)) for cells in table]
    assert read(written.getvalue(), "tsv" if delimiter == "\t" else "csv") == expected


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | CELLS
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELLS, inner, max_size=3)
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "é", "d e"]), NESTED), min_size=1), st.booleans())
def test_what_was_written_as_jsonl_is_read_back(table, ascii_only):
    text = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in table)
    found = read(text, "jsonl")
    assert found == table
    assert [json.loads(row_json(row)) for row in found] == table


class Dripping(io.RawIOBase):
    """A file that gives as little as it may at a time, as a network does."""

    def __init__(self, data, sizes):
        self._inner = io.BytesIO(data)
        self._sizes = sizes
        self._turn = 0

    def read(self, size=-1):
        self._turn += 1
        return self._inner.read(self._sizes[self._turn % len(self._sizes)])


@given(
    st.text(alphabet='a1,"\n\r{}:é', max_size=200),
    st.sampled_from(FORMATS),
    st.lists(st.integers(1, 7), min_size=1, max_size=4),
)
def test_how_the_file_arrives_makes_no_difference(text, file_format, sizes):
    def outcome(file):
        try:
            return scan(file, file_format)
        except UploadRefused as refusal:
            return refusal.problem

    data = ("é,b\n" + text).encode()
    assert outcome(Dripping(data, sizes)) == outcome(io.BytesIO(data))


def test_progress_is_told_while_a_file_is_read():
    data = b"a,b\n" + b"1,two words\n" * 250_000
    steps = scan_in_steps(a_file(data), "csv")
    told = list(steps)
    assert told == sorted(told)
    assert len(told) == 2
    assert scan(a_file(data), "csv").bytes_read == len(data)


@pytest.mark.parametrize(
    ("file_format", "part", "size"),
    [
        ("jsonl", b'{"a": "%s"}\n' % (b"some words" * 90), 30_000_000),
        ("csv", b"some,%s\n" % (b"words" * 190), 30_000_000),
        ("jsonl", b'{"no end": ', 30_000_000),
        ("jsonl", b"\r", 300_000),
        ("csv", b"\n", 300_000),
        ("csv", b'x,"\n', 300_000),
    ],
)
def test_memory_does_not_grow_with_the_file(file_format, part, size):
    class Endless(io.RawIOBase):
        left = size

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return (part * (size // len(part) + 1))[:size]

    tracemalloc.start()
    try:
        scan(Endless(), file_format, Limits(rows=10**9))
    except UploadRefused:
        pass
    finally:
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 24_000_000
    assert most > CHUNK_BYTES


@pytest.mark.data
def test_the_2139_real_pairs_are_read():
    path = SHARED / "llmfao" / "tasks.jsonl"
    if not path.is_file():
        pytest.skip(f"there is no {path}; CANUT_SHARED_DATA may name the folder")
    with path.open("rb") as file:
        found = scan(file, "jsonl", id_column="task")
    assert (found.row_count, found.problem_count) == (2139, 0)
    assert found.columns == ("task", "prompt", "slug", "left", "left_output", "right", "right_output")
    with path.open("rb") as file:
        written = [row.values for row in rows(file, "jsonl")]
    assert written == [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
