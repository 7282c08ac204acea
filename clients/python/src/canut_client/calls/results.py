"""What came of the work: results to follow, figures, and files."""

import time
from collections.abc import Iterator
from typing import Any, Literal

from canut_client.calls.base import Calls, FileLike, Progress, given, opened
from canut_client.errors import CanutError
from canut_client.models import Export, Result, Statistics, TaskLabels
from canut_client.models import Progress as ProjectProgress
from canut_client.reading import read


class ResultCalls(Calls):
    def iter_results(
        self,
        project_id: int,
        *,
        cursor: str | None = None,
        follow: bool = False,
        poll_seconds: float = 5.0,
    ) -> Iterator[Result]:
        """Give approved work in the order of its approval, each piece once and for good.

        Keep the `cursor` of the last result that you have stored, and give it to go on after it,
        whenever that is: nothing is lost and nothing comes twice. With `follow`, wait for more until
        the project can bring none.
        """
        while True:
            was_over = follow and self._is_over(project_id)
            while True:
                path = f"/projects/{project_id}/results"
                page = self._transport.get(path, cursor=cursor, limit=200)
                for item in page["items"]:
                    yield read(Result, item)
                cursor = page["cursor"]
                if not page["more"]:
                    break
            if not follow or was_over:
                return
            time.sleep(poll_seconds)

    def _is_over(self, project_id: int) -> bool:
        """Tell whether nothing more can be approved: asked before reading, so that the last is not missed."""
        found = read(ProjectProgress, self._transport.get(f"/projects/{project_id}/progress"))
        if found.state == "closed":
            return found.in_hand + found.to_decide + found.returned + found.rejected == 0
        return found.is_complete and not found.rows_waiting

    def statistics(
        self,
        project_id: int,
        *,
        question: str = "",
        revision: int | Literal["all"] | None = None,
        approved_only: bool = False,
        smoothing: int = 1,
        gold: str = "",
        item_a: str | None = None,
        item_b: str | None = None,
        wait: bool = True,
        progress: Progress | None = None,
        poll_seconds: float = 1.0,
    ) -> Statistics:
        """Have the answers to one question summed up, and return that; see the site's page on results.

        `figures` is the same JSON as behind that page. Without `wait`, it may still be None. `revision` is
        the number of one; answers of several are taken together only by "all".
        """
        body = {
            "question": question,
            "approved_only": approved_only,
            "smoothing": smoothing,
            "gold": gold,
            **given(revision=revision, item_a=item_a, item_b=item_b),
        }
        made = read(Statistics, self._transport.post(f"/projects/{project_id}/statistics", body))
        path = f"/statistics/{made.id}"
        return self._done(Statistics, path, made, progress, poll_seconds) if wait else made

    def statistics_state(self, statistics_id: int) -> Statistics:
        """Return figures that were asked for, or how far they are."""
        return read(Statistics, self._transport.get(f"/statistics/{statistics_id}"))

    def task_labels(self, statistics_id: int, *, order: str = "position") -> Iterator[TaskLabels]:
        """Give what each method says of each task, of figures that are done."""
        return self._all(TaskLabels, f"/statistics/{statistics_id}/tasks", order=order, limit=200)

    def export(
        self,
        project_id: int,
        *,
        kind: str = "assignments",
        format: str = "csv",  # noqa: A002 - what the API calls it
        revision: int | Literal["all"] | None = None,
        approved_only: bool = False,
        smoothing: int = 1,
        gold: str = "",
        gold_question: str = "",
        wait: bool = True,
        progress: Progress | None = None,
        poll_seconds: float = 1.0,
    ) -> Export:
        """Have a file written: "assignments" (a row each) or "aggregated", as csv, jsonl or parquet.

        "label-studio" is the tasks with their answers as Label Studio exports its own, always as JSON.
        Without `revision`, assignments come of all of them, aggregated answers of the newest published.
        """
        body = {
            "kind": kind,
            "format": format,
            "approved_only": approved_only,
            "smoothing": smoothing,
            "gold": gold,
            "gold_question": gold_question,
            **given(revision=revision),
        }
        made = read(Export, self._transport.post(f"/projects/{project_id}/exports", body))
        return self._done(Export, f"/exports/{made.id}", made, progress, poll_seconds) if wait else made

    def exports(self, project_id: int) -> Iterator[Export]:
        """Give the newest files that were asked for."""
        return self._all(Export, f"/projects/{project_id}/exports")

    def export_state(self, export_id: int) -> Export:
        """Return a file that was asked for, or how far it is."""
        return read(Export, self._transport.get(f"/exports/{export_id}"))

    def download_answer_file(self, file_id: str, to: FileLike) -> int:
        """Write a file that a worker handed in, and return how many bytes there were.

        `file_id` stands in the answer as `file`; an export of the kind "files" has all of a project's.
        """
        with opened(to, "wb") as target:
            return self._transport.download(f"/files/{file_id}", target)

    def download_export(self, export_id: int, to: FileLike) -> int:
        """Write a finished file, and return its size in bytes."""
        with opened(to, "wb") as file:
            return self._transport.download(f"/exports/{export_id}/file", file)

    def _done(self, model: Any, path: str, made: Any, progress: Progress | None, poll_seconds: float) -> Any:
        while made.finished_at is None:
            if made.problem:
                raise CanutError(made.problem, code="broke_off", status=0)
            if progress is not None:
                progress(made.done_share)
            time.sleep(poll_seconds)
            made = read(model, self._transport.get(path))
        if progress is not None:
            progress(1.0)
        return made
