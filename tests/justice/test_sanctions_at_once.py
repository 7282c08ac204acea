"""Two who run the site, at the same moment; and a person who asks while the time runs out."""

from datetime import timedelta

import pytest
from tests.builders import a_worker
from tests.justice.sanctioned import a_sanction, an_operator, in_effect
from tests.people.at_once import at_once

from canut.justice.sanctions.models import Review, Sanction
from canut.justice.sanctions.refusals import SanctionHolds, SanctionReviewed
from canut.justice.sanctions.usecases.answer_sanction import ask_review
from canut.justice.sanctions.usecases.deliver_sanction import deliver_sanction
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Restriction

pytestmark = pytest.mark.usefixtures("committed")

WHY = "I looked at all of it, and at what was answered, and come to this."


def tried(act):
    try:
        return act()
    except Refusal as refusal:
        return type(refusal)


def test_two_operators_and_two_runners_make_one_sanction_and_one_review():
    worker, one, two, three = a_worker(), an_operator(), an_operator(), an_operator()
    made = at_once(lambda by: tried(lambda: a_sanction(worker, by=by)), one, two)
    assert {type(each) for each in made} == {Sanction, type}
    assert SanctionHolds in made
    sanction = Sanction.objects.get()
    now = clock.now()
    delivered = at_once(lambda _runner: deliver_sanction(sanction_id=sanction.pk, at=now), 1, 2)
    assert sorted(delivered) == [False, True]
    assert Restriction.objects.count() == 1
    # When the person asks twice at once, and two others say different things at once
    asked = at_once(lambda _click: ask_review(sanction_id=sanction.pk, by=worker, at=now).pk, 1, 2)
    assert len(set(asked)) == 1
    later = now + timedelta(hours=1)
    others = [by for by in (one, two, three) if by.pk != sanction.decided_by_id]
    said = at_once(
        lambda case: tried(
            lambda: review_sanction(
                sanction_id=sanction.pk, outcome=case[0], reason=WHY, by=case[1], at=later
            )
        ),
        ("stands", others[0]),
        ("falls", others[1]),
    )
    # Then one of them has said it, and the sanction is as they said
    assert SanctionReviewed in said
    review, sanction = Review.objects.get(), Sanction.objects.get()
    assert (sanction.ended_how == "reversed") == (review.outcome == "falls")
    assert (Restriction.objects.get().lifted_at is None) == (review.outcome == "stands")


def test_a_suspended_operator_who_decides_at_the_same_moment_is_kept_out():
    worker, one, two = a_worker(), an_operator(), an_operator()
    in_effect(two, by=one)
    assert tried(lambda: a_sanction(worker, by=two)).__name__ == "AccountSuspended"
