"""Votes as programs read them, and one's ballot."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.charter.parameters import Class
from canut.governance.ballots.queries_seen import CollegeSeen, LineSeen, OwnPlace, VoteCard, VoteSeen
from canut.governance.ballots.states import BallotChoice, CollegeOutcome
from canut.membership.states import College


class VoteInList(Said):
    """A vote in the list. Its title is in the language asked for; `address` is the page it is about."""

    id: int
    title: str
    address: str
    question_class: Class
    closes_at: Moment
    closed_at: Moment | None
    is_adopted: bool | None


class VoteRule(Said):
    """How a vote is decided, as the charter had it at the opening; shares and factors as exact text.

    Adopted is what every college in `deciding` that was asked is for: with more ballots for it than against
    it, at least `yes_per_no` for each one against it, and ballots of at least `quorum_share` of its electors.
    """

    deciding: Sequence[College]
    quorum_share: str
    yes_per_no: str
    least_members: int
    detail_least_votes: int
    early_end: bool


class CollegeVote(Said):
    """One college in a vote. While it is open, `ballots` is how many have voted, and no more is told.

    Afterwards `yes`, `no` and `abstain` are null where so few voted that only the outcome is told.
    """

    college: College
    members: int = Field(description="Active members when the vote opened: electors, if it is asked.")
    is_asked: bool
    decides: bool
    ballots: int
    yes: int | None
    no: int | None
    abstain: int | None
    outcome: CollegeOutcome | None


class Vote(Said):
    """One question put to the members: how it is decided, who is asked, and the count once it has ended.

    `takes_ballots` is false as soon as its time is past; `closed_at` is null until it is counted.
    `list_hash` is the SHA-256 of the published list, null while there is none.
    """

    id: int
    title_en: str
    title_fr: str
    address: str
    subject_kind: str
    subject_id: int
    question_class: Class
    rule: VoteRule
    opened_at: Moment
    closes_at: Moment
    closed_at: Moment | None
    takes_ballots: bool
    is_adopted: bool | None
    list_hash: str | None
    colleges: Sequence[CollegeVote]


class PublishedBallot(Said):
    """One line of the published list; `choice` is null where only the college's outcome is told."""

    college: College
    receipt: str
    choice: BallotChoice | None


class OwnBallot(Said):
    """The caller's place in a vote. `choice` and `receipt` are null before they vote, and after its end.

    Keep the receipt: when the vote has ended, the site cannot tell it any more.
    """

    vote_id: int
    college: College
    choice: BallotChoice | None
    receipt: str | None
    voted_at: Moment | None


class BallotIn(Sent):
    """What one says."""

    choice: Literal["yes", "no", "abstain"]


def card_said(card: VoteCard) -> VoteInList:
    return VoteInList.model_validate(card)


def vote_said(seen: VoteSeen) -> Vote:
    """Return a vote as it goes out: the same to everybody."""
    rule = seen.rule
    return Vote(
        id=seen.id,
        title_en=seen.title_en,
        title_fr=seen.title_fr,
        address=seen.address,
        subject_kind=seen.subject_kind,
        subject_id=seen.subject_id,
        question_class=seen.question_class,
        rule=VoteRule(
            deciding=[College(name) for name in rule.deciding],
            quorum_share=str(rule.quorum_share),
            yes_per_no=str(rule.yes_per_no),
            least_members=rule.least_members,
            detail_least_votes=rule.detail_least_votes,
            early_end=rule.early_end,
        ),
        opened_at=seen.opened_at,
        closes_at=seen.closes_at,
        closed_at=seen.closed_at,
        takes_ballots=seen.takes_ballots,
        is_adopted=seen.is_adopted,
        list_hash=seen.list_hash or None,
        colleges=[_college_said(one) for one in seen.colleges],
    )


def line_said(line: LineSeen) -> PublishedBallot:
    return PublishedBallot.model_validate(line)


def own_said(vote_id: int, own: OwnPlace) -> OwnBallot:
    """Return somebody's place in a vote as it goes out to themselves."""
    return OwnBallot(
        vote_id=vote_id,
        college=own.college,
        choice=own.choice,
        receipt=own.receipt or None,
        voted_at=own.voted_at,
    )


def _college_said(one: CollegeSeen) -> CollegeVote:
    return CollegeVote.model_validate(one)
