"""What every way in has in common: somebody is a member from now on."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.membership.models import AdmissionRequest, Membership
from canut.membership.states import RequestState, Way
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing


class AlreadyAdmitted(Refusal):
    code = "already_admitted"


def admit(
    person: Person, *, way: Way, by: Person | None, at: datetime, checked_by: str = "", note: str = ""
) -> Membership:
    """Make a person a member, give them the standing that says so, and tell them by mail.

    Several at once are safe: they take turns on the person's row, and who is a member already stays the
    member they are. A request of theirs that waits ends with it.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    membership = Membership.objects.filter(person=person, ended_at__isnull=True).first()
    if membership is not None:
        return membership
    membership = Membership.objects.create(
        person=person, way=way, by=by, checked_by=checked_by, note=note, admitted_at=at
    )
    keep_standing(party_id=person.pk, scale=ScaleKind.MEMBERSHIP, scale_id=0, value=Decimal(1), at=at)
    AdmissionRequest.objects.filter(person=person, state=RequestState.OPEN).update(
        state=RequestState.ADMITTED, ended_at=at, words=""
    )
    record(by, "membership.begun", membership, at=at, person_id=person.pk, way=str(way))
    later("membership.tell_admitted", membership_id=membership.pk)
    return membership


def refuse_members(person: Person) -> None:
    """Refuse what only somebody who is no member needs.

    Raises:
        AlreadyAdmitted: they are a member.
    """
    if Membership.objects.filter(person=person, ended_at__isnull=True).exists():
        raise AlreadyAdmitted(_("This person is a member already. Nothing was changed."))
