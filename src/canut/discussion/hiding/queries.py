"""Whether something is hidden at a moment: for pages, for programs, and for the rooms between."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from canut.discussion.hiding.models import Hidden

BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Hiding:
    """Since when something is hidden, and until when; None if a person has confirmed it."""

    id: int
    since: datetime
    until: datetime | None

    @property
    def is_confirmed(self) -> bool:
        return self.until is None


def is_hidden(kind: str, subject_id: int, at: datetime) -> bool:
    """Tell whether a thing is hidden at `at`; `kind` is one of `states.HiddenKind`."""
    return subject_id in hidden_among(kind, [subject_id], at)


def hidden_among(kind: str, subject_ids: Collection[int], at: datetime) -> frozenset[int]:
    """Return which of these things, all of one kind, are hidden at `at`."""
    ids = [one for one in subject_ids if 0 < one <= BIGGEST_ID]
    if not ids:
        return frozenset()
    rows = _hidden_at(at).filter(subject_kind=kind, subject_id__in=ids)
    return frozenset(rows.values_list("subject_id", flat=True))


def hidden_in_query(kind: str, field: str, at: datetime) -> Exists:
    """Return the condition that a row's thing of this kind, whose number is in `field`, is hidden at `at`."""
    return Exists(_hidden_at(at).filter(subject_kind=kind, subject_id=OuterRef(field)))


def hiding_changed_in_query(kind: str, field: str, since: datetime) -> Exists:
    """Return the condition that a row's thing of this kind was hidden or shown again at `since` or later."""
    changed = Hidden.objects.filter(Q(since__gte=since) | Q(ended_at__gte=since))
    return Exists(changed.filter(subject_kind=kind, subject_id=OuterRef(field)))


def hiding_of(kind: str, subject_id: int, at: datetime) -> Hiding | None:
    """Return since when a thing is hidden and until when; None if it is not hidden at `at`."""
    row = _hidden_at(at).filter(subject_kind=kind, subject_id=subject_id).order_by("-pk").first()
    return None if row is None else Hiding(row.pk, row.since, row.until)


def _hidden_at(at: datetime) -> "QuerySet[Hidden]":
    return Hidden.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at),
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        since__lte=at,
    )
