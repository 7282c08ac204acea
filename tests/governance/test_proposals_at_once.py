"""Proposals with several people at the same moment: one draft, one decision, one first vote."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_person
from tests.governance.proposing import (
    all_say,
    an_idea,
    content,
    feasible,
    ratified,
    the_members,
)
from tests.people.at_once import at_once

from canut.charter.models import CharterEntry, Decision
from canut.charter.queries import in_force
from canut.governance.content import SettingWish
from canut.governance.models import Assessment, Proposal
from canut.governance.usecases.ask_ratification import open_first_ratification, open_ratification
from canut.governance.usecases.conclude_votes import conclude_vote
from canut.governance.usecases.end_proposal import withdraw_proposal
from canut.governance.usecases.judge_feasibility import ask_feasibility
from canut.governance.usecases.open_proposal_vote import open_votes
from canut.governance.usecases.support_idea import support_idea
from canut.kernel.refusals import Refusal
from canut.people.usecases.appoint_operator import appoint_operator

DAY = timedelta(days=1)
FLOOR = "pay.floor_hourly_minor"


def said(do, **given):
    try:
        return do(**given)
    except Refusal as refusal:
        return refusal.code


@pytest.mark.slow
def test_two_proposals_race_on_one_parameter_and_each_step_happens_once(committed):
    operator = appoint_operator(person_id=a_person().pk, by=None, at=NOON)
    members = the_members()
    # The first vote, opened by an operator and by the software at the same moment
    began = NOON - 15 * DAY
    at_once(
        lambda verb: verb(),
        lambda: said(open_ratification, by=operator, at=began),
        lambda: open_first_ratification(at=began),
        lambda: said(open_ratification, by=operator, at=began),
    )
    assert Proposal.objects.filter(kind="ratification").count() == 1
    ratified(operator, members, at=NOON)
    # One idea sent twice is one; the last two supporters come together
    ideas = at_once(lambda by: an_idea(by).pk, members[0], members[0])
    assert len(set(ideas)) == 1
    support_idea(proposal_id=ideas[0], by=members[1], at=NOON)
    at_once(lambda by: support_idea(proposal_id=ideas[0], by=by, at=NOON), members[2], members[3])
    draft = Proposal.objects.get(pk=ideas[0])
    assert (draft.state, draft.supports.count()) == ("draft", 3)
    # Sent to the team twice, and withdrawn at that moment: it went there once, or not at all
    sent = {"proposal_id": draft.pk, "by": members[0], "at": NOON}
    at_once(lambda verb: said(verb, **sent), ask_feasibility, withdraw_proposal, ask_feasibility)
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert Assessment.objects.filter(proposal=draft).exclude(outcome="withdrawn").count() == 0
    # Two votes on the floor end at the same moment, each concluded by two runners
    first = feasible(members[1], members[2:], operator)
    up = content(SettingWish(parameter=FLOOR, new=1700))
    second = feasible(members[2], [members[0], *members[3:]], operator, of=up)
    at_once(lambda at: open_votes(at=at), NOON, NOON)
    for one in (first, second):
        all_say(one, members, at=NOON)
    end = NOON + 14 * DAY
    at_once(
        lambda number: conclude_vote(proposal_id=number, at=end).pk,
        first.pk,
        second.pk,
        first.pk,
        second.pk,
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("adopted", "adopted")
    assert first.decision_number != second.decision_number
    assert Decision.objects.count() == 3
    assert CharterEntry.objects.filter(kind="decision", parameter=FLOOR).count() == 2
    later = max(first, second, key=lambda one: one.decision_number)
    assert in_force(FLOOR, at=end + 14 * DAY) == (1600 if later == first else 1700)
