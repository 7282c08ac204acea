"""Which site a command means, and opening it: its environment, its database, Django."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

import psycopg

from canut.cli import embedded_postgres, environment
from canut.cli.failure import Failure

DATABASE_NAME = "canut"
DEMO_HOST = "127.0.0.1"
SAID_OF_OTHER_SITES = (
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "CANUT_DATA_DIR",
    "CANUT_SECRET_KEY",
    "CANUT_S3_BUCKET",
    "CANUT_MAIL_URL",
)


def choose_demo() -> None:
    """Mean the demo, and nothing that the environment says about some real site."""
    for name in SAID_OF_OTHER_SITES:
        os.environ.pop(name, None)
    os.environ["CANUT_MODE"] = "demo"


def choose_site() -> None:
    """Mean the site of the environment; where that says nothing and only a demo is here, the demo."""
    says_nothing = not any(os.environ.get(name) for name in ("CANUT_MODE", "DATABASE_URL", "CANUT_DATA_DIR"))
    home = environment.machine_folder()
    if says_nothing and not (home / "site" / "postgres").exists() and (home / "demo" / "postgres").exists():
        os.environ["CANUT_MODE"] = "demo"
    if os.environ.get("CANUT_MODE") == "demo":
        _know_the_address_of_the_demo()


def demo_lock() -> Path:
    """Return the file that a demo holds while it runs; it says on which port."""
    return environment.machine_folder() / "demo.lock"


def _know_the_address_of_the_demo() -> None:
    """Have links and what is said of the demo name the port it runs on, or ran on last."""
    with suppress(OSError, ValueError):
        port = int(demo_lock().read_text())
        os.environ.setdefault("CANUT_SITE_URL", f"http://{DEMO_HOST}:{port}")


def is_embedded() -> bool:
    """Return whether the site uses a PostgreSQL of our own."""
    return not os.environ.get("DATABASE_URL")


def postgres_folder() -> Path:
    """Return where an embedded PostgreSQL keeps its cluster."""
    return environment.data_folder() / "postgres"


@contextmanager
def site(*, may_be_new: bool = False) -> Iterator[None]:
    """Have the site's database running and Django set up for the length of a block.

    `may_be_new` as for `database`.

    Raises:
        Failure: there is no site, or its database does not answer.
    """
    choose_site()
    with database(may_be_new=may_be_new):
        set_up_django()
        _require_answer()
        yield


def database(*, may_be_new: bool = False) -> AbstractContextManager[None]:
    """Have the site's database running for the length of a block; a server elsewhere is left to its owner.

    `may_be_new` lets an embedded database be made; otherwise a missing one is refused, so that a
    command in the wrong place does not leave an empty site behind.
    """
    if not is_embedded():
        return nullcontext()
    folder = postgres_folder()
    if not may_be_new and not (folder / "data" / "PG_VERSION").exists():
        raise Failure(
            f"There is no site in {folder.parent} yet; start one with `canut demo` or `canut serve`, "
            "or set DATABASE_URL."
        )
    return _borrowed(folder)


def set_up_django() -> None:
    """Load Django with our settings; they read the environment, which must be settled by now."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "canut.site.settings"
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Failure(str(error)) from error


@contextmanager
def _borrowed(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with embedded_postgres.borrow(folder) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if not found.fetchone():
                with suppress(psycopg.errors.DuplicateDatabase):  # made by somebody else meanwhile
                    connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
        yield


def _require_answer() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Failure(
            f"The database does not answer ({reason}); see to DATABASE_URL and the server."
        ) from error
