"""Refusals to admit somebody: as they see their own, as operators see them, and what a contest is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from canut.membership.models import AdmissionRefusal, Membership, Voucher
from canut.membership.queries import is_admitted
from canut.membership.states import RefusalGround, RefusalState
from canut.membership.usecases.refuse_admission import contest_until, own_refusal
from canut.people.access import as_operator
from canut.people.models import Person
from canut.work.queries.near import near_to

REFUSALS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class OwnRefusal:
    """A refusal as the person whom it is about sees it: no operator's name."""

    id: int
    ground: RefusalGround
    reason: str
    refused_at: datetime
    state: RefusalState
    until: datetime
    may_contest: bool
    words: str
    contested_at: datetime | None
    ended_by: str
    decision: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefusalMade:
    """A refusal as operators see it later, among themselves."""

    id: int
    screen_name: str
    by: str
    ground: RefusalGround
    reason: str
    refused_at: datetime
    state: RefusalState


@dataclass(frozen=True, slots=True)
class ContestedRefusal:
    """What a contest is about, for the room that hears it: nobody's name. `language` is the person's."""

    person_id: int
    language: str
    operator_id: int
    is_over: bool
    ground: RefusalGround
    reason: str
    words: str
    vouchers: int


def own_refusals(*, by: Person, at: datetime, most: int = REFUSALS_A_PAGE) -> Sequence[OwnRefusal]:
    """Return the refusals to admit `by`, the latest first."""
    rows = AdmissionRefusal.objects.filter(request__person=by).order_by("-pk")[:most]
    member = is_admitted(by.pk, at=at)
    return [_own(row, is_member=member, at=at) for row in rows]


def own_refusal_seen(refusal_id: int, *, by: Person, at: datetime) -> OwnRefusal:
    """Return a refusal to admit `by`.

    Raises:
        AdmissionRefusalNotFound: there is none of this number, or it is about somebody else.
    """
    refusal = own_refusal(refusal_id, by=by)
    return _own(refusal, is_member=is_admitted(by.pk, at=at), at=at)


def refusals_page(
    *, by: Person, before_id: int | None = None, most: int = REFUSALS_A_PAGE
) -> tuple[Sequence[RefusalMade], int | None]:
    """Return a page of the refusals that operators gave, the latest first.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
    """
    as_operator(by)
    rows = AdmissionRefusal.objects.select_related("request__person__party", "by__party").order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: most + 1])
    shown = [
        RefusalMade(
            id=one.pk,
            screen_name=one.request.person.screen_name,
            by=one.by.screen_name,
            ground=RefusalGround(one.ground),
            reason=one.reason,
            refused_at=one.refused_at,
            state=RefusalState(one.state),
        )
        for one in found[:most]
    ]
    return shown, shown[-1].id if len(found) > most else None


def refusals_by(operator_id: int) -> "QuerySet[Any, Any]":
    """Return the ids of the refusals that somebody decided, as a query to run where it is used."""
    return AdmissionRefusal.objects.filter(by_id=operator_id).values("pk")


def contested_refusal(refusal_id: int) -> ContestedRefusal:
    """Return what the contest of a refusal is about; there must be one of this number.

    It is over when it has ended, when the person became a member otherwise, or closed their account.
    """
    row = AdmissionRefusal.objects.select_related("request__person__party").get(pk=refusal_id)
    person = row.request.person
    return ContestedRefusal(
        person_id=person.pk,
        language=person.locale,
        operator_id=row.by_id,
        is_over=row.state != RefusalState.CONTESTED
        or person.party.closed_at is not None
        or Membership.objects.filter(person=person, ended_at__isnull=True).exists(),
        ground=RefusalGround(row.ground),
        reason=row.reason,
        words=row.words,
        vouchers=Voucher.objects.filter(request=row.request_id).count(),
    )


def who_had_a_part_in_refusal(refusal_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge the refusal to admit somebody, because they had a part in it or a tie to them.

    They are the person; every operator, for one of them decided; who vouched; and who has a tie to the person
    by work.
    """
    row = AdmissionRefusal.objects.select_related("request").get(pk=refusal_id)
    operators = Person.objects.filter(is_operator=True)
    return {
        row.request.person_id,
        row.by_id,
        *operators.values_list("pk", flat=True),
        *Voucher.objects.filter(request=row.request_id).values_list("by", flat=True),
        *near_to(row.request.person_id, at=at),
    }


def _own(row: AdmissionRefusal, *, is_member: bool, at: datetime) -> OwnRefusal:
    until = contest_until(row)
    return OwnRefusal(
        id=row.pk,
        ground=RefusalGround(row.ground),
        reason=row.reason,
        refused_at=row.refused_at,
        state=RefusalState(row.state),
        until=until,
        may_contest=row.state == RefusalState.GIVEN and at < until and not is_member,
        words=row.words,
        contested_at=row.contested_at,
        ended_by=row.ended_by,
        decision=row.decision,
        ended_at=row.ended_at,
    )
