"""Boomerang's rules against figures worked out by hand, and what holds for any ratings."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.reputation.rules_ratings import (
    Factors,
    Rating,
    band_of,
    requester_score,
    standing_toward,
    stretched,
    weighted_mean,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
D = Decimal
FACTORS = Factors(D("0.3"), D("0.4"), D("0.5"), 2, D("1.99"), 2)
VALUES = st.decimals("1", "3", places=2)


def rated(*ratings: tuple[int, int, str]) -> list[Rating]:
    """Return ratings as (rater, group, value), oldest first, an hour apart."""
    return [
        Rating(number, rater, group, D(value), NOON + timedelta(hours=number))
        for number, (rater, group, value) in enumerate(ratings, start=1)
    ]


def test_a_mean_worked_out_by_hand():
    # newest first 3, 1, 2 with a = 0.3: (3 + 0.3 + 0.18) / 1.39 = 2.5035…
    assert weighted_mean([D(3), D(1), D(2)], factor=D("0.3"), decimals=2) == D("2.50")
    # a = 0.4: (3 + 0.4 + 0.32) / 1.56 = 2.3846…
    assert weighted_mean([D(3), D(1), D(2)], factor=D("0.4"), decimals=2) == D("2.38")


def test_half_a_hundredth_goes_up():
    # (2.01 + 0.5 × 1.995) / 1.5 = 2.005
    assert weighted_mean([D("2.01"), D("1.995")], factor=D("0.5"), decimals=2) == D("2.01")


@given(st.lists(VALUES, min_size=1, max_size=20), st.decimals("0.01", "0.99", places=2))
def test_a_mean_equals_exact_fractions_and_lies_between_its_values(values, factor):
    a = Fraction(factor)
    exact = sum(Fraction(v) * a**k for k, v in enumerate(values)) / sum(a**k for k in range(len(values)))
    mean = weighted_mean(values, factor=factor, decimals=6)
    assert abs(Fraction(mean) - exact) <= Fraction(1, 2_000_000)
    assert min(values) <= mean <= max(values)


def test_nothing_has_no_mean():
    with pytest.raises(ValueError, match="at least one"):
        weighted_mean([], factor=D("0.3"), decimals=2)


@pytest.mark.parametrize(
    ("ratings", "value", "scope"),
    [
        ([], "1.99", "unrated"),
        ([(7, 70, "3"), (7, 70, "1")], "1.46", "project_group"),  # (1 + 0.9) / 1.3
        ([(7, 71, "3"), (7, 71, "1")], "1.57", "requester"),  # (1 + 1.2) / 1.4
        ([(7, 71, "3"), (7, 70, "1")], "1.00", "project_group"),
        ([(8, 80, "3"), (9, 90, "1")], "1.67", "platform"),  # (1 + 1.5) / 1.5
        ([(8, 80, "3"), (8, 81, "3")], "1.99", "unrated"),  # one who praises is not enough
        ([(8, 80, "1"), (8, 80, "3"), (9, 90, "2")], "2.33", "platform"),  # 8's latest alone
    ],
)
def test_the_first_scope_that_has_ratings_wins(ratings, value, scope):
    standing = standing_toward(rated(*ratings), requester_id=7, group_id=70, factors=FACTORS)
    assert (standing.value, standing.scope) == (D(value), scope)


def test_equal_times_are_ordered_by_id():
    same = [Rating(n, 7, 70, D(n), NOON) for n in (1, 2, 3)]
    forward = standing_toward(same, requester_id=7, group_id=70, factors=FACTORS)
    backward = standing_toward(same[::-1], requester_id=7, group_id=70, factors=FACTORS)
    assert forward == backward
    assert [one.id for one in forward.ratings] == [3, 2, 1]


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


def test_a_scale_is_stretched_from_its_least_to_its_most():
    assert stretched({1: D(0), 2: D(50), 3: D(100)}, lowest=D(1), highest=D(3)) == {
        1: D("1.00"),
        2: D("2.00"),
        3: D("3.00"),
    }
    assert stretched({1: D(4), 2: D(4)}, lowest=D(1), highest=D(3)) == {1: D("2.00"), 2: D("2.00")}


@pytest.mark.parametrize("bad", [{}, {1: D("NaN")}, {1: D("Infinity"), 2: D(1)}])
def test_what_is_no_number_is_not_stretched(bad):
    with pytest.raises(ValueError, match="finite"):
        stretched(bad, lowest=D(1), highest=D(3))


@given(st.dictionaries(st.integers(), st.decimals(-1000, 1000, places=3), min_size=1, max_size=30))
def test_stretching_keeps_the_order_and_the_bounds(given_ratings):
    mapped = stretched(given_ratings, lowest=D(1), highest=D(3))
    assert mapped.keys() == given_ratings.keys()
    assert all(1 <= value <= 3 for value in mapped.values())
    in_order = sorted(given_ratings, key=lambda key: given_ratings[key])
    assert [mapped[key] for key in in_order] == sorted(mapped.values())


@pytest.mark.parametrize(
    ("standing", "band"),
    [
        ("3", "early"),
        ("2.5", "early"),
        ("2.49", "normal"),
        ("1.5", "normal"),
        ("1.49", "last"),
        ("1", "last"),
    ],
)
def test_a_band_in_place_of_the_number(standing, band):
    assert band_of(D(standing), weights=(D(3), D(2), D(1))) == band
