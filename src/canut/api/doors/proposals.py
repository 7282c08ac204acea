"""Proposals: the list, one with its versions, proposing, supporting, amending, what is said of drafts."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to, cut
from canut.api.shapes.common import Page, Words
from canut.api.shapes.proposals import (
    FeasibilityIn,
    Proposal,
    ProposalIn,
    ProposalInList,
    ProposalVersion,
    SenseIn,
    VersionIn,
    card_said,
    content_of,
    proposal_said,
    version_said,
)
from canut.governance.queries.proposals import proposal_seen, proposals_listed
from canut.governance.queries.versions import versions_written
from canut.governance.refusals import (
    ArticleRefused,
    ChangesNothing,
    ComesBackTooSoon,
    DraftHeld,
    FeasibilityNotAsked,
    GuildRefused,
    NotADraft,
    NotAnIdea,
    NothingAmended,
    NothingToComeFrom,
    NotTheAuthor,
    OwnIdea,
    ProposalHasEnded,
    ProposalNotFound,
    RatificationPending,
    SettingRefused,
    TooManyProposals,
    TranslationMissing,
    VersionOutdated,
    VoteHasBegun,
)
from canut.governance.usecases.amend_draft import amend_draft
from canut.governance.usecases.ask_ratification import open_ratification, propose_ratification
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.end_proposal import withdraw_proposal
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.propose_idea import propose_idea
from canut.governance.usecases.support_idea import support_idea, withdraw_support
from canut.kernel import clock
from canut.membership.access import NotAMember
from canut.people.access import OperatorRoleMissing
from canut.people.models import Person, Scope

doors = Doors("proposals")

Show = Annotated[
    Literal["ideas", "drafts", "votes", "decided", "archive"] | None,
    Query(description="Only those that have come so far; without it, all."),
]
ProposalWords = Annotated[
    Words | None, Query(max_length=80, description="Only proposals with this in their title or text.")
]


@doors.get("/proposals", scope=None, answers=Page[ProposalInList])
def list_proposals(
    request: HttpRequest,
    show: Show = None,
    words: ProposalWords = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ProposalInList]:
    """All proposals, the newest first. Needs no key."""
    cards = proposals_listed(
        group=show or "", words=words or "", before_id=after(cursor, "proposals"), most=limit + 1
    )
    shown, following = cut(cards, limit=limit, listing="proposals", row_id=lambda one: one.id)
    return Page[ProposalInList](items=[card_said(one) for one in shown], next_cursor=following)


@doors.get("/proposals/{proposal_id}", scope=None, answers=Proposal, refuses=(ProposalNotFound,))
def get_proposal(request: HttpRequest, proposal_id: Id) -> Proposal:
    """One proposal with the version that counts, what is said of it, and its vote. Needs no key."""
    return _said(proposal_id, by=None)


@doors.get(
    "/proposals/{proposal_id}/versions",
    scope=None,
    answers=Page[ProposalVersion],
    refuses=(ProposalNotFound,),
)
def list_proposal_versions(
    request: HttpRequest, proposal_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[ProposalVersion]:
    """All versions of a proposal, the oldest first. Needs no key."""
    found = versions_written(proposal_id, after=after(cursor, "proposal-versions") or 0, most=limit + 1)
    more = len(found) > limit
    return Page[ProposalVersion](
        items=[version_said(one) for one in found[:limit]],
        next_cursor=cursor_to("proposal-versions", found[limit - 1].number) if more else None,
    )


@doors.post(
    "/proposals",
    scope=Scope.DECIDE,
    answers=Proposal,
    status=201,
    refuses=(
        NotAMember,
        TooManyProposals,
        ProposalNotFound,
        NothingToComeFrom,
        ComesBackTooSoon,
        SettingRefused,
        ArticleRefused,
        GuildRefused,
    ),
)
def propose(request: Asked, body: ProposalIn) -> Proposal:
    """Begin a proposal as an idea. Nobody is told who wrote it before enough members support it."""
    proposal = propose_idea(
        by=request.auth.by,
        content=content_of(body),
        at=request.auth.at,
        comes_from=body.comes_from,
        came_by=body.came_by,
    )
    return _said(proposal.pk, by=request.auth.by)


@doors.post(
    "/proposals/{proposal_id}/versions",
    scope=Scope.DECIDE,
    answers=ProposalVersion,
    status=201,
    refuses=(
        NotAMember,
        ProposalNotFound,
        NotTheAuthor,
        NotADraft,
        DraftHeld,
        VersionOutdated,
        NothingAmended,
        SettingRefused,
        ArticleRefused,
        GuildRefused,
    ),
)
def amend_proposal(request: Asked, proposal_id: Id, body: VersionIn) -> ProposalVersion:
    """Write the next version of one's own draft, whole."""
    version = amend_draft(
        proposal_id=proposal_id,
        by=request.auth.by,
        content=content_of(body),
        written_on=body.written_on,
        at=request.auth.at,
    )
    (written,) = versions_written(proposal_id, only=version.number, most=1)
    return version_said(written)


