"""Stopping an algorithm: what is stopped, moving that one be, and supporting it."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import Moratoria, MoratoriumMotion, MotionInList
from canut_client.reading import read


class MoratoriumCalls(Calls):
    def moratoria(self) -> Moratoria:
        """Return what the members can stop, what is stopped, and what is moved; needs no key."""
        return read(Moratoria, self._transport.get("/moratoria"))

    def ended_motions(self) -> Iterator[MotionInList]:
        """Give the motions that have ended, the latest first; needs no key."""
        return self._all(MotionInList, "/moratoria/ended", limit=200)

    def motion(self, motion_id: int) -> MoratoriumMotion:
        """Return one motion; needs no key. Refused as `moratorium_not_found`."""
        return read(MoratoriumMotion, self._transport.get(f"/moratoria/{motion_id}"))

    def move_moratorium(self, algorithm: str, reason: str, *, key: str | None = None) -> MoratoriumMotion:
        """Move that `feed_order`, `cascade` or `sampling` be stopped at once, by one's own college.

        Refused as `not_a_member`, `not_an_active_member`, `moratorium_college_moves_none`,
        `moratorium_college_too_small`, `moratorium_already_holds`, `moratorium_motion_runs` or
        `moratorium_rests`.
        """
        body = {"algorithm": algorithm, "reason": reason}
        return read(MoratoriumMotion, self._transport.post("/moratoria", body, key=key))

    def support_motion(self, motion_id: int) -> MoratoriumMotion:
        """Support a motion of one's own college. Refused as `moratorium_of_another_college`, among others."""
        return read(MoratoriumMotion, self._transport.put(f"/moratoria/{motion_id}/support", None))

    def take_motion_support_back(self, motion_id: int) -> None:
        """Take one's support back. Refused as `moratorium_not_gathering` once the college votes."""
        self._transport.delete(f"/moratoria/{motion_id}/support")

    def withdraw_motion(self, motion_id: int) -> MoratoriumMotion:
        """Withdraw one's own motion. Refused as `moratorium_not_the_mover`, `moratorium_not_gathering`."""
        return read(MoratoriumMotion, self._transport.post(f"/moratoria/{motion_id}/withdraw", None))
