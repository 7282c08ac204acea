"""Files that people add to a case, an answer or a dispute: looked at, stored, and named fit for pages.

What one is, its bytes say; each room keeps its own row of it and says who may read it.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.work.uploads.kinds import ENDINGS, digest_of, media_type_of, types_of
from canut.work.uploads.names import clean_name, with_ending

LIMIT_BYTES = 10_000_000
TYPES = types_of(("image", "audio", "pdf", "text"))


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


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody sent it, under the name they gave it."""

    file: "File[bytes]"
    filename: str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A sent file that is one of those taken here."""

    file: "File[bytes]"
    filename: str
    media_type: str
    size_bytes: int
    sha256: str

    def store(self, folder: str) -> str:
        """Store the bytes in a folder of uploads under a name nobody can guess, and return it."""
        return default_storage.save(f"{folder}/{uuid4().hex}{ENDINGS[self.media_type][0]}", self.file)


def look_at(sent: SentFile) -> LookedAt:
    """Return what a file is, by its bytes.

    Raises:
        CaseFileEmpty, CaseFileTooLarge, CaseFileTypeRefused: it is not what is taken here.
    """
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
    return LookedAt(
        file=sent.file,
        filename=with_ending(clean_name(sent.filename, otherwise="file"), ENDINGS[media_type]),
        media_type=media_type,
        size_bytes=sent.file.size,
        sha256=digest_of(sent.file),
    )


def refuse_too_large(size_bytes: int | None) -> None:
    """Raise CaseFileTooLarge if a file is over the limit of justice or of the site."""
    limit = min(LIMIT_BYTES, settings.ANSWER_FILE_LIMIT_BYTES)
    if (size_bytes or 0) > limit:
        raise CaseFileTooLarge(
            _("The file is larger than %(limit)s MB, the most that is taken here. Nothing was kept.")
            % {"limit": limit // 1_000_000},
            limit_bytes=limit,
        )