@doors.put(
    "/proposals/{proposal_id}/support",
    scope=Scope.DECIDE,
    answers=Proposal,
    refuses=(NotAMember, ProposalNotFound, NotAnIdea, OwnIdea),
)
def support_proposal(request: Asked, proposal_id: Id) -> Proposal:
    """Support an idea. Nobody is told who does; supporting twice changes nothing."""
    support_idea(proposal_id=proposal_id, by=request.auth.by, at=request.auth.at)
    return _said(proposal_id, by=request.auth.by)


@doors.delete(
    "/proposals/{proposal_id}/support",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(ProposalNotFound, NotAnIdea),
)
def withdraw_proposal_support(request: Asked, proposal_id: Id) -> None:
    """Take one's support back while it is still an idea."""
    withdraw_support(proposal_id=proposal_id, by=request.auth.by, at=request.auth.at)


@doors.put(
    "/proposals/{proposal_id}/sense-check",
    scope=Scope.DECIDE,
    answers=Proposal,
    refuses=(NotAMember, ProposalNotFound, NotADraft),
)
def say_what_one_thinks(request: Asked, proposal_id: Id, body: SenseIn) -> Proposal:
    """Say, under one's screen name, what one thinks of a draft; it replaces what one said before."""
    check_sense(
        proposal_id=proposal_id,
        by=request.auth.by,
        stance=body.stance,
        reason=body.reason,
        at=request.auth.at,
    )
    return _said(proposal_id, by=request.auth.by)


@doors.post(
    "/proposals/{proposal_id}/feasibility-request",
    scope=Scope.DECIDE,
    answers=Proposal,
    replays=Replays.NATURAL,
    refuses=(
        NotAMember,
        ProposalNotFound,
        NotTheAuthor,
        NotADraft,
        DraftHeld,
        ChangesNothing,
        TranslationMissing,
        SettingRefused,
        ArticleRefused,
        GuildRefused,
    ),
)
def send_proposal_to_team(request: Asked, proposal_id: Id) -> Proposal:
    """Send one's own draft to the team as it stands; from then on it is not amended."""
    ask_feasibility(proposal_id=proposal_id, by=request.auth.by, at=request.auth.at)
    return _said(proposal_id, by=request.auth.by)


@doors.put(
    "/proposals/{proposal_id}/feasibility",
    scope=Scope.DECIDE,
    answers=Proposal,
    refuses=(OperatorRoleMissing, ProposalNotFound, FeasibilityNotAsked),
)
def answer_for_the_team(request: Asked, proposal_id: Id, body: FeasibilityIn) -> Proposal:
    """Say for the team whether a draft can be done as it stands; a no needs a reason, and help."""
    say_feasibility(
        proposal_id=proposal_id,
        by=request.auth.by,
        feasible=body.feasible,
        reason=body.reason,
        help_text=body.help,
        at=request.auth.at,
    )
    return _said(proposal_id, by=request.auth.by)


@doors.post(
    "/proposals/{proposal_id}/withdrawal",
    scope=Scope.DECIDE,
    answers=Proposal,
    replays=Replays.NATURAL,
    refuses=(ProposalNotFound, NotTheAuthor, VoteHasBegun, ProposalHasEnded, DraftHeld),
)
def withdraw_a_proposal(request: Asked, proposal_id: Id) -> Proposal:
    """Withdraw one's own proposal before its vote opens. Others may bring it back."""
    withdraw_proposal(proposal_id=proposal_id, by=request.auth.by, at=request.auth.at)
    return _said(proposal_id, by=request.auth.by)


@doors.post(
    "/ratification",
    scope=Scope.DECIDE,
    answers=Proposal,
    status=201,
    replays=Replays.NATURAL,
    refuses=(NotAMember, RatificationPending),
)
def propose_to_ratify(request: Asked) -> Proposal:
    """Propose, after the members have said no, to ask again whether the constitution is theirs."""
    proposal = propose_ratification(by=request.auth.by, at=request.auth.at)
    return _said(proposal.pk, by=request.auth.by)


@doors.post(
    "/ratification/opening",
    scope=Scope.DECIDE,
    answers=Proposal,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, RatificationPending),
)
def open_the_first_vote(request: Asked) -> Proposal:
    """Open the site's first vote, on its constitution, as an operator. It is opened once."""
    proposal = open_ratification(by=request.auth.by, at=request.auth.at)
    return _said(proposal.pk, by=request.auth.by)


def _said(proposal_id: int, *, by: Person | None) -> Proposal:
    seen = proposal_seen(proposal_id, by=by, at=clock.now())
    (version,) = versions_written(proposal_id, only=seen.version.number, most=1)
    return proposal_said(seen, version)
