"""`canut rate FILE`: say what workers' work is worth to you, on any Canut site, on a scale of your own."""

import argparse
import csv
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from canut.cli.failure import Failure
from canut.cli.remote import add_site_arguments, connected

BY_WORKER = ("task_id", "worker_id", "weight")
BY_SUBMISSION = ("submission_id", "weight")
MOST_AT_ONCE = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        help=f"CSV or TSV with the columns {', '.join(BY_SUBMISSION)}, or {', '.join(BY_WORKER)}; others "
        f"are passed over. The least weight becomes 1, last access to your tasks, the largest 3, early "
        f"access; all equal become 2. At most {MOST_AT_ONCE:,} lines, all kept or none.",
    )
    parser.add_argument(
        "--ignore-history",
        action="store_true",
        help="What you said before of other work of these workers counts no more.",
    )
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    lines = _read(options.file)
    with connected(options) as canut:
        kept = canut.rate_workers(lines, ignore_history=options.ignore_history)
    print(f"{kept.rated} pieces of work rated; {kept.new} of these ratings are new.", file=sys.stderr)


def _read(path: Path) -> Sequence[Mapping[str, float]]:
    """Return the ratings in a file.

    Raises:
        Failure: it cannot be read, lacks a column, or has a line that is no rating.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            columns = _columns(rows.fieldnames or (), path)
            lines = [_line(row, columns, f"{path}, line {rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Failure(f"{path} cannot be read: {error}") from error
    if not 0 < len(lines) <= MOST_AT_ONCE:
        raise Failure(f"{path} has {len(lines):,} ratings; one call takes 1 to {MOST_AT_ONCE:,}.")
    return lines


def _columns(named: Sequence[str], path: Path) -> Sequence[str]:
    for columns in (BY_SUBMISSION, BY_WORKER):
        if set(columns) <= set(named):
            return columns
    raise Failure(
        f"{path} needs the columns {', '.join(BY_SUBMISSION)}, or {', '.join(BY_WORKER)}; "
        f"it has {', '.join(named) or 'none'}."
    )


def _line(row: Mapping[str, str | None], columns: Sequence[str], where: str) -> Mapping[str, float]:
    """Return one rating; numbers of rows are whole, the weight is any finite number."""
    line: dict[str, float] = {}
    for name in columns:
        written = (row[name] or "").strip()
        try:
            line[name] = float(written) if name == "weight" else int(written)
        except ValueError as error:
            raise Failure(f"{where}: {name} is no number: {written!r}.") from error
        if not math.isfinite(line[name]):
            raise Failure(f"{where}: {name} is no number one can compare: {written!r}.")
    return line
