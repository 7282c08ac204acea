"""The files that workers handed in, as one ZIP archive: a folder a task, in it one a worker."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage

from canut.people.queries import who_are
from canut.work.models import AnswerFile, Project
from canut.work.queries.answers import HANDED_IN, in_pieces
from canut.work.uploads.names import clean_name
from canut.work.usecases.computations import Tell

COPIED_AT_ONCE_BYTES = 1_000_000

_FILES = """
SELECT f.stored_as, f.filename, f.item, f.worker_id, f.uploaded_at, t.id, t.key, t.position
FROM work_answerfile f
JOIN work_assignment a ON a.id = f.assignment_id
JOIN work_task t ON t.id = a.task_id
JOIN work_submission s ON s.assignment_id = a.id AND s.attempt = a.attempt
WHERE f.project_id = %s AND a.state = ANY(%s) AND s.answer -> f.item ->> 'file' = f.id::text
      AND (%s::bigint IS NULL OR a.revision_id = %s)
ORDER BY t.position, t.id, f.worker_id, f.item
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """One file and where it stands in the archive."""

    stored_as: str
    path: str
    at: datetime


def write_files(project: Project, file: BinaryIO, tell: Tell, *, revision_id: int | None = None) -> int:
    """Write every file of the answers that stand as `<row's key>/<screen name>/<question>-<name>`.

    Files pass through in pieces; they are stored as they are, for most kinds are packed already.
    Returns how many there are.
    """
    expected = AnswerFile.objects.filter(project=project).count() or 1
    written = 0
    with ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
        for filed in _filed(project, revision_id):
            entry = ZipInfo(filed.path, date_time=filed.at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            with (
                default_storage.open(filed.stored_as) as source,
                archive.open(entry, "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target, COPIED_AT_ONCE_BYTES)
            written += 1
            tell(written / expected)
    return written


def _filed(project: Project, revision_id: int | None) -> Iterator[Filed]:
    """Give the files with their paths: no two the same, on no computer that ignores capitals either."""
    used: set[str] = set()
    states = [str(state) for state in HANDED_IN]
    found = in_pieces(_FILES, [project.pk, states, revision_id, revision_id])
    for stored_as, filename, item, worker_id, at, task_id, key, position in found:
        worker = who_are({worker_id})[worker_id].screen_name
        task = clean_name(
            str(key).replace("/", "_").replace("\\", "_"), otherwise=f"task-{position}", longest=60
        )
        handle = clean_name(worker, otherwise=f"worker-{worker_id}", longest=60)
        name = f"{item}-{clean_name(filename, otherwise=item)}"
        path = f"{task}/{handle}/{name}"
        if path.casefold() in used:
            path = f"{task}-{task_id}/{handle}-{worker_id}/{name}"
        used.add(path.casefold())
        yield Filed(stored_as, path, at)
