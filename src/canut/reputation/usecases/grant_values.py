"""A requester gives workers values of a qualification; what they may take follows at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record_each
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.reputation.access import qualification_in_use
from canut.reputation.models import Ending, Qualification, QualificationGrant, ScaleKind
from canut.reputation.rules_qualifications import LONGEST_REASON, kept_line, plain
from canut.reputation.usecases.keep_standing import keep_standings


@dataclass(frozen=True, slots=True)
class Granted:
    """What counts now, in the order of the people's ids, and how much of it was not so before."""

    grants: Sequence[QualificationGrant]
    new: int


@transaction.atomic
def grant_values(
    *, qualification_id: int, by: Person, values: Mapping[int, Decimal], reason: str, at: datetime
) -> Granted:
    """Give each of these people, by id, their value; it takes the place of one they had.

    The caller has checked that `by` knows them, that none has given it up, and the values. The same value
    for the same reason again changes nothing and tells nobody. Whatever is done with one qualification
    takes turns: of two calls at once the later counts.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
        QualificationIsRetired: nobody is given it any more.
        BadInput: the reason is too long or cannot be stored.
    """
    qualification = qualification_in_use(qualification_id, by=by)
    kept_reason = checked_reason(reason)
    counting = QualificationGrant.objects.filter(
        qualification=qualification, worker_id__in=values, ended_at__isnull=True
    )
    before = {row.worker_id: row for row in counting}
    stays = {
        worker_id: row
        for worker_id, row in before.items()
        if row.value == values[worker_id] and row.reason == kept_reason
    }
    fresh = {worker_id: values[worker_id] for worker_id in sorted(values) if worker_id not in stays}
    counting.filter(worker_id__in=fresh).update(ended_at=at, ended_as=Ending.REPLACED)
    made = write_grants(qualification, fresh, reason=kept_reason, at=at)
    record_each(by, "qualification.granted", [(qualification, said(row)) for row in made], at=at)
    if made:
        later("work.tell_of_qualification", grant_ids=[row.pk for row in made])
    every = {row.worker_id: row for row in made} | stays
    return Granted([every[worker_id] for worker_id in sorted(every)], len(made))


def write_grants(
    qualification: Qualification, values: Mapping[int, Decimal], *, reason: str, at: datetime
) -> list[QualificationGrant]:
    """Write values down, and the standings that follow; where none of these people has one that counts."""
    made = QualificationGrant.objects.bulk_create(
        QualificationGrant(
            qualification=qualification, worker_id=worker_id, value=value, reason=reason, granted_at=at
        )
        for worker_id, value in values.items()
    )
    keep_standings(values=values, scale=ScaleKind.QUALIFICATION, scale_id=qualification.pk, at=at)
    return made


def checked_reason(reason: str) -> str:
    """Return a reason as it is kept: one line, which the worker reads.

    Raises:
        BadInput: it is too long or cannot be stored.
    """
    kept = kept_line(reason)
    if kept is None or len(kept) > LONGEST_REASON:
        sentence = _("Give the reason in at most %(count)s characters.") % {"count": LONGEST_REASON}
        raise BadInput(sentence, errors={"reason": sentence})
    return kept


def said(grant: QualificationGrant) -> dict[str, object]:
    """Return what an event says of a value."""
    return {"person_id": grant.worker_id, "value": plain(grant.value)}
