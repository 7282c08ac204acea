"""The people who run the site appoint mediators, and end that."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.mediation.access import LARGEST
from canut.justice.mediation.models import Dispute, Mandate, Mediator
from canut.justice.mediation.refusals import AppointedByThemselves, MediatorNotFound
from canut.justice.mediation.states import MandateEnd
from canut.justice.mediation.usecases.name_mediator import replace_mediator
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.access import PersonNotFound, as_operator, ensure_member
from canut.people.models import Person
from canut.people.queries import people_named


@transaction.atomic
def appoint_mediator(*, by: Person, screen_name: str, at: datetime) -> Mediator:
    """Appoint somebody to mediate disputes. Who is appointed already stays so.

    Raises:
        OperatorRoleMissing: `by` does not run the site. PersonNotFound: nobody has this name.
        AppointedByThemselves: it is `by`.
        AccountIsClosed, NotActivated, TermsNotAccepted: they cannot take part here.
    """
    as_operator(by)
    found = people_named([screen_name]).get(screen_name.strip().lower())
    if found is None:
        raise PersonNotFound(_("Nobody here has this name. Check the spelling; capitals make no difference."))
    if found.id == by.pk:
        raise AppointedByThemselves(_("Somebody else who runs this site must appoint you."))
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=found.id)
    ensure_member(person)
    held = Mediator.objects.filter(person=person, ended_at__isnull=True).first()
    if held is not None:
        return held
    mediator = Mediator.objects.create(person=person, appointed_by=by, appointed_at=at)
    record(by, "mediator.appointed", mediator, at=at, person_id=person.pk)
    later("mediation.tell_appointed", mediator_id=mediator.pk)
    return mediator


@transaction.atomic
def dismiss_mediator(*, by: Person, mediator_id: int, at: datetime) -> Mediator:
    """End an appointment, one's own or as an operator; other mediators are named for what was in hand.

    Raises:
        OperatorRoleMissing: `by` neither runs the site nor is this mediator.
        MediatorNotFound: there was none of this number.
    """
    found = (
        Mediator.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=min(mediator_id, LARGEST))
        .first()
    )
    if found is None or found.person_id != by.pk:
        as_operator(by)
    if found is None:
        raise MediatorNotFound(_("There is no such mediator. The list has those who mediate here."))
    if found.ended_at is not None:
        return found
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    record(by, "mediator.dismissed", found, at=at, person_id=found.person_id)
    if by.pk != found.person_id:
        later("mediation.tell_dismissed", mediator_id=found.pk)
    for mandate in Mandate.objects.filter(mediator=found, until__isnull=True).order_by("dispute_id"):
        end_mandate(mandate.pk, at=at)
    return found


@transaction.atomic
def end_mandate(mandate_id: int, *, at: datetime) -> bool:
    """Take a dispute from a mediator who does not mediate here any more, and give it to another one."""
    named = Mandate.objects.get(pk=mandate_id)
    dispute = Dispute.objects.select_for_update(of=("self",), no_key=True).get(pk=named.dispute_id)
    mandate = Mandate.objects.filter(pk=mandate_id, until__isnull=True).first()
    if mandate is None:
        return False
    replace_mediator(dispute, mandate, MandateEnd.LEFT, at=at)
    return True
