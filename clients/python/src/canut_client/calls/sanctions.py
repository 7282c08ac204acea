"""Sanctions that touch oneself: reading, answering, having one looked at again."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import Sanction, SanctionAppeal, SanctionGrounds, SanctionInList
from canut_client.reading import read


class SanctionCalls(Calls):
    def sanction_grounds(self) -> SanctionGrounds:
        """Return on which grounds there can be a sanction, and which; needs no key."""
        return read(SanctionGrounds, self._transport.get("/sanction-grounds"))

    def sanctions(self) -> Iterator[SanctionInList]:
        """Give the sanctions that touch the caller, newest first."""
        return self._all(SanctionInList, "/sanctions", limit=200)

    def sanction(self, sanction_id: int) -> Sanction:
        """Return one of the caller's sanctions. Refused as `sanction_not_found`."""
        return read(Sanction, self._transport.get(f"/sanctions/{sanction_id}"))

    def answer_sanction(self, sanction_id: int, words: str, *, key: str | None = None) -> Sanction:
        """Say something to a sanction. Refused as `sanction_ended`, among others."""
        body = {"words": words}
        return read(Sanction, self._transport.post(f"/sanctions/{sanction_id}/answers", body, key=key))

    def ask_sanction_review(self, sanction_id: int, words: str = "") -> Sanction:
        """Ask that another person look at a sanction again. Refused as `sanction_not_delivered`."""
        return read(Sanction, self._transport.post(f"/sanctions/{sanction_id}/review", {"words": words}))

    def appeal_sanction(self, sanction_id: int, words: str = "") -> SanctionAppeal:
        """Have peers hear a sanction that another person let stand. Refused as `sanction_not_reviewed`."""
        path = f"/sanctions/{sanction_id}/appeal"
        return read(SanctionAppeal, self._transport.post(path, {"words": words}))
