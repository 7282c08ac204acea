"""`canut launch PROJECT`: open the rest of a project whose prototype round has passed, on any Canut site."""

import argparse
import sys

from canut.cli.failure import Failure
from canut.cli.publish import quote_text
from canut.cli.remote import add_site_arguments, connected


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=int, help="The project's number.")
    parser.add_argument("--yes", action="store_true", help="Launch without asking again.")
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    with connected(options) as canut:
        project = canut.project(options.project)
        price = canut.quote(project.id)
        volunteer = project.kind == "volunteer"
        if price.places:
            print(quote_text(price, volunteer=volunteer))
        if price.places and not options.yes:
            if not sys.stdin.isatty():
                raise Failure("Say --yes to launch without being asked.")
            question = "Launch?" if volunteer else f"Launch for {price.total}?"
            if input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
                raise Failure("Nothing was launched.")
        canut.launch(project.id, agreed_total=price.total if price.places else None)
        print(f"Launched: `canut status {project.id} --watch` shows how far it is.")
