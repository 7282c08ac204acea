"""Levels against windows worked out by hand, and what holds for any reviews."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.guilds.rules_levels import (
    Change,
    LevelRule,
    Progress,
    Verdict,
    decided,
    level_after,
    progress,
    window_mean,
)

D = Decimal
RULE = LevelRule(window=10, rise_two=D("3.9"), rise_one=D("3.0"), fall=D("1.1"), lowest=1, highest=4)
VALUES = st.integers(1, 4)
RULES = st.builds(
    LevelRule,
    window=st.integers(1, 6),
    rise_two=st.decimals("1", "4", places=1),
    rise_one=st.decimals("1", "4", places=1),
    fall=st.decimals("1", "4", places=1),
    lowest=st.just(1),
    highest=st.integers(2, 5),
)


def came(*values: int, rule: LevelRule = RULE) -> list[Verdict]:
    return [Verdict(number, value, rule) for number, value in enumerate(values, start=1)]


def test_a_mean_is_rounded_half_up_to_two_decimals():
    assert window_mean([1, 2]) == D("1.50")
    assert window_mean([1, 1, 2]) == D("1.33")
    assert window_mean([1, 2, 2]) == D("1.67")
    assert window_mean([4, *[3] * 7]) == D("3.13")  # 3.125
    assert str(window_mean([4] * 3)) == "4.00"


@pytest.mark.parametrize("wrong", [[], [0], [1, 5], [2, -1]])
def test_a_mean_is_of_verdicts(wrong):
    with pytest.raises(ValueError, match="verdict"):
        window_mean(wrong)


@pytest.mark.parametrize(
    ("level", "mean", "after", "why"),
    [
        (1, "3.91", 3, "rise_two"),
        (1, "3.90", 2, "rise_one"),
        (1, "3.01", 2, "rise_one"),
        (1, "3.00", 1, "stay"),
        (2, "1.10", 2, "stay"),
        (2, "1.09", 1, "fall"),
        (1, "1.00", 1, "fall"),
        (3, "4.00", 4, "rise_two"),
        (4, "4.00", 4, "rise_two"),
        (4, "1.00", 3, "fall"),
    ],
)
def test_only_a_mean_past_a_threshold_moves_the_level(level, mean, after, why):
    assert level_after(level, D(mean), RULE) == (after, why)


def test_whoever_stands_beyond_a_lowered_highest_level_is_moved_by_reviews_alone():
    lower = replace(RULE, highest=2)
    assert [level_after(4, D(mean), lower)[0] for mean in ("4", "2", "1")] == [4, 4, 3]
    higher = replace(RULE, lowest=3)
    assert [level_after(1, D(mean), higher)[0] for mean in ("4", "2", "1")] == [3, 1, 1]


def test_ten_reviews_decide_and_the_window_is_cleared_moved_or_not():
    stays, rises = [2] * 10, [*[3] * 9, 4]
    found = decided(1, came(*stays, *rises, 4, 4, 4))
    assert [(one.before, one.after, one.mean, one.why) for one in found] == [
        (1, 1, D("2.00"), "stay"),
        (1, 2, D("3.10"), "rise_one"),
    ]
    assert [one.reviews for one in found] == [tuple(range(1, 11)), tuple(range(11, 21))]
    # a window that were not cleared would hold 3.10 again with the next review
    assert decided(1, came(*rises, *[1] * 9))[0].after == 2
    assert len(decided(1, came(*rises, *[1] * 9))) == 1


def test_without_a_voided_review_later_ones_move_up_and_decide_anew():
    reviews = came(*[4] * 9, 1, *[4] * 9)
    assert [one.after for one in decided(1, reviews)] == [2]  # 3.70
    reviews[9] = replace(reviews[9], is_voided=True)
    found = decided(1, reviews)
    assert [(one.after, one.mean) for one in found] == [(3, D("4.00"))]
    assert 10 not in found[0].reviews
    assert 11 in found[0].reviews


def test_the_rule_in_force_when_the_last_review_came_decides():
    strict = replace(RULE, rise_one=D("3.5"))
    values = [*[3] * 5, *[4] * 5]  # 3.50
    first_strict = [*came(*values[:9], rule=strict), *came(values[9])]
    last_strict = [*came(*values[:9]), *came(values[9], rule=strict)]
    assert [one.after for one in decided(1, first_strict)] == [2]
    assert [one.after for one in decided(1, last_strict)] == [1]
    # a shorter window decides with the next review, of all that have come
    short = replace(RULE, window=5)
    [found] = decided(1, [*came(*[3] * 7), *came(4, rule=short)])
    assert (len(found.reviews), found.mean, found.after) == (8, D("3.13"), 2)


def test_progress_says_what_the_missing_reviews_must_come_to():
    assert progress(1, [], RULE) == Progress(
        0,
        10,
        None,
        (
            Change("rise_two", 3, 40, D("4.00"), is_certain=False),
            Change("rise_one", 2, 31, D("3.10"), is_certain=False),
        ),
    )
    seven = progress(2, [3] * 7, RULE)
    assert (seven.reviews, seven.missing, seven.mean) == (7, 3, D("3.00"))
    # three reviews that add up to 10, so 3.34 or more; neither +2 nor a fall can come any more
    assert seven.changes == (Change("rise_one", 3, 10, D("3.34"), is_certain=False),)
    assert progress(2, [1] * 8, RULE).changes == (Change("fall", 1, 2, D("1.00"), is_certain=False),)


def test_progress_tells_what_is_certain_and_what_cannot_come():
    assert progress(1, [4, 4, 4, 4, 4, 4, 4, 4, 2], RULE).changes == (
        Change("rise_one", 2, 1, D("1.00"), is_certain=True),
    )
    assert progress(1, [2] * 9, RULE).changes == ()
    assert progress(4, [4] * 9, RULE).changes == ()  # there is no higher level
    assert progress(3, [4] * 9, RULE).changes[0].after == 4  # one or two up is the same here
    assert len(progress(3, [4] * 9, RULE).changes) == 1


def test_when_windows_became_shorter_the_next_review_decides():
    found = progress(1, [4] * 8, replace(RULE, window=5))
    assert (found.reviews, found.missing) == (8, 1)


@given(first=st.integers(1, 5), values=st.lists(VALUES, max_size=40), rule=RULES)
def test_levels_stay_within_and_every_review_counts_once(first, values, rule):
    found = decided(first, came(*values, rule=rule))
    assert [number for one in found for number in one.reviews] == list(range(1, len(found) * rule.window + 1))
    assert len(found) == len(values) // rule.window
    level = first
    for one in found:
        assert one.before == level
        assert abs(one.after - one.before) <= 2
        assert min(first, rule.lowest) <= one.after <= max(first, rule.highest)
        assert one.after <= rule.highest or one.after <= one.before
        level = one.after


@given(values=st.lists(VALUES, max_size=30), marks=st.sets(st.integers(1, 30)), rule=RULES)
def test_voiding_a_review_is_as_if_it_had_never_come(values, marks, rule):
    all_of_them = came(*values, rule=rule)
    marked = [replace(one, is_voided=one.id in marks) for one in all_of_them]
    assert decided(1, marked) == decided(1, [one for one in all_of_them if one.id not in marks])


@given(mean=st.decimals("1", "4", places=2), more=st.decimals("0", "3", places=2), rule=RULES)
def test_a_better_mean_never_leads_lower(mean, more, rule):
    assert level_after(2, mean + more, rule)[0] >= level_after(2, mean, rule)[0]


@given(level=st.integers(1, 5), rule=RULES, data=st.data())
def test_progress_is_what_comes_true(level, rule, data):
    so_far = data.draw(st.lists(VALUES, max_size=rule.window - 1))
    told = progress(level, so_far, rule)
    assert len(so_far) + told.missing == rule.window
    changes = {change.after: change for change in told.changes}
    seen = set()
    for rest in product((1, 4), repeat=told.missing):
        [decision] = decided(level, came(*so_far, *rest, rule=rule))
        seen.add(decision.after)
        if decision.after == level:
            assert not any(change.is_certain for change in told.changes)
            continue
        change = changes[decision.after]
        if decision.after > level:
            assert sum(rest) >= change.total
            assert change.mean * told.missing >= change.total
        else:
            assert sum(rest) <= change.total
            assert change.mean * told.missing <= change.total
    assert [change.after for change in told.changes] == sorted(changes, reverse=True)
    for change in told.changes:  # and just that total leads there
        each, over = divmod(change.total, told.missing)
        just = [each + (place < over) for place in range(told.missing)]
        [decision] = decided(level, came(*so_far, *just, rule=rule))
        assert decision.after == change.after
        assert decision.why == change.why
