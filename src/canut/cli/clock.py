"""`canut clock`: show or advance the clock of a demo."""

import argparse
import re
from datetime import timedelta

from canut.cli.failure import Failure
from canut.cli.sites import site

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "by",
        nargs="?",
        default="show",
        metavar="+3d",
        help="How far to advance: a number and s, m, h, d or w, in any combination such as +1d12h. "
        "Without it the time is shown. The clock only goes forward; `canut demo --fresh` starts anew.",
    )


def run(options: argparse.Namespace) -> None:
    by = None if options.by == "show" else span(options.by)
    with site():
        from django.utils import timezone

        from canut.kernel import clock
        from canut.kernel.refusals import Refusal

        try:
            ahead = clock.offset() if by is None else clock.advance(by=by)
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal
        now = timezone.localtime(clock.now())
        print(f"The site's time is {now:%Y-%m-%d %H:%M:%S %Z}, {ahead} ahead of the world.")


def span(text: str) -> timedelta:
    """Return the length of time that `text` says, such as +3d or +1h30m.

    Raises:
        Failure: it says none.
    """
    parts = re.findall(r"(\d+)([smhdw])", text)
    if not parts or text.removeprefix("+") != "".join(number + unit for number, unit in parts):
        raise Failure(
            f"{text!r} is no length of time; write a number and s, m, h, d or w, for example +3d or +1h30m."
        )
    try:
        return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    except (OverflowError, ValueError) as error:  # of more days, or digits, than Python counts
        raise Failure(f"{text[:30]!r} is longer than any time can be.") from error
