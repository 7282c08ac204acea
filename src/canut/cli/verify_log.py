"""`canut verify-log`: does the charter equal the replay of its log, and is a copy of it whole?"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from canut.cli.failure import Failure
from canut.cli.sites import site

if TYPE_CHECKING:
    from canut.charter.notes import Key
    from canut.charter.verifying import Copy, Verified

WRONG = 1
CANNOT_TELL = 2

EPILOG = """\
Without --export it looks at this site's own database: every leaf and head of the log, what the leaves say one
after the other, and each line of the charter, the constitution and the decisions against its leaf.

With --export it looks at a file alone, which the page /log/ gives, without a database or the network. --older
is an earlier copy, of which this one must be a continuation. --key is the site's key (name+id+key), noted
down from a place that you trust; without it the first key that the log names is taken at its word.

Exit codes: 0 all is as it should be, 1 something is wrong and it says what, 2 a file cannot be read.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--export", type=Path, metavar="FILE", help="An exported log; else this site's own.")
    parser.add_argument("--older", type=Path, metavar="FILE", help="An earlier copy of the log.")
    parser.add_argument("--key", action="append", default=[], help="A key that you trust, name+id+key.")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG


def run(options: argparse.Namespace) -> int:
    try:
        if options.export:
            return _tell(_look_at_file(options), where=str(options.export))
        with site():
            return _tell(_look_here(options), where="The charter and its log")
    except Failure as failure:
        if options.export or options.older or options.key:
            print(f"canut: {failure}", file=sys.stderr)
            return CANNOT_TELL
        raise


def _look_at_file(options: argparse.Namespace) -> "Verified":
    """Look at files alone: no site, no database, no network."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from canut.charter.verifying import verify

    return verify(_copy(options.export), keys=_keys(options), older=_older(options))


def _look_here(options: argparse.Namespace) -> "Verified":
    from canut.charter.comparing import verify_here

    return verify_here(keys=_keys(options), older=_older(options))


def _older(options: argparse.Namespace) -> "Copy | None":
    return _copy(options.older) if options.older else None


def _copy(path: Path) -> "Copy":
    from canut.charter.verifying import CopyMalformed, read_copy

    try:
        return read_copy(path.read_bytes().decode())
    except OSError as error:
        raise Failure(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{path} is no exported log: it is no text.") from error
    except CopyMalformed as error:
        raise Failure(f"{path} is no exported log. {error.finding}") from error


def _keys(options: argparse.Namespace) -> "list[Key]":
    from canut.charter.notes import NoteRefused, read_vkey

    try:
        return [read_vkey(word) for word in options.key]
    except NoteRefused as error:
        raise Failure("--key is no key of the form name+id+key, as the page /log/ shows it.") from error


def _tell(found: "Verified", *, where: str) -> int:
    for one in found.findings:
        print(f"WRONG: {one}")
    if not found.is_sound:
        print(f"{where}: not as it should be ({len(found.findings)} in all).")
        return WRONG
    print(f"{where}: all is as it should be.")
    print(f"Entries:   {found.leaves}, of which {found.signed} are under a signed head.")
    print(f"Root:      {found.root.hex()}")
    print(f"Signed by: {found.key}")
    print(f"Witnesses: {', '.join(found.witnesses) or 'none yet'}")
    if not found.key_was_given:
        print("The key was taken at the log's word: give --key to know that it is the site's.")
    return 0
