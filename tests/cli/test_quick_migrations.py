"""The quick way through the migrations makes the same database as Django's own way."""

import os
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from canut.cli.postgres_tools import client_program

WAYS = {"quick": ["canut.cli", "migrate"], "plain": ["django", "migrate", "--skip-checks"]}


@pytest.mark.long
@pytest.mark.django_db
def test_both_ways_make_the_same_tables() -> None:
    quick, plain = (made(name, command) for name, command in WAYS.items())
    assert quick == plain
    assert any(line.startswith("CREATE TRIGGER") for line in quick)


def made(name: str, command: Sequence[str]) -> list[str]:
    """Return what a new database consists of that was migrated so."""
    server = os.environ["DATABASE_URL"]
    name = f"canut_{name}_{os.getpid()}"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    told = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "canut.site.settings"}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            subprocess.run([sys.executable, "-m", *command], env=told, check=True, stdout=subprocess.DEVNULL)
            asked = [client_program("pg_dump"), "--schema-only", url]
            dump = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    # Each dump begins and ends with a word of its own.
    return [line for line in dump.splitlines() if "restrict " not in line]
