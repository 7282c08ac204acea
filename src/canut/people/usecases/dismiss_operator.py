"""Somebody no longer runs the site."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.access import person_as_operator_sees
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by


class LastOperator(Refusal):
    code = "last_operator"


@transaction.atomic
def dismiss_operator(*, person_id: int, by: Person | None, at: datetime) -> Person:
    """Take the operator's role from a person.

    Raises:
        OperatorRoleMissing, PersonNotFound: as for `appoint_operator`.
        LastOperator: nobody else would be left to run the site; only the command line may do that.
    """
    operators = list(Person.objects.select_for_update().filter(is_operator=True).order_by("pk"))
    person = person_as_operator_sees(person_id, by=by)
    if not person.is_operator:
        return person
    if by is not None and len(operators) == 1:
        raise LastOperator(_("You are the last operator. Appoint another one first."))
    person.is_operator = False
    person.save(update_fields=["is_operator"])
    record(by, "person.dismissed_operator", person, at=at)
    with as_read_by(person):
        tell(
            person,
            NoticeKind.ACCOUNT,
            _("You do not run this site any more"),
            _("Your account may do what it could before. Nothing else of it has changed."),
            path="/account/",
            at=at,
        )
    return person
