"""Somebody contests that the operators did not admit them: members hear it (MECHANISMS 7.1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.keep_case_file import SentFile
from canut.justice.usecases.open_case import open_case
from canut.membership.usecases import refuse_admission
from canut.people.models import Person


@transaction.atomic
def contest_refusal(
    *, refusal_id: int, by: Person, words: str = "", files: Sequence[SentFile] = (), at: datetime
) -> Case:
    """Contest a refusal to admit `by`, once. Contesting again returns the same case, whatever became of it.

    Raises:
        AdmissionRefusalNotFound: there is none of `by`. AlreadyAdmitted: they are a member by now.
        RefusalContestTooLate: the charter's time for it is over. BadInput: the words are too long.
        AccountIsClosed, NotActivated, TermsNotAccepted: the account is not ready for it.
        CaseFile…: a file cannot be kept.
    """
    refusal = refuse_admission.contest_refusal(refusal_id=refusal_id, by=by, words=words, at=at)
    existing = Case.objects.filter(kind=CaseKind.ADMISSION, subject_id=refusal.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.ADMISSION,
        subject_id=refusal.pk,
        party=by.party,
        words=refusal.words,
        files=files,
        at=at,
    )
