"""Everything one did here as a worker, and everything that was done for one as a requester."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from urllib.parse import urlencode

from canut_client.calls.base import Calls, FileLike, opened
from canut_client.models import HistoryLine, HistoryTotals
from canut_client.reading import read


class HistoryOnly(TypedDict, total=False):
    """What a history is narrowed to; days are those of the account's time zone, both included."""

    since: date | None
    until: date | None
    project: int | None
    outcome: str | None
    paid: bool | None
    pay: str | None


class HistoryCalls(Calls):
    def worked(self, *, order: str = "newest", **only: Unpack[HistoryOnly]) -> Iterator[HistoryLine]:
        """Give every task one took, every session and everything that was paid, narrowed as asked."""
        return self._all(HistoryLine, "/history/worked", **_asked(only), order=order, limit=200)

    def requested(self, *, order: str = "newest", **only: Unpack[HistoryOnly]) -> Iterator[HistoryLine]:
        """Give every task that was taken in one's projects, every session and top-up, with what it cost."""
        return self._all(HistoryLine, "/history/requested", **_asked(only), order=order, limit=200)

    def download_worked(
        self, to: FileLike, *, form: str = "csv", order: str = "newest", **only: Unpack[HistoryOnly]
    ) -> int:
        """Write all that `worked` gives as CSV or JSON Lines ("csv", "jsonl"); return its size."""
        return self._saved("/history/worked/file", to, form, order, only)

    def download_requested(
        self, to: FileLike, *, form: str = "csv", order: str = "newest", **only: Unpack[HistoryOnly]
    ) -> int:
        """Write all that `requested` gives as CSV or JSON Lines ("csv", "jsonl"); return its size."""
        return self._saved("/history/requested/file", to, form, order, only)

    def worked_totals(self, **only: Unpack[HistoryOnly]) -> HistoryTotals:
        """Return what all lines of `worked` come to."""
        return read(HistoryTotals, self._transport.get("/history/worked/totals", **_asked(only)))

    def requested_totals(self, **only: Unpack[HistoryOnly]) -> HistoryTotals:
        """Return what all lines of `requested` come to, with the levies and the fee on it."""
        return read(HistoryTotals, self._transport.get("/history/requested/totals", **_asked(only)))

    def _saved(self, path: str, to: FileLike, form: str, order: str, only: HistoryOnly) -> int:
        said = {name: value for name, value in _asked(only).items() if value is not None}
        with opened(to, "wb") as file:
            return self._transport.download(
                f"{path}?{urlencode({**said, 'form': form, 'order': order})}", file
            )


def _asked(only: HistoryOnly) -> Mapping[str, Any]:
    """Return what was asked as it is sent: days as they are written, truths as yes and no."""
    said: dict[str, Any] = dict(only)
    for name in ("since", "until"):
        if day := said.get(name):
            said[name] = day.isoformat()
    if said.get("paid") is not None:
        said["paid"] = "yes" if said["paid"] else "no"
    return said
