"""Two at once: a wording is agreed to or the dispute withdrawn, and one mediator is named."""

from datetime import timedelta

import pytest
from tests.justice.mediation.disputing import BEGUN, DAY, REPLY_OVER, Quarrel, mediator_of
from tests.people.at_once import at_once

from canut.justice.mediation.models import Dispute, Mandate, Message
from canut.justice.mediation.usecases.complain import reply
from canut.justice.mediation.usecases.follow_disputes import follow_disputes
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    propose_settlement,
    recommend,
    withdraw_dispute,
)
from canut.kernel.refusals import Refusal

pytestmark = pytest.mark.usefixtures("committed")

LATER = REPLY_OVER + DAY


def outcome(do) -> str:
    try:
        do()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_what_two_do_at_once_is_as_if_one_had_come_first() -> None:
    quarrel = Quarrel()
    # Two clicks begin one dispute, and two messages that are the same are one
    first, second = at_once(lambda _click: quarrel.begun().pk, 1, 2)
    assert first == second
    given = {"dispute_id": first, "by": quarrel.worker, "text": "Hello?", "at": BEGUN}
    at_once(lambda _click: say(**given), 1, 2)
    assert Message.objects.count() == 1
    withdraw_dispute(dispute_id=first, by=quarrel.worker, at=BEGUN)
    # The reply comes just before its time ends, and the job just after: one mediator is named
    dispute = quarrel.complained()
    due = REPLY_OVER
    late = {"dispute_id": dispute.pk, "by": quarrel.requester, "text": "It was fair.", "at": due}
    assert outcome(lambda: reply(**late)) == "dispute_reply_too_late"  # whether or not the job has run

    def move(how: str) -> str:
        if how == "reply":
            return outcome(lambda: reply(**{**late, "at": due - timedelta(seconds=1)}))
        return str(follow_disputes(at=due))

    said = at_once(move, "reply", "job")
    assert said in (["done", "0"], ["dispute_not_at_this_point", "1"])
    assert Mandate.objects.filter(dispute=dispute).count() == 1
    # One side withdraws while the mediator puts a wording to both and the other side agrees
    mediator = mediator_of(dispute)
    proposed = propose_settlement(dispute_id=dispute.pk, by=mediator, text="Half.", at=LATER)
    agree_to_settlement(dispute_id=dispute.pk, by=quarrel.worker, number=proposed.number, at=LATER)

    def end(how: str) -> str:
        at = {"dispute_id": dispute.pk, "at": LATER}
        return outcome(
            {
                "agree": lambda: agree_to_settlement(by=quarrel.requester, number=proposed.number, **at),
                "recommend": lambda: recommend(by=mediator, text="Half.", **at),
                "withdraw": lambda: withdraw_dispute(by=quarrel.worker, **at),
            }[how]
        )

    said = at_once(end, "agree", "recommend", "withdraw")
    assert sorted(said) == ["dispute_not_at_this_point", "dispute_not_at_this_point", "done"]
    ended = Dispute.objects.get(pk=dispute.pk)
    how = ("settled", "recommended", "withdrawn")[said.index("done")]
    assert (ended.state, ended.ended_at) == (how, LATER)
