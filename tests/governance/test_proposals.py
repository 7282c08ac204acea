"""From an idea to a rule that executes: every verb on a proposal, and every way in which it says no."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_draft, a_person
from tests.governance.proposing import (
    FLOOR,
    LEASE,
    a_draft_of,
    an_idea,
    before_team,
    content,
    feasible,
    ratified,
    replayed,
    the_members,
    voted,
)

from canut.charter.models import CharterEntry
from canut.charter.queries import held, in_force
from canut.governance.ballots.models import Vote
from canut.governance.models import Proposal
from canut.governance.usecases.amend_draft import amend_draft, hold_draft, release_draft
from canut.governance.usecases.conclude_votes import conclude_votes
from canut.governance.usecases.judge_feasibility import (
    accept_silence,
    ask_feasibility,
    overrule_feasibility,
    say_feasibility,
)
from canut.governance.usecases.open_proposal_vote import open_votes
from canut.governance.usecases.support_idea import support_idea, withdraw_support
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.usecases.publish_project import publish_project

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def members() -> list[Person]:
    return the_members()


def refused(code: str, verb, **given) -> Refusal:
    with pytest.raises(Refusal) as said:
        verb(**given)
    assert said.value.code == code, said.value
    assert str(said.value).endswith(".")
    return said.value


def test_members_raise_the_pay_floor_by_vote(members, operator):
    ratified(operator, members, at=NOON)
    author, *others = members
    proposal = feasible(author, others, operator)
    assert (proposal.state, in_force("pay.floor_hourly_minor", at=NOON)) == ("waiting", 1500)
    proposal = voted(proposal, members, at=NOON)
    assert (proposal.state, proposal.lapsed) == ("adopted", [])
    end = NOON + 14 * DAY
    entry = CharterEntry.objects.get(parameter="pay.floor_hourly_minor", kind="decision")
    assert (entry.decision.number, entry.effective_at) == (proposal.decision_number, end + 14 * DAY)
    assert in_force("pay.floor_hourly_minor", at=end + 13 * DAY) == 1500
    found = held("pay.floor_hourly_minor", at=end + 14 * DAY)
    assert (found.value, found.decision_number) == (1600, proposal.decision_number)
    # Concluding again does nothing more
    assert conclude_votes(at=end + DAY) == 0
    assert CharterEntry.objects.filter(kind="decision").count() == 1


def test_no_vote_opens_before_the_first_has_ended_nor_without_a_replay(members, operator):
    author, *others = members
    proposal = before_team(author, others)
    say_feasibility(proposal_id=proposal.pk, by=operator, feasible=True, at=NOON)
    assert open_votes(at=NOON) == 0
    replayed(proposal)
    assert open_votes(at=NOON) == 0
    # Whatever the members say to the constitution, they have been asked
    ratified(operator, members, at=NOON, choice="no")
    assert open_votes(at=NOON) == 1
    assert Vote.objects.get(subject_id=proposal.pk).question_class == "pay"


def test_a_stranger_may_do_nothing(members, stranger, operator):
    author, *others = members
    proposal = a_draft_of(author, others)
    refused("not_a_member", an_idea, by=stranger)
    known = {"proposal_id": proposal.pk, "by": stranger, "at": NOON}
    refused("not_a_member", support_idea, **known)
    refused("not_a_member", amend_draft, content=content(LEASE), written_on=1, **known)
    refused("not_a_member", ask_feasibility, **known)
    refused("operator_role_missing", say_feasibility, feasible=True, **known)
    refused("not_the_author", ask_feasibility, proposal_id=proposal.pk, by=others[0], at=NOON)
    refused("proposal_not_found", support_idea, proposal_id=2**70, by=author, at=NOON)


def test_supports(members):
    author, *others = members
    idea = an_idea(author)
    assert an_idea(author).pk == idea.pk  # sent twice
    refused("own_idea", support_idea, proposal_id=idea.pk, by=author, at=NOON)
    for person in others[:2]:
        for _again in range(2):
            support_idea(proposal_id=idea.pk, by=person, at=NOON)
    withdraw_support(proposal_id=idea.pk, by=others[0], at=NOON)
    withdraw_support(proposal_id=idea.pk, by=others[0], at=NOON)
    support_idea(proposal_id=idea.pk, by=others[2], at=NOON)
    idea.refresh_from_db()
    assert (idea.state, idea.supports.count()) == ("idea", 2)
    support_idea(proposal_id=idea.pk, by=others[3], at=NOON)
    idea.refresh_from_db()
    assert (idea.state, idea.popular_at) == ("draft", NOON)
    refused("not_an_idea", support_idea, proposal_id=idea.pk, by=others[4], at=NOON)
    refused("not_an_idea", withdraw_support, proposal_id=idea.pk, by=others[3], at=NOON)


def test_a_draft_is_amended_by_its_author_on_its_latest_version(members):
    author, *others = members
    draft = a_draft_of(author, others)
    known = {"proposal_id": draft.pk, "by": author, "at": NOON}
    refused("nothing_amended", amend_draft, content=content(), written_on=1, **known)
    second = content(LEASE, title="Longer leases")
    for _again in range(2):
        assert amend_draft(content=second, written_on=1, **known).number == 2
    refused("proposal_version_outdated", amend_draft, content=content(), written_on=1, **known)
    refused(
        "not_the_author",
        amend_draft,
        content=content(),
        written_on=2,
        proposal_id=draft.pk,
        by=others[0],
        at=NOON,
    )
    hold_draft(proposal_id=draft.pk, at=NOON)
    refused("draft_held", amend_draft, content=content(), written_on=2, **known)
    refused("draft_held", ask_feasibility, **known)
    release_draft(proposal_id=draft.pk, at=NOON)
    ask_feasibility(**known)
    refused("not_a_draft", amend_draft, content=content(), written_on=2, **known)


def test_the_team_says_no_and_helps_or_is_overruled_or_silent(members, operator):
    author, *others = members
    draft = before_team(author, others)
    known = {"proposal_id": draft.pk, "by": operator, "at": NOON}
    refused("bad_input", say_feasibility, feasible=False, **known)
    for _again in range(2):
        say_feasibility(feasible=False, reason="Too dear.", help_text="Take half.", **known)
    refused("feasibility_not_asked", say_feasibility, feasible=True, **known)
    refused("not_a_draft", ask_feasibility, proposal_id=draft.pk, by=author, at=NOON)
    for _again in range(2):
        overrule_feasibility(proposal_id=draft.pk, motion_id=7, at=NOON)
    refused("not_infeasible", overrule_feasibility, proposal_id=draft.pk, motion_id=8, at=NOON)
    assert Proposal.objects.get().state == "waiting"
    other = before_team(members[1], [author, *members[2:]], of=content(LEASE))
    assert accept_silence(at=NOON + 13 * DAY) == 0
    assert accept_silence(at=NOON + 14 * DAY) == 1
    other.refresh_from_db()
    assert (other.state, other.assessments.get().outcome) == ("waiting", "silence")


def test_who_has_enough_on_their_way_waits(members):
    author, *others = members
    first, second = an_idea(author), an_idea(author, of=content(LEASE))
    assert first.pk != second.pk
    refused("too_many_proposals", an_idea, by=author, of=content(LEASE, FLOOR))
    a_person()
    refused("bad_input", an_idea, by=others[0], of=content(title=" ", text="\0"))
    refused("proposal_setting_refused", an_idea, by=others[0], of=content(FLOOR, FLOOR))


def test_an_under_priced_task_is_refused_with_the_decisions_number(members, operator, requester):
    ratified(operator, members, at=NOON)
    proposal = voted(feasible(members[0], members[1:], operator), members, at=NOON)
    later = NOON + 29 * DAY
    draft = a_draft(owner=requester, reward_minor=51, expected_seconds=120)
    known = {"project_id": draft.pk, "by": requester}
    refusal = refused("reward_under_floor", publish_project, at=later, **known)
    assert refusal.facts["decision_number"] == proposal.decision_number
    assert f"by decision {proposal.decision_number}." in str(refusal)
    # The day before, the floor was the old one
    assert publish_project(at=later - 2 * DAY, **known).state == "live"
