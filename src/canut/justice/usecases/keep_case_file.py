"""A file is added to an appeal: its bytes say what it is; the name it was sent under, its sender reads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.justice.access import case_of_party
from canut.justice.files import SentFile, look_at
from canut.justice.models import Case, CaseFile
from canut.justice.refusals import CaseFileNotFound
from canut.justice.states import CaseState
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person

MOST_FILES = 5


class TooManyCaseFiles(Refusal):
    """An appeal holds five files; one has to be removed before another is added."""

    code = "too_many_case_files"


class CaseHasEnded(Refusal):
    code = "case_has_ended"


def keep_case_files(case: Case, files: Sequence[SentFile], *, at: datetime) -> None:
    """Keep all files of a case, or none, stored bytes included. Otherwise as `keep_case_file`."""
    for sent in files:
        look_at(sent)
    kept: list[CaseFile] = []
    try:
        for sent in files:
            kept.append(keep_case_file(case, sent, at=at))
    except BaseException:
        for file in kept:
            default_storage.delete(file.stored_as)
        raise


def keep_case_file(case: Case, sent: SentFile, *, at: datetime) -> CaseFile:
    """Keep a file of a case whose row is locked; must run in a transaction. The same file is kept once.

    Raises:
        CaseHasEnded: the case is not open any more. TooManyCaseFiles: it has five files already.
        CaseFileEmpty, CaseFileTooLarge, CaseFileTypeRefused: it is not what is taken here.
    """
    if case.state != CaseState.OPEN:
        raise CaseHasEnded(_("This appeal has ended, so nothing can be added to it or taken away."))
    found = look_at(sent)
    again = case.files.filter(sha256=found.sha256).first()
    if again is not None:
        return again
    numbers = list(case.files.order_by("number").values_list("number", flat=True))
    if len(numbers) >= MOST_FILES:
        raise TooManyCaseFiles(
            ngettext(
                "There is %(count)s file already. Remove it first.",
                "There are %(count)s files already. Remove one first.",
                MOST_FILES,
            )
            % {"count": MOST_FILES}
        )
    stored_as = found.store(f"cases/{case.pk}")
    try:
        return CaseFile.objects.create(
            case=case,
            number=next(number for number in range(1, MOST_FILES + 1) if number not in numbers),
            stored_as=stored_as,
            filename=found.filename,
            media_type=found.media_type,
            size_bytes=found.size_bytes,
            sha256=found.sha256,
            uploaded_at=at,
        )
    except BaseException:
        default_storage.delete(stored_as)
        raise


@transaction.atomic
def add_case_file(*, case_id: int, by: Person, sent: SentFile, at: datetime) -> CaseFile:
    """Add a file to an open case of one's own.

    Raises:
        CaseNotFound: `by` has opened none of this number. Otherwise as `keep_case_file`.
    """
    case = case_of_party(case_id, by=by, lock=True)
    kept = keep_case_file(case, sent, at=at)
    record(by, "case.file_kept", case, at=at, size_bytes=kept.size_bytes, media_type=kept.media_type)
    return kept


@transaction.atomic
def remove_case_file(*, file_id: UUID, by: Person, at: datetime) -> Case:
    """Take a file away again from an open case of one's own, and return the case.

    Raises:
        CaseFileNotFound: `by` has sent none of this id, or removed it before.
        CaseHasEnded: peers may have read it, so it stays.
    """
    file = CaseFile.objects.filter(pk=file_id, case__party_id=by.pk).first()
    if file is None:
        raise CaseFileNotFound(_("There is no such file of yours. Perhaps it is removed already."))
    case = case_of_party(file.case_id, by=by, lock=True)
    if case.state != CaseState.OPEN:
        raise CaseHasEnded(_("This appeal has ended, so nothing can be added to it or taken away."))
    record(by, "case.file_removed", case, at=at, size_bytes=file.size_bytes)
    later("work.forget_file", stored_as=file.stored_as)
    file.delete()
    return case
