"""Settlements, top-ups and contests."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import MyTopUp, Settlements, TopUp
from canut_client.reading import read


class TopUpCalls(Calls):
    def settlements(self, project_id: int) -> Settlements:
        """Return how long one's own project really takes, and the top-ups that come of it."""
        return read(Settlements, self._transport.get(f"/projects/{project_id}/settlements"))

    def contest_top_up(
        self, project_id: int, top_up_id: int, reason: str, *, key: str | None = None
    ) -> TopUp:
        """Hold one worker's top-up until peers have decided; pay is never held."""
        path = f"/projects/{project_id}/top-ups/{top_up_id}/contest"
        return read(TopUp, self._transport.post(path, {"reason": reason}, key=key))

    def top_ups(self) -> Iterator[MyTopUp]:
        """Give the caller's own top-ups, newest first, each with why."""
        return self._all(MyTopUp, "/top-ups")
