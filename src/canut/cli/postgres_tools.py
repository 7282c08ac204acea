"""PostgreSQL's own programs for a backup, whatever server the site uses."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from canut.cli import embedded_postgres
from canut.cli.failure import Failure


def client_program(name: str) -> str:
    """Return the path of pg_dump, pg_restore or psql, as new as the server or newer.

    Raises:
        Failure: there is none.
    """
    from django.db import connection

    server_major = connection.cursor().connection.info.server_version // 10_000
    for folder in _folders():
        program = folder / name
        if os.access(program, os.X_OK) and _major(program) >= server_major:
            return str(program)
    raise Failure(
        f"A {name} of PostgreSQL {server_major} or newer was not found; install it (on Debian and Ubuntu: "
        f"apt-get install postgresql-client) or name its folder with CANUT_PG_BIN."
    )


def _folders() -> Iterator[Path]:
    with suppress(Failure):  # a machine that only has the client's programs
        yield embedded_postgres.find_binaries()
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for name in ("pg_dump", "pg_restore", "psql"):
        found = shutil.which(name)
        if found:
            yield Path(found).parent


def _major(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    number = re.search(r"(\d+)", answer)
    return int(number[1]) if number else 0


def connection_environment() -> dict[str, str]:
    """Return the environment in which those programs reach the site's database, password included."""
    from django.conf import settings

    said = settings.DATABASES["default"]
    names = {
        "NAME": "PGDATABASE",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {variable: str(said[name]) for name, variable in names.items() if said.get(name)}
    environment |= {
        f"PG{name.upper()}": str(value) for name, value in said["OPTIONS"].items() if "ssl" in name
    }
    environment["LC_ALL"] = "C"
    return environment


def last_line(text: str) -> str:
    """Return the last line that a program said, where its reason usually is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
