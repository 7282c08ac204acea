"""Breaking what the database promises, and seeing it refuse by name."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
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
