"""The `canut` command. Each command is a module of this room, named in COMMANDS with what it does."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from canut import __version__
from canut.cli.failure import Failure

# A module named after the command has add_arguments(parser) and run(options), which returns the exit
# code or nothing. Modules are imported only when their command is called.
COMMANDS = {
    "demo": "Start a site with data to try Canut out on this machine.",
    "serve": "Serve the site.",
    "work": "Run the site's jobs: leases, approvals, mail and the like.",
    "migrate": "Bring the database to this version of Canut.",
    "check": "Tell whether this installation is sound.",
    "backup": "Write the whole site into one file.",
    "restore": "Make a site from such a file.",
    "publish": "Publish a file of rows on a Canut site.",
    "launch": "Open the rest of a project whose prototype round has passed.",
    "revise": "Change a published project, try it anew, and publish the change.",
    "status": "Tell how far your projects are.",
    "rate": "Rate the workers of your projects from a file, on a scale of your own.",
    "results": "Bring what came of a project, as a file or as it comes.",
    "ledger": "Verify the books.",
    "verify-log": "Tell whether the charter is what its public log says, or a copy of the log is whole.",
    "log": "Export the public log, or show or renew the keys that sign it.",
    "explain": "Say step by step why a project is open to a worker, and its place in their feed.",
    "verify-credential": "Tell whether a badge is genuine, without the network.",
    "issuer": "Show or renew the keys by which this site signs badges.",
    "operators": "List, appoint or dismiss the people who run the site.",
    "sanctions": "List the sanctions that people decided, and what programs propose.",
    "admit": "Admit somebody as a member, such as the first operators.",
    "bounce": "Take a report that a mail of the site did not arrive.",
    "justice": "Print the yearly report on disputes and mediation.",
    "clock": "Show or advance the clock of a demo.",
    "lab": "Simulated crowds on this site, such as a replay of real answers.",
    "bench": "Measure the hot path on this machine.",
    "catalogue": "Bring the French catalogue up to the sentences in the code.",
    "reference": "Write the pages of docs/ that come from the code.",
    "test": "Run every check and test.",
}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    parser = _parser(words[0] if words else "")
    options, unknown = parser.parse_known_args(words)
    if unknown and not getattr(options, "takes_the_rest", False):
        parser.error(f"unknown arguments: {' '.join(unknown)}")
    options.rest = unknown
    try:
        return _module(options.command).run(options) or 0
    except Failure as failure:
        print(f"canut: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = None  # whoever read us has gone; let nothing be flushed to them
        return 1


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"canut.cli.{command.replace('-', '_')}")


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="canut", description="Canut: crowd work owned by the crowd.")
    parser.add_argument("--version", action="version", version=f"canut {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if name == called:
            _module(name).add_arguments(command)
    return parser
