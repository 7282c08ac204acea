"""Votes as pages and programs show them: the list, one vote, one's own place, the published ballots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from canut.charter.parameters import Class
from canut.governance.ballots import rules
from canut.governance.ballots.access import own_place, vote_known
from canut.governance.ballots.models import Ballot, CollegeTally, CountedBallot, Elector, Vote
from canut.governance.ballots.queries import Result, result_of, title_of
from canut.governance.ballots.rules import VoteRule
from canut.governance.ballots.states import BallotChoice, CollegeOutcome, VoteState
from canut.governance.ballots.wording import rule_in_words
from canut.membership.queries import standing_of
from canut.membership.states import College
from canut.people.models import Person

VOTES_A_PAGE = 20
LINES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class VoteCard:
    """A vote in the list. `may_vote` and `has_voted` are about who looks."""

    id: int
    title: str
    address: str
    question_class: Class
    is_open: bool
    closes_at: datetime
    closed_at: datetime | None
    is_adopted: bool | None
    may_vote: bool
    has_voted: bool


@dataclass(frozen=True, slots=True)
class VotesPage:
    cards: Sequence[VoteCard]
    shows_ended: bool
    open_votes: int
    waiting: int
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class CollegeSeen:
    """How one college is asked, how many of it voted by now, and how it voted once that is counted.

    `yes`, `no` and `abstain` are None while the vote is open, and where only the outcome is told.
    """

    college: College
    members: int
    is_asked: bool
    decides: bool
    ballots: int
    yes: int | None
    no: int | None
    abstain: int | None
    outcome: CollegeOutcome | None

    @property
    def turnout_share(self) -> Decimal | None:
        return Decimal(self.ballots) / self.members if self.is_asked and self.members else None


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """What somebody has of a vote they may vote in: their ballot too, as long as the vote is open."""

    college: College
    voted_at: datetime | None
    choice: BallotChoice | None
    receipt: str


@dataclass(frozen=True, slots=True)
class VoteSeen:
    """All of a vote that anybody may see, and the place in it of who looks.

    `takes_ballots` is whether one may be cast now; between the end of its time and the count it is neither
    open to ballots nor closed. `why_not` says to who looks why they may not vote, in sentences.
    """

    id: int
    title: str
    title_en: str
    title_fr: str
    address: str
    subject_kind: str
    subject_id: int
    question_class: Class
    rule: VoteRule
    rule_in_words: Sequence[str]
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    takes_ballots: bool
    is_adopted: bool | None
    list_hash: str
    colleges: Sequence[CollegeSeen]
    own: OwnPlace | None
    why_not: Sequence[str]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class LineSeen:
    """One line of the published list; `choice` is None where only the college's outcome is told."""

    college: College
    receipt: str
    choice: BallotChoice | None


@dataclass(frozen=True, slots=True)
class LinesPage:
    lines: Sequence[LineSeen]
    total: int
    next_cursor: str | None


def votes_page(
    *,
    by: Person | None,
    at: datetime,
    ended: bool = False,
    after_id: int | None = None,
    most: int = VOTES_A_PAGE,
) -> VotesPage:
    """Return a page of votes: those open, the soonest to end first; or those that ended, the latest first."""
    rows = Vote.objects.filter(state=VoteState.CLOSED if ended else VoteState.OPEN)
    last = None if after_id is None else Vote.objects.filter(pk=after_id).first()
    if last is not None and ended:
        end = last.closed_at or last.closes_at
        rows = rows.filter(Q(closed_at__lt=end) | Q(closed_at=end, pk__lt=last.pk))
    elif last is not None:
        rows = rows.filter(Q(closes_at__gt=last.closes_at) | Q(closes_at=last.closes_at, pk__gt=last.pk))
    elif after_id is not None:
        rows = rows.none()
    ordered = rows.order_by("-closed_at", "-pk") if ended else rows.order_by("closes_at", "pk")
    found = list(ordered[: most + 1])
    shown = found[:most]
    places = {}
    if by is not None:
        mine = Elector.objects.filter(person=by, vote__in=[vote.pk for vote in shown])
        places = dict(mine.values_list("vote_id", "voted_at"))
    cards = [
        VoteCard(
            id=vote.pk,
            title=title_of(vote),
            address=vote.address,
            question_class=Class(vote.question_class),
            is_open=vote.state == VoteState.OPEN,
            closes_at=vote.closes_at,
            closed_at=vote.closed_at,
            is_adopted=vote.is_adopted,
            may_vote=vote.pk in places,
            has_voted=places.get(vote.pk) is not None,
        )
        for vote in shown
    ]
    return VotesPage(
        cards=cards,
        shows_ended=ended,
        open_votes=Vote.objects.filter(state=VoteState.OPEN).count(),
        waiting=0 if by is None else votes_waiting_for(by, at=at),
        next_cursor=shown[-1].pk if len(found) > most else None,
    )


def votes_waiting_for(by: Person, *, at: datetime) -> int:
    """Return in how many open votes somebody may vote and has not."""
    return Elector.objects.filter(
        person=by, voted_at__isnull=True, vote__state=VoteState.OPEN, vote__closes_at__gt=at
    ).count()


