"""`canut log`: a copy of the public log, and the keys that sign it."""

import argparse
import sys
from pathlib import Path

from canut.cli.failure import Failure
from canut.cli.sites import site
from canut.kernel.refusals import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT")
    commands.add_parser("keys", help="List the keys by which this site signs its log.")
    commands.add_parser("sign", help="Sign the log as it stands now, as is done each hour.")
    commands.add_parser("rotate", help="Put a new key to use; the one before vouches for it.")
    export = commands.add_parser("export", help="Write the whole log into a file, for verify-log.")
    export.add_argument("file", type=Path, help="Where to; - prints it.")
    parser.epilog = "Without a word it lists the keys."


def run(options: argparse.Namespace) -> None:
    with site():
        try:
            _do(options)
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal


def _do(options: argparse.Namespace) -> None:
    from canut.charter.comparing import copy_of_log
    from canut.charter.log_keys import public_key
    from canut.charter.models import LogKey
    from canut.charter.usecases.sign_tree_head import rotate_log_key, sign_tree_head
    from canut.charter.verifying import export_lines
    from canut.kernel import clock

    if options.what == "export":
        _write(options.file, "".join(export_lines(copy_of_log())))
        return
    if options.what == "sign":
        print(sign_tree_head(at=clock.now()).note, end="")
        return
    if options.what == "rotate":
        rotate_log_key(by=None, at=clock.now())
    keys = [
        f"{public_key(row).vkey}  since {row.created_at:%Y-%m-%d}  "
        + (f"followed by another on {row.retired_at:%Y-%m-%d}" if row.retired_at else "in use")
        for row in LogKey.objects.order_by("-created_at", "-pk")
    ]
    print("\n".join(keys) or "This site has not signed its log yet; `canut log sign` does it now.")


def _write(path: Path, text: str) -> None:
    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be written ({error.strerror}).") from error
