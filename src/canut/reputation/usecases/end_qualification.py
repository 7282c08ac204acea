"""A qualification ends: nobody holds it any more, and its name is free."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.access import own_qualification
from canut.reputation.models import Ending, Qualification, QualificationGrant, ScaleKind
from canut.reputation.usecases.keep_standing import drop_standings


@transaction.atomic
def end_qualification(*, qualification_id: int, by: Person, at: datetime) -> Qualification:
    """Retire a qualification for good, with every value that was given of it. Safe to repeat.

    The caller has locked its row and knows that no project asks for it.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
    """
    qualification = own_qualification(qualification_id, by=by, lock=True)
    if qualification.retired_at is not None:
        return qualification
    counting = QualificationGrant.objects.filter(qualification=qualification, ended_at__isnull=True)
    held = counting.update(ended_at=at, ended_as=Ending.RETIRED)
    drop_standings(scale=ScaleKind.QUALIFICATION, scale_id=qualification.pk)
    qualification.retired_at = at
    qualification.save(update_fields=["retired_at"])
    record(by, "qualification.retired", qualification, at=at, held=held)
    return qualification
