"""Why a project is open to somebody or not."""

from canut_client.calls.base import Calls
from canut_client.models import Explanation
from canut_client.reading import read


class ExplanationCalls(Calls):
    def explanation(self, project_id: int) -> Explanation:
        """Return why a project is open to the caller now or not, and when it will be."""
        return read(Explanation, self._transport.get(f"/projects/{project_id}/explanation"))
