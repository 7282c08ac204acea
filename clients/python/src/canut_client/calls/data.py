"""Files of rows, rows sent as they are, and the tasks they become."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canut_client.calls.base import (
    AmountLike,
    Calls,
    FileLike,
    Progress,
    bytes_left,
    given,
    name_of,
    opened,
    written,
)
from canut_client.models import AddedRows, Task, Upload
from canut_client.reading import read

UNDER_WAY = ("received", "reading", "adding", "fitting")


class DataCalls(Calls):
    def upload(
        self, project_id: int, file: FileLike, *, filename: str | None = None, key: str | None = None
    ) -> Upload:
        """Send a CSV, TSV or JSONL file of rows, in pieces. Nothing becomes a task yet: see `add_upload`.

        `filename` is needed for a file object that has no name; its ending says the format.
        """
        path = f"/projects/{project_id}/uploads"
        with opened(file, "rb") as content:
            sent = self._transport.upload(
                path,
                content,
                size_bytes=bytes_left(content),
                filename=filename or name_of(file),
                key=key,
            )
        return read(Upload, sent)

    def uploads(self, project_id: int) -> Iterator[Upload]:
        """Give a project's files, newest first."""
        return self._all(Upload, f"/projects/{project_id}/uploads")

    def upload_state(self, upload_id: int) -> Upload:
        """Return how far a file is, and what was found in it."""
        return read(Upload, self._transport.get(f"/uploads/{upload_id}"))

    def wait_for_upload(
        self, upload_id: int, *, progress: Progress | None = None, poll_seconds: float = 1.0
    ) -> Upload:
        """Return a file when it has been read, refused or added; `progress` is told how far it is."""
        while True:
            found = self.upload_state(upload_id)
            if progress is not None:
                progress(_share(found))
            if found.state not in UNDER_WAY:
                return found
            time.sleep(poll_seconds)

    def choose_columns(self, upload_id: int, *, key: str = "", answers: str = "") -> Upload:
        """Say which column holds the rows' ids, and which the number of answers each needs."""
        body = {"key": key, "answers": answers}
        return read(Upload, self._transport.put(f"/uploads/{upload_id}/columns", body))

    def add_upload(self, upload_id: int, *, skip_bad: bool = False) -> Upload:
        """Make a task of every row; many rows are added by a job: see `wait_for_upload`."""
        body = {"skip_bad": skip_bad}
        return read(Upload, self._transport.post(f"/uploads/{upload_id}/add", body))

    def download_upload(self, upload_id: int, to: FileLike) -> int:
        """Write the file as it was sent, and return its size in bytes."""
        with opened(to, "wb") as file:
            return self._transport.download(f"/uploads/{upload_id}/file", file)

    def remove_upload(self, upload_id: int) -> None:
        """Remove a file and its tasks, unless they are published."""
        self._transport.delete(f"/uploads/{upload_id}")

    def add_tasks(
        self,
        project_id: int,
        rows: Sequence[Mapping[str, Any]],
        *,
        key_column: str = "",
        answers_column: str = "",
        agreed_total: AmountLike | None = None,
        key: str | None = None,
    ) -> AddedRows:
        """Make tasks of up to 1,000 rows, all or none; in a published project they are paid for first."""
        body = {
            "rows": [dict(row) for row in rows],
            "key_column": key_column,
            "answers_column": answers_column,
            **given(agreed_total=written(agreed_total)),
        }
        return read(AddedRows, self._transport.post(f"/projects/{project_id}/tasks", body, key=key))

    def tasks(self, project_id: int, *, key: str | None = None) -> Iterator[Task]:
        """Give a project's tasks with their whole rows, oldest first; with `key` those of one row's id."""
        return self._all(Task, f"/projects/{project_id}/tasks", key=key, limit=200)

    def task(self, task_id: int) -> Task:
        return read(Task, self._transport.get(f"/tasks/{task_id}"))


def _share(upload: Upload) -> float:
    match upload.state:
        case "received":
            return 0.0
        case "reading":
            return upload.bytes_read / max(1, upload.size_bytes)
        case "adding":
            return upload.rows_added / max(1, upload.row_count)
        case _:
            return 1.0
