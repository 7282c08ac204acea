"""A requester appeals the withdrawal of a project by its workers (MECHANISMS 2.11)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.justice.files import SentFile
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person
from canut.work.access import own_project


@transaction.atomic
def appeal_withdrawal(
    *, project_id: int, by: Person, words: str, files: Sequence[SentFile] = (), at: datetime
) -> Case:
    """Say why the workers' refusal of a project of one's own was wrong, once.

    Appealing again returns the same case, whatever has become of it.

    Raises:
        ProjectNotFound: there is none of `by`. NothingToAppeal: it was not withdrawn.
        AppealTooLate: the charter's time for it is over. AppealDecided: it was heard before peers were.
        BadInput: there are no words, or too many.
        CaseFile…: a file cannot be kept.
    """
    project = own_project(project_id, by=by, lock=True)
    existing = Case.objects.filter(kind=CaseKind.WITHDRAWAL, subject_id=project.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.WITHDRAWAL, subject_id=project.pk, party=by.party, words=words, files=files, at=at
    )
