"""Flags: saying that something should not be here, and what becomes of one's own."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import Flag, FlaggedMatter, FlaggedThing, FlagTrust
from canut_client.reading import read


class FlagCalls(Calls):
    def flag(self, kind: str, subject_id: int, ground: str, words: str = "") -> Flag:
        """Flag a `post`, `task`, `project`, `screen_name` or `picture`. Nobody is told who did.

        Refused as `not_a_member`, `nothing_to_flag`, `flags_own`, `duty_not_flagged`, `flag_decided` or
        `too_many_flags`.
        """
        body = {"kind": kind, "subject_id": subject_id, "ground": ground, "words": words}
        return read(Flag, self._transport.post("/flags", body))

    def flags(self) -> Iterator[Flag]:
        """Give what one has flagged, the latest first."""
        return self._all(Flag, "/flags", limit=200)

    def flag_trust(self) -> FlagTrust:
        """Return what became of one's flags of late, and whether new ones count."""
        return read(FlagTrust, self._transport.get("/flags/trust"))

    def flagged_things(self) -> Iterator[FlaggedThing]:
        """Give what was hidden of one's own, the latest first."""
        return self._all(FlaggedThing, "/flags/about-me", limit=200)

    def flagged_matter(self, matter_id: int) -> FlaggedMatter:
        """Return something of one's own that was flagged. Refused as `flag_matter_not_found`."""
        return read(FlaggedMatter, self._transport.get(f"/flags/about-me/{matter_id}"))

    def object_to_hiding(self, matter_id: int, words: str) -> FlaggedMatter:
        """Object, once, to a person's decision. Refused as `nothing_to_object` or `objected_already`."""
        path = f"/flags/about-me/{matter_id}/objection"
        return read(FlaggedMatter, self._transport.post(path, {"words": words}))
