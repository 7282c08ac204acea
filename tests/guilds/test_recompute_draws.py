"""The script that recomputes draws: alone, from a file, with no software of ours."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from canut.guilds.rules_draws import commitment, drawn_number

SCRIPT = Path(__file__).parents[2] / "scripts" / "recompute_draws.py"
SEEDS = [bytes([number]) * 32 for number in range(1, 6)]


def row(number: int, *, is_drawn: bool = True, **changes: object) -> dict[str, object]:
    seed, draw_id = SEEDS[number], UUID(int=number + 1)
    return {
        "draw_id": str(draw_id),
        "size": 10,
        "commitment": commitment(seed),
        "seed": seed.hex() if is_drawn else None,
        "drawn_number": drawn_number(seed, draw_id.bytes, 10) if is_drawn else None,
        "drawn_on": "2026-11-20" if is_drawn else None,
        "drawn_by": "lot" if is_drawn else None,
    } | changes


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps({"kind": "canut-draws", "version": 1, "draws": rows}))
        return path
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(row(0)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def says(*arguments: object) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_good_draws_are_confirmed_and_bad_ones_named(tmp_path: Path, shape: str) -> None:
    before = written(tmp_path / f"before.{shape}", [row(0), row(1, is_drawn=False)])
    now = written(tmp_path / f"now.{shape}", [row(0), row(1), row(2, is_drawn=False)])
    stopped = {"drawn_by": "first_come", "drawn_number": 1}
    others = [row(3, **stopped), {**row(4), "drawn_by": None}]  # an older file says nothing of the rule
    assert says(written(tmp_path / f"stopped.{shape}", others))[0] == 0
    wrong = written(tmp_path / f"wrong.{shape}", [row(3, drawn_by="first_come", drawn_number=2)])
    assert "the first item was to be reviewed" in says(wrong)[1]
    assert says(now, "--before", before) == (0, "2 draws recomputed, 1 to come, 0 wrong.\n")
    other = row(1, drawn_number=row(1)["drawn_number"] % 10 + 1)  # type: ignore[operator]
    bad = written(tmp_path / f"bad.{shape}", [other, row(2, seed=SEEDS[3].hex()), row(3, seed="ab")])
    code, text = says(bad, "--before", before)
    assert code == 1
    for sentence in ("was drawn", "not the one that was committed to", "not 32 bytes", "and is gone"):
        assert sentence in text
    assert "3 draws recomputed, 0 to come, 4 wrong." in text
    swapped = written(tmp_path / f"swapped.{shape}", [row(0), row(1, commitment=commitment(SEEDS[2]))])
    assert "another size or commitment" in says(swapped, "--before", before)[1]


def test_what_is_no_file_of_draws_is_said_to_be_none(tmp_path: Path) -> None:
    for content in (b"", b"\xff\xfe", b'{"draws": 3}', b"{", b"a,b\n1,2\n", b"no file\n"):
        path = tmp_path / "file"
        path.write_bytes(content)
        code, text = says(path)
        assert (code, "Traceback" in text) == (0 if content == b"" else 2, False)
    assert says(tmp_path / "none")[0] == 2
