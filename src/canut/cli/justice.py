"""`canut justice report YEAR`: the yearly report on disputes, as JSON or CSV."""

import argparse
import csv
import json
import sys

from canut.cli.failure import Failure
from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    report = commands.add_parser(
        "report", help="Print the report of a year, without names and small figures."
    )
    report.add_argument("year", type=int)
    report.add_argument("--csv", action="store_true", help="The table alone, as CSV.")


def run(options: argparse.Namespace) -> None:
    with site():
        print_report(options.year, as_csv=options.csv)


def print_report(year: int, *, as_csv: bool = False) -> None:
    """Print the report of a year.

    Raises:
        Failure: there is none of that year.
    """
    from canut.justice.mediation.queries.report import as_data, as_lines, yearly_report
    from canut.kernel import clock
    from canut.kernel.refusals import Refusal

    try:
        found = yearly_report(year, at=clock.now())
    except Refusal as refusal:
        raise Failure(str(refusal)) from refusal
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows(as_lines(found))
    else:
        print(json.dumps(as_data(found), indent=2))
