"""Files that come with a message: looked at, stored, and named fit for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput
from canut.work.uploads.kinds import ENDINGS, digest_of, media_type_of, types_of
from canut.work.uploads.names import clean_name, with_ending

MOST_FILES = 5
LIMIT_BYTES = 10_000_000
TYPES = types_of(("image", "audio", "pdf", "text"))


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of a kind that is taken here."""

    file: "File[bytes]"
    filename: str
    media_type: str
    size_bytes: int
    sha256: str

    def store(self) -> str:
        """Store the bytes under a name nobody can guess, and return it."""
        return default_storage.save(f"messages/{uuid4().hex}{ENDINGS[self.media_type][0]}", self.file)


def look_at(files: "Sequence[File[bytes]]") -> Sequence[Looked]:
    """Return what each file is, by its bytes; the same bytes twice are one file.

    Raises:
        BadInput: there are too many, or one is empty, too large, or of a kind that is not taken here.
    """
    if len(files) > MOST_FILES:
        raise too_many()
    looked = [_look_at(file) for file in files]
    return list({one.sha256: one for one in reversed(looked)}.values())[::-1]


def too_many() -> BadInput:
    """Return the answer to whoever sends more files with a message than are taken."""
    return _refused(_("At most %(most)s files go with one message.") % {"most": MOST_FILES})


def limit_bytes() -> int:
    """Return how large one file may be."""
    return min(LIMIT_BYTES, settings.ANSWER_FILE_LIMIT_BYTES)


def refuse_too_large(size_bytes: int) -> None:
    """Raise BadInput if a file of this size is not worth receiving."""
    if size_bytes > limit_bytes():
        limit = {"limit": limit_bytes() // 1_000_000}
        raise _refused(_("This file is larger than %(limit)s MB, the most that is taken here.") % limit)


def _look_at(file: "File[bytes]") -> Looked:
    size = file.size or 0
    limit = limit_bytes()
    name = clean_name(str(file.name), otherwise="file")
    named = {"name": name, "limit": limit // 1_000_000}
    if not size:
        raise _refused(_("%(name)s is empty.") % named)
    if size > limit:
        raise _refused(_("%(name)s is larger than %(limit)s MB, the most that is taken here.") % named)
    media_type = media_type_of(file)
    if media_type not in TYPES:
        raise _refused(
            _("Pictures, sound, PDF and plain text are taken here. %(name)s is none of them.") % named
        )
    return Looked(file, with_ending(name, ENDINGS[media_type]), media_type, size, digest_of(file))


def _refused(sentence: str) -> BadInput:
    return BadInput(_("Nothing was sent. See what to mend."), errors={"files": sentence})
