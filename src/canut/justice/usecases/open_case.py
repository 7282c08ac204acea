"""Somebody contests what was decided about them: a case is opened, and peers will hear it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.justice.files import SentFile
from canut.justice.models import LONGEST_WORDS, Case
from canut.justice.states import CaseKind, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.keep_case_file import keep_case_files
from canut.kernel.events import record
from canut.people.models import Party


@transaction.atomic
def open_case(
    *,
    kind: CaseKind,
    subject_id: int,
    party: Party,
    words: str = "",
    files: Sequence[SentFile] = (),
    at: datetime,
) -> Case:
    """Open a case about something that is `party`'s to contest, which the caller has checked.

    Its subject keeps what it is about as it is meanwhile, or refuses. While one is open about the same
    thing, that one is returned. Of `words`, which may be empty, the first 2,000 characters are kept.

    Raises:
        Refusal: the subject cannot be contested, any more or at all. CaseFile…: a file cannot be kept.
    """
    party = Party.objects.select_for_update(no_key=True).get(pk=party.pk)  # two clicks take turns
    found = Case.objects.filter(kind=kind, subject_id=subject_id, state=CaseState.OPEN).first()
    if found is not None:
        return found
    words = words.strip()[:LONGEST_WORDS]
    SUBJECTS[kind].opened(subject_id, words=words, at=at)
    case = Case.objects.create(kind=kind, subject_id=subject_id, party=party, words=words, opened_at=at)
    keep_case_files(case, files, at=at)
    record(party, "case.opened", case, at=at, kind=str(kind), about=subject_id)
    return case
