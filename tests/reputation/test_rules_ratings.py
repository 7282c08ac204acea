"""Boomerang's rules against figures worked out by hand, and what holds for any ratings."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from canut.reputation.rules_ratings import requester_score

D = Decimal
VALUES = st.decimals("1", "3", places=2)


def score(own: str | None, *others: str) -> Decimal:
    return requester_score(
        own=None if own is None else D(own),
        others=[D(one) for one in others],
        others_factor=D("0.1"),
        neutral=D(2),
        unrated=D("1.99"),
    )


def test_a_requester_s_place_in_the_feed_by_hand():
    assert score("2", "3", "3") == D("2.1")
    assert score("2", "1") == D("1.9")
    assert score("3") == D(3)
    assert score(None, "3", "2") == D("2.5")
    assert score(None) == D("1.99")


@given(VALUES, st.lists(VALUES, min_size=1, max_size=9))
def test_being_disliked_by_others_never_raises_a_requester(own, others):
    worse = [max(D(1), one - D("0.5")) for one in others]
    both = {"own": own, "others_factor": D("0.1"), "neutral": D(2), "unrated": D("1.99")}
    assert requester_score(others=worse, **both) <= requester_score(others=others, **both)
