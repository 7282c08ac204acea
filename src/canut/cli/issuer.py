"""`canut issuer`: the keys by which this site signs badges."""

import argparse
import json
from typing import TYPE_CHECKING

from canut.cli.failure import Failure
from canut.cli.sites import site
from canut.kernel.refusals import Refusal

if TYPE_CHECKING:
    from canut.guilds.credentials.queries import KeyOfSite


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT")
    commands.add_parser("did", help="Print the site's did.json, as others check badges with it.")
    commands.add_parser("rotate", help="Put a new key to use. What the earlier ones signed stays good.")
    withdraw = commands.add_parser("withdraw", help="Let nothing count any longer that a key has signed.")
    withdraw.add_argument("key", help="The key as listed, z6Mk and so on.")
    parser.epilog = "Without a word it lists them."


def run(options: argparse.Namespace) -> None:
    with site():
        try:
            print(_answer(options))
        except Refusal as refusal:
            raise Failure(str(refusal)) from refusal


def _answer(options: argparse.Namespace) -> str:
    from canut.guilds.credentials import queries
    from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
    from canut.guilds.credentials.usecases.withdraw_issuer_key import withdraw_issuer_key
    from canut.kernel import clock

    if options.what == "did":
        return json.dumps(queries.did_document(), indent=1)
    if options.what == "rotate":
        rotate_issuer_key(by=None, at=clock.now())
    if options.what == "withdraw":
        withdraw_issuer_key(public_multibase=options.key, by=None, at=clock.now())
    lines = [
        f"{key.multibase}  since {key.created_at:%Y-%m-%d}  {_state(key)}" for key in queries.keys_of_site()
    ]
    return "\n".join(lines) or "This site has not signed any badge yet; its first key is made with the first."


def _state(key: "KeyOfSite") -> str:
    if key.withdrawn_at is not None:
        return f"withdrawn on {key.withdrawn_at:%Y-%m-%d}: nothing that it signed counts"
    return f"followed by another on {key.retired_at:%Y-%m-%d}" if key.retired_at else "in use"
