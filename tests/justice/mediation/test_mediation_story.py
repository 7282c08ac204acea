"""Whatever two sides and mediators do in a dispute, in any order: it goes forward, and nobody reads more."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.builders import a_worker
from tests.justice.mediation.disputing import BEGUN, SUMMARY, Quarrel
from tests.stories import RollsBack, examples

from canut.justice.mediation.access import mandate_now
from canut.justice.mediation.models import Dispute, Message
from canut.justice.mediation.queries.disputes import dispute_seen, disputes_page
from canut.justice.mediation.states import ENDED, OPEN
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator, dismiss_mediator
from canut.justice.mediation.usecases.complain import complain, end_direct_attempt, reply
from canut.justice.mediation.usecases.follow_disputes import follow_disputes
from canut.justice.mediation.usecases.name_mediator import ask_for_another, step_aside
from canut.justice.mediation.usecases.remind import remind_of_disputes
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    answer_recommendation,
    propose_settlement,
    recommend,
    withdraw_dispute,
)
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.kernel.refusals import Refusal

FORWARD = {
    "direct": {"direct", "reply", "settled", "withdrawn", "lapsed"},
    "reply": {"reply", "mediation", "settled", "withdrawn"},
    "mediation": {"mediation", "settled", "recommended", "withdrawn"},
}
WHO = st.integers(0, 3)
TEXTS = st.sampled_from(["Half.", "A third.", "All of it."])


class DisputeStory(RollsBack):
    """Two sides, two mediators and a clock; most steps come out of turn and must be refused."""

    def __init__(self) -> None:
        super().__init__()
        self.quarrel = Quarrel()
        self.at = BEGUN
        self.outsider = a_worker("outsider")
        self.people = [self.quarrel.worker, self.quarrel.requester, *self.quarrel.peers]
        self.dispute = self.quarrel.begun()
        self.before = "direct"
        self.private: dict[int, set[int]] = {}

    def _try(self, verb, who: int, **given) -> object:
        """Do something, or be refused with a sentence, and nothing is changed."""
        state = Dispute.objects.values().get(pk=self.dispute.pk)
        try:
            return verb(dispute_id=self.dispute.pk, by=self.people[who], at=self.at, **given)
        except Refusal as refusal:
            assert str(refusal)
            assert Dispute.objects.values().get(pk=self.dispute.pk) == state
            return None

    @rule(who=WHO, text=TEXTS, audience=st.sampled_from(["all", "complainant", "other"]))
    def somebody_writes(self, who, text, audience) -> None:
        message = self._try(say, who, text=f"{text} {self.at}", audience=audience)
        if isinstance(message, Message) and audience != "all":
            reader = self.people[0 if audience == "complainant" else 1].pk
            self.private[message.pk] = {reader}

    @rule(who=WHO)
    def the_direct_attempt_ends(self, who) -> None:
        self._try(end_direct_attempt, who)

    @rule(who=WHO)
    def somebody_complains(self, who) -> None:
        self._try(complain, who, complaint="No answer.")

    @rule(who=WHO)
    def somebody_replies(self, who) -> None:
        self._try(reply, who, text="It was fair.")

    @rule(who=WHO, text=TEXTS)
    def somebody_proposes(self, who, text) -> None:
        self._try(propose_settlement, who, text=text)

    @rule(who=WHO, number=st.integers(1, 3))
    def somebody_agrees(self, who, number) -> None:
        self._try(agree_to_settlement, who, number=number)

    @rule(who=WHO)
    def somebody_recommends(self, who) -> None:
        self._try(recommend, who, text="Pay half.")

    @rule(who=WHO, follows=st.booleans())
    def somebody_follows(self, who, follows) -> None:
        self._try(answer_recommendation, who, follows=follows)

    @rule(who=WHO)
    def the_mediator_changes(self, who) -> None:
        mandate = mandate_now(self.dispute)
        self._try(ask_for_another, who, mandate_id=mandate.pk if mandate else 1, reason="No.")

    @rule(who=WHO)
    def somebody_steps_aside(self, who) -> None:
        self._try(step_aside, who, reason="I know them.")

    @rule()
    def mediators_come_and_go(self) -> None:
        mandate = mandate_now(self.dispute)
        if mandate is not None and mandate.mediator.ended_at is None:
            dismiss_mediator(by=self.quarrel.operator, mediator_id=mandate.mediator_id, at=self.at)
        name = self.people[2].screen_name
        appoint_mediator(by=self.quarrel.operator, screen_name=name, at=self.at)

    @rule(who=WHO, which=st.integers(0, 5))
    def somebody_withdraws(self, who, which) -> None:
        if which == 0:
            self._try(withdraw_dispute, who)

    @rule(who=WHO, objects=st.booleans())
    def it_is_summed_up(self, who, objects) -> None:
        self._try(write_summary, who, **SUMMARY)
        self._try(answer_summary, who, version=1, objects=objects, objection="No.")

    @rule(days=st.sampled_from([1, 7, 15, 31]))
    def time_passes(self, days) -> None:
        self.at += timedelta(days=days)
        follow_disputes(at=self.at)
        remind_of_disputes(at=self.at)
        assert follow_disputes(at=self.at) == 0
        assert remind_of_disputes(at=self.at) == 0

    @rule()
    def the_usual_next_step(self) -> None:
        """Do what usually comes next, so that stories get to their ends."""
        dispute = Dispute.objects.get(pk=self.dispute.pk)
        if dispute.state == "direct":
            self._try(end_direct_attempt, 1)
            self._try(complain, 0, complaint="No answer.")
        elif dispute.state == "reply":
            self._try(reply, 1, text="It was fair.")
        elif (mandate := mandate_now(dispute)) is not None:
            self._try(recommend, self.people.index(mandate.person), text="Pay half.")

    @invariant()
    def it_goes_forward_and_its_clock_is_kept(self) -> None:
        dispute = Dispute.objects.get(pk=self.dispute.pk)
        assert dispute.state in FORWARD.get(self.before, {self.before})
        self.before = dispute.state
        assert (dispute.ended_at is None) == (dispute.state in OPEN)
        if dispute.state == "settled":
            last = dispute.agreements.latest("number")
            assert last.complainant_agreed_at is not None
            assert last.other_agreed_at is not None

    @invariant()
    def everybody_reads_what_is_for_them(self) -> None:
        mandate = mandate_now(self.dispute)
        for person in self.people[:2]:
            seen = dispute_seen(self.dispute.pk, by=person, at=self.at)
            hidden = {number for number, readers in self.private.items() if person.pk not in readers}
            assert not hidden & {message.id for message in seen.messages}
        for person in (*self.people[2:], self.outsider):
            cards, _further = disputes_page(by=person)
            assert len(cards) == (mandate is not None and mandate.person_id == person.pk)
        assert self.before not in ENDED or not seen.turn.may_write


def test_disputes_end_well_or_badly_but_in_order(db) -> None:
    run_state_machine_as_test(
        DisputeStory,
        settings=settings(
            max_examples=examples(3, 12),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_many_disputes_end_in_order(db) -> None:
    run_state_machine_as_test(
        DisputeStory,
        settings=settings(
            max_examples=80, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
