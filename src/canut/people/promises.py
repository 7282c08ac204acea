"""Which promise of the database a write has broken."""

from django.db import IntegrityError
from psycopg import Error


def broken_promise(error: IntegrityError) -> str:
    """Return the name of the constraint behind `error`, or "" if PostgreSQL named none."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, Error) else ""
