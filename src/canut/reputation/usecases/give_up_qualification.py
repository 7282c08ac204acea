"""A worker does not want a value that a requester gave them, or wants it after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.access import QualificationIsRetired, held_qualification
from canut.reputation.models import Ending, QualificationGrant
from canut.reputation.usecases.grant_values import said, write_grants
from canut.reputation.usecases.revoke_qualification import QualificationNotHeld, end_grant, latest_grant


@transaction.atomic
def give_up_qualification(*, qualification_id: int, by: Person, at: datetime) -> QualificationGrant:
    """Do without a qualification: from now on `by` counts as somebody who has no value of it.

    Nobody can give it to them again until they take it back themselves. Giving up twice is safe.

    Raises:
        QualificationNotFound: there is none, or `by` was never given it.
        QualificationNotHeld: it was taken from them, or retired.
    """
    qualification = held_qualification(qualification_id, by=by)
    latest = latest_grant(qualification.pk, by.pk)
    if latest is not None and latest.ended_as == Ending.GIVEN_UP:
        return latest
    if latest is None or latest.ended_at is not None:
        raise _not_held()
    end_grant(latest, Ending.GIVEN_UP, at=at)
    record(by, "qualification.given_up", qualification, at=at, **said(latest))
    return latest


@transaction.atomic
def take_back_qualification(*, qualification_id: int, by: Person, at: datetime) -> QualificationGrant:
    """Have a qualification again that `by` gave up, with the value and the reason it had. Safe to repeat.

    Raises:
        QualificationNotFound: there is none, or `by` was never given it.
        QualificationIsRetired: it is nobody's any more.
        QualificationNotHeld: it was taken from them.
    """
    qualification = held_qualification(qualification_id, by=by)
    latest = latest_grant(qualification.pk, by.pk)
    if latest is not None and latest.ended_at is None:
        return latest
    if qualification.retired_at is not None:
        raise QualificationIsRetired(_("The requester has retired it: nobody holds it any more."))
    if latest is None or latest.ended_as != Ending.GIVEN_UP:
        raise _not_held()
    (again,) = write_grants(qualification, {by.pk: latest.value}, reason=latest.reason, at=at)
    record(by, "qualification.taken_back", qualification, at=at, **said(again))
    return again


def _not_held() -> QualificationNotHeld:
    return QualificationNotHeld(_("You hold no such qualification. It may have been taken back."))
