"""Breaking what the database promises, and seeing it refuse by name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Expect the block to be refused by the database for the promise of this name, and nothing else."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refused.value.__cause__.diag.constraint_name == name, str(refused.value)  # type: ignore[union-attr]


def run(statement: str, *parameters: object) -> None:
    """Run SQL as somebody with a shell at the database would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def promises_of(app_label: str) -> set[str]:
    """Return the name of every promise that the database keeps about an app's tables, but Django's own."""
    tables = [model._meta.db_table for model in apps.get_app_config(app_label).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f', 't')
               UNION SELECT indexrelid::regclass::text FROM pg_index
               WHERE indrelid = ANY (%s::text[]::regclass[]) AND indisunique AND NOT indisprimary""",
            [tables, tables],
        )
        named = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            """SELECT p.prosrc FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        for (source,) in cursor.fetchall():
            named |= set(re.findall(r"(?::=|CONSTRAINT =)\s+'(\w+)'", source))
    return {name for name in named if not re.fullmatch(rf"{app_label}_\w+_(check|key|uniq)", name)}
