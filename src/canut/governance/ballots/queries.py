"""Reading votes: which there are, how each is decided and was, and what somebody's own place in it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.charter.parameters import Class
from canut.governance.ballots import rules
from canut.governance.ballots.in_force import vote_rule
from canut.governance.ballots.models import Ballot, CollegeTally, Vote
from canut.governance.ballots.refusals import VoteStillOpen
from canut.governance.ballots.rules import VoteRule
from canut.governance.ballots.states import CollegeOutcome, VoteState
from canut.membership.queries import electorate
from canut.membership.states import College


@dataclass(frozen=True, slots=True)
class CollegeResult:
    """How one college voted. `yes`, `no` and `abstain` are None where only its outcome is told.

    `electors` are its active members when the vote opened; they voted only if the college was asked.
    """

    college: College
    electors: int
    is_asked: bool
    decides: bool
    ballots: int
    yes: int | None
    no: int | None
    abstain: int | None
    outcome: CollegeOutcome

    def as_log(self) -> dict[str, Any]:
        """Return the college's part of a decision as JSON values: counts, or only the outcome."""
        said: dict[str, Any] = {
            "college": self.college.value,
            "electors": self.electors,
            "ballots": self.ballots,
            "decides": self.decides,
            "outcome": self.outcome.value,
        }
        if self.yes is not None:
            said |= {"yes": self.yes, "no": self.no, "abstain": self.abstain}
        return said


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a vote that has ended, and everything a decision's entry in the log says of it."""

    vote_id: int
    subject_kind: str
    subject_id: int
    is_adopted: bool
    rule: VoteRule
    colleges: Sequence[CollegeResult]
    ballots_hash: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime

    def rule_as_log(self) -> dict[str, Any]:
        """Return the rule applied as JSON values."""
        return self.rule.as_json()

    def colleges_as_log(self) -> list[dict[str, Any]]:
        """Return how each college voted as JSON values."""
        return [one.as_log() for one in self.colleges]


def result_of(vote: Vote) -> Result:
    """Return the result of a vote that has ended.

    Raises:
        VoteStillOpen: it has none yet.
    """
    if vote.state != VoteState.CLOSED or vote.closed_at is None or vote.is_adopted is None:
        raise VoteStillOpen(_("This vote has not been counted yet."), closes_at=vote.closes_at.isoformat())
    tallies = CollegeTally.objects.filter(vote=vote).order_by("pk")
    return Result(
        vote_id=vote.pk,
        subject_kind=vote.subject_kind,
        subject_id=vote.subject_id,
        is_adopted=vote.is_adopted,
        rule=VoteRule.from_json(vote.rule),
        colleges=tuple(
            CollegeResult(
                college=College(one.college),
                electors=one.members,
                is_asked=one.is_asked,
                decides=one.decides,
                ballots=one.ballots or 0,
                yes=one.yes,
                no=one.no,
                abstain=one.abstain,
                outcome=CollegeOutcome(one.outcome),
            )
            for one in tallies
        ),
        ballots_hash=vote.list_hash,
        opened_at=vote.opened_at,
        closes_at=vote.closes_at,
        closed_at=vote.closed_at,
    )


def who_would_be_asked(
    class_: str, *, at: datetime, only_college: str | None = None
) -> Mapping[College, bool]:
    """Return for each college that decides whether it has enough active members to be asked at `at`."""
    only = None if only_college is None else College(only_college)
    rule = vote_rule(Class(class_), only_college=only, at=at)
    found = list(electorate(at).values())
    members = {College(name).value: found.count(College(name)) for name in rule.deciding}
    asked = rules.asked_colleges(members, rule)
    return {College(name): name in asked for name in rule.deciding}


def votes_to_close(subject_kind: str, *, at: datetime) -> Sequence[Vote]:
    """Return the open votes about such subjects that `close_vote` would close at `at`, those due first."""
    rows = Vote.objects.filter(subject_kind=subject_kind, state=VoteState.OPEN).filter(
        Q(closes_at__lte=at) | Q(rule__early_end=True)
    )
    return [vote for vote in rows.order_by("closes_at", "pk") if vote.closes_at <= at or _is_certain(vote)]


def vote_on(subject_kind: str, subject_id: int) -> Vote | None:
    """Return the latest vote about a subject, open or ended; None if there was none."""
    return Vote.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-pk").first()


def vote_open_on(subject_kind: str, subject_id: int) -> Vote | None:
    """Return the open vote about a subject; None if there is none."""
    rows = Vote.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=VoteState.OPEN)
    return rows.first()


def title_of(vote: Vote) -> str:
    """Return what a vote is about, in the active language."""
    return vote.title_fr if (get_language() or "en").startswith("fr") else vote.title_en


def _is_certain(vote: Vote) -> bool:
    rule = VoteRule.from_json(vote.rule)
    cast = Ballot.objects.filter(elector__vote=vote).values_list("elector__college", "choice")
    choices: dict[str, list[str]] = {}
    for college, choice in cast:
        choices.setdefault(college, []).append(choice)
    asked = CollegeTally.objects.filter(vote=vote, is_asked=True).order_by("pk")
    counts = [rules.counted(one.college, one.members, choices.get(one.college, [])) for one in asked]
    return rules.is_certain(counts, rule)
