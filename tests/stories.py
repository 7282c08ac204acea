"""Ground for state machines: each story is undone in the database when it ends."""

from typing import Any

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine


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
