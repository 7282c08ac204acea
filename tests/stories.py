"""Ground for state machines: each story is undone in the database when it ends; and how many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine


def examples(usual: int, at_ease: int) -> int:
    """Return how many examples to make up: the usual ones are the same each time, the others never."""
    return usual if settings.get_current_profile_name() == "ci" else at_ease


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the database what is done in the block, so that what comes next finds all as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class RollsBack(RuleBasedStateMachine):
    """A story whose database writes are undone at its end, whatever happened in it."""

    def __init__(self) -> None:
        super().__init__()
        self._story: Any = transaction.atomic()
        self._story.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._story.__exit__(None, None, None)
        super().teardown()
