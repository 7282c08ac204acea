"""Ratings by both sides, and requesters' public records."""

from collections.abc import Iterable, Iterator, Mapping

from canut_client.calls.base import Calls
from canut_client.models import Rating, RatingOfRequester, RatingOfWorker, Ratings, Requester
from canut_client.reading import read


class RatingCalls(Calls):
    def rate_worker(self, submission_id: int, value: float) -> Rating:
        """Say when a submission's worker may come in to one's next tasks: 3 early, 2 normally, 1 last."""
        return read(Rating, self._transport.put(f"/submissions/{submission_id}/rating", {"value": value}))

    def rate_workers(
        self,
        ratings: Iterable[Mapping[str, float]],
        *,
        ignore_history: bool = False,
        key: str | None = None,
    ) -> Ratings:
        """Rate up to 1,000 pieces of work at once, on any scale: the least weight becomes 1, the largest 3.

        Each names `task_id` and `worker_id`, or `submission_id` alone, and a `weight`. All or nothing.
        """
        body = {"ratings": [dict(one) for one in ratings], "ignore_history": ignore_history}
        return read(Ratings, self._transport.post("/ratings", body, key=key))

    def ratings_of_workers(self) -> Iterator[RatingOfWorker]:
        """Give what the caller has said of workers, newest first, what was replaced too."""
        return self._all(RatingOfWorker, "/ratings", limit=200)

    def rate_requester(self, assignment_id: int, value: float) -> Rating:
        """Say where the requester of a task one has handed in shall stand in one's feed: 3, 2 or 1."""
        path = f"/assignments/{assignment_id}/requester-rating"
        return read(Rating, self._transport.put(path, {"value": value}))

    def rate_requester_for_all(self, requester_id: int, value: float) -> Rating:
        """Say so of a requester by number, for all that was handed in to them."""
        return read(Rating, self._transport.put(f"/requesters/{requester_id}/rating", {"value": value}))

    def ratings_of_requesters(self) -> Iterator[RatingOfRequester]:
        """Give what the caller has said of requesters, newest first, what was replaced too."""
        return self._all(RatingOfRequester, "/requester-ratings", limit=200)

    def requester(self, requester_id: int) -> Requester:
        """Return a requester's public record; needs no key."""
        return read(Requester, self._transport.get(f"/requesters/{requester_id}"))
