import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.results.export import _NUMBER, FORMULA, Column, Kind, write_csv, write_jsonl, write_parquet

COLUMNS = [
    Column("submission", Kind.WHOLE),
    Column("worker", Kind.TEXT),
    Column("at", Kind.MOMENT),
    Column("answer", Kind.JSON),
    Column("seconds", Kind.NUMBER),
    Column("paid", Kind.TRUTH),
]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROW = {
    "submission": 7,
    "worker": "Zoé, «ü»",
    "at": NOON,
    "answer": {"winner": "a", "why": ["a\nb", None, 1.5]},
    "seconds": 12.25,
    "paid": True,
}
NOTHING = dict.fromkeys(ROW)
WRITERS = [write_csv, write_jsonl, write_parquet]


def written(write, rows, columns=COLUMNS, **more):
    out = io.BytesIO()
    count = write(rows, columns, out, **more)
    return out.getvalue(), count


def csv_rows(rows, columns=COLUMNS):
    content, _count = written(write_csv, rows, columns)
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def parquet_frame(rows, columns=COLUMNS):
    content, _count = written(write_parquet, rows, columns)
    return polars.read_parquet(content)


def csv_cell(value, kind=Kind.TEXT):
    return csv_rows([{"it": value}], [Column("it", kind)])[1][0]


def test_csv_has_a_heading_and_a_line_a_row():
    assert csv_rows([ROW, NOTHING]) == [
        ["submission", "worker", "at", "answer", "seconds", "paid"],
        [
            "7",
            "Zoé, «ü»",
            "2026-03-02T12:00:00.000000Z",
            '{"winner":"a","why":["a\\nb",null,1.5]}',
            "12.25",
            "true",
        ],
        [""] * 6,
    ]
    content, count = written(write_csv, [ROW, NOTHING])
    assert content.startswith(b"submission,worker,at,answer,seconds,paid\r\n7,")
    assert count == 2


def test_csv_for_spreadsheets_begins_with_their_mark():
    content, _count = written(write_csv, [], for_spreadsheets=True)
    assert content.decode("utf-8-sig").startswith("submission")
    assert content[:3] == b"\xef\xbb\xbf"


def test_jsonl_keeps_json_nested():
    content, count = written(write_jsonl, [ROW, NOTHING])
    first, second = content.decode().splitlines()
    assert json.loads(first) == ROW | {"at": "2026-03-02T12:00:00.000000Z"}
    assert list(json.loads(first)) == [column.name for column in COLUMNS]
    assert "Zoé" in first
    assert json.loads(second) == NOTHING
    assert count == 2


def test_parquet_has_types_and_nulls():
    frame = parquet_frame([ROW, NOTHING])
    assert dict(frame.schema) == {
        "submission": polars.Int64(),
        "worker": polars.String(),
        "at": polars.Datetime("us", "UTC"),
        "answer": polars.String(),
        "seconds": polars.Float64(),
        "paid": polars.Boolean(),
    }
    first, second = frame.rows(named=True)
    assert json.loads(first.pop("answer")) == ROW["answer"]
    assert first == {name: value for name, value in ROW.items() if name != "answer"}
    assert second == NOTHING


def test_without_rows_the_columns_are_the_same():
    assert csv_rows([]) == csv_rows([ROW])[:1]
    assert written(write_jsonl, []) == (b"", 0)
    assert parquet_frame([]).schema == parquet_frame([ROW]).schema


def test_rows_may_be_dataclasses_and_come_from_a_generator():
    @dataclass(frozen=True, slots=True)
    class Row:
        worker: str
        seconds: int

    columns = [Column("seconds", Kind.NUMBER), Column("worker", Kind.TEXT)]
    assert csv_rows((Row("ada", second) for second in (1, 2)), columns)[1:] == [["1", "ada"], ["2", "ada"]]


