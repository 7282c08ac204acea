"""Reading the books: balances, histories, and whether everything adds up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import get_default_timezone

from canut.ledger.models import OF_A_PROJECT, Account, Kind, LedgerEntry, Reason


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as the owner of an account reads it: `amount_minor` is negative when money left.

    `other` is the kind of the account at the other end.
    """

    id: int
    at: datetime
    amount_minor: int
    currency: str
    reason: str
    subject_kind: str
    subject_id: int | None
    note: str
    other: str


@dataclass(frozen=True, slots=True)
class Purse:
    """One account of a party: its id, its currency and what is in it."""

    account_id: int
    currency: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """What a project was given from a balance, what came back to it, and what it still holds."""

    given_minor: int
    refunded_minor: int
    held_minor: int

    @property
    def spent_minor(self) -> int:
        return self.given_minor - self.refunded_minor - self.held_minor


@dataclass(frozen=True, slots=True)
class MovedInMonth:
    """What moved in the month of this first day, by reason: negative for what left the account."""

    first: date
    by_reason: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An account whose total is not the sum of its entries, or a sum that should be zero."""

    account_id: int | None
    what: str
    kept_minor: int
    counted_minor: int


def balance_minor(account: Account) -> int:
    """Return what is in the account now, in its smallest unit; for `outside`, minus what came in."""
    if account.kind == Kind.OUTSIDE:
        return _counted(account.pk)
    return Account.objects.values_list("total_minor", flat=True).get(pk=account.pk)


def party_total_minor(party_id: int, kind: Kind, currency: str) -> int:
    """Return what a party has in an account of this kind; zero where it was never opened."""
    found = Account.objects.filter(kind=kind, party_id=party_id, currency=currency).values_list(
        "total_minor", flat=True
    )
    return found.first() or 0


def party_balances(party_id: int) -> dict[str, int]:
    """Return what a party owns, its own money and its earnings together, by currency; nothing at zero."""
    owned = Account.objects.filter(party_id=party_id, kind__in=[Kind.BALANCE, Kind.EARNINGS])
    sums = owned.values_list("currency").annotate(minor=Sum("total_minor")).filter(minor__gt=0)
    return dict(sums.order_by("currency"))


def refused_minor(party_id: int, currency: str) -> int:
    """Return how much of a party's earnings sanctions keep from being paid out by the site's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(amount_minor), bool_or(amount_minor IS NULL) FROM ledger_payment_refusal_v"
            " WHERE party_id = %s AND currency = %s",
            [party_id, currency],
        )
        refused, all_of_it = cursor.fetchone()
    there = party_total_minor(party_id, Kind.EARNINGS, currency)
    return there if all_of_it else min(there, int(refused or 0))


def project_total_minor(project_id: int, kind: Kind) -> int:
    """Return what is set aside for a project in an account of this kind; zero where there is none."""
    return (
        Account.objects.filter(kind=kind, project_id=project_id).values_list("total_minor", flat=True).first()
        or 0
    )


def fund_minor(kind: Kind, currency: str) -> int:
    """Return what is in an account of the site, such as the guild fund; zero where it was never opened."""
    found = Account.objects.filter(kind=kind, currency=currency, party=None, project_id=None)
    return found.values_list("total_minor", flat=True).first() or 0


def advanced_minor(kind: Kind, currency: str) -> int:
    """Return what the operator advanced to a fund and has not had back yet."""
    accounts = Account.objects.filter(currency=currency, party=None, project_id=None)
    ids = dict(accounts.filter(kind__in=[kind, Kind.INCOME]).values_list("kind", "pk"))
    if len(ids) < 2:
        return 0
    fund, income = ids[kind], ids[Kind.INCOME]
    given = LedgerEntry.objects.filter(debit=income, credit=fund, reason=Reason.ADVANCE)
    back = LedgerEntry.objects.filter(debit=fund, credit=income, reason=Reason.REPAYMENT)
    return sum(
        sign * int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
        for sign, rows in ((1, given), (-1, back))
    )


def moved_by_month(
    kind: Kind, currency: str, *, since: datetime, until: datetime, using: str = "default"
) -> Sequence[MovedInMonth]:
    """Return what came into an account of the site and what left it in each month between two moments.

    By reason, the latest month first; months are those of the site's zone.
    """
    moved: dict[date, dict[str, int]] = {}
    account = Account.objects.using(using).filter(kind=kind, currency=currency, party=None, project_id=None)
    month = TruncMonth("recorded_at", tzinfo=get_default_timezone())
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = LedgerEntry.objects.using(using).filter(recorded_at__gte=since, recorded_at__lt=until)
        of_each = rows.filter(**{f"{side}__in": account}).values_list(month, "reason")
        for first, reason, minor in of_each.annotate(minor=Sum("amount_minor")):
            sums = moved.setdefault(first.date(), {})
            sums[reason] = sums.get(reason, 0) + sign * int(minor)
    return [MovedInMonth(first, moved[first]) for first in sorted(moved, reverse=True)]


def first_moved_at(kind: Kind, currency: str) -> datetime | None:
    """Return when money first came into an account of the site; None if none has."""
    rows = LedgerEntry.objects.filter(
        credit__in=Account.objects.filter(kind=kind, currency=currency, party=None, project_id=None)
    )
    return rows.order_by("pk").values_list("recorded_at", flat=True).first()


