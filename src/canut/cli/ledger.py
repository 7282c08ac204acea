"""`canut ledger verify`: recount the books."""

import argparse

from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"], help="Recount every account from its entries.")


def run(options: argparse.Namespace) -> int:
    with site():
        return verify()


def verify() -> int:
    """Recount the books, say what was found, and return 0 if they agree, else 1."""
    from canut.ledger import queries

    disagreements = queries.verify()
    for found in disagreements:
        where = f"account {found.account_id}" if found.account_id else "the books as a whole"
        print(f"{where}: {found.what} (kept {found.kept_minor}, counted {found.counted_minor})")
    if disagreements:
        print(f"The books do not agree in {len(disagreements)} places. Stop payouts and find out why.")
        return 1
    print("The books agree: every account is the sum of its entries, and every currency comes to zero.")
    return 0
