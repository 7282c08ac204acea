"""What a use case leaves for after its commit: a named job, written in the same transaction.

The job is a row (procrastinate), so it exists exactly if the change does. `canut.jobs` maps names to
functions; a test holds the names used here and the names known there equal.
"""

from typing import Any

from procrastinate.contrib.django import app


def later(name: str, **arguments: Any) -> None:
    """Ask for the job `name` to run after this transaction has committed.

    `arguments` are JSON values: ids, not objects. Running twice must be safe, as a runner may die
    after the work and before its note of it.
    """
    app.configure_task(name).defer(**arguments)
