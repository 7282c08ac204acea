"""A requester takes back a value that they gave."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.reputation.access import own_qualification
from canut.reputation.models import Ending, QualificationGrant, ScaleKind
from canut.reputation.usecases.grant_values import checked_reason, said
from canut.reputation.usecases.keep_standing import drop_standing


class QualificationNotHeld(NotFound):
    code = "qualification_not_held"


@transaction.atomic
def revoke_qualification(
    *, qualification_id: int, by: Person, worker_id: int, at: datetime, reason: str = ""
) -> QualificationGrant:
    """Let the value that a worker has count no more, from now on; they are told, and why.

    What they hold they may hand in. Revoking twice is safe.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
        QualificationNotHeld: the worker has no value of it.
        BadInput: the reason is too long or cannot be stored.
    """
    qualification = own_qualification(qualification_id, by=by, lock=True)
    latest = latest_grant(qualification.pk, worker_id)
    if latest is not None and latest.ended_as == Ending.REVOKED:
        return latest
    if latest is None or latest.ended_at is not None:
        raise QualificationNotHeld(_("This person has no value of this qualification."))
    end_grant(latest, Ending.REVOKED, reason=checked_reason(reason), at=at)
    record(by, "qualification.revoked", qualification, at=at, **said(latest))
    later("work.tell_of_qualification", grant_ids=[latest.pk])
    return latest


def latest_grant(qualification_id: int, worker_id: int) -> QualificationGrant | None:
    """Return the value that somebody was given last, whether or not it counts; the scale's row is locked."""
    rows = QualificationGrant.objects.filter(qualification_id=qualification_id, worker_id=worker_id)
    return rows.order_by("-pk").first()


def end_grant(grant: QualificationGrant, ending: Ending, *, at: datetime, reason: str = "") -> None:
    """Let a value count no more, and take the standing away."""
    grant.ended_at, grant.ended_as, grant.ended_reason = max(at, grant.granted_at), ending, reason
    grant.save(update_fields=["ended_at", "ended_as", "ended_reason"])
    drop_standing(party_id=grant.worker_id, scale=ScaleKind.QUALIFICATION, scale_id=grant.qualification_id)
