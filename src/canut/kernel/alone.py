"""Doing a thing from one place at a time, over several transactions and machines."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(lock: int, number: int) -> Iterator[bool]:
    """Say whether nobody else is at `number` of what `lock` stands for, and keep others away meanwhile.

    The lock is one of the session (PostgreSQL's advisory locks): it ends with its connection, so whoever is
    killed holds up nobody. `lock` is a number that no other use of this has.
    """
    key = [lock, number % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
