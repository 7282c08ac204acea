"""`canut bounce < MAIL`: take a report that a mail did not arrive, as a mail server hands it to a program."""

import argparse
import os
import sys

from canut.cli.failure import Failure
from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The whole mail comes on the standard input. The exit code is 0 if it was noted, 1 if it is no such "
        "report or not about a mail of this site, and 75 if the site's database is away: then a mail server "
        "hands it in again."
    )


def run(options: argparse.Namespace) -> int:
    from django.db import OperationalError

    try:
        with site():
            return _noted()
    except (Failure, OperationalError) as away:
        print(f"canut: {away}", file=sys.stderr)
        return os.EX_TEMPFAIL


def _noted() -> int:
    try:
        print(taken())
    except Failure as refused:
        print(f"canut: {refused}", file=sys.stderr)
        return 1
    return 0


def taken() -> str:
    """Note what the report on the standard input says; return it in a sentence.

    Raises:
        Failure: nothing was noted; it begins with the refusal's code.
    """
    from canut.kernel import clock
    from canut.kernel.refusals import Refusal
    from canut.people.notices.bounces import MOST_BYTES
    from canut.people.notices.usecases.take_bounce import take_bounce

    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        report, is_news = take_bounce(message=raw, by=None, at=clock.now())
    except Refusal as refusal:
        raise Failure(f"{refusal.code}: {refusal}") from refusal
    if not is_news:
        return f"Mail {report.letter_id} did not arrive; that was known."
    return f"Mail {report.letter_id} did not arrive ({report.fault.value}, {report.code})."
