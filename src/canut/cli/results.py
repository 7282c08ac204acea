"""`canut results PROJECT`: what came of a project, as a file or as it comes, from any Canut site."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from canut.cli.failure import Failure
from canut.cli.remote import Meter, add_site_arguments, connected
from canut_client import Canut, Result

METHODS = ("all", "majority", "dawid-skene", "bradley-terry")
OF_METHOD = {
    "majority": ("majority", "votes", "share", "tied"),
    "dawid-skene": ("dawid_skene", "posterior"),
}

LABEL_STUDIO = "label-studio"

OF_PLACE = ("rank", "item", "log_strength", "low", "high", "chance", "wins", "losses", "ties", "group")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=int, help="The project's number.")
    parser.add_argument(
        "--format",
        choices=("csv", "jsonl", "parquet", LABEL_STUDIO),
        default="csv",
        help="csv if not said; label-studio: the tasks with their answers, as Label Studio exports its own.",
    )
    parser.add_argument(
        "--aggregated",
        nargs="?",
        const="all",
        choices=METHODS,
        metavar="METHOD",
        help=f"One row for each task: {', '.join(METHODS)}; by the last, the places of a ranking.",
    )
    parser.add_argument("--question", default="", help="Which question is aggregated; the first if not said.")
    parser.add_argument("--gold", default="", metavar="COL", help="The column with the right answers.")
    parser.add_argument(
        "--approved-only", action="store_true", help="Aggregate approved work alone, not what waits."
    )
    parser.add_argument(
        "--revision",
        type=_revision,
        metavar="NUMBER",
        help="Only what was answered to this revision of the design, or all. If not said: every assignment "
        "with its revision; aggregated, the newest published one alone.",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="Write here; else where you look.")
    parser.add_argument(
        "--follow",
        action="store_true",
        help="Write approved work as it comes, a line of JSON each, until the project can bring no more. "
        "With -o it goes on after the file's last line, and loses and repeats nothing.",
    )
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    if options.follow and options.aggregated:
        raise Failure("--follow brings single answers; --aggregated sums them up when they are there.")
    if options.follow and options.revision:
        raise Failure("--follow brings every approved answer as it comes; --revision chooses for a file.")
    if options.format == LABEL_STUDIO and options.aggregated:
        raise Failure("A file for Label Studio holds single answers; --aggregated sums them up.")
    if options.format == "parquet" and options.aggregated not in (None, "all"):
        raise Failure("One method's labels come as csv or jsonl; --aggregated all comes as parquet too.")
    _require_a_place(options.output)
    with connected(options) as canut:
        if options.follow:
            _follow(canut, options)
        elif options.aggregated in (None, "all"):
            _file(canut, options)
        elif options.aggregated == "bradley-terry":
            _rows(_ranking(canut, options), options)
        else:
            _rows(_labels(canut, options), options)


def _require_a_place(path: Path | None) -> None:
    """Say before the site works on a file that it could not be put where it is wanted."""
    if path is not None and path.is_dir():
        raise Failure(f"{path} is a folder; name a file in it.")
    if path is not None and not path.parent.is_dir():
        raise Failure(f"There is no folder {path.parent} to put {path.name} into.")


def _revision(written: str) -> int | Literal["all"]:
    if written == "all":
        return "all"
    if not (written.isascii() and written.isdecimal() and 0 < int(written) < 10**9):
        raise argparse.ArgumentTypeError(f"{written} is no revision: give its number, or all")
    return int(written)


def _file(canut: Canut, options: argparse.Namespace) -> None:
    """Have the site write the file, and bring it here."""
    if options.format == "parquet" and options.output is None and sys.stdout.isatty():
        raise Failure("Parquet is nothing to look at: write it to a file with -o.")
    given: dict[str, Any] = {"kind": "assignments", "format": options.format}
    if options.format == LABEL_STUDIO:
        given = {"kind": LABEL_STUDIO}
    if options.aggregated:
        given = {
            "kind": "aggregated",
            "format": options.format,
            "approved_only": options.approved_only,
            "gold": options.gold,
            "gold_question": options.question,
        }
    if options.revision:
        given["revision"] = options.revision
    export = canut.export(options.project, progress=Meter("Writing"), **given)
    with _output(options) as out:
        canut.download_export(export.id, out)
    print(f"{export.rows} rows.", file=sys.stderr)


def _labels(canut: Canut, options: argparse.Namespace) -> Iterator[Mapping[str, Any]]:
    """Give what one method says of each task."""
    found = _statistics(canut, options)
    for line in canut.task_labels(found["id"]):
        row = asdict(line)
        columns = ("key", "position", "answers", *OF_METHOD[options.aggregated], "seconds")
        yield {name: row[name] for name in (*columns, *(["gold"] if options.gold else []))}


def _ranking(canut: Canut, options: argparse.Namespace) -> Sequence[Mapping[str, Any]]:
    """Return the places of what was compared, best first, with their intervals."""
    ranking = _statistics(canut, options)["figures"].get("ranking")
    if ranking is None or ranking["problem"]:
        raise Failure(
            "There is no ranking: the question compares no pairs, its rows do not name what is compared, "
            "or nothing was compared yet."
        )
    return [{name: place[name] for name in OF_PLACE} for place in ranking["places"]]


def _statistics(canut: Canut, options: argparse.Namespace) -> Mapping[str, Any]:
    found = canut.statistics(
        options.project,
        question=options.question,
        gold=options.gold,
        approved_only=options.approved_only,
        revision=options.revision,
        progress=Meter("Working it out"),
    )
    assert found.figures is not None, "statistics waits until there are figures"
    return {"id": found.id, "figures": found.figures}


def _rows(
    rows: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]], options: argparse.Namespace
) -> None:
    with _output(options) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        writer = None
        for row in rows:
            if options.format == "jsonl":
                text.write(json.dumps(row, ensure_ascii=False) + "\n")
                continue
            if writer is None:
                writer = csv.DictWriter(text, list(row))
                writer.writeheader()
            writer.writerow({name: _cell(value) for name, value in row.items()})
        text.flush()
        text.detach()


def _cell(value: Any) -> Any:
    """Return a value as a cell; text that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


