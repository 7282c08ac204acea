"""Whatever people do, in whatever order, no money appears and none is lost."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from tests.builders import NOON, a_person
from tests.promises import run
from tests.stories import RollsBack, examples

from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import balance_minor, history, verify
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import InsufficientFunds, Movement, post_entries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AMOUNTS = st.integers(1, 500)


class EscrowStory(RollsBack):
    """Each step goes to the books and to `expected`, a plain count that is obviously right."""

    held = Bundle("held")

    @initialize()
    def begin(self) -> None:
        person = a_person()
        self.accounts = {
            "outside": open_account(Kind.OUTSIDE, currency="EUR"),
            "funds": open_account(Kind.BALANCE, currency="EUR", party_id=person.pk),
            "escrow": open_account(Kind.ESCROW, currency="EUR", project_id=1),
            "earnings": open_account(Kind.EARNINGS, currency="EUR", party_id=person.pk),
            "income": open_account(Kind.INCOME, currency="EUR"),
        }
        self.expected: Counter[str] = Counter(dict.fromkeys(self.accounts, 0))
        self.serial = count()

    def move(self, debit: str, credit: str, amount_minor: int, *, key: str, counts: bool = True) -> None:
        movement = Movement(self.accounts[debit], self.accounts[credit], amount_minor, Reason.REWARD, key)
        post_entries([movement], at=NOON)
        if counts:
            self.expected[debit] -= amount_minor
            self.expected[credit] += amount_minor

    @rule(amount_minor=AMOUNTS)
    def requester_pays_in(self, amount_minor: int) -> None:
        self.move("outside", "funds", amount_minor, key=f"deposit:{next(self.serial)}")

    @rule(target=held, amount_minor=AMOUNTS)
    def requester_publishes(self, amount_minor: int):  # type: ignore[no-untyped-def]
        name = next(self.serial)
        try:
            self.move("funds", "escrow", amount_minor, key=f"hold:{name}")
        except InsufficientFunds:
            assert self.expected["funds"] < amount_minor  # refused for the reason given
            return multiple()
        return name, amount_minor

    @rule(hold=consumes(held), clicks=st.integers(1, 3))
    def requester_approves(self, hold: tuple[int, int], clicks: int) -> None:
        name, amount_minor = hold
        for click in range(clicks):
            self.move("escrow", "earnings", amount_minor, key=f"release:{name}", counts=click == 0)

    @rule(hold=consumes(held))
    def requester_closes(self, hold: tuple[int, int]) -> None:
        self.move("escrow", "funds", hold[1], key=f"refund:{hold[0]}")

    @rule(first=AMOUNTS, second=AMOUNTS)
    def two_movements_are_booked_together_or_not_at_all(self, first: int, second: int) -> None:
        name = next(self.serial)
        accounts = self.accounts
        movements = [
            Movement(accounts["funds"], accounts["income"], first, Reason.SERVICE_FEE, f"fee:{name}"),
            Movement(accounts["funds"], accounts["earnings"], second, Reason.BONUS, f"bonus:{name}"),
        ]
        try:
            post_entries(movements, at=NOON)
        except InsufficientFunds:
            assert self.expected["funds"] < first + second
            return
        self.expected.update({"income": first, "earnings": second})
        self.expected["funds"] -= first + second

    @rule(amount_minor=AMOUNTS)
    def worker_is_paid_out(self, amount_minor: int) -> None:
        try:
            self.move("earnings", "outside", amount_minor, key=f"payout:{next(self.serial)}")
        except InsufficientFunds:
            assert self.expected["earnings"] < amount_minor

    @invariant()
    def ledger_agrees(self) -> None:
        if hasattr(self, "accounts"):
            assert {name: balance_minor(one) for name, one in self.accounts.items()} == self.expected
            assert sum(self.expected.values()) == 0
            assert verify() == []

    @invariant()
    def an_account_is_the_sum_of_its_history(self) -> None:
        if hasattr(self, "accounts"):
            for name, account in self.accounts.items():
                lines = history(account.pk, most=10_000)
                assert sum(line.amount_minor for line in lines) == self.expected[name]


def test_no_money_appears_and_none_is_lost() -> None:
    run_state_machine_as_test(
        EscrowStory,
        settings=settings(
            max_examples=examples(8, 30),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_no_money_appears_and_none_is_lost_for_long() -> None:
    run_state_machine_as_test(
        EscrowStory,
        settings=settings(
            max_examples=300, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_verify_names_what_somebody_meddled_with() -> None:
    story = EscrowStory()
    try:
        story.begin()
        story.requester_pays_in(500)
        run("SET LOCAL session_replication_role = replica")
        run("UPDATE ledger_account SET total_minor = 700 WHERE id = %s", story.accounts["funds"].pk)
        run("SET LOCAL session_replication_role = origin")
        found = verify()
        assert [(one.what, one.kept_minor, one.counted_minor) for one in found] == [
            ("total of balance", 700, 500),
            ("all accounts in EUR", 0, 200),
        ]
        assert LedgerEntry.objects.count() == 1
    finally:
        story.teardown()
