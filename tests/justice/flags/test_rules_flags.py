"""Whom flags need to hide something, and whose flags count no more: on plain values."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.justice.flags.rules_flags import cries_wolf, hides, most_untied

PEOPLE = st.integers(0, 8).flatmap(
    lambda n: st.tuples(
        st.just(range(n)),
        st.sets(st.sampled_from([frozenset(pair) for pair in combinations(range(n), 2)]))
        if n > 1
        else st.just(set()),
    )
)


def by_trying(people, ties) -> int:
    """Return the size of the largest set of people without a tie, by trying all of them."""
    for size in range(len(people), 0, -1):
        for some in combinations(people, size):
            if not any(frozenset(pair) in ties for pair in combinations(some, 2)):
                return size
    return 0


@given(PEOPLE, st.integers(0, 9))
def test_the_largest_set_without_a_tie_is_found_up_to_what_is_enough(drawn, enough):
    people, ties = drawn
    assert most_untied(people, ties, enough=enough) == min(enough, by_trying(people, ties))


@pytest.mark.parametrize(
    ("people", "ties", "hidden"),
    [
        ([1, 2, 3], [], True),
        ([1, 2], [], False),
        ([1, 2, 3], [(1, 2)], False),
        ([1, 2, 3, 4], [(1, 2)], True),
        ([1, 2, 3, 4], [(1, 2), (1, 3), (1, 4)], True),  # all but the one who is tied to all
        ([1, 2, 3, 4, 5], [(1, 2), (2, 3), (3, 4), (4, 5)], True),  # the first, the third and the fifth
        ([1, 2, 3, 4], [(1, 2), (3, 4), (1, 3), (2, 4)], False),
        ([1, 2, 3], [(1, 9), (9, 9)], True),  # ties of others, and with oneself, are none
    ],
)
def test_three_members_hide_who_have_no_tie_to_each_other(people, ties, hidden):
    assert hides(people, [frozenset(tie) for tie in ties], least_members=3) is hidden


def test_a_crowd_of_a_hundred_pairs_who_work_for_each_other_counts_as_a_hundred_and_at_once():
    people = range(200)
    assert most_untied(people, [frozenset((n, n + 100)) for n in range(100)], enough=150) == 100


@pytest.mark.parametrize(
    ("ties", "most"),
    [
        (combinations(range(1_200), 2), 1),  # all of them with each other
        ([*combinations(range(600), 2), *combinations(range(600, 1_200), 2)], 2),
        ([(n, (n + 1) % 1_200) for n in range(1_200)], 7),  # in a ring
    ],
)
def test_a_crowd_of_any_size_is_counted_without_going_deeper_than_what_is_enough(ties, most):
    assert most_untied(range(1_200), [frozenset(tie) for tie in ties], enough=7) == most


@pytest.mark.parametrize(
    ("restored", "decided", "wolf"),
    [(0, 0, False), (4, 4, False), (5, 5, True), (3, 5, True), (3, 6, False), (4, 6, True)],
)
def test_flags_count_no_more_when_enough_were_judged_and_most_were_wrong(restored, decided, wolf):
    known = [True] * restored + [False] * (decided - restored)
    assert cries_wolf(known, least_flags=5, most_share=Decimal("0.5")) is wolf
