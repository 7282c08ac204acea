"""Reading qualifications: a requester's own with who holds them, and what somebody holds of others'."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.reputation.access import own_qualification, qualifications_of
from canut.reputation.models import Ending, Qualification, QualificationGrant

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class OwnQualification:
    """A qualification as the requester who made it sees it, with how many hold it now."""

    id: int
    name: str
    description: str
    created_at: datetime
    retired_at: datetime | None
    holders: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a value of a qualification, as its owner sees them."""

    grant_id: int
    who: WhoIs
    value: Decimal
    reason: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Holders:
    """A page of holders, the last granted first. `search` is what their names contain."""

    holders: Sequence[Holder]
    search: str
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody was given of one qualification last, as they see it.

    `ended_as` is empty while it counts, and else says whether it was revoked, given up, or retired.
    """

    grant_id: int
    qualification_id: int
    name: str
    description: str
    owner: WhoIs
    value: Decimal
    reason: str
    granted_at: datetime
    ended_at: datetime | None
    ended_as: str
    ended_reason: str


@dataclass(frozen=True, slots=True)
class NamedQualification:
    """What anybody may be told of a qualification that a project asks for."""

    id: int
    name: str
    description: str
    owner_id: int
    is_retired: bool


def own_qualifications(
    by: Person, *, retired: bool | None = None, before_id: int | None = None, most: int = A_PAGE
) -> Sequence[OwnQualification]:
    """Return what `by` made, the newest first; only those in use, only the retired, or all."""
    rows = qualifications_of(by)
    if retired is not None:
        rows = rows.filter(retired_at__isnull=not retired)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return _own(rows.order_by("-pk")[:most])


def own_qualification_seen(qualification_id: int, *, by: Person) -> OwnQualification:
    """Return one that `by` made.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
    """
    return _own([own_qualification(qualification_id, by=by)])[0]


def holders_of(
    qualification_id: int,
    *,
    by: Person,
    search: str = "",
    person_id: int | None = None,
    before_id: int | None = None,
    most: int = A_PAGE,
) -> Holders:
    """Return who holds a qualification of `by` now, granted before the grant `before_id`; one if named.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
    """
    qualification = own_qualification(qualification_id, by=by)
    rows = QualificationGrant.objects.filter(qualification=qualification, ended_at__isnull=True)
    if (search := search.strip()).isprintable() and search:
        rows = rows.filter(worker__screen_name__icontains=search)
    if person_id is not None:
        rows = rows.filter(worker_id=person_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-pk")[: most + 1])
    who = who_are({row.worker_id for row in found[:most]})
    return Holders(
        [Holder(row.pk, who[row.worker_id], row.value, row.reason, row.granted_at) for row in found[:most]],
        search,
        found[most - 1].pk if len(found) > most else None,
    )


def held_by(by: Person, *, before_id: int | None = None, most: int = A_PAGE) -> Sequence[Held]:
    """Return what `by` was given of each qualification last, the latest first, whether or not it counts.

    Of each the row that was written last: an older one was replaced, or taken back before.
    """
    latest = QualificationGrant.objects.filter(worker_id=by.pk)
    latest = latest.order_by("qualification_id", "-pk").distinct("qualification_id")
    rows = QualificationGrant.objects.filter(pk__in=latest.values("pk"))
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("qualification").order_by("-pk")[:most])
    owners = who_are({row.qualification.owner_id for row in found})
    return [_held(row, owners) for row in found]


def held_seen(qualification_id: int, *, by: Person) -> Held:
    """Return what `by` was given last of one qualification; there is such a row."""
    rows = QualificationGrant.objects.filter(worker_id=by.pk, qualification_id=qualification_id)
    row = rows.select_related("qualification").order_by("-pk")[0]
    return _held(row, who_are({row.qualification.owner_id}))


def named_qualifications(qualification_ids: Collection[int]) -> Mapping[int, NamedQualification]:
    """Return what these qualifications are called, by id."""
    rows = Qualification.objects.filter(pk__in=qualification_ids)
    return {
        row.pk: NamedQualification(
            row.pk, row.name, row.description, row.owner_id, row.retired_at is not None
        )
        for row in rows
    }


def given_up(qualification_id: int, party_ids: Collection[int]) -> frozenset[int]:
    """Return which of these people have given a qualification up and not taken it back."""
    rows = QualificationGrant.objects.filter(qualification_id=qualification_id, worker_id__in=party_ids)
    latest = rows.order_by("worker_id", "-pk").distinct("worker_id")
    return frozenset(row.worker_id for row in latest if row.ended_as == Ending.GIVEN_UP)


def given_to_by(owner_id: int, party_ids: Collection[int]) -> frozenset[int]:
    """Return to which of these people somebody has ever given a value of a qualification."""
    rows = QualificationGrant.objects.filter(qualification__owner_id=owner_id, worker_id__in=party_ids)
    return frozenset(rows.values_list("worker_id", flat=True))


def _own(rows: "QuerySet[Qualification] | Sequence[Qualification]") -> list[OwnQualification]:
    found = list(rows)
    counting = Count("pk", filter=Q(ended_at__isnull=True))
    grants = QualificationGrant.objects.filter(qualification__in=found)
    holders = dict(grants.values_list("qualification_id").annotate(count=counting))
    return [
        OwnQualification(
            row.pk, row.name, row.description, row.created_at, row.retired_at, holders.get(row.pk, 0)
        )
        for row in found
    ]


def _held(row: QualificationGrant, owners: Mapping[int, WhoIs]) -> Held:
    return Held(
        grant_id=row.pk,
        qualification_id=row.qualification_id,
        name=row.qualification.name,
        description=row.qualification.description,
        owner=owners[row.qualification.owner_id],
        value=row.value,
        reason=row.reason,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
        ended_as=row.ended_as,
        ended_reason=row.ended_reason,
    )
