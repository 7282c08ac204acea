"""A mediator is named for a dispute, steps aside, or is replaced because a side asks for it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.mediation import rules
from canut.justice.mediation.access import LARGEST, mandate_held, must_be, part_in
from canut.justice.mediation.models import Dispute, Mandate, Mediator
from canut.justice.mediation.refusals import MediatorRefusedBefore, NoMediatorNow
from canut.justice.mediation.states import OPEN, PARTIES, DisputeState, MandateEnd, Side
from canut.justice.mediation.words import checked
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.queries import lists_of
from canut.people.queries_lists import who_block_or_are_blocked
from canut.people.queries_restrictions import not_shut_out
from canut.work.queries.between import had_work_between


def begin_mediation(dispute: Dispute, *, at: datetime) -> None:
    """Take a locked dispute, whose other side replied or let the time pass, to a mediator."""
    dispute.state, dispute.mediation_at = DisputeState.MEDIATION, at
    dispute.save(update_fields=["state", "mediation_at"])
    record(None, "dispute.mediation_begun", dispute, at=at, with_reply=dispute.replied_at is not None)
    name_mediator(dispute, at=at)


def name_mediator(dispute: Dispute, *, at: datetime) -> Mandate | None:
    """Name who mediates a locked dispute; None if nobody may now: then it is tried again later.

    The one with the fewest disputes in hand, of those who are neither a side of it, nor had work with one
    lately, nor are on one's lists or block one, nor had this dispute before, nor are kept from signing in.
    """
    mediators = {
        one.person_id: one
        for one in Mediator.objects.filter(ended_at__isnull=True, person__is_active=True)
        .select_related("person__party")
        .order_by("pk")
    }
    of_open = Q(until__isnull=True, dispute__state__in=OPEN, person_id__in=mediators)
    counted = Mandate.objects.filter(of_open).values_list("person_id").annotate(count=Count("pk"))
    in_hand = dict.fromkeys(mediators, 0) | dict(counted.order_by())
    chosen = rules.next_mediator(in_hand, apart=_apart(dispute, mediators.values(), at=at))
    if chosen is None:
        return None
    mandate = Mandate.objects.create(
        dispute=dispute,
        mediator=mediators[chosen],
        person_id=chosen,
        since=at,
        due_at=at + timedelta(days=in_force("mediation.mediator_days", at=at)),
    )
    record(None, "dispute.mediator_named", dispute, at=at, mediator_id=chosen)
    later("mediation.tell", dispute_id=dispute.pk, what="mediator")
    return mandate


@transaction.atomic
def step_aside(*, dispute_id: int, by: Person, reason: str, at: datetime) -> Dispute:
    """Give a dispute back, as its mediator; another one is named. Both sides read the reason.

    Raises:
        DisputeNotFound: `by` has no part in it, or has no more. NotYourPart: `by` does not mediate it.
        BadInput: there is no reason. DisputeNotThere: it has ended.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.MEDIATOR,))
    tidy = checked(reason=reason)
    must_be(dispute, DisputeState.MEDIATION)
    replace_mediator(dispute, mandate_held(dispute), MandateEnd.STEPPED_ASIDE, reason=tidy["reason"], at=at)
    return dispute


@transaction.atomic
def ask_for_another(*, dispute_id: int, by: Person, mandate_id: int, reason: str, at: datetime) -> Dispute:
    """Ask, as a side, for another mediator than the one of this mandate.

    Each side may once, whatever the reason; and again whenever a mediator's time is over.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` mediates it.
        BadInput: there is no reason. DisputeNotThere: it is not in mediation.
        NoMediatorNow: nobody mediates it now, or somebody else does already.
        MediatorRefusedBefore: `by`'s side has asked before, and the time is not over.
    """
    dispute, side = part_in(dispute_id, by=by, only=PARTIES)
    tidy = checked(reason=reason)
    asked = Mandate.objects.filter(dispute=dispute, pk=min(mandate_id, LARGEST)).first()
    if asked is not None and asked.until is not None and asked.reason == tidy["reason"]:
        return dispute
    must_be(dispute, DisputeState.MEDIATION)
    if asked is None or asked.until is not None:
        raise NoMediatorNow(_("This mediator does not have the dispute now. Its page says who does."))
    end = MandateEnd.TOO_SLOW if at >= asked.due_at else MandateEnd(side.value)
    if end != MandateEnd.TOO_SLOW and Mandate.objects.filter(dispute=dispute, end=end).exists():
        raise MediatorRefusedBefore(
            _("Your side has asked for another mediator before. You can again when this one's time is over."),
            due_at=asked.due_at.isoformat(),
        )
    replace_mediator(dispute, asked, end, reason=tidy["reason"], at=at)
    return dispute


def replace_mediator(
    dispute: Dispute, mandate: Mandate, end: MandateEnd, *, reason: str = "", at: datetime
) -> None:
    """End a mandate in a locked dispute, and name another mediator."""
    mandate.until, mandate.end, mandate.reason = at, end, reason
    mandate.save(update_fields=["until", "end", "reason"])
    record(None, "dispute.mediator_left", dispute, at=at, mediator_id=mandate.person_id, end=str(end))
    if dispute.state != DisputeState.MEDIATION:
        return
    if name_mediator(dispute, at=at) is None:
        later("mediation.tell", dispute_id=dispute.pk, what="waits")


def _apart(dispute: Dispute, mediators: Collection[Mediator], *, at: datetime) -> set[int]:
    people = [one.person_id for one in mediators]
    since = at - timedelta(days=in_force("mediation.apart_days", at=at))
    able = not_shut_out(Person.objects.filter(pk__in=people)).values_list("pk", flat=True)
    apart = set(people) - set(able)
    apart |= set(Mandate.objects.filter(dispute=dispute).values_list("person_id", flat=True))
    if dispute.other_id is None:
        apart |= {one.person_id for one in mediators if one.person.is_operator}
    for side in (dispute.complainant_id, dispute.other_id):
        if side is not None:
            apart |= {side, *lists_of(side, people)} | had_work_between(side, people, since=since)
            apart |= who_block_or_are_blocked([side])
    return apart
