"""The only way to a dispute on somebody's behalf: its two sides and its mediator, and nobody else."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from canut.justice.mediation.models import Dispute, DisputeFile, Mandate, Precedent
from canut.justice.mediation.refusals import (
    DisputeFileNotFound,
    DisputeNotFound,
    DisputeNotThere,
    NoMediatorNow,
    NotYourPart,
    SummaryNotFound,
)
from canut.justice.mediation.states import PARTIES, Audience, DisputeState, PrecedentState, Side
from canut.people.models import Person

LARGEST = 2**63 - 1


def disputes_of(by: Person) -> "QuerySet[Dispute]":
    """Return the disputes in which `by` takes part, newest first.

    Those against the people who run the site are each operator's, but for whoever mediates or began them.
    """
    mediates = Mandate.objects.filter(dispute=OuterRef("pk"), person_id=by.pk, until__isnull=True)
    theirs = Q(complainant_id=by.pk) | Q(other_id=by.pk) | Q(Exists(mediates))
    if by.is_operator and by.is_active:
        theirs |= Q(other__isnull=True)
    return Dispute.objects.filter(theirs).order_by("-pk")


def dispute_of(dispute_id: int, *, by: Person, lock: bool = False) -> tuple[Dispute, Side]:
    """Return a dispute in which `by` takes part, and who they are in it, its row locked if asked.

    Raises:
        DisputeNotFound: there is none of this number, or `by` has no part in it.
    """
    rows = Dispute.objects.select_for_update(of=("self",), no_key=True) if lock else Dispute.objects.all()
    found = rows.filter(pk=dispute_id).first() if 0 < dispute_id <= LARGEST else None
    side = None if found is None else side_of(found, by)
    if found is None or side is None:
        raise DisputeNotFound(_("There is no such dispute of yours."))
    return found, side


def side_of(dispute: Dispute, person: Person) -> Side | None:
    """Return who somebody is in a dispute; None if they have no part in it."""
    if person.pk == dispute.complainant_id:
        return Side.COMPLAINANT
    if person.pk == dispute.other_id:
        return Side.OTHER
    if (mandate := mandate_now(dispute)) and mandate.person_id == person.pk:
        return Side.MEDIATOR
    if dispute.other_id is None and person.is_operator and person.is_active:
        return Side.OTHER
    return None


def mandate_now(dispute: Dispute) -> Mandate | None:
    """Return under which mandate a dispute is mediated now."""
    return Mandate.objects.select_related("person__party").filter(dispute=dispute, until__isnull=True).first()


def mandate_held(dispute: Dispute) -> Mandate:
    """Return under which mandate a dispute is mediated now.

    Raises:
        NoMediatorNow: nobody mediates it.
    """
    found = mandate_now(dispute)
    if found is None:
        raise NoMediatorNow(_("Nobody mediates this dispute at the moment."))
    return found


def part_in(dispute_id: int, *, by: Person, only: tuple[Side, ...]) -> tuple[Dispute, Side]:
    """Lock and return a dispute in which `by` is one of these sides, and which one.

    Raises:
        DisputeNotFound: as `dispute_of`. NotYourPart: `by` is another side.
    """
    dispute, side = dispute_of(dispute_id, by=by, lock=True)
    if side not in only:
        raise NotYourPart(
            {
                PARTIES: _("Only the two sides do this, not the mediator."),
                (Side.COMPLAINANT,): _("Only the one who began the dispute does this."),
                (Side.OTHER,): _("Only the other side does this."),
                (Side.MEDIATOR,): _("Only the mediator of this dispute does this."),
            }[only],
            side=str(side),
        )
    return dispute, side


def must_be(dispute: Dispute, *states: DisputeState) -> None:
    """Raise DisputeNotThere unless the dispute is in one of these states."""
    if dispute.state not in states:
        raise DisputeNotThere(
            _("The dispute is not at this point, or not any more. Its page says where it stands."),
            state=dispute.state,
        )


def read_by(side: Side) -> tuple[Audience, ...]:
    """Return what is meant for a side: the mediator reads all, each side what is for both or for it."""
    return tuple(Audience) if side == Side.MEDIATOR else (Audience.ALL, Audience(side.value))


def file_of(file_id: UUID, *, by: Person) -> DisputeFile:
    """Return a file of a dispute that `by` may read.

    Raises:
        DisputeFileNotFound: there is none, or it is not for `by`.
    """
    found = DisputeFile.objects.select_related("dispute").filter(pk=file_id).first()
    side = None if found is None else side_of(found.dispute, by)
    if found is None or side is None or found.audience not in read_by(side):
        raise DisputeFileNotFound(_("There is no such file, or it is not yours to fetch."))
    return found


def published_summary(precedent_id: int) -> Precedent:
    """Return a summary that everybody may read.

    Raises:
        SummaryNotFound: none of this number is published.
    """
    rows = Precedent.objects.filter(state=PrecedentState.PUBLISHED)
    found = rows.filter(pk=precedent_id).first() if 0 < precedent_id <= LARGEST else None
    if found is None:
        raise SummaryNotFound(_("There is no such summary. The list has those that are published."))
    return found
