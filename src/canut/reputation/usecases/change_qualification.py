"""A requester says better what one of their qualifications is."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.access import qualification_in_use
from canut.reputation.models import Qualification
from canut.reputation.usecases.create_qualification import checked, ensure_free


@transaction.atomic
def change_qualification(
    *,
    qualification_id: int,
    by: Person,
    at: datetime,
    name: str | None = None,
    description: str | None = None,
) -> Qualification:
    """Change what is given of a qualification's name and description; values stay. Doing it twice is safe.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
        QualificationIsRetired: it is only to be looked at.
        BadInput, QualificationNameTaken: as `create_qualification`.
    """
    qualification = qualification_in_use(qualification_id, by=by)
    kept_name, kept_description = checked(
        qualification.name if name is None else name,
        qualification.description if description is None else description,
    )
    if (kept_name, kept_description) == (qualification.name, qualification.description):
        return qualification
    ensure_free(kept_name, by=by, except_id=qualification.pk)
    qualification.name, qualification.description = kept_name, kept_description
    qualification.save(update_fields=["name", "description"])
    record(by, "qualification.changed", qualification, at=at)
    return qualification