def test_moments_are_written_in_utc():
    at = datetime(2026, 3, 2, 14, 30, 15, 120, tzinfo=timezone(timedelta(hours=2)))
    assert csv_cell(at, Kind.MOMENT) == "2026-03-02T12:30:15.000120Z"
    assert parquet_frame([{"at": at}], [Column("at", Kind.MOMENT)])["at"].to_list() == [at]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-5+6", "-", "--5", "=", "-１"],
)
def test_no_text_is_a_formula(text):
    assert csv_cell(text) == "'" + text
    assert csv_rows([], [Column(text, Kind.TEXT)]) == [["'" + text]]
    # and only where a spreadsheet may read it
    assert json.loads(written(write_jsonl, [{"it": text}], [Column("it", Kind.TEXT)])[0]) == {"it": text}
    assert parquet_frame([{"it": text}], [Column("it", Kind.TEXT)])["it"].to_list() == [text]


@pytest.mark.parametrize(
    "text", ["a=1", "5", "-5", "+0.25", "-1e-7", "-.5", "'tis", "", " =1", '"=1"', "1-2"]
)
def test_harmless_text_stays_as_it_is(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (-5, Kind.WHOLE, "-5"),
        (-0.5, Kind.NUMBER, "-0.5"),
        (-3, Kind.NUMBER, "-3"),
        (-3, Kind.JSON, "-3"),
        ("=1", Kind.JSON, '"=1"'),
        (["=1"], Kind.JSON, '["=1"]'),
    ],
)
def test_numbers_stay_numbers(value, kind, cell):
    assert csv_cell(value, kind) == cell


SIGNS = st.text(st.sampled_from("'=+-@\t\r\n＝0123456789.eE ab"), max_size=8)


@given(st.one_of(SIGNS, st.text(max_size=20)))
def test_taking_the_apostrophe_away_gives_all_text_back(text):
    cell = csv_cell(text)
    assert not (cell[:1] in set("=+-@\t\r\n＝＋－＠") and cell and not _NUMBER.fullmatch(cell))
    escaped = FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    assert (cell.removeprefix("'") if escaped else cell) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "submission": st.none() | st.integers(-(2**63), 2**63 - 1),
            "worker": st.none() | st.text(),
            "at": st.none()
            | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
            "answer": JSON,
            "seconds": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "paid": st.none() | st.booleans(),
        }
    ),
    max_size=5,
)


@given(ROWS)
def test_all_three_say_the_same(rows):
    table = csv_rows(rows)[1:]
    lines = [json.loads(line) for line in written(write_jsonl, rows)[0].splitlines()]
    frame = parquet_frame(rows).rows(named=True)
    assert len(table) == len(lines) == len(frame) == len(rows)
    for row, cells, line, typed in zip(rows, table, lines, frame, strict=True):
        assert line == row | {"at": line["at"]}
        answer = typed.pop("answer")
        assert (None if answer is None else json.loads(answer)) == row["answer"]
        assert typed == {name: value for name, value in row.items() if name != "answer"}
        assert cells[0] == ("" if row["submission"] is None else str(row["submission"]))
        assert cells[4] == ("" if row["seconds"] is None else str(row["seconds"]))
        assert cells[2] == (line["at"] or "")


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, 5),
        (Kind.WHOLE, 1.0),
        (Kind.WHOLE, True),
        (Kind.WHOLE, 2**63),
        (Kind.NUMBER, "5"),
        (Kind.NUMBER, float("nan")),
        (Kind.NUMBER, float("inf")),
        (Kind.NUMBER, False),
        (Kind.TRUTH, 1),
        (Kind.MOMENT, datetime(2026, 3, 2)),
        (Kind.MOMENT, "2026-03-02"),
        (Kind.JSON, {"x": float("nan")}),
        (Kind.JSON, {"x": object()}),
    ],
)
def test_a_value_of_another_kind_is_refused_by_row_and_column(write, kind, value):
    with pytest.raises(ValueError, match="row 2, column it: "):
        written(write, [{"it": None}, {"it": value}], [Column("it", kind)])


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"it": "x", "more": 1}, "row 1 and the columns differ in: more"),
        ({}, "row 1 and the columns differ in: it"),
        (("x",), "a mapping or a dataclass, not tuple"),
    ],
)
def test_a_row_has_the_columns_and_no_others(write, row, why):
    with pytest.raises(ValueError, match=why):
        written(write, [row], [Column("it", Kind.TEXT)])


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("columns", [[], [Column("it", Kind.TEXT), Column("it", Kind.WHOLE)]])
def test_a_file_needs_columns_of_different_names(write, columns):
    with pytest.raises(ValueError, match="needs columns"):
        written(write, [], columns)


