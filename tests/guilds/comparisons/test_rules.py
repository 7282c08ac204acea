"""Pairs, scores and ranks by plain rules: against all that could be paired, and against TrueSkill itself."""

from decimal import Decimal
from itertools import combinations
from math import ceil
from statistics import NormalDist

import pytest
import trueskill
from hypothesis import given
from hypothesis import strategies as st

from canut.guilds.comparisons.rules import (
    Judged,
    Quality,
    closest_pairs,
    expected_seconds,
    qualities_of,
    ranks_of,
)

SHARE = Decimal("0.1")
MEANS = st.lists(st.integers(0, 40).map(float), min_size=0, max_size=7)


def least_sum(means):
    """Return the least sum of differences of any ceil(n/2) pairs that hold everybody, by trying all."""
    people = range(len(means))
    wanted = ceil(len(means) / 2)
    sums = [
        sum(abs(means[one] - means[other]) for one, other in chosen)
        for chosen in combinations(list(combinations(people, 2)), wanted)
        if {person for pair in chosen for person in pair} == set(people)
    ]
    return min(sums)


@given(MEANS)
def test_pairs_are_of_the_closest_and_nobody_is_in_two_but_the_odd_one(means):
    pairs = closest_pairs(list(enumerate(means)))
    if len(means) < 2:
        assert pairs == []
        return
    assert len(pairs) == ceil(len(means) / 2)
    assert all(one != other for one, other in pairs)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    named = sorted(name for pair in pairs for name in pair)
    assert set(named) == set(range(len(means)))
    assert len(named) == len(means) + len(means) % 2  # the odd one twice, all others once
    assert sum(abs(means[one] - means[other]) for one, other in pairs) == pytest.approx(least_sum(means))


@given(st.lists(st.floats(0, 50), min_size=2, max_size=120))
def test_many_answers_are_paired_as_few_are(means):
    pairs = closest_pairs(list(enumerate(means)))
    named = [name for pair in pairs for name in pair]
    assert len(pairs) == ceil(len(means) / 2)
    assert set(named) == set(range(len(means)))
    assert len(named) - len(set(named)) == len(means) % 2


def test_of_equal_answers_the_order_given_decides():
    assert closest_pairs([("c", 25.0), ("a", 25.0), ("d", 25.0), ("b", 25.0)]) == [("c", "a"), ("d", "b")]


def test_answers_begin_where_trueskill_does():
    (quality,) = qualities_of(["a"], []).values()
    assert (quality.mu, round(quality.sigma, 3), quality.sure) == (25, 8.333, 0)


def test_one_comparison_moves_both_as_one_would_by_hand():
    normal, spread, tau = NormalDist(), 25 / 3, 25 / 300
    beta, variance = spread / 2, spread**2 + tau**2
    c = (2 * beta**2 + 2 * variance) ** 0.5
    margin = normal.inv_cdf((0.1 + 1) / 2) * 2**0.5 * beta / c
    v = normal.pdf(-margin) / normal.cdf(-margin)
    w = v * (v - margin)
    won = qualities_of(["a", "b"], [Judged("a", "b", SHARE)])
    assert (won["a"].mu, won["b"].mu) == pytest.approx((25 + variance / c * v, 25 - variance / c * v))
    assert won["a"].sigma == won["b"].sigma == pytest.approx((variance * (1 - variance / c**2 * w)) ** 0.5)
    assert (round(won["a"].mu, 3), round(won["a"].sigma, 3)) == (29.396, 7.171)  # as its documentation has it


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()).filter(lambda one: one[0] != one[1]),
        max_size=12,
    )
)
def test_scores_are_those_of_trueskill_whatever_the_order(judged):
    ratings = [trueskill.Rating() for _each in range(5)]
    for better, worse, tie in judged:
        ratings[better], ratings[worse] = trueskill.rate_1vs1(ratings[better], ratings[worse], drawn=tie)
    ours = qualities_of(range(5), [Judged(one, other, SHARE, tie=tie) for one, other, tie in judged])
    for name, rating in enumerate(ratings):
        assert (ours[name].mu, ours[name].sigma) == pytest.approx((rating.mu, rating.sigma))


def test_a_tie_is_refused_where_none_is_expected_and_strangers_are_passed_over():
    with pytest.raises(ValueError, match="tie"):
        qualities_of(["a", "b"], [Judged("a", "b", Decimal(0), tie=True)])
    without = qualities_of(["a", "b"], [Judged("a", "gone", SHARE), Judged("gone", "b", SHARE, tie=True)])
    assert without == {"a": Quality(), "b": Quality()}
    certain = qualities_of(["a", "b"], [Judged("b", "a", Decimal(0))])
    assert certain["b"].mu > 25 > certain["a"].mu


def test_ranks_go_by_what_is_sure_and_equals_share_one():
    qualities = {"a": Quality(30, 7), "b": Quality(28, 2), "c": Quality(30, 7), "d": Quality(25, 8)}
    assert ranks_of(qualities) == {"b": 1, "a": 2, "c": 2, "d": 4}


@pytest.mark.parametrize(
    ("of_task", "share", "seconds"),
    [(60, "0.5", 60), (20, "0.5", 30), (61, "0.25", 31), (100, "0", 30), (3600, "2", 14400)],
)
def test_a_comparison_takes_a_share_of_the_tasks_time_for_each_answer(of_task, share, seconds):
    assert expected_seconds(of_task=of_task, time_share=Decimal(share), least_seconds=30) == seconds
