"""`canut migrate`: bring the database to this version of Canut."""

import argparse
import sys

from canut.cli.sites import set_up_django, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="Only say what the database lacks.")
    parser.add_argument(
        "--unwritten",
        action="store_true",
        help="Only say whether the models have changed without a migration.",
    )


def run(options: argparse.Namespace) -> None:
    if options.unwritten:
        _compare_with_models()
        return
    with site(may_be_new=not options.list):
        from canut.cli import prepare

        if options.list:
            print("\n".join(prepare.unapplied_migrations()) or "The database lacks nothing.")
            return
        applied = prepare.migrate()
        print("\n".join(f"Applied {name}." for name in applied) or "The database was up to date.")


def _compare_with_models() -> None:
    """Leave with code 1 if a model differs from what the migrations make; no database is needed."""
    set_up_django()
    from django.core.management import call_command

    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    except SystemExit:
        print("A model has changed without a migration.", file=sys.stderr)
        raise
