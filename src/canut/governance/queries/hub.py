"""What is being decided here, at one look: votes, drafts, ideas, and where who looks stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.governance.ballots.queries_seen import VoteCard, votes_page
from canut.governance.models import Proposal
from canut.governance.queries.awaiting import BeforeTeam, before_the_team
from canut.governance.queries.proposals import ProposalCard, proposals_page
from canut.governance.states import OPEN, ProposalKind, ProposalState
from canut.membership.queries import MemberStanding, active_members, standing_of
from canut.people.models import Person

A_FEW = 5


@dataclass(frozen=True, slots=True)
class Ratification:
    """How the site's first question stands: `proposal_id` is None before it was asked."""

    proposal_id: int | None
    state: str
    may_open: bool
    may_propose: bool

    @property
    def is_ratified(self) -> bool:
        return self.state == ProposalState.ADOPTED


@dataclass(frozen=True, slots=True)
class Hub:
    standing: MemberStanding | None
    active_members: int
    votes: Sequence[VoteCard]
    votes_waiting: int
    drafts: Sequence[ProposalCard]
    ideas: Sequence[ProposalCard]
    own: Sequence[ProposalCard]
    decided: Sequence[ProposalCard]
    before_team: Sequence[BeforeTeam]
    ratification: Ratification


def hub(*, by: Person | None, at: datetime) -> Hub:
    """Return what is open for everybody, and what waits for who looks."""
    votes = votes_page(by=by, at=at)
    return Hub(
        standing=None if by is None else standing_of(by, at),
        active_members=active_members(at),
        votes=votes.cards[:A_FEW],
        votes_waiting=votes.waiting,
        drafts=proposals_page(at=at, by=by, group="drafts", most=A_FEW).cards,
        ideas=proposals_page(at=at, by=by, group="ideas", most=A_FEW).cards,
        own=[one for one in _own(by, at) if one.state in OPEN],
        decided=proposals_page(at=at, by=by, group="decided", most=A_FEW).cards,
        before_team=before_the_team(at=at) if by is not None and by.is_operator else (),
        ratification=ratification_of(by),
    )


def ratification_of(by: Person | None) -> Ratification:
    """Return how the question stands whether the constitution is the members' own."""
    last = Proposal.objects.filter(kind=ProposalKind.RATIFICATION).order_by("-pk").first()
    if last is None:
        return Ratification(None, "", may_open=by is not None and by.is_operator, may_propose=False)
    said_no = last.state not in (*OPEN, ProposalState.ADOPTED)
    return Ratification(last.pk, last.state, may_open=False, may_propose=said_no and by is not None)


def _own(by: Person | None, at: datetime) -> Sequence[ProposalCard]:
    return () if by is None else proposals_page(at=at, by=by, own=True, most=20).cards