def vote_seen(vote_id: int, *, by: Person | None, at: datetime) -> VoteSeen:
    """Return a vote as `by` sees it at `at`; as anybody does if they are None.

    `votes/panel.html` shows what this returns on the page that the vote is about.

    Raises:
        VoteNotFound: there is none of this number.
    """
    vote = vote_known(vote_id)
    rule = VoteRule.from_json(vote.rule)
    place = None if by is None else Elector.objects.filter(vote=vote, person=by).first()
    return VoteSeen(
        id=vote.pk,
        title=title_of(vote),
        title_en=vote.title_en,
        title_fr=vote.title_fr,
        address=vote.address,
        subject_kind=vote.subject_kind,
        subject_id=vote.subject_id,
        question_class=Class(vote.question_class),
        rule=rule,
        rule_in_words=rule_in_words(rule),
        opened_at=vote.opened_at,
        closes_at=vote.closes_at,
        closed_at=vote.closed_at,
        takes_ballots=vote.state == VoteState.OPEN and at < vote.closes_at,
        is_adopted=vote.is_adopted,
        list_hash=vote.list_hash,
        colleges=_colleges(vote),
        own=None if place is None else _own(place),
        why_not=() if by is None or place is not None else _why_not(vote, rule, by, at=at),
    )


def own_place_seen(vote_id: int, *, by: Person) -> OwnPlace:
    """Return what `by` has of a vote.

    Raises:
        VoteNotFound: there is none of this number. NotAnElector: they may not vote in it.
    """
    return _own(own_place(vote_known(vote_id), by=by))


def lines_page(vote_id: int, *, starting: str = "", after: str = "", most: int = LINES_A_PAGE) -> LinesPage:
    """Return a page of the list of a vote that has ended, by receipt; `starting` with these signs only.

    Raises:
        VoteNotFound: there is none of this number. VoteStillOpen: there is no list yet.
    """
    vote = vote_known(vote_id)
    result_of(vote)
    rows = CountedBallot.objects.filter(vote=vote)
    total = rows.count()
    rows = rows.filter(receipt__startswith=starting, receipt__gt=after).order_by("receipt")
    found = list(rows.values_list("college", "receipt", "choice")[: most + 1])
    lines = [
        LineSeen(College(college), receipt, BallotChoice(choice) if choice else None)
        for college, receipt, choice in found[:most]
    ]
    return LinesPage(lines, total, lines[-1].receipt if len(found) > most else None)


def result_document(vote_id: int) -> tuple[dict[str, Any], Iterator[rules.Line]]:
    """Return what is published of a vote that has ended: its head as JSON values, and every line of its list.

    `scripts/recount_ballots.py` recounts it without Canut.

    Raises:
        VoteNotFound: there is none of this number. VoteStillOpen: it has no result yet.
    """
    vote = vote_known(vote_id)
    result: Result = result_of(vote)
    head = {
        "vote_id": vote.pk,
        "subject_kind": vote.subject_kind,
        "subject_id": vote.subject_id,
        "title_en": vote.title_en,
        "title_fr": vote.title_fr,
        "address": vote.address,
        "opened_at": vote.opened_at.isoformat(),
        "closes_at": vote.closes_at.isoformat(),
        "closed_at": result.closed_at.isoformat(),
        "rule": result.rule_as_log(),
        "colleges": result.colleges_as_log(),
        "is_adopted": result.is_adopted,
        "ballots_hash": result.ballots_hash,
    }
    rows = CountedBallot.objects.filter(vote=vote).order_by("college", "receipt")
    return head, iter(rows.values_list("college", "receipt", "choice").iterator())


def _colleges(vote: Vote) -> Sequence[CollegeSeen]:
    """Return the colleges of a vote; while it is open with how many have voted, and nothing of what."""
    voted: dict[str, int] = {}
    if vote.state == VoteState.OPEN:
        by_college = Elector.objects.filter(vote=vote, voted_at__isnull=False).values_list("college")
        voted = dict(by_college.annotate(count=Count("pk")))
    return tuple(
        CollegeSeen(
            college=College(one.college),
            members=one.members,
            is_asked=one.is_asked,
            decides=one.decides,
            ballots=voted.get(one.college, 0) if one.ballots is None else one.ballots,
            yes=one.yes,
            no=one.no,
            abstain=one.abstain,
            outcome=CollegeOutcome(one.outcome) if one.outcome else None,
        )
        for one in CollegeTally.objects.filter(vote=vote).order_by("pk")
    )


def _own(place: Elector) -> OwnPlace:
    ballot = Ballot.objects.filter(elector=place).first()
    return OwnPlace(
        college=College(place.college),
        voted_at=place.voted_at,
        choice=None if ballot is None else BallotChoice(ballot.choice),
        receipt="" if ballot is None else ballot.receipt,
    )


def _why_not(vote: Vote, rule: VoteRule, by: Person, *, at: datetime) -> Sequence[str]:
    """Say why somebody is no elector, and whether they would be one of a vote that opened now."""
    then = standing_of(by, vote.opened_at)
    said = [_("Those who may vote were fixed when the vote opened.")]
    if then.may_vote and vote.only_college and then.college != vote.only_college:
        said.append(
            _("Only one college is asked, %(asked)s, and you were of another: %(own)s.")
            % {"asked": College(vote.only_college).label, "own": then.college and then.college.label}
        )
    elif then.may_vote:
        said.append(
            _("Your college had fewer than %(count)s active members then, so it is not asked.")
            % {"count": rule.least_members}
        )
    else:
        said += then.why
    if not then.may_vote and standing_of(by, at).may_vote:
        said.append(_("You may vote in the next vote that opens, if you are an active member then as now."))
    return said
