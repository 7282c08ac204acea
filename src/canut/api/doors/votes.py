"""Votes: which there are, how each is decided and was, one's own ballot, and the published list."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to, text_after
from canut.api.shapes.common import Page
from canut.api.shapes.votes import (
    BallotIn,
    OwnBallot,
    PublishedBallot,
    Vote,
    VoteInList,
    card_said,
    line_said,
    own_said,
    vote_said,
)
from canut.governance.ballots.queries_seen import lines_page, own_place_seen, vote_seen, votes_page
from canut.governance.ballots.refusals import NotAnElector, VoteEnded, VoteNotFound, VoteStillOpen
from canut.governance.ballots.rules_receipts import read_receipt
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.kernel import clock
from canut.people.models import Scope

doors = Doors("votes")

Ended = Annotated[bool, Query(description="Those that have ended, the latest first; or else the open ones.")]


@doors.get("/votes", scope=None, answers=Page[VoteInList])
def list_votes(
    request: HttpRequest, ended: Ended = False, cursor: Cursor = None, limit: Limit = 50
) -> Page[VoteInList]:
    """The open votes, the soonest to end first; or those that have ended. Needs no key."""
    listing = "votes-ended" if ended else "votes-open"
    page = votes_page(by=None, at=clock.now(), ended=ended, after_id=after(cursor, listing), most=limit)
    return Page[VoteInList](
        items=[card_said(card) for card in page.cards],
        next_cursor=None if page.next_cursor is None else cursor_to(listing, page.next_cursor),
    )


@doors.get("/votes/{vote_id}", scope=None, answers=Vote, refuses=(VoteNotFound,))
def get_vote(request: HttpRequest, vote_id: Id) -> Vote:
    """One vote: its rule, who is asked, and the count once it has ended. Needs no key."""
    return vote_said(vote_seen(vote_id, by=None, at=clock.now()))


@doors.get(
    "/votes/{vote_id}/ballots",
    scope=None,
    answers=Page[PublishedBallot],
    refuses=(VoteNotFound, VoteStillOpen),
)
def list_ballots(
    request: HttpRequest, vote_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[PublishedBallot]:
    """The published list of a vote that has ended, in the order of the receipts. Needs no key.

    Hashed are the lines `college,receipt,choice`, sorted, each with a line feed; an untold choice is empty.
    """
    past = read_receipt(text_after(cursor, "ballots") or "")
    page = lines_page(vote_id, after=past or "", most=limit)
    return Page[PublishedBallot](
        items=[line_said(line) for line in page.lines],
        next_cursor=None if page.next_cursor is None else cursor_to("ballots", page.next_cursor),
    )


@doors.get(
    "/votes/{vote_id}/ballot",
    scope=Scope.DECIDE,
    answers=OwnBallot,
    refuses=(VoteNotFound, NotAnElector),
)
def get_own_ballot(request: Asked, vote_id: Id) -> OwnBallot:
    """The caller's place in a vote, with their ballot and receipt as long as it is open."""
    return own_said(vote_id, own_place_seen(vote_id, by=request.auth.by))


@doors.put(
    "/votes/{vote_id}/ballot",
    scope=Scope.DECIDE,
    answers=OwnBallot,
    refuses=(VoteNotFound, NotAnElector, VoteEnded),
)
def cast_a_ballot(request: Asked, vote_id: Id, body: BallotIn) -> OwnBallot:
    """Cast or change the caller's ballot. Its receipt stays the same until the end.

    Neither the ballot nor this answer is kept anywhere else.
    """
    by = request.auth.by
    cast_ballot(vote_id=vote_id, by=by, choice=body.choice, at=request.auth.at)
    return own_said(vote_id, own_place_seen(vote_id, by=by))
