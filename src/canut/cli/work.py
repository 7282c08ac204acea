"""`canut work`: run the site's jobs."""

import argparse

from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at-once", type=int, default=4, metavar="N", help="How many jobs to run side by side."
    )


def run(options: argparse.Namespace) -> None:
    with site():
        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()) as runner:  # type: ignore[attr-defined]
            runner.run_worker(
                concurrency=options.at_once,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,
            )
