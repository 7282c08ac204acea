"""`canut demo`: a site with data on this machine, to try Canut out."""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from canut.cli import embedded_postgres, environment
from canut.cli.children import require_free_port, stopping_on_signals
from canut.cli.failure import Failure
from canut.cli.serve import keep_serving
from canut.cli.sites import DEMO_HOST, choose_demo, database, demo_lock, set_up_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=8000, help="The port to listen on (default: %(default)s)."
    )
    parser.add_argument("--fresh", action="store_true", help="Throw the demo's data away and start anew.")


def run(options: argparse.Namespace) -> None:
    began = time.monotonic()
    choose_demo()
    os.environ["CANUT_SITE_URL"] = f"http://{DEMO_HOST}:{options.port}"  # what mails link to
    folder = environment.data_folder()
    with stopping_on_signals(), _the_only_one(demo_lock(), options.port):
        require_free_port(DEMO_HOST, options.port, "canut demo")
        if options.fresh:
            _throw_away(folder)
        with database(may_be_new=True):
            welcome = _prepared(folder / "postgres" / "prepared.json")
            keep_serving(
                host=DEMO_HOST,
                port=options.port,
                workers=None,
                with_jobs=True,
                when_served=lambda: _greet(welcome, options.port, time.monotonic() - began),
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
                f"The demo runs already on http://{DEMO_HOST}:{file.read().strip()}; use that, "
                "or stop it first."
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


def _prepared(kept: Path) -> str:
    """Prepare the demo and return how to sign in; where nothing has changed since, only the latter.

    The look at what may have changed is cheap, and spares a second start most of its time.
    """
    state = _state_of_the_code()
    with suppress(OSError, ValueError, KeyError):
        before = json.loads(kept.read_text())
        if before["state"] == state:
            return str(before["welcome"])
    print("Preparing the demo: tables, files, people and their first answers ...", flush=True)
    welcome = _prepare()
    kept.write_text(json.dumps({"state": state, "welcome": welcome}))
    return welcome


def _state_of_the_code() -> str:
    """Return a checksum of what is installed and of every file of Canut by size and time of change."""
    digest = hashlib.sha256()
    code = Path(__file__).resolve().parents[1]
    for path in [environment.installed_folder() / "stamp", *sorted(code.rglob("*"))]:
        if path.suffix not in (".pyc", ".mo") and path.is_file():
            found = path.stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _prepare() -> str:
    set_up_django()
    from django.db import connections

    from canut.cli import prepare
    from canut.kernel import clock
    from canut.lab.demo import ACCOUNTS, PASSWORD, load_demo
    from canut.lab.demo_guild import review_demo_work
    from canut.lab.demo_justice import dispute_in_demo
    from canut.lab.demo_law import govern_demo
    from canut.lab.demo_talk import talk_in_demo

    prepare.compile_catalogues()
    prepare.migrate()
    prepare.collect_static_files()
    load_demo(at=clock.now())
    review_demo_work(at=clock.now())  # a transaction later: guilds hear of what is committed
    govern_demo(at=clock.now())
    dispute_in_demo(at=clock.now())
    talk_in_demo(at=clock.now())
    connections.close_all()  # the programs have their own
    accounts = [f"  {account.username:<10} who {account.does}" for account in ACCOUNTS]
    return "\n".join([f"Sign in with the password {PASSWORD} as", *accounts])


def _greet(welcome: str, port: int, seconds: float) -> None:
    print(f"Canut's demo runs on http://{DEMO_HOST}:{port} (ready after {seconds:.1f} seconds).\n")
    print(welcome)
    print("\nSigning up works too: mail is put on a page instead of being sent.")
    print("Ctrl-C stops the demo. What you do is kept until `canut demo --fresh`.", flush=True)
