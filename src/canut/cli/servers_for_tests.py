"""The PostgreSQL servers that tests run on, and the migrated database that each of them copies.

One server in .canut/test-postgres serves all runs, and one more each process that tests side by side with
others: readers of events wait for every open transaction of their server. Those of the side by side begin
as copies of a model, so that however many they are the migrations run once.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from canut.cli import embedded_postgres, environment

TEMPLATE_LOCK = 4_217_733
"""An advisory lock of PostgreSQL: of several runs that begin at once, one makes the template."""


@contextmanager
def borrow_one(beside: str) -> Iterator[str]:
    """Keep a server for tests running for the length of a block; `beside` names one of several processes."""
    folder = environment.machine_folder() / "test-postgres"
    if beside:
        folder = folder.with_name(f"{folder.name}-{beside}")
        if not (folder / "data").exists():
            prepare_the_model(copy_to=folder)
    with embedded_postgres.borrow(folder, durable=False) as url:
        yield url


def prepare_the_model(*, copy_to: Path | None = None) -> None:
    """Make the stopped server that others begin as copies of, unless it is there; make such a copy."""
    model = environment.machine_folder() / "test-postgres-model"
    model.mkdir(parents=True, exist_ok=True)
    with open(model / "one-at-a-time", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        holds = model / "holds"
        if not holds.exists() or holds.read_text() != template_name():
            with embedded_postgres.borrow(model, durable=False) as url:
                migrated_template(url)
            holds.write_text(template_name())
        if copy_to:
            embedded_postgres.copy(model, copy_to)


@cache
def template_name() -> str:
    """Return the name of the database with today's migrations and parameters."""
    digest = hashlib.sha256()
    for path in sorted((environment.CHECKOUT / "src").rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((environment.CHECKOUT / "requirements" / "base.txt").read_bytes())
    digest.update(str(environment.CHECKOUT).encode())
    for path in sorted((environment.CHECKOUT / "src/canut/charter/parameters").glob("*.py")):
        digest.update(path.read_bytes())
    return f"canut_template_{digest.hexdigest()[:12]}"


def migrated_template(url: str) -> str:
    """Return the name of a migrated database to copy, making it if no run before this one has."""
    name = template_name()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            _make_template(connection, url, name)
    return name


def drop_what_killed_runs_left(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_canut_[0-9]+(_gw[0-9]+)?$'"
        )
        for (name,) in found.fetchall():
            if not _is_running(int(name.split("_")[2])):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _make_template(connection: psycopg.Connection[Any], url: str, name: str) -> None:
    """Migrate a database under a name of the moment, then give it its own: so a killed run leaves no half."""
    made = connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^canut_template_' ORDER BY oid DESC OFFSET 4"
    )
    for (old,) in made.fetchall():
        connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    unfinished = f"{name}_unfinished"
    connection.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')  # of a run that was killed
    connection.execute(f'CREATE DATABASE "{unfinished}"')
    parts = urlsplit(url)
    named = urlunsplit(parts._replace(path=f"/{unfinished}"))
    told = os.environ | {"DATABASE_URL": named, "CANUT_TEST_TEMPLATE": ""}
    subprocess.run(
        [sys.executable, "-m", "canut.cli", "migrate"], env=told, check=True, stdout=subprocess.DEVNULL
    )
    connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
