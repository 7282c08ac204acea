"""What workers do."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from canut_client.calls.base import Calls, FileLike, bytes_left, given, name_of, opened
from canut_client.models import (
    AnswerFile,
    Assignment,
    AssignmentLine,
    Card,
    DraftKept,
    Left,
    PageAnswered,
    PageToAnswer,
    ProjectSeen,
    SubmissionReply,
)
from canut_client.reading import read


class WorkCalls(Calls):
    def feed(
        self,
        order: str | None = None,
        *,
        least_hourly: Decimal | str | None = None,
        most_seconds: int | None = None,
        languages: Sequence[str] = (),
        device: str | None = None,
        risks: str | None = None,
        kind: str | None = None,
    ) -> Iterator[Card]:
        """Give projects from which a task can be taken: "requester", "newest", "pay" or "work_left" first.

        They can be narrowed to what pays `least_hourly` an hour, such as "12.50"; to tasks of at most
        `most_seconds`; to work that needs one of `languages` or none; to what can be done on a `device`,
        "phone" or "computer"; to "paid" or "volunteer" work by `kind`. `risks` is "accepted", "none" or
        "all": sensitive work as you accepted it, none, or all.
        """
        return self._all(
            Card,
            "/feed",
            **given(
                order=order,
                least_hourly=None if least_hourly is None else str(least_hourly),
                most_seconds=most_seconds,
                languages=",".join(languages) or None,
                device=device,
                risks=risks,
                kind=kind,
            ),
        )

    def look_at(self, project_id: int) -> ProjectSeen:
        """Return a published project as a worker sees it before taking a task."""
        return read(ProjectSeen, self._transport.get(f"/feed/{project_id}"))

    def take(self, project_id: int, *, key: str | None = None) -> Assignment:
        """Take an open task of a project; whoever holds one gets that same one."""
        return read(Assignment, self._transport.post(f"/projects/{project_id}/take", key=key))

    def take_task(self, task_id: int, *, key: str | None = None) -> Assignment:
        """Take one task by its address."""
        return read(Assignment, self._transport.post(f"/tasks/{task_id}/take", key=key))

    def assignments(self, shows: str = "in_hand") -> Iterator[AssignmentLine]:
        """Give one's own assignments: "in_hand", "all" that left the hands, or a part of that."""
        return self._all(AssignmentLine, "/assignments", shows=shows)

    def assignment(self, assignment_id: int) -> Assignment:
        return read(Assignment, self._transport.get(f"/assignments/{assignment_id}"))

    def pages(self, assignment_id: int) -> list[PageToAnswer]:
        """Return where the requester's own pages of an assignment are, to be answered there."""
        answer = self._transport.get(f"/assignments/{assignment_id}/pages")
        return [read(PageToAnswer, page) for page in answer["pages"]]

    def answer_page(
        self, permit: str, answer: Mapping[str, Any], *, assignment_id: int | None = None
    ) -> PageAnswered:
        """Bring the answer of a page on one's own server; the permit came with the page's address."""
        body = given(permit=permit, answer=dict(answer), assignment_id=assignment_id)
        return read(PageAnswered, self._transport.post("/page-answers", body))

    def send_file(
        self, assignment_id: int, item: str, file: FileLike, *, filename: str | None = None
    ) -> AnswerFile:
        """Send a file for the question `item` of a task in hand: `{"file": it.file}` is then its answer.

        `filename` is needed for a file object that has no name.
        """
        with opened(file, "rb") as content:
            sent = self._transport.upload(
                f"/assignments/{assignment_id}/files",
                content,
                size_bytes=bytes_left(content),
                filename=filename or name_of(file),
                asked={"item": item},
            )
        return read(AnswerFile, sent)

    def download_own_file(self, assignment_id: int, file_id: str, to: FileLike) -> int:
        """Write a file that one sent, and return how many bytes there were."""
        with opened(to, "wb") as target:
            return self._transport.download(f"/assignments/{assignment_id}/files/{file_id}", target)

    def remove_file(self, assignment_id: int, file_id: str) -> None:
        """Take a file away again that was not handed in."""
        self._transport.delete(f"/assignments/{assignment_id}/files/{file_id}")

    def keep_draft(self, assignment_id: int, answer: Mapping[str, Any]) -> DraftKept:
        """Keep an unfinished answer in place of the one kept before."""
        body = {"answer": dict(answer)}
        return read(DraftKept, self._transport.put(f"/assignments/{assignment_id}/draft", body))

    def submit(
        self,
        assignment_id: int,
        answer: Mapping[str, Any],
        *,
        revision_id: int | None = None,
        active_seconds: int | None = None,
        next: bool = False,  # noqa: A002 - what the API calls it
        verdict: str | None = None,
        unclear: str = "",
    ) -> SubmissionReply:
        """Hand in an answer and, with `next`, take the next task in the same step.

        Where the assignment's `feedback_asked` is true, say what is `unclear` or missing in the design, and
        give the `verdict` "publish" or "revise".

        Give the assignment's `revision_id`: the site then answers this by its fastest way. Sending it
        twice is safe, for a task is handed in once.
        """
        body = {
            "answer": dict(answer),
            "next": next,
            **given(
                revision_id=revision_id,
                active_seconds=active_seconds,
                feedback=verdict and {"verdict": verdict, "unclear": unclear},
            ),
        }
        sent = self._transport.request("POST", f"/assignments/{assignment_id}/submission", body=body)
        return read(SubmissionReply, sent)

    def skip(self, assignment_id: int, *, next: bool = False) -> Left:  # noqa: A002
        """Put a task back, and with `next` take another of its project."""
        return read(Left, self._transport.post(f"/assignments/{assignment_id}/skip", {"next": next}))

    def give_back(self, assignment_id: int) -> Assignment:
        """Put a task back; it may be taken again later."""
        return read(Assignment, self._transport.post(f"/assignments/{assignment_id}/give-back"))
