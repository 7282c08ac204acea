"""The board: who sits, elections to it and one's ballot in them, recalls, and motions."""

from collections.abc import Iterator, Sequence

from canut_client.calls.base import Calls
from canut_client.models import (
    Board,
    BoardMotion,
    Candidacy,
    Election,
    ElectionInList,
    OwnRanking,
    PublishedRanking,
    Recall,
)
from canut_client.reading import read


class BoardCalls(Calls):
    def board(self) -> Board:
        """Return who sits on the board, and the latest motions and recalls; needs no key."""
        return read(Board, self._transport.get("/board"))

    def elections(self) -> Iterator[ElectionInList]:
        """Give all elections to the board, the latest first; needs no key."""
        return self._all(ElectionInList, "/board/elections", limit=200)

    def election(self, election_id: int) -> Election:
        """Return an election with every count, stage by stage; needs no key.

        Refused as `election_not_found`.
        """
        return read(Election, self._transport.get(f"/board/elections/{election_id}"))

    def published_rankings(self, election_id: int) -> Iterator[PublishedRanking]:
        """Give the ballots of an election that is over, by receipt; needs no key.

        Refused as `election_not_found`.
        """
        return self._all(PublishedRanking, f"/board/elections/{election_id}/ballots", limit=200)

    def own_ranking(self, election_id: int) -> OwnRanking:
        """Return one's place in an election, with ballot and receipt as long as it is open.

        Refused as `not_in_election` to whoever does not vote in it.
        """
        return read(OwnRanking, self._transport.get(f"/board/elections/{election_id}/ballot"))

    def rank_candidates(self, election_id: int, ranking: Sequence[int]) -> OwnRanking:
        """Rank candidates by their numbers, the first choice first; the receipt stays the same.

        Refused as `not_in_election`, `election_not_open` or `ranking_wrong`.
        """
        path = f"/board/elections/{election_id}/ballot"
        return read(OwnRanking, self._transport.put(path, {"ranking": list(ranking)}))

    def stand_for_board(self, election_id: int, statement: str = "") -> Candidacy:
        """Stand in an election of one's college, or change what one says there.

        Refused as `nominations_over`, `of_another_college` or `not_a_member`.
        """
        path = f"/board/elections/{election_id}/candidacy"
        return read(Candidacy, self._transport.put(path, {"statement": statement}))

    def withdraw_from_board(self, election_id: int) -> None:
        """Stand no more. Refused as `nominations_over` once the vote is open."""
        self._transport.delete(f"/board/elections/{election_id}/candidacy")

    def leave_board(self, seat_id: int) -> None:
        """Resign from one's own seat. Refused as `not_your_board_seat`."""
        self._transport.delete(f"/board/seats/{seat_id}")

    def begin_recall(self, seat_id: int, reason: str, *, key: str | None = None) -> Recall:
        """Begin a petition for recalling whoever holds a seat, and sign it.

        Refused as `petition_runs`, `petition_too_soon` or `of_another_college`.
        """
        path = f"/board/seats/{seat_id}/recall"
        return read(Recall, self._transport.post(path, {"reason": reason}, key=key))

    def recall(self, petition_id: int) -> Recall:
        """Return a petition for a recall; needs no key. Refused as `petition_not_found`."""
        return read(Recall, self._transport.get(f"/board/recalls/{petition_id}"))

    def sign_recall(self, petition_id: int) -> Recall:
        """Sign a petition. Refused as `petition_over` or `of_another_college`."""
        return read(Recall, self._transport.put(f"/board/recalls/{petition_id}/signature", None))

    def unsign_recall(self, petition_id: int) -> None:
        """Take one's signature back. Refused as `petition_over`."""
        self._transport.delete(f"/board/recalls/{petition_id}/signature")

    def withdraw_recall(self, petition_id: int) -> None:
        """Take back a petition that one began. Refused as `petition_over` once the college votes."""
        self._transport.delete(f"/board/recalls/{petition_id}")

    def move_board_motion(
        self, kind: str, reason: str, *, proposal_id: int | None = None, key: str | None = None
    ) -> BoardMotion:
        """Put to the board to "overrule" the team on a proposal, or the vote of "ratification".

        Refused as `not_on_board` or `nothing_to_decide`.
        """
        body = {"kind": kind, "reason": reason, "proposal_id": proposal_id}
        return read(BoardMotion, self._transport.post("/board/motions", body, key=key))

    def board_motion(self, motion_id: int) -> BoardMotion:
        """Return a motion, with what each member said; needs no key. Refused as `motion_not_found`."""
        return read(BoardMotion, self._transport.get(f"/board/motions/{motion_id}"))

    def vote_on_board_motion(self, motion_id: int, choice: str, words: str = "") -> BoardMotion:
        """Say "yes", "no" or "abstain" in the open. Refused as `not_on_board` or `motion_over`."""
        path = f"/board/motions/{motion_id}/vote"
        return read(BoardMotion, self._transport.put(path, {"choice": choice, "words": words}))
