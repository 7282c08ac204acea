"""Those who take part in a dispute send files to each other; nobody else ever reads them."""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.files import SentFile, look_at
from canut.justice.mediation.access import LARGEST, dispute_of, must_be
from canut.justice.mediation.models import Dispute, DisputeFile
from canut.justice.mediation.refusals import DisputeFileNotFound, TooManyDisputeFiles
from canut.justice.mediation.states import OPEN, Audience
from canut.justice.mediation.usecases.say import checked_audience
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person

MOST_FILES_A_SIDE = 20


@transaction.atomic
def keep_dispute_file(
    *, dispute_id: int, by: Person, sent: SentFile, audience: str = Audience.ALL, at: datetime
) -> DisputeFile:
    """Send a file to the others in an open dispute, or as a message to the mediator alone, or to one side.

    What it is, its bytes say. The same file for the same readers is kept once.

    Raises:
        DisputeNotFound: `by` has no part in it. DisputeNotThere: it has ended.
        BadInput: it is not for these readers to be sent to. TooManyDisputeFiles: a side has sent twenty.
        CaseFileEmpty, CaseFileTooLarge, CaseFileTypeRefused: it is not what is taken here.
    """
    dispute, side = dispute_of(dispute_id, by=by, lock=True)
    heard = checked_audience(dispute, side, audience)
    found = look_at(sent)
    again = dispute.files.filter(by=by, audience=heard, sha256=found.sha256).first()
    if again is not None:
        return again
    must_be(dispute, *OPEN)
    if dispute.files.filter(side=side).count() >= MOST_FILES_A_SIDE:
        raise TooManyDisputeFiles(
            _("Your side has sent %(most)s files. Take one back first.") % {"most": MOST_FILES_A_SIDE},
            most=MOST_FILES_A_SIDE,
        )
    stored_as = found.store(f"disputes/{dispute.pk}")
    try:
        kept = DisputeFile.objects.create(
            dispute=dispute,
            by=by,
            side=side,
            audience=heard,
            stored_as=stored_as,
            filename=found.filename,
            media_type=found.media_type,
            size_bytes=found.size_bytes,
            sha256=found.sha256,
            sent_at=at,
        )
        record(by, "dispute.file_kept", dispute, at=at, side=str(side), size_bytes=kept.size_bytes)
        later("mediation.tell_of_news", dispute_id=dispute.pk, by_side=str(side), audience=str(heard))
    except BaseException:
        default_storage.delete(stored_as)
        raise
    return kept


@transaction.atomic
def take_back_file(*, dispute_id: int, by: Person, file_id: UUID, at: datetime) -> Dispute:
    """Take back a file that one has sent, as long as the dispute is open.

    Raises:
        DisputeNotFound: `by` has no part in it. DisputeNotThere: it has ended.
        DisputeFileNotFound: `by` has sent none of this id, or took it back before.
    """
    dispute, _side = dispute_of(min(dispute_id, LARGEST), by=by, lock=True)
    found = dispute.files.filter(pk=file_id, by=by).first()
    if found is None:
        raise DisputeFileNotFound(_("There is no such file of yours. Perhaps you took it back already."))
    must_be(dispute, *OPEN)
    record(by, "dispute.file_taken_back", dispute, at=at, size_bytes=found.size_bytes)
    later("work.forget_file", stored_as=found.stored_as)
    found.delete()
    return dispute
