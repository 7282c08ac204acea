"""The only way to a jury on somebody's behalf. Everybody may read what it does; jurors alone take part."""

from datetime import datetime

from django.utils.translation import gettext as _

from canut.governance.resolution.models import Jury, Restatement, Seat, Statement, Wording
from canut.governance.resolution.refusals import (
    JuryNotFound,
    JuryNotThere,
    NotAJuror,
    RestatementNotFound,
    StatementNotFound,
    WordingNotFound,
)
from canut.governance.resolution.states import JuryState
from canut.membership.access import require_member
from canut.people.models import Person

LARGEST = 2**63 - 1


def jury_known(jury_id: int, *, lock: bool = False) -> Jury:
    """Return a jury; everybody may know of it.

    Raises:
        JuryNotFound: there is none of this number.
    """
    rows = Jury.objects.select_for_update(of=("self",), no_key=True) if lock else Jury.objects.all()
    found = rows.filter(pk=jury_id).first() if 0 < jury_id <= LARGEST else None
    if found is None:
        raise JuryNotFound(_("There is no such jury. The list of juries shows those there are."))
    return found


def jury_to_sit_in(jury_id: int, *, by: Person, at: datetime) -> tuple[Jury, Seat]:
    """Lock and return a jury in which `by` sits, and their seat.

    Raises:
        NotAMember: `by` is not admitted. JuryNotFound: there is none of this number.
        NotAJuror: they were not drawn, have not accepted, or have left.
    """
    require_member(by, at)
    jury = jury_known(jury_id, lock=True)
    return jury, _must_sit(jury, by)


def jury_to_read_in(jury_id: int, *, by: Person, at: datetime) -> tuple[Jury, Seat]:
    """Return a jury that chooses, in which `by` sits, without locking it, for somebody to write in.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`. JuryNotThere: it does not choose now.
    """
    require_member(by, at)
    jury = jury_known(jury_id)
    seat = _must_sit(jury, by)
    must_be(jury, JuryState.CHOOSING)
    return jury, seat


def seat_of(jury: Jury, person: Person) -> Seat | None:
    """Return the seat in which somebody sits, if they do."""
    return Seat.objects.filter(jury=jury, person=person, left_at__isnull=True).first()


def must_be(jury: Jury, *states: JuryState) -> None:
    """Raise JuryNotThere unless the jury is in one of these states."""
    if jury.state not in states:
        raise JuryNotThere(
            _("The jury is not at this point, or not any more. Its page says what it does now."),
            state=jury.state,
        )


def statement_in(jury: Jury, statement_id: int) -> Statement:
    """Return what somebody who still sits in the jury has said.

    Raises:
        StatementNotFound: there is none of this number in this jury.
    """
    rows = Statement.objects.select_related("seat").filter(seat__jury=jury, seat__left_at__isnull=True)
    found = rows.filter(pk=statement_id).first() if 0 < statement_id <= LARGEST else None
    if found is None:
        raise StatementNotFound(_("Nobody who sits in this jury has said this."))
    return found


def restatement_of(jury: Jury, seat: Seat, restatement_id: int) -> Restatement:
    """Return what somebody said back to a juror.

    Raises:
        RestatementNotFound: there is none of this number that was said back to them.
    """
    rows = Restatement.objects.filter(statement__seat=seat, statement__seat__jury=jury)
    found = rows.filter(pk=restatement_id).first() if 0 < restatement_id <= LARGEST else None
    if found is None:
        raise RestatementNotFound(_("This was not said back to you."))
    return found


def wording_in(jury: Jury, wording_id: int) -> Wording:
    """Return a wording that was put to a jury.

    Raises:
        WordingNotFound: there is none of this number in this jury.
    """
    found = jury.wordings.filter(pk=wording_id).first() if 0 < wording_id <= LARGEST else None
    if found is None:
        raise WordingNotFound(_("No such wording was put to this jury."))
    return found


def _must_sit(jury: Jury, by: Person) -> Seat:
    seat = seat_of(jury, by)
    if seat is None:
        raise NotAJuror(
            _("Only members who were drawn for this jury and accepted take part. Everybody can read it.")
        )
    return seat