def history(account_id: int, *, before_id: int | None = None, most: int = 50) -> list[Line]:
    """Return the account's movements, newest first, at most `most` of them before the entry `before_id`."""
    rows = LedgerEntry.objects.filter(Q(debit_id=account_id) | Q(credit_id=account_id))
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [
        Line(
            id=row.pk,
            at=row.recorded_at,
            amount_minor=row.amount_minor if row.credit_id == account_id else -row.amount_minor,
            currency=row.currency,
            reason=row.reason,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            note=row.note,
            other=row.debit.kind if row.credit_id == account_id else row.credit.kind,
        )
        for row in rows.select_related("debit", "credit").order_by("-pk")[:most]
    ]


def purses_of(party_id: int, kind: Kind) -> list[Purse]:
    """Return a party's accounts of this kind, one for each currency, in the order of their codes."""
    rows = Account.objects.filter(kind=kind, party_id=party_id).order_by("currency")
    return [Purse(*row) for row in rows.values_list("pk", "currency", "total_minor")]


def sums_by_reason(account_id: int) -> dict[str, int]:
    """Return what came into the account less what left it, by reason; together they are its total."""
    sums: dict[str, int] = {}
    for side, sign in (("credit_id", 1), ("debit_id", -1)):
        rows = LedgerEntry.objects.filter(**{side: account_id}).values_list("reason")
        for reason, amount in rows.annotate(amount=Sum("amount_minor")):
            sums[reason] = sums.get(reason, 0) + sign * int(amount)
    return sums


def earned_since(
    since: datetime, *, reasons: Collection[str], currency: str, party_id: int | None = None
) -> dict[int, int]:
    """Return what came into earnings after `since` for these reasons, by party; of one party if named."""
    rows = LedgerEntry.objects.filter(
        recorded_at__gt=since, reason__in=list(reasons), currency=currency, credit__kind=Kind.EARNINGS
    )
    if party_id is not None:
        rows = rows.filter(credit__party_id=party_id)
    sums = rows.values_list("credit__party_id").annotate(total=Sum("amount_minor"))
    return {int(party): int(total) for party, total in sums if party is not None}


def projects_paid_from(account_id: int) -> dict[int, ProjectMoney]:
    """Return for each project that was given money from this account what became of it.

    Reads the account's own entries only: what a project spent is what it was given, less what came
    back and what it still holds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT moved.project_id, sum(moved.given)::bigint, sum(moved.back)::bigint, (
                       SELECT coalesce(sum(h.total_minor), 0)::bigint FROM ledger_account h
                       WHERE h.kind = ANY (%(kinds)s) AND h.currency = moved.currency
                         AND h.party_id IS NULL AND h.project_id = moved.project_id)
            FROM (SELECT a.project_id, a.currency, e.amount_minor AS given, 0 AS back
                  FROM ledger_ledgerentry e JOIN ledger_account a ON a.id = e.credit_id
                  WHERE e.debit_id = %(account)s AND a.project_id IS NOT NULL
                  UNION ALL
                  SELECT a.project_id, a.currency, 0, e.amount_minor
                  FROM ledger_ledgerentry e JOIN ledger_account a ON a.id = e.debit_id
                  WHERE e.credit_id = %(account)s AND a.project_id IS NOT NULL) moved
            GROUP BY moved.project_id, moved.currency
            """,
            {"account": account_id, "kinds": [str(kind) for kind in OF_A_PROJECT]},
        )
        return {row[0]: ProjectMoney(*row[1:]) for row in cursor.fetchall()}


def verify() -> list[Disagreement]:
    """Return everything in the books that does not add up: nothing, on a sound site.

    Recounts each account from its entries in one statement, so that a booking made meanwhile is
    seen wholly or not at all; and each currency's accounts together, which must come to zero.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                SELECT account_id, sum(amount)::bigint AS amount FROM (
                    SELECT debit_id AS account_id, -amount_minor AS amount FROM ledger_ledgerentry
                    UNION ALL SELECT credit_id, amount_minor FROM ledger_ledgerentry) both_sides
                GROUP BY account_id),
            held AS (
                SELECT a.id, a.kind, a.currency, a.total_minor, coalesce(m.amount, 0) AS counted
                FROM ledger_account a LEFT JOIN moved m ON m.account_id = a.id)
            SELECT id, 'total of ' || kind, total_minor, counted
            FROM held WHERE kind <> 'outside' AND total_minor <> counted
            UNION ALL
            SELECT id, 'overdrawn ' || kind, total_minor, counted
            FROM held WHERE kind <> 'outside' AND counted < 0
            UNION ALL
            SELECT NULL, 'all accounts in ' || currency, 0,
                sum(CASE WHEN kind = 'outside' THEN counted ELSE total_minor END)::bigint
            FROM held GROUP BY currency
            HAVING sum(CASE WHEN kind = 'outside' THEN counted ELSE total_minor END) <> 0
            """
        )
        return [Disagreement(*row) for row in cursor.fetchall()]


def _counted(account_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce((SELECT sum(amount_minor) FROM ledger_ledgerentry WHERE credit_id = %s), 0)
                    - coalesce((SELECT sum(amount_minor) FROM ledger_ledgerentry WHERE debit_id = %s), 0)""",
            [account_id, account_id],
        )
        (amount,) = cursor.fetchone()
    return int(amount)
