"""Files that workers handed in: what was kept, who may fetch one, and where an answer belongs."""

from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.work.designs.items import FileKept, InPlace, Occasion
from canut.work.models import AnswerFile, Assignment, Submission
from canut.work.uploads.bare import write_bare
from canut.work.validators import row_shown


class AnswerFileNotFound(NotFound):
    """There is no such file, or the one who asks may not fetch it: the answer is the same."""

    code = "answer_file_not_found"


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file, ready to be sent: its name and its type as they were told when it was kept.

    One that `is_blind` is sent without what it tells of whoever made it, so it may be smaller than it is.
    """

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    stored_as: str
    is_blind: bool = False

    def open(self) -> IO[bytes]:
        kept = default_storage.open(self.stored_as)
        if not self.is_blind:
            return kept
        bare = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
        with kept:
            write_bare(kept, self.media_type, bare)
        bare.seek(0)
        return bare


def readable_file(file_id: UUID, *, by: Person) -> Stored:
    """Return a file for its worker, or for the owner of the project once it was handed in.

    Raises:
        AnswerFileNotFound: there is none that `by` may fetch.
    """
    found = AnswerFile.objects.select_related("project").filter(pk=file_id).first()
    if found is None or not _may_read(found, by):
        raise AnswerFileNotFound(_("There is no such file, or it is not yours to fetch."))
    return Stored(found.pk, found.filename, found.media_type, found.size_bytes, found.stored_as)


def _may_read(file: AnswerFile, by: Person) -> bool:
    if by.pk == file.worker_id:
        return True
    return by.pk == file.project.owner_id and was_handed_in(file)


def was_handed_in(file: AnswerFile) -> bool:
    """Tell whether an answer names the file; what a worker sends and does not hand in is only theirs."""
    answers = Submission.objects.filter(assignment_id=file.assignment_id).values_list("answer", flat=True)
    named = [answer.get(file.item) for answer in answers]
    return any(isinstance(one, dict) and one.get("file") == str(file.pk) for one in named)


def files_of(assignment: Assignment) -> "QuerySet[AnswerFile]":
    """Return what an assignment's answer may name: its files, and those of earlier goes of its worker.

    A task that ran out of time and was taken again goes on from its draft, which may name a file.
    """
    earlier = Q(worker_id=assignment.worker_id, assignment__task_id=assignment.task_id)
    return AnswerFile.objects.filter(Q(assignment=assignment) | earlier).order_by("uploaded_at", "pk")


def kept(files: Iterable[AnswerFile]) -> dict[str, FileKept]:
    return {
        str(file.pk): FileKept(str(file.pk), file.item, file.filename, file.size_bytes, file.media_type)
        for file in files
    }


def place_of(assignment: Assignment, *, takes_files: bool) -> InPlace:
    """Return the row that an assignment shows its worker, and the files its answer may name."""
    files = kept(files_of(assignment)) if takes_files else {}
    return InPlace(Occasion(row=row_shown(assignment), seed=assignment.seed), files)
