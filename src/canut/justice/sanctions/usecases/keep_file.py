"""Files are added to a sanction: evidence, or what the one it touches sends along."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from canut.justice.files import SentFile, look_at
from canut.justice.sanctions.models import Sanction, SanctionFile
from canut.justice.sanctions.refusals import TooManySanctionFiles

MOST_FILES = 10


def keep_files(sanction: Sanction, files: Sequence[SentFile], *, is_evidence: bool, at: datetime) -> None:
    """Keep files of a sanction whose row is locked or new; must run in a transaction. Each is kept once.

    Raises:
        TooManySanctionFiles: one side has ten already. CaseFile…: one is not what is taken here.
    """
    stored: list[str] = []
    try:
        for sent in files:
            found = look_at(sent)
            mine = SanctionFile.objects.filter(sanction=sanction, is_evidence=is_evidence)
            if mine.filter(sha256=found.sha256).exists():
                continue
            if mine.count() >= MOST_FILES:
                raise TooManySanctionFiles(
                    _("There are %(count)s files already, and no more are taken.") % {"count": MOST_FILES}
                )
            stored.append(found.store(f"sanctions/{sanction.pk}"))
            SanctionFile.objects.create(
                sanction=sanction,
                is_evidence=is_evidence,
                stored_as=stored[-1],
                filename=found.filename,
                media_type=found.media_type,
                size_bytes=found.size_bytes,
                sha256=found.sha256,
                kept_at=at,
            )
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise
