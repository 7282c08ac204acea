"""A requester contests one worker's times: that top-up waits until peers have decided (MECHANISMS 4.6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.justice.files import SentFile
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person
from canut.work.access import top_up_to_contest


@transaction.atomic
def contest_times(
    *, top_up_id: int, by: Person, reason: str, files: Sequence[SentFile] = (), at: datetime
) -> Case:
    """Contest the times behind a top-up that a project of `by` owes, once, with a reason its worker reads.

    Contesting again returns the same case, whatever has become of it.

    Raises:
        TopUpNotFound: there is none in a project of `by`. ContestTooLate: it is paid or due already, or was
            contested before peers heard that.
        BadInput: the reason is missing or too long. CaseFile…: a file cannot be kept.
    """
    top_up = top_up_to_contest(top_up_id, by=by)
    existing = Case.objects.filter(kind=CaseKind.TIME_REPORT, subject_id=top_up.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.TIME_REPORT, subject_id=top_up.pk, party=by.party, words=reason, files=files, at=at
    )
