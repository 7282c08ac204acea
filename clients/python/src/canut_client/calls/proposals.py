"""Proposals: the list, one with its versions, and all that a member does to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canut_client.calls.base import Calls
from canut_client.models import Proposal, ProposalInList, ProposalVersion
from canut_client.reading import read

Part = Mapping[str, Any]


class ProposalCalls(Calls):
    def proposals(self, *, show: str | None = None, words: str | None = None) -> Iterator[ProposalInList]:
        """Give the proposals, the newest first; needs no key.

        `show` is "ideas", "drafts", "votes", "decided" or "archive"; `words` stand in title or text.
        """
        return self._all(ProposalInList, "/proposals", show=show, words=words, limit=200)

    def proposal(self, proposal_id: int) -> Proposal:
        """Return a proposal with the version that counts; needs no key. Refused as `proposal_not_found`."""
        return read(Proposal, self._transport.get(f"/proposals/{proposal_id}"))

    def proposal_versions(self, proposal_id: int) -> Iterator[ProposalVersion]:
        """Give the versions of a proposal, the oldest first; needs no key."""
        return self._all(ProposalVersion, f"/proposals/{proposal_id}/versions", limit=200)

    def propose(
        self,
        title: str,
        text: str,
        *,
        language: str,
        settings: Sequence[Part] = (),
        articles: Sequence[Part] = (),
        **more: Any,
    ) -> Proposal:
        """Begin a proposal as an idea.

        A setting is such as `{"parameter": "pay.floor_hourly_minor", "new": 1600}`. A guild is founded by
        `guild={"name": …, "screen_name": …, "craft": …, "charter_text": …, "founders": [{"screen_name": …,
        "level": 3}]}` and nothing beside it. Refused as `not_a_member`, `too_many_proposals`,
        `comes_back_too_soon`, and as `proposal_setting_refused`, `proposal_article_refused` or
        `proposal_guild_refused` where the charter, the constitution or the guild cannot be so.
        """
        words = {"title": title, "text": text, "language": language, **more}
        body = words | {"settings": list(settings), "articles": list(articles)}
        return read(Proposal, self._transport.post("/proposals", body))

    def amend_proposal(
        self,
        proposal_id: int,
        title: str,
        text: str,
        *,
        language: str,
        written_on: int,
        settings: Sequence[Part] = (),
        articles: Sequence[Part] = (),
        **more: Any,
    ) -> ProposalVersion:
        """Write the next version of one's own draft, whole, on the version of this number.

        Refused as `proposal_version_outdated` where there is a later one, and as `not_a_draft`.
        """
        words = {"title": title, "text": text, "language": language, "written_on": written_on, **more}
        body = words | {"settings": list(settings), "articles": list(articles)}
        return read(ProposalVersion, self._transport.post(f"/proposals/{proposal_id}/versions", body))

    def support_proposal(self, proposal_id: int) -> Proposal:
        """Support an idea; nobody is told who does. Refused as `not_an_idea` and `own_idea`."""
        return read(Proposal, self._transport.put(f"/proposals/{proposal_id}/support", None))

    def withdraw_proposal_support(self, proposal_id: int) -> None:
        """Take one's support back while it is still an idea."""
        self._transport.delete(f"/proposals/{proposal_id}/support")

    def say_what_one_thinks(self, proposal_id: int, stance: str, reason: str = "") -> Proposal:
        """Say "agree", "abstain", "disagree" or "block" to a draft, the last two with a reason."""
        body = {"stance": stance, "reason": reason}
        return read(Proposal, self._transport.put(f"/proposals/{proposal_id}/sense-check", body))

    def send_proposal_to_team(self, proposal_id: int) -> Proposal:
        """Send one's own draft to the team as it stands. Refused as `proposal_changes_nothing`."""
        return read(Proposal, self._transport.post(f"/proposals/{proposal_id}/feasibility-request"))

    def answer_for_the_team(
        self, proposal_id: int, *, feasible: bool, reason: str = "", help_text: str = ""
    ) -> Proposal:
        """Say as an operator whether a draft can be done; a no needs a reason and help.

        Refused as `operator_role_missing` and `feasibility_not_asked`.
        """
        body = {"feasible": feasible, "reason": reason, "help": help_text}
        return read(Proposal, self._transport.put(f"/proposals/{proposal_id}/feasibility", body))

    def withdraw_a_proposal(self, proposal_id: int) -> Proposal:
        """Withdraw one's own proposal. Refused as `vote_has_begun` once the members vote on it."""
        return read(Proposal, self._transport.post(f"/proposals/{proposal_id}/withdrawal"))

    def propose_to_ratify(self) -> Proposal:
        """Propose to ask again whether the constitution is ours. Refused as `ratification_pending`."""
        return read(Proposal, self._transport.post("/ratification"))

    def open_the_first_vote(self) -> Proposal:
        """Open the vote on the constitution, as an operator. Refused as `ratification_pending`."""
        return read(Proposal, self._transport.post("/ratification/opening"))
