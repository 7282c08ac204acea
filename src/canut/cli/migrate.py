"""`canut migrate`: bring the database to this version of Canut."""

import argparse

from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="Only say what the database lacks.")


def run(options: argparse.Namespace) -> None:
    with site(may_be_new=not options.list):
        from canut.cli import prepare

        if options.list:
            print("\n".join(prepare.unapplied_migrations()) or "The database lacks nothing.")
            return
        applied = prepare.migrate()
        print("\n".join(f"Applied {name}." for name in applied) or "The database was up to date.")
