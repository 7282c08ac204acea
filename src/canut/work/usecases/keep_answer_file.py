"""A worker sends a file for a question, before the answer that names it is handed in."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.designs.files import MEGABYTE, FileAnswer
from canut.work.models import AnswerFile, Assignment
from canut.work.queries.files import AnswerFileNotFound, was_handed_in
from canut.work.states import IN_HAND
from canut.work.uploads.kinds import ENDINGS, digest_of, media_type_of, types_of
from canut.work.uploads.names import clean_name, with_ending
from canut.work.usecases.leave_task import NotInHand
from canut.work.usecases.submit_answer import ran_out
from canut.work.validators import design_of

MOST_FILES_A_QUESTION = 10
"""So many tries are kept for one question of one assignment; whoever wants more removes one."""


class NoFileAsked(Refusal):
    code = "no_file_asked"
    status = 422


class AnswerFileEmpty(Refusal):
    code = "answer_file_empty"
    status = 422


class AnswerFileTooLarge(Refusal):
    """Facts: `limit_bytes`."""

    code = "answer_file_too_large"
    status = 413


class AnswerFileTypeRefused(Refusal):
    """Facts: `accepts`, the types that the question takes, and `found`, the one this is ("" if unknown)."""

    code = "answer_file_type_refused"
    status = 422


class TooManyAnswerFiles(Refusal):
    """One assignment holds as many files as it may; remove one first."""

    code = "too_many_answer_files"


class AnswerFileHandedIn(Refusal):
    code = "answer_file_handed_in"


def keep_answer_file(
    *, assignment_id: int, by: Person, item: str, file: "File[bytes]", filename: str, at: datetime
) -> AnswerFile:
    """Keep a file for one question of a task in hand; the answer then names it by its id.

    What it is, its bytes say; what it is called is made fit for pages and folders. The same file for
    the same question is kept once, however often it is sent.

    Raises:
        AssignmentNotFound: there is none of `by`. NotInHand, LeaseRanOut: it is too late.
        NoFileAsked: the design has no question of this name that is answered by a file.
        AnswerFileEmpty, AnswerFileTooLarge, AnswerFileTypeRefused: it is not what the question takes.
        TooManyAnswerFiles: there are ten for the question already.
    """
    assignment = own_assignment(assignment_id, by=by)
    question = _question(assignment, item)
    refuse_too_large(file.size, question)
    digest = digest_of(file)
    again = _same(assignment, item, digest)
    if again is not None:
        return again
    _refuse_late(assignment, at)
    if not file.size:
        raise AnswerFileEmpty(_("The file is empty. Nothing was kept."))
    media_type = media_type_of(file)
    if media_type not in types_of(question.kinds):
        raise AnswerFileTypeRefused(
            _("This is none of the kinds of file asked for here, whatever its name says. Nothing was kept."),
            found=media_type,
            accepts=sorted(types_of(question.kinds)),
        )
    endings = ENDINGS[media_type]
    stored_as = default_storage.save(f"answers/{assignment.project_id}/{uuid4().hex}{endings[0]}", file)
    named = with_ending(clean_name(filename, otherwise=item), endings)
    try:
        kept = _note(
            assignment_id, item, stored_as, named, media_type, size=file.size, digest=digest, by=by, at=at
        )
    except BaseException:
        default_storage.delete(stored_as)
        raise
    if kept.stored_as != stored_as:  # the same file came twice at once
        default_storage.delete(stored_as)
    return kept


@transaction.atomic
def remove_answer_file(*, file_id: UUID, by: Person, at: datetime) -> Assignment:
    """Take a file away again that was not handed in, and return the assignment it was for.

    Raises:
        AnswerFileNotFound: `by` has sent none of this id, or removed it before.
        AnswerFileHandedIn: an answer that was handed in names it.
    """
    file = AnswerFile.objects.filter(pk=file_id, worker_id=by.pk).first()
    if file is None:
        raise AnswerFileNotFound(_("There is no such file of yours. Perhaps it is removed already."))
    assignment = own_assignment(file.assignment_id, by=by, lock=True)
    if was_handed_in(file):
        raise AnswerFileHandedIn(_("You have handed in this file, so it cannot be removed."))
    record(by, "assignment.file_removed", assignment, at=at, item=file.item, size_bytes=file.size_bytes)
    later("work.forget_file", stored_as=file.stored_as)
    file.delete()
    return assignment


def refuse_too_large(size_bytes: int, question: FileAnswer | None = None) -> None:
    """Raise AnswerFileTooLarge if a file is over the question's limit or, always, over the site's."""
    limit = settings.ANSWER_FILE_LIMIT_BYTES
    if question is not None:
        limit = min(limit, question.limit_bytes)
    if size_bytes > limit:
        raise AnswerFileTooLarge(
            _("The file is larger than %(limit)s MB, the most that is taken here. Nothing was kept.")
            % {"limit": limit // MEGABYTE},
            limit_bytes=limit,
        )


@transaction.atomic
def _note(
    assignment_id: int,
    item: str,
    stored_as: str,
    filename: str,
    media_type: str,
    *,
    size: int,
    digest: str,
    by: Person,
    at: datetime,
) -> AnswerFile:
    assignment = own_assignment(assignment_id, by=by, lock=True)
    again = _same(assignment, item, digest)
    if again is not None:
        return again
    _refuse_late(assignment, at)
    if AnswerFile.objects.filter(assignment=assignment, item=item).count() >= MOST_FILES_A_QUESTION:
        raise TooManyAnswerFiles(
            ngettext(
                "There is %(count)s file for this question already. Remove it first.",
                "There are %(count)s files for this question already. Remove one first.",
                MOST_FILES_A_QUESTION,
            )
            % {"count": MOST_FILES_A_QUESTION}
        )
    kept = AnswerFile.objects.create(
        project_id=assignment.project_id,
        assignment=assignment,
        worker=by,
        item=item,
        stored_as=stored_as,
        filename=filename,
        media_type=media_type,
        size_bytes=size,
        sha256=digest,
        uploaded_at=at,
    )
    record(by, "assignment.file_kept", assignment, at=at, item=item, size_bytes=size, media_type=media_type)
    return kept


def _question(assignment: Assignment, item: str) -> FileAnswer:
    for question in design_of(assignment.revision_id).questions:
        if question.name == item and isinstance(question, FileAnswer):
            return question
    raise NoFileAsked(_("This task has no question of this name that is answered by a file."))


def _same(assignment: Assignment, item: str, digest: str) -> AnswerFile | None:
    """Return the file that this one repeats."""
    return AnswerFile.objects.filter(assignment=assignment, item=item, sha256=digest).first()


def _refuse_late(assignment: Assignment, at: datetime) -> None:
    if assignment.state not in IN_HAND:
        raise NotInHand(
            _("This task is not in your hands any more, so nothing was kept."), state=assignment.state
        )
    if assignment.lease_until <= at:
        raise ran_out(assignment)
