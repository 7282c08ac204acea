"""One's own journal, and the portfolio made of it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from canut_client.calls.base import Calls, given, moment
from canut_client.models import JournalEntry, Portfolio
from canut_client.reading import read


class JournalCalls(Calls):
    def journal(self, words: str | None = None) -> Iterator[JournalEntry]:
        """Give one's own entries, the last written first, or those in which each of `words` stands."""
        return self._all(JournalEntry, "/journal", words=words, limit=200)

    def journal_entry(self, entry_id: int) -> JournalEntry:
        """Return one of one's own. Refused as `entry_not_found`."""
        return read(JournalEntry, self._transport.get(f"/journal/{entry_id}"))

    def write_entry(
        self,
        title: str,
        text: str,
        *,
        learnt_on: date | None = None,
        project_id: int | None = None,
        key: str | None = None,
    ) -> JournalEntry:
        """Write down what was learnt, today if no day is given; the same entry twice is one.

        `project_id` is of a project that one has handed work in to. Refused as `journal_is_full`.
        """
        body = {"title": title, "text": text, **given(learnt_on=_day(learnt_on), project_id=project_id)}
        return read(JournalEntry, self._transport.post("/journal", body, key=key))

    def change_entry(
        self,
        entry_id: int,
        *,
        title: str | None = None,
        text: str | None = None,
        learnt_on: date | None = None,
        project_id: int | Literal["unchanged"] | None = "unchanged",
        based_on: datetime | None = None,
    ) -> JournalEntry:
        """Change what is given of an entry; a `project_id` of None takes the project away.

        With `based_on`, the entry's `changed_at` as one saw it, refused as `entry_changed_meanwhile` if it
        was changed since. Refused as `entry_not_found`.
        """
        project = {} if project_id == "unchanged" else {"project_id": project_id}
        body = {
            **given(title=title, text=text, learnt_on=_day(learnt_on), based_on=moment(based_on)),
            **project,
        }
        return read(JournalEntry, self._transport.patch(f"/journal/{entry_id}", body))

    def place_entry(self, entry_id: int, position: int | None) -> JournalEntry:
        """Put an entry at a place of the portfolio, from 1, or with None take it out.

        Refused as `portfolio_is_full`, and as `entry_not_found`.
        """
        body = {"position": position}
        return read(JournalEntry, self._transport.put(f"/journal/{entry_id}/position", body))

    def delete_entry(self, entry_id: int) -> None:
        """Delete an entry for good, from the portfolio too. Refused as `entry_not_found`."""
        self._transport.delete(f"/journal/{entry_id}")

    def portfolio(self) -> Portfolio:
        """Return one's portfolio: chosen entries, levels in guilds, and badges with their credentials."""
        return read(Portfolio, self._transport.get("/portfolio"))


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
