"""Deciding on work that was handed in."""

from collections.abc import Iterator, Sequence

from canut_client.calls.base import AmountLike, Calls, written
from canut_client.models import Bonus, Work
from canut_client.reading import read

MOST_AT_ONCE = 1_000


class ReviewCalls(Calls):
    def submissions(
        self, project_id: int, *, state: str | None = None, worker_id: int | None = None
    ) -> Iterator[Work]:
        """Give what was handed in to a project, by number; `state` is the assignment's."""
        path = f"/projects/{project_id}/submissions"
        return self._all(Work, path, state=state, worker_id=worker_id, limit=200)

    def submission(self, submission_id: int) -> Work:
        return read(Work, self._transport.get(f"/submissions/{submission_id}"))

    def approve(self, submission_id: int) -> Work:
        """Accept a submission and pay it. Twice is safe."""
        return read(Work, self._transport.post(f"/submissions/{submission_id}/approve"))

    def approve_many(self, project_id: int, submission_ids: Sequence[int]) -> int:
        """Accept those of the submissions that still wait, and return how many they were."""
        path = f"/projects/{project_id}/approvals"
        approved = 0
        for first in range(0, len(submission_ids), MOST_AT_ONCE):
            some = list(submission_ids[first : first + MOST_AT_ONCE])
            approved += int(self._transport.post(path, {"submission_ids": some})["approved"])
        return approved

    def approve_worker(self, project_id: int, worker_id: int, *, up_to_id: int) -> int:
        """Accept all that waits of one worker, up to one submission by number; return how many."""
        path, approved = f"/projects/{project_id}/approvals", 0
        while done := int(
            self._transport.post(path, {"worker_id": worker_id, "up_to_id": up_to_id})["approved"]
        ):
            approved += done
        return approved

    def return_work(self, submission_id: int, reason: str) -> Work:
        """Send a first submission back for rework, once, saying what to change."""
        return read(Work, self._transport.post(f"/submissions/{submission_id}/return", {"reason": reason}))

    def reject(self, submission_id: int, *, ground: str, evidence: str, reason: str) -> Work:
        """Turn down reworked work, with one of the published grounds, evidence and a reason."""
        body = {"ground": ground, "evidence": evidence, "reason": reason}
        return read(Work, self._transport.post(f"/submissions/{submission_id}/reject", body))

    def pay_bonus(
        self, assignment_id: int, amount: AmountLike, reason: str, *, key: str | None = None
    ) -> Bonus:
        """Pay a bonus to somebody who has handed in work to you."""
        body = {"amount": written(amount), "reason": reason}
        return read(Bonus, self._transport.post(f"/assignments/{assignment_id}/bonus", body, key=key))
