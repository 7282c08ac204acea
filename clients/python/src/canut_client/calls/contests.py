"""Contesting a level or a refusal to be admitted, and the statistics on justice."""

from collections.abc import Collection

from canut_client.calls.base import Calls
from canut_client.models import AdmissionRefusals, Case, JusticeYear, StatisticsYears
from canut_client.reading import read


class ContestCalls(Calls):
    def contest_level(self, guild_id: int, number: int, items: Collection[int], words: str = "") -> Case:
        """Contest a decision on one's level; `items` are the numbers of those reviewed unfairly."""
        path = f"/guilds/{guild_id}/membership/decisions/{number}/contest"
        return read(Case, self._transport.post(path, {"items": list(items), "words": words}))

    def admission_refusals(self) -> AdmissionRefusals:
        """Return when and why one was refused as a member."""
        return read(AdmissionRefusals, self._transport.get("/membership/refusals"))

    def contest_admission_refusal(self, refusal_id: int, words: str = "") -> Case:
        """Contest a refusal to admit the caller; again returns the same case."""
        path = f"/membership/refusals/{refusal_id}/contest"
        return read(Case, self._transport.post(path, {"words": words}))

    def justice_statistics_years(self) -> StatisticsYears:
        """Return the years there are statistics on justice of."""
        return read(StatisticsYears, self._transport.get("/justice/statistics"))

    def justice_statistics(self, year: int) -> JusticeYear:
        """Return what was contested in a year, and what became of it."""
        return read(JusticeYear, self._transport.get(f"/justice/statistics/{year}"))
