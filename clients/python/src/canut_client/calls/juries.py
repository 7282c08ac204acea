"""Resolution juries: reading them, calling one, and taking part."""

from collections.abc import Iterator
from typing import Any

from canut_client.calls.base import Calls
from canut_client.models import Jury, JuryInList, JurySeat
from canut_client.reading import read


class JuryCalls(Calls):
    def juries(self) -> Iterator[JuryInList]:
        """Give all resolution juries, the newest first; needs no key."""
        return self._all(JuryInList, "/juries", limit=200)

    def jury(self, jury_id: int) -> Jury:
        """Return one jury; needs no key. Refused as `jury_not_found`."""
        return read(Jury, self._transport.get(f"/juries/{jury_id}"))

    def own_seat(self, jury_id: int) -> JurySeat:
        """Return one's own place in a jury, and what to do next. Refused as `not_a_juror`."""
        return read(JurySeat, self._transport.get(f"/juries/{jury_id}/seat"))

    def call_jury(self, proposal_id: int, reason: str, *, key: str | None = None) -> Jury:
        """Call a jury on a draft that one wrote or blocks.

        Refused as `not_a_member`, `jury_not_yours_to_call`, `not_a_draft`, `nobody_blocks`,
        `jury_already_heard` or `jury_too_few_to_draw`.
        """
        return read(Jury, self._transport.post(f"/proposals/{proposal_id}/jury", {"reason": reason}, key=key))

    def say_in_jury(self, jury_id: int, text: str, *, key: str | None = None) -> Jury:
        """Say once what one thinks. Refused as `jury_statement_made`, among others."""
        return read(Jury, self._transport.post(f"/juries/{jury_id}/statements", {"text": text}, key=key))

    def say_back(self, jury_id: int, statement_id: int, text: str, *, key: str | None = None) -> Jury:
        """Say back what another juror said. Refused as `jury_said_back_already`, among others."""
        path = f"/juries/{jury_id}/statements/{statement_id}/said-back"
        return read(Jury, self._transport.post(path, {"text": text}, key=key))

    def answer_said_back(self, jury_id: int, restatement_id: int, understood: bool, missed: str = "") -> Jury:
        """Say whether one was understood, and if not, what was missed."""
        body = {"understood": understood, "missed": missed}
        return read(Jury, self._transport.put(f"/juries/{jury_id}/said-back/{restatement_id}", body))

    def put_wording(self, jury_id: int, wording: dict[str, Any], *, key: str | None = None) -> Jury:
        """Put to the others how the draft could read, with the fields of a draft's next version."""
        return read(Jury, self._transport.post(f"/juries/{jury_id}/wordings", wording, key=key))

    def choose_wording(self, jury_id: int, wording_id: int | None) -> Jury:
        """Choose a wording, or None for the draft as it stands."""
        return read(Jury, self._transport.put(f"/juries/{jury_id}/choice", {"wording_id": wording_id}))
