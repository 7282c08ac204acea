"""What the commands for requesters share: which site is asked, with which key, and saying how it goes."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from canut.cli.failure import Failure
from canut_client import Canut, CanutError

SERVER = "http://127.0.0.1:8000"


def add_site_arguments(parser: argparse.ArgumentParser) -> None:
    """Let the command be told which site it asks."""
    parser.add_argument(
        "--server",
        metavar="URL",
        default=os.environ.get("CANUT_SERVER", SERVER),
        help=f"The site's address; else the variable CANUT_SERVER, else {SERVER}.",
    )
    parser.add_argument(
        "--key",
        default=os.environ.get("CANUT_KEY"),
        help="Your API key; better in the variable CANUT_KEY, where others on this machine do not see it.",
    )


@contextmanager
def connected(options: argparse.Namespace) -> Iterator[Canut]:
    """Give a client of the site, and turn what goes wrong into a sentence.

    Raises:
        Failure: there is no key, the site says no, or it does not answer.
    """
    if not options.key:
        raise Failure(
            f"Make an API key on {options.server.rstrip('/')}/account/keys/ "
            "and put it into the variable CANUT_KEY."
        )
    try:
        with Canut(options.server, options.key) as canut:
            yield canut
    except CanutError as error:
        raise Failure(said(error)) from error


def said(error: CanutError) -> str:
    """Return an error's sentence, and beneath it those of the fields that were wrong."""
    lines = [str(error)]
    for name, wrong in error.errors.items():
        lines.append(f"  {name}: {wrong['message'] if isinstance(wrong, dict) else wrong}")
    return "\n".join(lines)


class Meter:
    """Says how far something is on one line, where somebody is looking; else a line at each tenth."""

    def __init__(self, what: str, out: TextIO | None = None) -> None:
        self._what = what
        self._out = out or sys.stderr
        self._last = -1

    def __call__(self, share: float) -> None:
        percent = int(100 * share)
        if self._out.isatty():
            end = "\n" if percent >= 100 and self._last < 100 else ""
            print(f"\r{self._what}: {percent} %", end=end, file=self._out, flush=True)
        elif percent // 10 > self._last // 10:
            print(f"{self._what}: {percent} %", file=self._out, flush=True)
        self._last = max(percent, self._last)


def table(rows: list[list[str]], *, right: tuple[int, ...] = ()) -> str:
    """Return rows as columns of one width each; those numbered in `right` stand at the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
