"""Broken tasks: reporting one, and what becomes of the row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canut_client.calls.base import Calls
from canut_client.models import BrokenReport, BrokenRow, BrokenRowsDecided, Left
from canut_client.reading import read


class BrokenCalls(Calls):
    def report_broken(self, assignment_id: int, kind: str, words: str, *, take_next: bool = False) -> Left:
        """Report a task in hand as broken; the time spent on it is paid.

        `take_next` goes on with another one. `kind` is "does_not_load", "missing", "contradicts",
        "impossible" or "not_as_described".
        """
        sent = {"kind": kind, "words": words, "next": take_next}
        return read(Left, self._transport.post(f"/assignments/{assignment_id}/broken", sent))

    def broken_rows(self, project_id: int, shows: str = "paused") -> Iterator[BrokenRow]:
        """Give a project's rows that were reported: those that are "paused", in another state, or "all"."""
        return self._all(BrokenRow, f"/projects/{project_id}/broken-rows", shows=shows)

    def put_back_rows(self, project_id: int, rows: Sequence[int], words: str = "") -> int:
        """Say that reported rows are whole: they are back in the feed. Returns how many are, now."""
        return self._decide(project_id, "put-back", rows, words)

    def withdraw_rows(self, project_id: int, rows: Sequence[int], words: str = "") -> int:
        """Take reported rows out for good; what was set aside for them comes back."""
        return self._decide(project_id, "withdraw", rows, words)

    def mend_row(self, project_id: int, row_id: int, row: Mapping[str, Any], words: str = "") -> BrokenRow:
        """Change the data of a reported row that nobody has answered; it is back in the feed."""
        path = f"/projects/{project_id}/broken-rows/{row_id}/data"
        return read(BrokenRow, self._transport.put(path, {"row": dict(row), "words": words}))

    def contest_report(self, project_id: int, assignment_id: int, reason: str) -> BrokenReport:
        """Have the pay for one report wait until peers have decided."""
        path = f"/projects/{project_id}/broken-reports/{assignment_id}/contest"
        return read(BrokenReport, self._transport.post(path, {"reason": reason}))

    def _decide(self, project_id: int, what: str, rows: Sequence[int], words: str) -> int:
        path = f"/projects/{project_id}/broken-rows/{what}"
        answer = self._transport.post(path, {"rows": list(rows), "words": words})
        return read(BrokenRowsDecided, answer).decided
