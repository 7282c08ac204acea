"""Votes: which there are, how each is decided and was, one's own ballot, and the published list."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import OwnBallot, PublishedBallot, Vote, VoteInList
from canut_client.reading import read


class VoteCalls(Calls):
    def votes(self, *, ended: bool = False) -> Iterator[VoteInList]:
        """Give the open votes, the soonest to end first, or those `ended`, the latest first; needs no key."""
        return self._all(VoteInList, "/votes", ended=ended, limit=200)

    def vote(self, vote_id: int) -> Vote:
        """Return a vote: its rule, who is asked, and the count once it has ended; needs no key.

        Refused as `vote_not_found`.
        """
        return read(Vote, self._transport.get(f"/votes/{vote_id}"))

    def published_ballots(self, vote_id: int) -> Iterator[PublishedBallot]:
        """Give the published list of a vote that has ended; needs no key.

        Refused as `vote_not_found`, and as `vote_still_open` before its end.
        """
        return self._all(PublishedBallot, f"/votes/{vote_id}/ballots", limit=200)

    def own_ballot(self, vote_id: int) -> OwnBallot:
        """Return one's place in a vote, with ballot and receipt as long as it is open.

        Refused as `not_an_elector` to whoever may not vote in it.
        """
        return read(OwnBallot, self._transport.get(f"/votes/{vote_id}/ballot"))

    def cast_ballot(self, vote_id: int, choice: str) -> OwnBallot:
        """Say "yes", "no" or "abstain", or change what one said; the receipt stays the same.

        Refused as `not_an_elector`, and as `vote_ended` when its time is past.
        """
        return read(OwnBallot, self._transport.put(f"/votes/{vote_id}/ballot", {"choice": choice}))
