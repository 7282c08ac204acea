"""A file is added to an appeal: its bytes say what it is; the name it was sent under, its sender reads."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.justice.access import case_of_party
from canut.justice.models import Case, CaseFile
from canut.justice.refusals import CaseFileNotFound
from canut.justice.states import CaseState
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.uploads.kinds import ENDINGS, media_type_of, types_of
from canut.work.uploads.names import clean_name, with_ending

MOST_FILES = 5
LIMIT_BYTES = 10_000_000
TYPES = types_of(("image", "audio", "pdf", "text"))
PIECE_BYTES = 1_000_000


class CaseFileEmpty(Refusal):
    code = "case_file_empty"
    status = 422


class CaseFileTooLarge(Refusal):
    """Facts: `limit_bytes`."""

    code = "case_file_too_large"
    status = 413


class CaseFileTypeRefused(Refusal):
    """Facts: `accepts`, the types that are taken, and `found`, the one this is ("" if unknown)."""

    code = "case_file_type_refused"
    status = 422


class TooManyCaseFiles(Refusal):
    code = "too_many_case_files"


class CaseHasEnded(Refusal):
    code = "case_has_ended"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody sent it, under the name they gave it."""

    file: "File[bytes]"
    filename: str


def keep_case_file(case: Case, sent: SentFile, *, at: datetime) -> CaseFile:
    """Keep a file of a case whose row is locked; must run in a transaction. The same file is kept once.

    Raises:
        CaseHasEnded: the case is not open any more. TooManyCaseFiles: it has five files already.
        CaseFileEmpty, CaseFileTooLarge, CaseFileTypeRefused: it is not what is taken here.
    """
    if case.state != CaseState.OPEN:
        raise CaseHasEnded(_("This appeal has ended, so nothing can be added to it or taken away."))
    refuse_too_large(sent.file.size)
    if not sent.file.size:
        raise CaseFileEmpty(_("The file is empty. Nothing was kept."))
    media_type = media_type_of(sent.file)
    if media_type not in TYPES:
        raise CaseFileTypeRefused(
            _("Pictures, sound, PDF and plain text are taken here. This is none of them. Nothing was kept."),
            found=media_type,
            accepts=sorted(TYPES),
        )
    digest = _sha256(sent.file)
    again = case.files.filter(sha256=digest).first()
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
    endings = ENDINGS[media_type]
    stored_as = default_storage.save(f"cases/{case.pk}/{uuid4().hex}{endings[0]}", sent.file)
    try:
        return CaseFile.objects.create(
            case=case,
            number=next(number for number in range(1, MOST_FILES + 1) if number not in numbers),
            stored_as=stored_as,
            filename=with_ending(clean_name(sent.filename, otherwise="file"), endings),
            media_type=media_type,
            size_bytes=sent.file.size,
            sha256=digest,
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


def refuse_too_large(size_bytes: int | None) -> None:
    """Raise CaseFileTooLarge if a file is over the limit of appeals or of the site."""
    limit = min(LIMIT_BYTES, settings.ANSWER_FILE_LIMIT_BYTES)
    if (size_bytes or 0) > limit:
        raise CaseFileTooLarge(
            _("The file is larger than %(limit)s MB, the most that is taken here. Nothing was kept.")
            % {"limit": limit // 1_000_000},
            limit_bytes=limit,
        )


def _sha256(file: "File[bytes]") -> str:
    digest = sha256()
    for piece in file.chunks(PIECE_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
