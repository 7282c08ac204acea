from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canut.work.results.answers import Comparisons
from canut.work.results.bradley_terry import bradley_terry


def comparisons_of(*records, items=None):
    """Read (a, b, outcomes) records; each outcome is another worker's on a task of its own."""
    rows = []
    for a, b, outcomes in records:
        for outcome in outcomes.split():
            rows.append((f"worker {len(rows)}", len(rows), a, b, outcome))
    return Comparisons.from_rows(rows, items=items)


def strengths(ranking):
    return {place.item: place.log_strength for place in ranking.places}


def test_two_items_are_as_far_apart_as_the_odds():
    ranking = bradley_terry(comparisons_of(("x", "y", "a a a b")), prior_ties=0, resamplings=0)
    best, worst = ranking.places
    assert (best.item, best.rank, worst.item, worst.rank) == ("x", 1, "y", 2)
    assert best.log_strength - worst.log_strength == pytest.approx(log(3))
    assert best.log_strength + worst.log_strength == pytest.approx(0)
    assert (best.wins, best.losses, best.ties) == (3, 1, 0)
    assert (worst.wins, worst.losses, worst.ties) == (1, 3, 0)
    # An average item is halfway between: odds of the root of 3
    assert best.chance == pytest.approx(3**0.5 / (1 + 3**0.5))
    assert ranking.converged
    assert (ranking.groups, ranking.uncompared) == (1, ())


def test_a_tie_is_half_a_win_for_both():
    with_tie = bradley_terry(comparisons_of(("x", "y", "a a tie")), prior_ties=0, resamplings=0)
    assert strengths(with_tie)["x"] - strengths(with_tie)["y"] == pytest.approx(log(2.5 / 0.5))
    assert [place.ties for place in with_tie.places] == [1, 1]


def test_columns_may_be_the_other_way_round():
    one_way = bradley_terry(comparisons_of(("x", "y", "a a a b"), ("y", "z", "a b tie")), resamplings=0)
    other_way = bradley_terry(comparisons_of(("y", "x", "b b b a"), ("z", "y", "b a tie")), resamplings=0)
    assert strengths(other_way) == pytest.approx(strengths(one_way))


def test_with_imaginary_ties_wins_are_as_expected_of_the_strengths():
    # At the solution every item has won, with its half imaginary win, as often as its strength says
    records = [("x", "y", "a a tie b"), ("y", "z", "a a a"), ("x", "z", "b tie")]
    found = strengths(bradley_terry(comparisons_of(*records), prior_ties=1, resamplings=0))
    wins = {"x": 2.5 + 0.5, "y": 1.5 + 3, "z": 1 + 0.5}
    met = {("x", "y"): 4, ("y", "z"): 3, ("x", "z"): 2}

    def expected(imaginary):
        total = dict.fromkeys(found, 0.0)
        for (one, other), times in met.items():
            chance = 1 / (1 + np.exp(found[other] - found[one]))
            total[one] += times * chance
            total[other] += times * (1 - chance)
        return {item: total[item] + 1 / (1 + np.exp(imaginary - found[item])) for item in found}

    # The imaginary item's own strength is the one at which its ties come out even
    candidates = np.linspace(-2, 2, 400_001)
    even = sum(1 / (1 + np.exp(found[item] - candidates)) for item in found)
    imaginary = candidates[np.abs(even - 1.5).argmin()]
    assert expected(imaginary) == pytest.approx({item: times + 0.5 for item, times in wins.items()}, abs=1e-4)


def test_an_item_that_always_won_has_a_finite_strength_through_imaginary_ties():
    always = comparisons_of(("x", "y", "a a a"), ("y", "z", "a b"))
    best = bradley_terry(always, resamplings=50).places[0]
    assert best.item == "x"
    assert 0 < best.log_strength < 5
    assert np.isfinite([best.low, best.high]).all()


def test_without_imaginary_ties_it_is_refused():
    with pytest.raises(ValueError, match="always won or always lost"):
        bradley_terry(comparisons_of(("x", "y", "a a a"), ("y", "z", "a b")), prior_ties=0)


def test_resamplings_without_a_ranking_are_left_out_and_counted():
    ranking = bradley_terry(comparisons_of(("x", "y", "a a b")), prior_ties=0, resamplings=200)
    # Of three answers drawn with replacement, all are alike with (2/3)^3 + (1/3)^3 = 1/3
    assert 40 < ranking.without_estimate < 95
    assert ranking.resamplings + ranking.without_estimate == 200
    assert all(np.isfinite([place.low, place.high]).all() for place in ranking.places)


def test_items_never_compared_with_each_other_are_ranked_apart():
    ranking = bradley_terry(
        comparisons_of(("p", "q", "a a b"), ("x", "y", "b b a"), ("y", "z", "a tie"), items="pqxyz!"),
        resamplings=20,
    )
    assert ranking.groups == 2
    assert ranking.uncompared == ("!",)
    assert [(place.item, place.group, place.rank) for place in ranking.places] == [
        ("y", 0, 1),
        ("x", 0, 2),
        ("z", 0, 3),
        ("p", 1, 1),
        ("q", 1, 2),
    ]
    for group in (0, 1):
        assert sum(place.log_strength for place in ranking.places if place.group == group) == pytest.approx(0)


def test_one_group_does_not_move_another():
    together = bradley_terry(comparisons_of(("p", "q", "a a b"), ("x", "y", "b b a tie b")), resamplings=0)
    alone = bradley_terry(comparisons_of(("x", "y", "b b a tie b")), resamplings=0)
    assert {item: strengths(together)[item] for item in "xy"} == pytest.approx(strengths(alone), abs=1e-6)