def test_the_file_stays_open_and_nothing_of_it_is_held_back():
    out = io.BytesIO(b"")
    write_csv([{"it": "x"}], [Column("it", Kind.TEXT)], out)
    assert not out.closed
    assert out.getvalue() == b"it\r\nx\r\n"


def test_parquet_keeps_the_order_over_many_parts_and_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("canut.work.results.export.PART_ROWS", 7)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    frame = parquet_frame(({"it": number} for number in range(100)), [Column("it", Kind.WHOLE)])
    assert frame["it"].to_list() == list(range(100))
    assert list(tmp_path.iterdir()) == []


def test_long_rows_go_into_parts_of_few(monkeypatch):
    monkeypatch.setattr("canut.work.results.export.PART_LETTERS", 1000)
    text = "x" * 400
    content, count = written(write_parquet, ({"it": text} for _ in range(20)), [Column("it", Kind.TEXT)])
    assert count == 20
    assert polars.read_parquet(content)["it"].to_list() == [text] * 20


def test_parquet_reads_its_rows_on_the_thread_that_asked():
    import threading

    def rows():
        for number in range(3):
            assert threading.current_thread() is threading.main_thread()
            yield {"it": number}

    assert parquet_frame(rows(), [Column("it", Kind.WHOLE)]).height == 3


# The most that writing may add to the memory in use, however many rows there are.
BOUND_MB = {"csv": 16, "jsonl": 16, "parquet": 384}
WRITE_MANY_ROWS = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from canut.work.results import export
from canut.work.results.export import Column, Kind

def memory_kb(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))

def rows(count, letters):
    at = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(count):
        answer = {"winner": "a", "why": f"reason {number} " + "x" * letters}
        yield {"submission": number, "worker": f"worker {number % 124}", "at": at, "answer": answer}

columns = [Column("submission", Kind.WHOLE), Column("worker", Kind.TEXT),
           Column("at", Kind.MOMENT), Column("answer", Kind.JSON)]
before = memory_kb("VmRSS")
with open(sys.argv[2], "wb") as out:
    getattr(export, "write_" + sys.argv[1])(rows(int(sys.argv[3]), int(sys.argv[4])), columns, out)
print((memory_kb("VmHWM") - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured through Linux's /proc")
@pytest.mark.parametrize(
    ("kind", "count", "letters"),
    [
        ("csv", 120_000, 0),
        ("jsonl", 120_000, 0),
        pytest.param("csv", 1_000_000, 0, marks=pytest.mark.long),
        pytest.param("parquet", 1_000_000, 0, marks=pytest.mark.long),
        ("parquet", 2_000, 200_000),
    ],
)
def test_a_file_of_any_length_needs_the_same_memory(kind, count, letters, tmp_path):
    path = tmp_path / f"results.{kind}"
    # A process of its own, since memory once used is seldom given back
    measured = subprocess.run(
        [sys.executable, "-c", WRITE_MANY_ROWS, kind, path, str(count), str(letters)],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )
    assert int(measured.stdout) < BOUND_MB[kind]
    if kind == "parquet":
        found = polars.scan_parquet(path).select(polars.len(), polars.col("submission").last()).collect()
        assert found.row(0) == (count, count - 1)
    else:
        with path.open("rb") as file:
            assert sum(1 for _line in file) == count + (kind == "csv")
