"""A sanction ends: its days are over, it is taken back, or nobody looked at it again in time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.sanctions.access import refuse_own, sanction_as_operator
from canut.justice.sanctions.models import Sanction
from canut.justice.sanctions.refusals import SanctionIncomplete
from canut.justice.sanctions.states import UNDONE, Ended
from canut.kernel.events import record
from canut.kernel.later import later
from canut.ledger.usecases.refuse_payment import lift_payment_refusal
from canut.people.models import Person
from canut.people.usecases.restrict_person import lift_restriction

AT_ONCE = 200


def end(sanction: Sanction, how: Ended, *, by: Person | None, reason: str, at: datetime) -> None:
    """End a sanction whose row is locked, and free what it barred; must run in a transaction."""
    lift_restriction(sanction_id=sanction.pk, at=at)
    lift_payment_refusal(sanction_id=sanction.pk, at=at)
    sanction.ended_at, sanction.ended_how, sanction.ended_by, sanction.end_reason = at, how, by, reason
    sanction.save(update_fields=["ended_at", "ended_how", "ended_by", "end_reason"])
    record(by, "sanction.ended", sanction, at=at, how=str(how))
    if sanction.delivered_at is not None and how in UNDONE:
        later("justice.tell_sanction_ended", sanction_id=sanction.pk)


@transaction.atomic
def withdraw_sanction(*, sanction_id: int, reason: str, by: Person, at: datetime) -> Sanction:
    """Take a sanction back, before or after it took effect. Taking it back twice changes nothing.

    Raises:
        OperatorRoleMissing: `by` does not run the site. SanctionNotFound: there is none.
        OwnSanction: it touches `by`. SanctionIncomplete: no reason is given.
    """
    sanction = sanction_as_operator(sanction_id, by=by, lock=True)
    if sanction.ended_at is not None:
        return sanction
    refuse_own(sanction.person_id, by=by)
    reason = reason.replace("\0", "").strip()[:5_000]
    if not reason:
        said = _("Say why it is taken back. The one it touches reads this.")
        raise SanctionIncomplete(said, errors={"reason": [said]})
    end(sanction, Ended.WITHDRAWN, by=by, reason=reason, at=at)
    return sanction


@transaction.atomic
def end_run_out(*, at: datetime, person_id: int | None = None) -> int:
    """Note of sanctions whose days are over that they have ended, of one person or all. A job."""
    rows = Sanction.objects.filter(ended_at__isnull=True, ends_at__lte=at)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    found = rows.select_for_update(of=("self",), no_key=True, skip_locked=person_id is None).order_by("pk")
    ended = list(found[:AT_ONCE])
    for sanction in ended:
        end(sanction, Ended.RUN_OUT, by=None, reason="", at=at)
    return len(ended)


@transaction.atomic
def lapse_unreviewed(*, at: datetime) -> int:
    """End sanctions that nobody looked at again in time; return how many. A job.

    Their effect ended at that moment already, by its own date.
    """
    rows = Sanction.objects.filter(ended_at__isnull=True, review__outcome="", review__review_by__lte=at)
    found = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    lapsed = list(found[:AT_ONCE])
    for sanction in lapsed:
        end(sanction, Ended.LAPSED, by=None, reason="", at=at)
    return len(lapsed)
