"""Replays: what a setting would have changed."""

from collections.abc import Sequence

from canut_client.calls.base import Calls
from canut_client.models import Replay
from canut_client.reading import read


class ReplayCalls(Calls):
    def replay(self, replay_id: int) -> Replay:
        """Return a replay, done or under way; needs no key. Refused as `replay_not_found`."""
        return read(Replay, self._transport.get(f"/replays/{replay_id}"))

    def replay_of_proposal(self, proposal_id: int) -> Replay:
        """Return that of a proposal's latest version that has one; needs no key."""
        return read(Replay, self._transport.get(f"/proposals/{proposal_id}/replay"))

    def ask_for_replay(
        self,
        parameter: str,
        value: int | bool | str | Sequence[str],
        *,
        scope_kind: str = "site",
        scope_key: str = "",
    ) -> Replay:
        """Try a value of a parameter; look for what comes of it with `replay`. For members.

        Refused as `not_a_member`, `replay_refused` or `replay_under_way`.
        """
        body = {"parameter": parameter, "value": value, "scope_kind": scope_kind, "scope_key": scope_key}
        return read(Replay, self._transport.post("/replays", body))
