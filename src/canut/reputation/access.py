"""The only way to a qualification on somebody's behalf: its owner's to use, its holders' to give up."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.reputation.models import Qualification


class QualificationNotFound(NotFound):
    code = "qualification_not_found"


class QualificationIsRetired(Refusal):
    code = "qualification_is_retired"


def qualifications_of(by: Person) -> "QuerySet[Qualification]":
    """Return the qualifications that `by` made, in no order."""
    return Qualification.objects.filter(owner_id=by.pk)


def own_qualification(qualification_id: int, *, by: Person, lock: bool = False) -> Qualification:
    """Return a qualification that `by` made, its row locked if asked.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
    """
    rows = qualifications_of(by)
    found = (rows.select_for_update(no_key=True) if lock else rows).filter(pk=qualification_id).first()
    if found is None:
        raise QualificationNotFound(
            _("There is no such qualification of yours. Yours are listed under Qualifications.")
        )
    return found


def qualification_in_use(qualification_id: int, *, by: Person) -> Qualification:
    """Lock and return a qualification that `by` made and has not retired, to grant it or to ask for it.

    Whatever is done with one qualification takes turns, so none is retired while a project begins to ask
    for it.

    Raises:
        QualificationNotFound, QualificationIsRetired
    """
    found = own_qualification(qualification_id, by=by, lock=True)
    if found.retired_at is not None:
        raise QualificationIsRetired(
            _("“%(name)s” is retired. Make a new qualification; its name is free again.")
            % {"name": found.name}
        )
    return found


def held_qualification(qualification_id: int, *, by: Person) -> Qualification:
    """Lock and return a qualification of which `by` was ever given a value.

    Raises:
        QualificationNotFound: there is none, or `by` never had a value of it.
    """
    rows = Qualification.objects.select_for_update(no_key=True, of=("self",))
    given = rows.filter(pk__in=Qualification.objects.filter(grants__worker_id=by.pk).values("pk"))
    found = given.filter(pk=qualification_id).first()
    if found is None:
        raise QualificationNotFound(_("You hold no such qualification. It may have been taken back."))
    return found
