"""For those who run a site: reading sanctions, deciding on flags, appointing mediators."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import (
    MatterForOperators,
    MatterInQueue,
    MediatorAppointed,
    SanctionForOperator,
    SanctionProposal,
    SanctionSeenByOperator,
)
from canut_client.reading import read


class OperatorCalls(Calls):
    def all_sanctions(self, which: str = "all") -> Iterator[SanctionSeenByOperator]:
        """Give all sanctions, newest first, or those for "review" or "holding". They are decided on pages."""
        return self._all(SanctionSeenByOperator, "/operator/sanctions", which=which)

    def any_sanction(self, sanction_id: int) -> SanctionForOperator:
        """Return a sanction whole, as the one whom it touches reads it too."""
        return read(SanctionForOperator, self._transport.get(f"/operator/sanctions/{sanction_id}"))

    def sanction_proposals(self) -> Iterator[SanctionProposal]:
        """Give what rules of the site found and propose, newest first."""
        return self._all(SanctionProposal, "/operator/sanction-proposals")

    def flag_queue(self, queue: str = "waiting") -> Iterator[MatterInQueue]:
        """Give what members flagged, the latest first: "waiting", "objections" or "decided"."""
        return self._all(MatterInQueue, "/operator/flags", queue=queue, limit=200)

    def flag_matter(self, matter_id: int) -> MatterForOperators:
        """Return a flagged thing with all that whoever decides may weigh."""
        return read(MatterForOperators, self._transport.get(f"/operator/flags/{matter_id}"))

    def decide_on_flags(
        self, matter_id: int, *, hide: bool, reason: str, ground: str = ""
    ) -> MatterForOperators:
        """Keep a flagged thing hidden on a published ground, or show it; its author reads the reason."""
        body = {"hide": hide, "ground": ground, "reason": reason}
        return read(MatterForOperators, self._transport.post(f"/operator/flags/{matter_id}/decision", body))

    def answer_objection(self, matter_id: int, *, grant: bool, answer: str) -> MatterForOperators:
        """Answer what an author objected to a decision of somebody else's."""
        body = {"grant": grant, "answer": answer}
        return read(MatterForOperators, self._transport.post(f"/operator/flags/{matter_id}/answer", body))

    def appointed_mediators(self) -> Iterator[MediatorAppointed]:
        """Give all who were ever appointed to mediate, the newest first."""
        return self._all(MediatorAppointed, "/operator/mediators", limit=200)

    def appoint_mediator(self, screen_name: str) -> MediatorAppointed:
        """Appoint somebody to mediate disputes. Who is appointed already stays so."""
        body = {"screen_name": screen_name}
        return read(MediatorAppointed, self._transport.post("/operator/mediators", body))

    def dismiss_mediator(self, mediator_id: int) -> None:
        """End an appointment; other mediators are named for the disputes that were in hand."""
        self._transport.delete(f"/operator/mediators/{mediator_id}")
