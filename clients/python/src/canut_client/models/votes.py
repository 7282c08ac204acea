"""Votes, the ballots that are published of them, and one's own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VoteInList:
    """A vote in the list; `address` is the page of the site that it is about."""

    id: int
    title: str
    address: str
    question_class: str
    closes_at: datetime
    closed_at: datetime | None
    is_adopted: bool | None


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How a vote is decided; `quorum_share` and `yes_per_no` are exact numbers as text."""

    deciding: tuple[str, ...]
    quorum_share: str
    yes_per_no: str
    least_members: int
    detail_least_votes: int
    early_end: bool


@dataclass(frozen=True, slots=True)
class CollegeVote:
    """One college in a vote; the counts are None while it is open, and where few voted."""

    college: str
    members: int
    is_asked: bool
    decides: bool
    ballots: int
    yes: int | None
    no: int | None
    abstain: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Vote:
    """One question put to the members; `is_adopted` and `list_hash` are None until it is counted."""

    id: int
    title_en: str
    title_fr: str
    address: str
    subject_kind: str
    subject_id: int
    question_class: str
    rule: VoteRule
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    takes_ballots: bool
    is_adopted: bool | None
    list_hash: str | None
    colleges: tuple[CollegeVote, ...]


@dataclass(frozen=True, slots=True)
class PublishedBallot:
    """One line of the published list; `choice` is None where only the college's outcome is told."""

    college: str
    receipt: str
    choice: str | None


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One's place in a vote. Keep the receipt: after the end the site cannot tell it any more."""

    vote_id: int
    college: str
    choice: str | None
    receipt: str | None
    voted_at: datetime | None
