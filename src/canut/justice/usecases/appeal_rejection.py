"""A worker appeals a rejection in one click; its money waits until peers have decided (MECHANISMS 6.1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.justice.files import SentFile
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person
from canut.work.access import own_assignment


@transaction.atomic
def appeal_rejection(
    *, assignment_id: int, by: Person, words: str = "", files: Sequence[SentFile] = (), at: datetime
) -> Case:
    """Appeal the rejection of one's own work, once. Of `words`, if any, 2,000 characters are kept.

    Appealing again returns the same case, whatever has become of it.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NothingToAppeal: it is not rejected. AppealDecided: its appeal was heard before juries sat.
        AppealTooLate: the days in which its money waited are over and the place serves another.
        CaseFileEmpty, CaseFileTooLarge, CaseFileTypeRefused, TooManyCaseFiles: a file cannot be kept.
    """
    assignment = own_assignment(assignment_id, by=by, lock=True)
    existing = Case.objects.filter(kind=CaseKind.REJECTION, subject_id=assignment.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.REJECTION, subject_id=assignment.pk, party=by.party, words=words, files=files, at=at
    )
