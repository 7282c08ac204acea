"""What standings one's own projects ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

from canut_client.calls.base import Calls
from canut_client.models import Requirements
from canut_client.reading import read


class RequirementCalls(Calls):
    def requirements(self, project_id: int) -> Requirements:
        """Return what standings a project of one's own asks for."""
        return read(Requirements, self._transport.get(f"/projects/{project_id}/requirements"))

    def set_requirements(self, project_id: int, requirements: Sequence[Mapping[str, Any]]) -> Requirements:
        """Have a project ask for exactly these, at once; none lets everybody in.

        Each has `scale` ("guild" or "qualification"), `scale_id`, `comparator` ("at_least" if left out) and
        `value`: of a guild the least level.
        """
        body = {"requirements": [dict(one) for one in requirements]}
        return read(Requirements, self._transport.put(f"/projects/{project_id}/requirements", body))
