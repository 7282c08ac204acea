"""Whatever anybody writes, the database keeps the books."""

import pytest
from tests.builders import NOON
from tests.promises import broken, run

from canut.ledger.models import Account, Kind, LedgerEntry, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import EntryKeyReused, InsufficientFunds, Movement, post_entries
from canut.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(db: None) -> Account:
    return open_account(Kind.OUTSIDE, currency="EUR")


@pytest.fixture
def balance(worker: Person) -> Account:
    return open_account(Kind.BALANCE, currency="EUR", party_id=worker.pk)


def paid_in(outside: Account, balance: Account, amount: int = 100, key: str = "k") -> LedgerEntry:
    return post_entries([Movement(outside, balance, amount, Reason.DEPOSIT, key)], at=NOON)[0]


def write(outside: Account, balance: Account, **changed: object) -> None:
    fields = {
        "debit": outside,
        "credit": balance,
        "amount_minor": 5,
        "currency": "EUR",
        "reason": Reason.DEPOSIT,
        "idempotency_key": "written",
        "recorded_at": NOON,
    }
    LedgerEntry.objects.create(**(fields | changed))


def test_an_entry_is_never_changed_or_removed(outside: Account, balance: Account) -> None:
    paid_in(outside, balance)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE ledger_ledgerentry SET amount_minor = 1",
        "DELETE FROM ledger_ledgerentry",
        "TRUNCATE ledger_ledgerentry",
    ):
        with broken("ledger_ledgerentry_written_once"):
            run(statement)


@pytest.mark.parametrize(
    ("promise", "changed"),
    [
        ("entry_amount_positive", {"amount_minor": 0}),
        ("entry_reason_known", {"reason": "lottery"}),
        ("entry_debit_same_currency", {"currency": "USD"}),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(
    outside: Account, balance: Account, promise: str, changed: dict[str, object]
) -> None:
    with broken(promise):
        write(outside, balance, **changed)


def test_an_entry_moves_money_between_two_accounts_of_one_currency(
    outside: Account, balance: Account
) -> None:
    with broken("entry_moves_money"):
        write(outside, outside, credit=outside)
    dollars = open_account(Kind.INCOME, currency="USD")
    with broken("entry_credit_same_currency"):
        write(outside, dollars)


def test_no_account_but_the_outside_is_overdrawn(outside: Account, balance: Account, peer: Person) -> None:
    paid_in(outside, balance, 100)
    earnings = open_account(Kind.EARNINGS, currency="EUR", party_id=peer.pk)
    with broken("account_not_overdrawn"):
        write(balance, earnings, amount_minor=101)
    with pytest.raises(InsufficientFunds) as refused:
        post_entries([Movement(balance, earnings, 101, Reason.BONUS, "b")], at=NOON)
    assert refused.value.facts == {"needed_minor": 101, "available_minor": 100, "currency": "EUR"}
    assert "€1.01" in str(refused.value)
    balance.refresh_from_db()
    assert balance.total_minor == 100


def test_a_total_changes_by_entries_alone_and_an_account_stays_what_it_is(
    outside: Account, balance: Account
) -> None:
    with broken("account_total_by_entries"):
        run("UPDATE ledger_account SET total_minor = 5 WHERE id = %s", balance.pk)
    with broken("account_stays"):
        run("UPDATE ledger_account SET kind = 'earnings' WHERE id = %s", balance.pk)
    with broken("account_stays"):
        run("DELETE FROM ledger_account WHERE id = %s", balance.pk)
    with broken("account_opens_empty"):
        run("INSERT INTO ledger_account (kind, currency, total_minor) VALUES ('income', 'EUR', 5)")


@pytest.mark.parametrize(
    ("promise", "values"),
    [
        ("account_kind_known", "('purse', 'EUR', NULL, NULL, 0)"),
        ("account_currency_code", "('income', 'eur', NULL, NULL, 0)"),
        ("account_owner_fits_kind", "('income', 'EUR', NULL, 1, 0)"),
        ("account_owner_fits_kind", "('balance', 'EUR', NULL, NULL, 0)"),
        ("account_owner_fits_kind", "('escrow', 'EUR', NULL, NULL, 0)"),
        ("account_once", "('outside', 'EUR', NULL, NULL, 0)"),
    ],
)
def test_an_account_belongs_to_whom_its_kind_says_and_is_there_once(
    outside: Account, promise: str, values: str
) -> None:
    with broken(promise):
        run(f"INSERT INTO ledger_account (kind, currency, party_id, project_id, total_minor) VALUES {values}")


def test_a_repeat_books_nothing_and_a_reused_key_is_refused(outside: Account, balance: Account) -> None:
    movement = Movement(outside, balance, 100, Reason.DEPOSIT, "once")
    assert len(post_entries([movement, movement], at=NOON)) == 1
    assert post_entries([movement], at=NOON) == []
    with pytest.raises(EntryKeyReused):
        post_entries([Movement(outside, balance, 99, Reason.DEPOSIT, "once")], at=NOON)
    with broken("ledger_ledgerentry_idempotency_key_key"):
        write(outside, balance, idempotency_key="once")
    balance.refresh_from_db()
    assert balance.total_minor == 100


def test_an_entry_is_reversed_once(outside: Account, balance: Account) -> None:
    wrong = paid_in(outside, balance)
    write(balance, outside, amount_minor=100, idempotency_key="r1", reverses=wrong, reason=Reason.CORRECTION)
    with broken("ledger_ledgerentry_reverses_id_key"):
        write(outside, balance, idempotency_key="r2", reverses=wrong, reason=Reason.CORRECTION)


@pytest.mark.parametrize("amount", [0, -5])
def test_what_is_no_movement_is_a_bug_and_says_so(outside: Account, balance: Account, amount: int) -> None:
    with pytest.raises(ValueError, match="cannot book"):
        post_entries([Movement(outside, balance, amount, Reason.DEPOSIT, "k")], at=NOON)
