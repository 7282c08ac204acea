"""Saved searches, and being told of new work."""

from collections.abc import Iterator, Mapping
from typing import Any

from canut_client.calls.base import Calls, given
from canut_client.models import SavedSearch
from canut_client.reading import read


class SearchCalls(Calls):
    def searches(self) -> Iterator[SavedSearch]:
        """Give one's saved searches, the oldest first."""
        return self._all(SavedSearch, "/searches")

    def search(self, search_id: int) -> SavedSearch:
        return read(SavedSearch, self._transport.get(f"/searches/{search_id}"))

    def save_search(
        self,
        name: str,
        filters: Mapping[str, Any] | None = None,
        *,
        notice: str = "none",
        pace: str = "at_once",
        key: str | None = None,
    ) -> SavedSearch:
        """Save filters of the feed: `least_hourly` ("12.50"), `most_seconds`, `languages`, `device`...

        With the `notice` "mail", "push" or "both" one is told of work that opens from now on, soon
        ("at_once") or once a day ("daily").
        """
        body = {"name": name, "filters": dict(filters or {}), "notice": notice, "pace": pace}
        return read(SavedSearch, self._transport.post("/searches", body, key=key))

    def change_search(
        self,
        search_id: int,
        *,
        name: str | None = None,
        filters: Mapping[str, Any] | None = None,
        notice: str | None = None,
        pace: str | None = None,
    ) -> SavedSearch:
        """Change what is given and leave the rest; `filters` take the place of all that were there."""
        body = given(name=name, filters=None if filters is None else dict(filters), notice=notice, pace=pace)
        return read(SavedSearch, self._transport.patch(f"/searches/{search_id}", body))

    def delete_search(self, search_id: int) -> None:
        self._transport.delete(f"/searches/{search_id}")
