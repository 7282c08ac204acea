"""`canut serve`: the site of a machine, in production."""

import argparse
import time
from collections.abc import Callable

from canut.cli import embedded_postgres
from canut.cli.children import (
    Children,
    job_runner,
    require_free_port,
    stopping_on_signals,
    wait_until_served,
    web_server,
)
from canut.cli.failure import Failure
from canut.cli.sites import is_embedded, postgres_folder, site

LOOKED_AFTER_EVERY_SECONDS = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="The address to listen on (default: %(default)s)."
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="The port to listen on (default: %(default)s)."
    )
    parser.add_argument(
        "--workers", type=int, help="How many processes answer requests (default: one a core)."
    )
    parser.add_argument(
        "--with-jobs", action="store_true", help="Run the jobs too, as on a site of one machine."
    )


def run(options: argparse.Namespace) -> None:
    require_free_port(options.host, options.port, "canut serve")
    with stopping_on_signals(), site(may_be_new=True):
        _prepare()
        keep_serving(
            host=options.host,
            port=options.port,
            workers=options.workers,
            with_jobs=options.with_jobs,
            when_served=lambda: print(f"Canut serves on http://{options.host}:{options.port}.", flush=True),
        )


def _prepare() -> None:
    from django.db import connections

    from canut.cli import prepare

    if is_embedded():
        prepare.migrate()
    elif missing := prepare.unapplied_migrations():
        raise Failure(
            f"The database lacks {len(missing)} migrations; make a backup, then run `canut migrate`."
        )
    prepare.compile_catalogues()
    prepare.collect_static_files()
    connections.close_all()  # the programs have their own


def keep_serving(
    *, host: str, port: int, workers: int | None, with_jobs: bool, when_served: Callable[[], None]
) -> None:
    """Run the web server, and the job runner if asked, until a signal comes; leave nothing running.

    Whatever dies is started again: the two programs, and an embedded PostgreSQL.

    Raises:
        Failure: one of them does not stay up.
    """
    children = Children()
    try:
        children.start("web server", web_server(host, port, workers))
        if with_jobs:
            children.start("job runner", job_runner())
        wait_until_served(host, port, children)
        when_served()
        while True:
            time.sleep(LOOKED_AFTER_EVERY_SECONDS)
            if is_embedded() and not embedded_postgres.is_alive(postgres_folder()):
                embedded_postgres.ensure(postgres_folder())
            children.look_after()
    finally:
        children.stop()
