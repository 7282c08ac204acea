"""A requester contests a report of a broken task: its pay waits until peers have decided."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.justice.files import SentFile
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person
from canut.work.access import locked_report
from canut.work.refusals import BrokenReportNotFound


@transaction.atomic
def contest_report(
    *, assignment_id: int, by: Person, reason: str, files: Sequence[SentFile] = (), at: datetime
) -> Case:
    """Contest a report of a task in a project of `by`, once, with a reason that its worker reads.

    Contesting again returns the same case, whatever has become of it.

    Raises:
        BrokenReportNotFound: there is none in a project of `by`.
        ContestTooLate: it is paid or due already, or is not paid at all.
        BadInput: the reason is missing or too long. CaseFile…: a file cannot be kept.
    """
    report = locked_report(assignment_id)
    if report.project.owner_id != by.pk:
        raise BrokenReportNotFound(_("There is no such report of a broken task."))
    existing = Case.objects.filter(kind=CaseKind.BROKEN_TASK, subject_id=report.pk).first()
    if existing is not None:
        return existing
    return open_case(
        kind=CaseKind.BROKEN_TASK, subject_id=report.pk, party=by.party, words=reason, files=files, at=at
    )