def test_where_all_is_tied_all_are_first():
    ranking = bradley_terry(comparisons_of(("x", "y", "tie tie"), ("y", "z", "tie")), resamplings=50)
    assert [(place.item, place.rank) for place in ranking.places] == [("x", 1), ("y", 1), ("z", 1)]
    for place in ranking.places:
        assert (place.low, place.log_strength, place.high) == pytest.approx((0, 0, 0), abs=1e-6)


def test_items_with_the_same_record_share_a_rank_though_the_solver_rounds():
    same = [
        ("a", "m", "a a b"),
        ("z", "m", "a a b"),
        ("m", "q", "a a a b"),
        ("q", "a", "b tie"),
        ("q", "z", "b tie"),
    ]
    ranking = bradley_terry(comparisons_of(*same), resamplings=0)
    assert [(place.item, place.rank) for place in ranking.places] == [("a", 1), ("z", 1), ("m", 3), ("q", 4)]


def test_no_comparisons_give_no_places():
    ranking = bradley_terry(Comparisons.from_rows([], items=["x", "y"]))
    assert (ranking.places, ranking.groups, ranking.uncompared) == ((), 0, ("x", "y"))
    assert bradley_terry(Comparisons.from_rows([]), prior_ties=0).places == ()


def test_a_single_task_cannot_be_resampled():
    (best, worst) = bradley_terry(comparisons_of(("x", "y", "a"))).places
    assert best.low is best.high is worst.low is worst.high is None


def test_a_seed_gives_its_intervals():
    data = comparisons_of(("x", "y", "a a b tie a b"), ("y", "z", "a b b a"), ("x", "z", "a b tie"))
    first, again = (bradley_terry(data, resamplings=50, seed=7) for _ in range(2))
    assert first == again
    other = bradley_terry(data, resamplings=50, seed=8)
    assert [place.low for place in other.places] != [place.low for place in first.places]
    assert strengths(other) == strengths(first)


def test_the_interval_lies_around_the_strength():
    ranking = bradley_terry(comparisons_of(("x", "y", "a a b tie a b a a b a"), ("y", "z", "a b b a")))
    for place in ranking.places:
        assert place.low < place.log_strength < place.high


def test_five_opinions_of_one_pair_are_not_five_pairs():
    # Given 20 tasks with five like-minded answers each
    rows = [
        (f"worker {worker}", task, "x", "y", "a" if task < 13 else "b")
        for task in range(20)
        for worker in range(5)
    ]
    data = Comparisons.from_rows(rows)

    def width(resample):
        best = bradley_terry(data, resample=resample).places[0]
        return best.high - best.low

    # When tasks are drawn, then the interval is about the root of five times as wide as for answers
    assert width("task") / width("answer") == pytest.approx(5**0.5, rel=0.25)
    assert bradley_terry(data) == bradley_terry(data, resample="task")
    # and workers, who all say the same, add nothing
    assert width("worker") == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("wrong", [{"prior_ties": -1}, {"resamplings": -1}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="cannot be negative"):
        bradley_terry(comparisons_of(("x", "y", "a")), **wrong)


def test_too_many_items_are_refused():
    rows = [(0, number, number, number + 1, "a") for number in range(2000)]
    with pytest.raises(ValueError, match="2001 items are too many"):
        bradley_terry(Comparisons.from_rows(rows))


PAIRS = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1])
ROWS = st.lists(st.tuples(PAIRS, st.sampled_from(["a", "b", "tie"])), min_size=1, max_size=25).map(
    lambda answers: [(0, task, a, b, outcome) for task, ((a, b), outcome) in enumerate(answers)]
)


@given(ROWS, st.permutations(range(5)))
@settings(max_examples=60, deadline=None)
def test_names_do_not_matter(rows, other):
    renamed = [(worker, -task, other[a], other[b], outcome) for worker, task, a, b, outcome in rows][::-1]
    before = bradley_terry(Comparisons.from_rows(rows), resamplings=0)
    after = bradley_terry(Comparisons.from_rows(renamed), resamplings=0)
    assert after.groups == before.groups
    expected = {other[item]: strength for item, strength in strengths(before).items()}
    assert strengths(after) == pytest.approx(expected, abs=1e-5)


def everybody_can_be_beaten(rows):
    """Tell whether whoever was compared with another won and lost against it, directly or through others."""
    met, beaten_by = {}, {}
    for _worker, _task, a, b, outcome in rows:
        met.setdefault(a, set()).add(b)
        met.setdefault(b, set()).add(a)
        if outcome != "b":
            beaten_by.setdefault(b, set()).add(a)
        if outcome != "a":
            beaten_by.setdefault(a, set()).add(b)

    def through(links, item):
        found, new = {item}, [item]
        while new:
            new = [other for item in new for other in links.get(item, ()) if other not in found]
            found.update(new)
        return found

    return all(through(beaten_by, item) == through(met, item) for item in met)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_without_imaginary_ties_strengths_are_finite_or_refused(rows):
    data = Comparisons.from_rows(rows)
    if not everybody_can_be_beaten(rows):
        with pytest.raises(ValueError, match="always won or always lost"):
            bradley_terry(data, prior_ties=0)
        return
    ranking = bradley_terry(data, prior_ties=0, resamplings=0)
    # Then each item's wins are what its strength says
    found = strengths(ranking)
    won, expected = dict.fromkeys(found, 0.0), dict.fromkeys(found, 0.0)
    for _worker, _task, a, b, outcome in rows:
        share = {"a": 1.0, "b": 0.0, "tie": 0.5}[outcome]
        chance = 1 / (1 + np.exp(found[b] - found[a]))
        won[a] += share
        won[b] += 1 - share
        expected[a] += chance
        expected[b] += 1 - chance
    assert expected == pytest.approx(won, abs=1e-3)
