"""Appeals: one's own, and those against one."""

from collections.abc import Iterator

from canut_client.calls.base import Calls, FileLike, bytes_left, name_of, opened
from canut_client.models import Case, CaseFile, CaseListed
from canut_client.reading import read


class CaseCalls(Calls):
    def appeal(self, assignment_id: int, words: str = "") -> Case:
        """Appeal the rejection of one's own work; appealing again returns the same case."""
        return read(Case, self._transport.post(f"/assignments/{assignment_id}/appeal", {"words": words}))

    def cases(self, side: str = "mine") -> Iterator[CaseListed]:
        """Give the appeals that the caller opened, or those "against" them, the newest first."""
        return self._all(CaseListed, "/cases", side=side)

    def case(self, case_id: int) -> Case:
        """Return an appeal of the caller's, or one in which they are the other side."""
        return read(Case, self._transport.get(f"/cases/{case_id}"))

    def add_case_file(self, case_id: int, file: FileLike, *, filename: str | None = None) -> CaseFile:
        """Add a file to an open appeal of the caller's; `filename` is needed for one that has no name."""
        with opened(file, "rb") as content:
            sent = self._transport.upload(
                f"/cases/{case_id}/files",
                content,
                size_bytes=bytes_left(content),
                filename=filename or name_of(file),
            )
        return read(CaseFile, sent)

    def download_case_file(self, file_id: str, to: FileLike) -> int:
        """Write a file of an appeal in which the caller is a side; return how many bytes there were."""
        with opened(to, "wb") as target:
            return self._transport.download(f"/case-files/{file_id}", target)

    def remove_case_file(self, file_id: str) -> None:
        """Take a file away again while the appeal is open."""
        self._transport.delete(f"/case-files/{file_id}")

    def take_back_case(self, case_id: int) -> Case:
        """End an open appeal of the caller's: what was decided stands."""
        return read(Case, self._transport.post(f"/cases/{case_id}/take-back"))
