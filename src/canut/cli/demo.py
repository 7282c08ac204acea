"""`canut demo`: a site with data on this machine, to try Canut out."""

import argparse
import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canut.cli import embedded_postgres, environment
from canut.cli.children import require_free_port, stopping_on_signals
from canut.cli.failure import Failure
from canut.cli.serve import keep_serving
from canut.cli.sites import choose_demo, site

HOST = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=8000, help="The port to listen on (default: %(default)s)."
    )
    parser.add_argument("--fresh", action="store_true", help="Throw the demo's data away and start anew.")


def run(options: argparse.Namespace) -> None:
    began = time.monotonic()
    choose_demo()
    folder = environment.data_folder()
    with stopping_on_signals(), _the_only_one(folder.with_name("demo.lock"), options.port):
        require_free_port(HOST, options.port, "canut demo")
        if options.fresh:
            _throw_away(folder)
        with site(may_be_new=True):
            _prepare()
            keep_serving(
                host=HOST,
                port=options.port,
                workers=None,
                with_jobs=True,
                when_served=lambda: _welcome(options.port, time.monotonic() - began),
            )


@contextmanager
def _the_only_one(lock: Path, port: int) -> Iterator[None]:
    """Refuse a second demo on the same data; the lock goes with the process, however it ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Failure(
                f"The demo runs already on http://{HOST}:{file.read().strip()}; use that, or stop it first."
            ) from error
        file.truncate(0)
        file.write(str(port))
        file.flush()
        yield


def _throw_away(folder: Path) -> None:
    embedded_postgres.stop(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise Failure(f"{folder} could not be removed; remove it as its owner, then start again.")


def _prepare() -> None:
    from canut.cli import prepare
    from canut.kernel.clock import now
    from canut.lab.demo import load_demo

    prepare.compile_catalogues()
    prepare.migrate()
    prepare.collect_static_files()
    load_demo(at=now())


def _welcome(port: int, seconds: float) -> None:
    print(f"Canut's demo runs on http://{HOST}:{port} (ready after {seconds:.1f} seconds).", flush=True)
    from canut.lab.demo import ACCOUNTS, PASSWORD

    print(f"Sign in with the password {PASSWORD} as:")
    for account in ACCOUNTS:
        print(f"  {account.username:<10} {account.does}")
    print("Ctrl-C stops it; everything is kept until `canut demo --fresh`.", flush=True)
