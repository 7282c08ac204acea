"""What was booked about rows of the rooms above: an assignment, a session, a top-up.

An entry names its subject by kind and id. Here are the sums that came into people's earnings about such
rows; what left earnings again about one of them counts against it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from canut.ledger.models import Account, Kind, LedgerEntry, Reason

Ids = Collection[int] | QuerySet[Any, Any]
"""Ids, or a query that gives one column of them and is run where it is used."""

_INTO = Q(credit__kind=Kind.EARNINGS)
_OUT_OF = Q(debit__kind=Kind.EARNINGS)


@dataclass(frozen=True, slots=True)
class Booked:
    """What came into earnings about one row for one reason, in minor units."""

    subject_id: int
    reason: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SumBooked:
    """What came into earnings about many rows for one reason; `key` is by what they were kept apart."""

    key: int | None
    reason: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OtherEntry:
    """One entry of a party's earnings that is about none of the kinds that a room knows."""

    id: int
    at: datetime
    reason: str
    currency: str
    amount_minor: int
    note: str


def booked_about(kind: str, ids: Collection[int]) -> list[Booked]:
    """Return what came into earnings about each of these rows, by reason."""
    rows = _about(kind).filter(subject_id__in=ids).values_list("subject_id", "reason", "currency")
    return [Booked(*row) for row in rows.annotate(amount=Sum("signed")) if row[3]]


def sums_about(kind: str, ids: Ids, *, by: Any = None) -> list[SumBooked]:
    """Return what came into earnings about these rows, by reason and currency.

    `by` is an expression over the rows' ids (`OuterRef("subject_id")` in it), such as their project, by
    which the sums are kept apart.
    """
    rows = _about(kind).filter(subject_id__in=ids)
    rows = rows.annotate(key=Value(None, output_field=BigIntegerField()) if by is None else by)
    sums = rows.values_list("key", "reason", "currency").annotate(amount=Sum("signed"))
    return [SumBooked(*row) for row in sums.order_by("key", "reason", "currency") if row[3]]


def is_booked(kind: str, *, reason: str = "") -> Exists:
    """Return the condition that something came into earnings about a row, for that reason if one is named."""
    rows = LedgerEntry.objects.filter(_INTO, subject_kind=kind, subject_id=OuterRef("pk"))
    return Exists(rows.filter(reason=reason) if reason else rows)


def other_entries(party_id: int, *, known: Collection[str]) -> "QuerySet[LedgerEntry]":
    """Return the entries of a party's earnings that are about none of the `known` kinds, but for payouts."""
    own = list(Account.objects.filter(party_id=party_id, kind=Kind.EARNINGS).values_list("pk", flat=True))
    rows = LedgerEntry.objects.filter(Q(credit__in=own) | Q(debit__in=own))
    return rows.exclude(subject_kind__in=known).exclude(reason=Reason.WITHDRAWAL)


def read_others(ids: Collection[int], *, party_id: int) -> dict[int, OtherEntry]:
    """Return these entries as a party's own, by id; negative where money left its earnings."""
    rows = LedgerEntry.objects.filter(pk__in=ids).select_related("credit")
    return {
        row.pk: OtherEntry(
            id=row.pk,
            at=row.recorded_at,
            reason=row.reason,
            currency=row.currency,
            amount_minor=row.amount_minor * (1 if _is_into(row.credit, party_id) else -1),
            note=row.note,
        )
        for row in rows
    }


def sums_of_others(rows: "QuerySet[LedgerEntry]", *, party_id: int) -> list[SumBooked]:
    """Return what such entries come to for a party, by reason and currency."""
    into = Q(credit__kind=Kind.EARNINGS, credit__party_id=party_id)
    signed = rows.annotate(
        signed=Case(When(into, then=F("amount_minor")), default=-F("amount_minor")),
        key=Value(None, output_field=BigIntegerField()),
    )
    sums = signed.values_list("key", "reason", "currency").annotate(amount=Sum("signed"))
    return [SumBooked(*row) for row in sums.order_by("reason", "currency") if row[3]]


def _about(kind: str) -> "QuerySet[LedgerEntry]":
    signed = Case(When(_INTO, then=F("amount_minor")), default=-F("amount_minor"))
    return LedgerEntry.objects.filter(_INTO | _OUT_OF, subject_kind=kind).annotate(signed=signed)


def _is_into(account: Account, party_id: int) -> bool:
    return account.kind == Kind.EARNINGS and account.party_id == party_id
