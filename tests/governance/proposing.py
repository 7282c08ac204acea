"""Proposals as tests need them: members who propose, and proposals brought as far as a test wants."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.builders import NOON
from tests.governance.ballot_box import as_if_committed
from tests.membership.members import a_member_of, active_on

from canut.governance.access import version_that_counts
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.content import ArticleWish, Content, SettingWish
from canut.governance.models import Proposal, ProposalVersion
from canut.governance.usecases.ask_ratification import open_ratification
from canut.governance.usecases.attach_replay import attach_replay
from canut.governance.usecases.conclude_votes import conclude_vote, conclude_votes
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.open_proposal_vote import open_votes
from canut.governance.usecases.propose_idea import propose_idea
from canut.governance.usecases.support_idea import support_idea
from canut.people.models import Person

FLOOR = SettingWish(parameter="pay.floor_hourly_minor", new=1600)
LEASE = SettingWish(parameter="lease.factor", new=Decimal("3.5"))
BEFORE = NOON - timedelta(days=20)


def content(*settings: SettingWish, articles: Sequence[ArticleWish] = (), **words: Any) -> Content:
    """Return what a proposal says; by default it raises the pay floor by a euro."""
    given = {"language": "en", "title": "Raise the floor", "text": "Rents have gone up.", **words}
    return Content(settings=settings or (() if articles else (FLOOR,)), articles=articles, **given)


def an_idea(by: Person, *, of: Content | None = None, at: datetime = NOON, **more: Any) -> Proposal:
    return propose_idea(by=by, content=of or content(), at=at, **more)


def a_draft_of(
    by: Person, supporters: Sequence[Person], *, of: Content | None = None, at: datetime = NOON
) -> Proposal:
    """Return a draft: three others support it, which is enough up to thirty active members."""
    proposal = an_idea(by, of=of, at=at)
    for person in supporters[:3]:
        support_idea(proposal_id=proposal.pk, by=person, at=at)
    proposal.refresh_from_db()
    assert proposal.state == "draft"
    return proposal


def before_team(by: Person, supporters: Sequence[Person], **more: Any) -> Proposal:
    proposal = a_draft_of(by, supporters, **more)
    ask_feasibility(proposal_id=proposal.pk, by=by, at=more.get("at", NOON))
    proposal.refresh_from_db()
    return proposal


def feasible(by: Person, supporters: Sequence[Person], operator: Person, **more: Any) -> Proposal:
    """Return a proposal that waits for its vote, with its replay."""
    proposal = before_team(by, supporters, **more)
    at = more.get("at", NOON)
    say_feasibility(proposal_id=proposal.pk, by=operator, feasible=True, at=at)
    replayed(proposal, at=at)
    proposal.refresh_from_db()
    return proposal


def replayed(proposal: Proposal, *, at: datetime = NOON) -> ProposalVersion:
    version = version_that_counts(proposal)
    if version.settings.exists():
        attach_replay(proposal_id=proposal.pk, version=version.number, summary={"made_by": "a test"}, at=at)
    return version


def ratified(operator: Person, people: Sequence[Person], *, at: datetime, choice: str = "yes") -> Proposal:
    """Have the members asked for the first time, before `at`, and answer; return what they were asked."""
    days = timedelta(days=15)
    proposal = open_ratification(by=operator, at=at - days)
    all_say(proposal, people, choice, at=at - days)
    conclude_vote(proposal_id=proposal.pk, at=at - timedelta(minutes=1))
    as_if_committed()
    proposal.refresh_from_db()
    return proposal


def all_say(proposal: Proposal, people: Sequence[Person], choice: str = "yes", *, at: datetime) -> None:
    proposal.refresh_from_db()
    assert proposal.vote_id is not None
    for person in people:
        cast_ballot(vote_id=proposal.vote_id, by=person, choice=choice, at=at)


def voted(proposal: Proposal, people: Sequence[Person], choice: str = "yes", *, at: datetime) -> Proposal:
    """Open the vote that a proposal waits for, let people vote, and end it fourteen days later."""
    open_votes(at=at)
    all_say(proposal, people, choice, at=at)
    conclude_votes(at=at + timedelta(days=14))
    as_if_committed()
    proposal.refresh_from_db()
    return proposal


def the_members(workers: int = 3, requesters: int = 3) -> list[Person]:
    """Return members who are active from weeks before noon until months after it."""
    found = [a_member_of("workers", at=BEFORE) for _each in range(workers)]
    found += [a_member_of("requesters", at=BEFORE) for _each in range(requesters)]
    for person in found:
        active_on(person, 144, worked=person.is_worker, at=NOON + timedelta(days=125))
    return found
