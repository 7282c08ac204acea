"""Designs: worked on step by step, brought in from elsewhere, compared from revision to revision."""

from canut_client.calls.base import Calls
from canut_client.models import Design, DesignRead, Revisions
from canut_client.reading import read


class DesignCalls(Calls):
    def read_design(self, text: str) -> DesignRead:
        """Read JSON of SurveyJS or XML of Label Studio as a design for `create_project`."""
        return read(DesignRead, self._transport.post("/designs/read", {"text": text}))

    def design(self, project_id: int) -> Design:
        """Return the design of one's own project as it was left, with its versions."""
        return read(Design, self._transport.get(f"/projects/{project_id}/design"))

    def undo_design(self, project_id: int, *, key: str | None = None) -> Design:
        """Make the version before the present one the design again."""
        return read(Design, self._transport.post(f"/projects/{project_id}/design/undo", key=key))

    def redo_design(self, project_id: int, *, key: str | None = None) -> Design:
        """Make the version that was undone last the design again."""
        return read(Design, self._transport.post(f"/projects/{project_id}/design/redo", key=key))

    def restore_design(self, project_id: int, number: int, *, key: str | None = None) -> Design:
        """Make an earlier version the design again."""
        path = f"/projects/{project_id}/design/versions/{number}/restore"
        return read(Design, self._transport.post(path, key=key))

    def revisions(self, project_id: int) -> Revisions:
        """Return the revisions of one's own project, newest first, with what each changed."""
        return read(Revisions, self._transport.get(f"/projects/{project_id}/revisions"))
