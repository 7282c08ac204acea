"""Contested decisions on levels: what its member sees of a contest, and what those who hear it weigh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.guilds.access import own_membership
from canut.guilds.models import LevelContest, Review
from canut.guilds.queries.draws import day_of
from canut.guilds.states import ContestState, ReviewState
from canut.guilds.usecases.contest_level import contest_until, decision_to_contest
from canut.people.models import Person
from canut.work.models import Submission
from canut.work.queries.near import near_to


@dataclass(frozen=True, slots=True)
class OwnContest:
    """A contest as its member sees it: by the numbers of their own items. `reason` is its peers'."""

    id: int
    state: ContestState
    items: Sequence[int]
    words: str
    contested_on: date
    ended_on: date | None
    ended_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContestableReview:
    """A review that a decision went by, as its member read it."""

    item: int
    title: str
    verdict: int
    advice: str


@dataclass(frozen=True, slots=True)
class ContestableDecision:
    """A decision on a level, for its member to contest. `contest` is there once they have."""

    guild_id: int
    guild_name: str
    number: int
    before: int
    after: int
    mean: Decimal
    until: datetime
    may_contest: bool
    reviews: Sequence[ContestableReview]
    contest: OwnContest | None


@dataclass(frozen=True, slots=True)
class ContestedReview:
    """One contested review with the work it is about, for those who hear it: nobody's name, and no time."""

    submission_id: int
    level: int
    verdict: int
    would_accept: bool
    advice: str


@dataclass(frozen=True, slots=True)
class ContestedLevel:
    """What a contest is about, for the room that hears it. `language` is the craft's, or all the work's."""

    guild_id: int
    guild_name: str
    language: str
    state: ContestState
    is_superseded: bool
    before: int
    after: int
    mean: Decimal
    window: int
    reviews: Sequence[ContestedReview]
    words: str


def contestable_decision(guild_id: int, number: int, *, by: Person, at: datetime) -> ContestableDecision:
    """Return a decision on `by`'s level that counts, with the reviews it went by.

    Raises:
        GuildNotFound, NotAMember: `by` was never in it. LevelDecisionNotFound: there is none that counts.
    """
    member = own_membership(guild_id, by=by, left_too=True)
    decision = decision_to_contest(member, number)
    rows = Review.objects.filter(pk__in=decision.review_ids).select_related("item__assignment__project")
    contest = LevelContest.objects.filter(decision=decision).first()
    until = contest_until(decision)
    return ContestableDecision(
        guild_id=guild_id,
        guild_name=member.guild.party.name,
        number=decision.number,
        before=decision.before,
        after=decision.after,
        mean=decision.mean,
        until=until,
        may_contest=contest is None and decision.after <= decision.before and at < until,
        reviews=[
            ContestableReview(
                one.item.number, one.item.assignment.project.title, one.verdict or 0, one.advice
            )
            for one in rows.order_by("item__number")
        ],
        contest=None if contest is None else own_contest(contest),
    )


def own_contest(contest: LevelContest) -> OwnContest:
    """Return a contest as its member sees it."""
    items = Review.objects.filter(pk__in=contest.review_ids).order_by("item__number")
    return OwnContest(
        id=contest.pk,
        state=ContestState(contest.state),
        items=list(items.values_list("item__number", flat=True)),
        words=contest.words,
        contested_on=day_of(contest.contested_at),
        ended_on=None if contest.ended_at is None else day_of(contest.ended_at),
        ended_by=contest.ended_by,
        reason=contest.reason,
    )


def contested_level(contest_id: int) -> ContestedLevel:
    """Return what a contest is about; there must be one of this number."""
    contest = LevelContest.objects.select_related("decision__member__guild__party").get(pk=contest_id)
    decision, guild = contest.decision, contest.decision.member.guild
    rows = Review.objects.filter(pk__in=contest.review_ids).select_related("item__assignment__project")
    reviews = list(rows.order_by("item__number"))
    of_work = {one.item.assignment.project.language for one in reviews}
    handed_in = Submission.objects.filter(
        assignment__in=[one.item.assignment_id for one in reviews], attempt=1
    )
    work = dict(handed_in.values_list("assignment", "pk"))
    return ContestedLevel(
        guild_id=guild.pk,
        guild_name=guild.party.name,
        language=guild.language or (of_work.pop() if len(of_work) == 1 else ""),
        state=ContestState(contest.state),
        is_superseded=decision.superseded_at is not None,
        before=decision.before,
        after=decision.after,
        mean=decision.mean,
        window=len(decision.review_ids),
        reviews=[
            ContestedReview(
                submission_id=work[one.item.assignment_id],
                level=one.item.level,
                verdict=one.verdict or 0,
                would_accept=bool(one.would_accept),
                advice=one.advice,
            )
            for one in reviews
        ],
        words=contest.words,
    )


def who_had_a_part_in_level(contest_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge a contest about a level, because they had a part in it or a tie to its member.

    They are the member; whoever wrote a review of the window, and whose work the member reviewed lately;
    the owners of the projects that the reviewed work was for; and who has a tie to the member by work.
    """
    contest = LevelContest.objects.select_related("decision__member").get(pk=contest_id)
    member = contest.decision.member
    window = Review.objects.filter(pk__in=contest.decision.review_ids)
    scope = Scope(guild=member.guild_id)
    repaid = at - timedelta(days=in_force("guild.reciprocity_days", at=at, scope=scope))
    given = Review.objects.filter(reviewer=member, state=ReviewState.DONE, ended_at__gt=repaid)
    return {
        member.person_id,
        *window.values_list("reviewer__person", flat=True),
        *window.values_list("item__assignment__project__owner", flat=True),
        *given.values_list("author__person", flat=True),
        *near_to(member.person_id, at=at),
    }
