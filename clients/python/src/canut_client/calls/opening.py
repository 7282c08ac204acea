"""How projects open to workers."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import Cascade, OpeningSoon
from canut_client.reading import read


class OpeningCalls(Calls):
    def cascade(self, project_id: int) -> Cascade:
        """Return how one's own project opens: who may come in now, and what the next beat brings."""
        return read(Cascade, self._transport.get(f"/projects/{project_id}/cascade"))

    def choose_cascade(self, project_id: int, policy: str) -> Cascade:
        """Have it open by "ladder", "throughput" or "share" from its next beat on, or "open" it at once."""
        return read(Cascade, self._transport.put(f"/projects/{project_id}/cascade", {"policy": policy}))

    def opening_soon(self) -> Iterator[OpeningSoon]:
        """Give the projects that only the cascade keeps from oneself, those that open first first."""
        return self._all(OpeningSoon, "/opening-soon")
