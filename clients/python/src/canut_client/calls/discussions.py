"""Facilitated discussions: what is asked, the two parts, the rounds, and the record."""

from collections.abc import Iterator

from canut_client.calls.base import Calls, given
from canut_client.models import Discussion, DiscussionListed, DiscussionRecord
from canut_client.reading import read


class DiscussionCalls(Calls):
    def guild_discussions(self, guild_id: int) -> Iterator[DiscussionListed]:
        """Give the facilitated discussions of a guild one is in, the last opened first."""
        return self._all(DiscussionListed, f"/guilds/{guild_id}/discussions", limit=200)

    def open_guild_discussion(
        self, guild_id: int, question: str, text: str, *, key: str | None = None
    ) -> Discussion:
        """Put a question to a guild, to be discussed in three rounds."""
        body = {"question": question, "text": text}
        return read(Discussion, self._transport.post(f"/guilds/{guild_id}/discussions", body, key=key))

    def proposal_discussions(self, proposal_id: int) -> Iterator[DiscussionListed]:
        """Give the facilitated discussions about a proposal, the last opened first."""
        return self._all(DiscussionListed, f"/proposals/{proposal_id}/discussions", limit=200)

    def open_proposal_discussion(
        self, proposal_id: int, question: str, text: str, *, key: str | None = None
    ) -> Discussion:
        """Put a question about an idea or a draft, to be discussed in three rounds."""
        body = {"question": question, "text": text}
        return read(Discussion, self._transport.post(f"/proposals/{proposal_id}/discussions", body, key=key))

    def discussion(self, discussion_id: int) -> Discussion:
        """Return a discussion. What is said in its first two rounds: `posts(discussion.thread_id)`."""
        return read(Discussion, self._transport.get(f"/discussions/{discussion_id}"))

    def withdraw_discussion(self, discussion_id: int) -> None:
        """Withdraw a question that one asked, before the first round."""
        self._transport.delete(f"/discussions/{discussion_id}")

    def call_for_part(
        self, discussion_id: int, part: str, *, screen_name: str | None = None, key: str | None = None
    ) -> Discussion:
        """Offer to be the "facilitator" or the "rapporteur", or ask somebody by their screen name."""
        body = given(part=part, screen_name=screen_name)
        return read(Discussion, self._transport.post(f"/discussions/{discussion_id}/calls", body, key=key))

    def answer_part_call(self, discussion_id: int, call_id: int, *, accepts: bool) -> Discussion:
        """Accept or decline what one was asked, or as who opened it somebody's offer."""
        body = {"accepts": accepts}
        return read(Discussion, self._transport.put(f"/discussions/{discussion_id}/calls/{call_id}", body))

    def give_part_back(self, discussion_id: int) -> None:
        """Give back the part one has, so that somebody else can take it."""
        self._transport.delete(f"/discussions/{discussion_id}/part")

    def sum_up_round(self, discussion_id: int, text: str, *, key: str | None = None) -> Discussion:
        """Sum up a round as its facilitator; the next one begins with it."""
        answer = self._transport.post(f"/discussions/{discussion_id}/summaries", {"text": text}, key=key)
        return read(Discussion, answer)

    def put_statement(self, discussion_id: int, text: str, *, key: str | None = None) -> Discussion:
        """Put up a sentence that all could live with, in the third round."""
        answer = self._transport.post(f"/discussions/{discussion_id}/statements", {"text": text}, key=key)
        return read(Discussion, answer)

    def mark_statement(self, discussion_id: int, number: int, *, can_live: bool, why: str = "") -> Discussion:
        """Say whether one could live with a statement; if not, why."""
        body = {"can_live": can_live, "why": why}
        path = f"/discussions/{discussion_id}/statements/{number}/mark"
        return read(Discussion, self._transport.put(path, body))

    def choose_to_be_named(self, discussion_id: int, may_be_named: bool) -> Discussion:
        """Say whether the record may name one as somebody who took part."""
        body = {"may_be_named": may_be_named}
        return read(Discussion, self._transport.put(f"/discussions/{discussion_id}/naming", body))

    def discussion_record(self, discussion_id: int) -> DiscussionRecord:
        """Return the record of a discussion."""
        return read(DiscussionRecord, self._transport.get(f"/discussions/{discussion_id}/record"))

    def write_record(
        self,
        discussion_id: int,
        *,
        asked: str,
        said: str,
        agreed: str,
        left_open: str,
        are_no_names: bool = False,
        key: str | None = None,
    ) -> Discussion:
        """Write the record as its rapporteur, or anew while it is open to objections."""
        body = {"asked": asked, "said": said, "agreed": agreed, "left_open": left_open}
        sent = {**body, "are_no_names": are_no_names}
        return read(Discussion, self._transport.post(f"/discussions/{discussion_id}/records", sent, key=key))

    def object_to_record(self, discussion_id: int, text: str, *, key: str | None = None) -> Discussion:
        """Say what the wording of a record gets wrong; it stands beside it."""
        answer = self._transport.post(f"/discussions/{discussion_id}/objections", {"text": text}, key=key)
        return read(Discussion, answer)
