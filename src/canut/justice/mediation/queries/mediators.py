"""Who mediates here: for everybody by name, for the people who run the site with what each has in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from canut.justice.mediation.models import Dispute, Mandate, Mediator
from canut.justice.mediation.states import OPEN, DisputeState
from canut.people.access import as_operator
from canut.people.models import Person

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class MediatorSeen:
    """A mediator as everybody sees them."""

    id: int
    screen_name: str
    simulated: bool
    appointed_at: datetime
    is_me: bool


@dataclass(frozen=True, slots=True)
class MediatorAsOperatorSees:
    """A mediator, who appointed them, and how many disputes they have and had."""

    id: int
    screen_name: str
    appointed_by: str
    appointed_at: datetime
    ended_at: datetime | None
    in_hand: int
    had: int


def mediators_page(
    *, by: Person | None, after: int | None = None, most: int = A_PAGE
) -> tuple[Sequence[MediatorSeen], int | None]:
    """Return a page of those who mediate here, in the order of their appointment."""
    rows = Mediator.objects.filter(ended_at__isnull=True, person__is_active=True)
    found = list(rows.filter(pk__gt=after or 0).select_related("person__party").order_by("pk")[: most + 1])
    shown = [
        MediatorSeen(
            id=row.pk,
            screen_name=row.person.screen_name,
            simulated=row.person.simulated,
            appointed_at=row.appointed_at,
            is_me=by is not None and row.person_id == by.pk,
        )
        for row in found[:most]
    ]
    return shown, found[most - 1].pk if len(found) > most else None


def all_mediators(
    *, by: Person, before: int | None = None, most: int = A_PAGE
) -> tuple[Sequence[MediatorAsOperatorSees], int | None]:
    """Return a page of all who were ever appointed, the newest first.

    Raises:
        OperatorRoleMissing: `by` does not run the site.
    """
    as_operator(by)
    rows = Mediator.objects.select_related("person__party", "appointed_by__party").annotate(
        had=Count("mandates"),
        in_hand=Count("mandates", filter=Q(mandates__until__isnull=True, mandates__dispute__state__in=OPEN)),
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: most + 1])
    shown = [
        MediatorAsOperatorSees(
            id=row.pk,
            screen_name=row.person.screen_name,
            appointed_by=row.appointed_by.screen_name if row.appointed_by else "",
            appointed_at=row.appointed_at,
            ended_at=row.ended_at,
            in_hand=row.in_hand,
            had=row.had,
        )
        for row in found[:most]
    ]
    return shown, found[most - 1].pk if len(found) > most else None


def waiting_for_a_mediator() -> int:
    """Return how many disputes nobody mediates though they have come so far."""
    held = Mandate.objects.filter(until__isnull=True).values("dispute")
    return Dispute.objects.filter(state=DisputeState.MEDIATION).exclude(pk__in=held).count()