# --- Following ---


def _follow(canut: Canut, options: argparse.Namespace) -> None:
    if options.output is None:
        for result in canut.iter_results(options.project, follow=True):
            print(_line(result), flush=True)
        return
    with _continued(options.output) as (file, cursor):
        for result in canut.iter_results(options.project, cursor=cursor, follow=True):
            file.write(_line(result).encode() + b"\n")
            file.flush()


@contextmanager
def _continued(path: Path) -> Iterator[tuple[BinaryIO, str | None]]:
    """Give a file to go on writing, and the cursor of its last whole line; half a line is cut off."""
    try:
        path.touch()
        opened = path.open("r+b")
    except OSError as error:
        raise Failure(f"{path} cannot be written to ({error.strerror}).") from error
    with opened as file:
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        file.seek(len(whole))
        file.truncate()
        lines = whole.splitlines()
        try:
            cursor = json.loads(lines[-1])["cursor"] if lines else None
        except (ValueError, KeyError, TypeError) as error:
            raise Failure(
                f"{path} was not written by `canut results --follow`; choose another file."
            ) from error
        yield file, cursor


def _line(result: Result) -> str:
    return json.dumps(asdict(result), default=_written, ensure_ascii=False)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{value!r} has no form in JSON")


@contextmanager
def _output(options: argparse.Namespace) -> Iterator[BinaryIO]:
    if options.output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        file = options.output.open("wb")
    except OSError as error:
        raise Failure(f"{options.output} cannot be written to ({error.strerror}).") from error
    with file:
        yield file
