"""Votes: which colleges are asked, what each says, and what is adopted (MECHANISMS 7.3 and 7.8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

from canut.governance.ballots.states import BallotChoice, CollegeOutcome

Line = tuple[str, str, str]
"""One line of the published list: the college, the receipt, and the choice, empty where it is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRule:
    """By which rule a vote is decided, as the charter had it when the vote opened.

    `deciding` are the colleges whose majorities decide; others are counted and shown. `quorum_share` is the
    share of a college's electors that must cast a ballot, `yes_per_no` how many ballots for it each one
    against it needs. A college with fewer than `least_members` active members is not asked; of one with
    fewer than `detail_least_votes` ballots only the outcome is told. `early_end` is whether the vote ends
    once its outcome is certain.
    """

    class_: str
    deciding: tuple[str, ...]
    quorum_share: Decimal
    yes_per_no: Decimal
    least_members: int
    detail_least_votes: int
    early_end: bool

    def as_json(self) -> dict[str, Any]:
        """Return the rule as JSON values, exact numbers as text: as it is stored, logged and published."""
        return {
            "class": self.class_,
            "deciding": list(self.deciding),
            "quorum_share": str(self.quorum_share),
            "yes_per_no": str(self.yes_per_no),
            "least_members": self.least_members,
            "detail_least_votes": self.detail_least_votes,
            "early_end": self.early_end,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Return the rule that `as_json` wrote."""
        return cls(
            class_=said["class"],
            deciding=tuple(said["deciding"]),
            quorum_share=Decimal(said["quorum_share"]),
            yes_per_no=Decimal(said["yes_per_no"]),
            least_members=said["least_members"],
            detail_least_votes=said["detail_least_votes"],
            early_end=said["early_end"],
        )


@dataclass(frozen=True, slots=True)
class Count:
    """How one college voted: its electors when the vote opened, and the ballots by what they say."""

    college: str
    electors: int
    yes: int
    no: int
    abstain: int

    @property
    def ballots(self) -> int:
        return self.yes + self.no + self.abstain


def asked_colleges(members: Mapping[str, int], rule: VoteRule) -> tuple[str, ...]:
    """Return which of the colleges are asked: those with at least so many active members as the rule says.

    `members` are the active members of each college that could be asked, when the vote opens.

    Source: MECHANISMS 7.3. That ballots of two people would hardly be secret is a second reason for it.
    """
    return tuple(college for college, count in members.items() if count >= rule.least_members)


def college_outcome(count: Count, rule: VoteRule) -> CollegeOutcome:
    """Return what a college that was asked says.

    First the quorum: ballots, abstentions among them, are at least the rule's share of the electors. Then
    there must be more for it than against it, and at least `yes_per_no` for each one against it: two is two
    thirds of those who said yes or no. Abstentions are left out of both; a tie fails, as does no ballot at
    all. Compared in exact decimals.

    Source: MECHANISMS 7.3. Both majorities are from "Designing a Constitution for a Self-Governing
    Crowdsourcing Marketplace" (Collective Intelligence 2017); quorum and two thirds are ours.
    """
    if count.ballots < rule.quorum_share * count.electors:
        return CollegeOutcome.UNDER_QUORUM
    if count.yes == count.no:
        return CollegeOutcome.TIED
    if count.yes < count.no:
        return CollegeOutcome.AGAINST
    if count.yes < rule.yes_per_no * count.no:
        return CollegeOutcome.UNDER_SHARE
    return CollegeOutcome.CARRIED


def is_adopted(outcomes: Mapping[str, CollegeOutcome], rule: VoteRule) -> bool:
    """Tell whether a question is adopted: every deciding college that was asked is for it, and one was asked.

    `outcomes` holds those of the colleges by name; who was not asked may be left out. A question that no
    deciding college could be asked fails: a site without enough active members changes nothing by vote.

    Source: MECHANISMS 7.3: adopted when yes > no among workers and among requesters. The operating team's
    ballots are counted and shown, and decide nothing.
    """
    said = [outcomes.get(college, CollegeOutcome.NOT_ASKED) for college in rule.deciding]
    asked = [outcome for outcome in said if outcome != CollegeOutcome.NOT_ASKED]
    return bool(asked) and all(outcome == CollegeOutcome.CARRIED for outcome in asked)


def is_certain(counts: Sequence[Count], rule: VoteRule) -> bool:
    """Tell whether those who have not voted yet can no more change whether a question is adopted.

    `counts` are those of the colleges that were asked. Taken for granted is that nobody who has voted
    changes their ballot. Only of use where the charter lets votes end early, which it does not unless the
    members decide so.
    """
    deciding = [count for count in counts if count.college in rule.deciding]
    can_be_adopted = bool(deciding) and all(_can_carry(count, rule) for count in deciding)
    can_fail = not deciding or any(_can_fail(count, rule) for count in deciding)
    return can_be_adopted != can_fail


def _can_carry(count: Count, rule: VoteRule) -> bool:
    """Tell whether a college is for it if all who are left are: nothing is better for a question."""
    best = replace(count, yes=count.yes + count.electors - count.ballots)
    return college_outcome(best, rule) == CollegeOutcome.CARRIED


def _can_fail(count: Count, rule: VoteRule) -> bool:
    """Tell whether a college is not for it if nobody else comes, or if all who are left are against it."""
    worst = replace(count, no=count.no + count.electors - count.ballots)
    return any(college_outcome(end, rule) != CollegeOutcome.CARRIED for end in (count, worst))


def published_list(ballots: Iterable[Line], rule: VoteRule) -> list[Line]:
    """Return what is published of the ballots of a vote that has ended: college, receipt and choice.

    Sorted by college and receipt, which says nothing about who voted or when. The choices of a college with
    fewer than `detail_least_votes` ballots are left empty: whoever voted there finds their receipt, and
    nobody reads from four ballots what each of four people said.

    Source: MECHANISMS 7.8.
    """
    every = sorted(ballots)
    of_college = Counter(college for college, _receipt, _choice in every)
    return [
        (college, receipt, choice if of_college[college] >= rule.detail_least_votes else "")
        for college, receipt, choice in every
    ]


def list_text(lines: Iterable[Line]) -> str:
    """Return the published list as the text that is hashed: `college,receipt,choice`, a line feed after each.

    No value holds a comma, so the text is the same from whatever copy it is written.
    """
    return "".join(f"{college},{receipt},{choice}\n" for college, receipt, choice in sorted(lines))


def list_hash(lines: Iterable[Line]) -> str:
    """Return the SHA-256 of the published list in hexadecimal: what the public log keeps of it.

    Source: MECHANISMS 7.8; FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4.
    """
    return sha256(list_text(lines).encode()).hexdigest()


def counted(college: str, electors: int, choices: Iterable[str]) -> Count:
    """Return the count of what one college's ballots say."""
    found = Counter(choices)
    return Count(
        college, electors, found[BallotChoice.YES], found[BallotChoice.NO], found[BallotChoice.ABSTAIN]
    )
