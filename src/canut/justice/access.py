"""The only way to a case on somebody's behalf: for who appealed, and for the other side.

Jurors reach theirs by their seats. Who may not see a case is told the same as if there were none.
"""

from django.utils.translation import gettext as _

from canut.justice.models import Case
from canut.justice.refusals import CaseNotFound
from canut.justice.subjects import SUBJECTS
from canut.people.models import Person

LARGEST = 2**63 - 1


def case_of_party(case_id: int, *, by: Person, lock: bool = False) -> Case:
    """Return a case that `by` opened, its row locked if asked.

    Raises:
        CaseNotFound: there is none, or it is somebody else's.
    """
    rows = Case.objects.select_for_update(no_key=True) if lock else Case.objects.all()
    found = rows.filter(pk=case_id, party_id=by.pk).first() if 0 < case_id <= LARGEST else None
    if found is None:
        raise _not_there()
    return found


def case_to_read(case_id: int, *, by: Person) -> Case:
    """Return a case that `by` opened, or in which they are the other side.

    Raises:
        CaseNotFound: there is none, or `by` is neither.
    """
    found = Case.objects.filter(pk=case_id).first() if 0 < case_id <= LARGEST else None
    if found is None or not is_side_of(found, by.pk):
        raise _not_there()
    return found


def is_side_of(case: Case, person_id: int) -> bool:
    """Tell whether somebody opened a case or is its other side."""
    return person_id == case.party_id or person_id in SUBJECTS[case.kind].other_side(case.subject_id)


def _not_there() -> CaseNotFound:
    return CaseNotFound(_("There is no such appeal, or it is not yours to read."))
