"""Who may review an item, whom it is offered to first, and how the circle widens."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.guilds.rules_reviewers import (
    STAGES,
    Candidate,
    Levels,
    ReviewerRule,
    eligible,
    first_offers,
    has_lapsed,
    is_barred,
    next_change_after,
    reviewer_levels,
    stage_at,
    stage_begins_after,
)

RULE = ReviewerRule(
    reviewer_levels_above=1,
    neighbour_levels_above=2,
    scarce_members=3,
    reciprocity_least_members=5,
    first_offer_members=3,
    offer_all_hours=2,
    offer_neighbours_hours=24,
    review_lapse_days=7,
)
SEED = b"a seed of the block"
BARS = ("is_author", "owns_project", "reviewed_before", "refused")
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 10**9),
        level=st.integers(1, 4),
        is_active=st.booleans(),
        busy=st.integers(0, 3),
        done_30_days=st.integers(0, 3),
        is_author=st.booleans(),
        owns_project=st.booleans(),
        reviewed_before=st.booleans(),
        refused=st.booleans(),
        was_reviewed_by_author=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=20,
)


def members(*levels: int, **known: object) -> list[Candidate]:
    return [Candidate(number, level, **known) for number, level in enumerate(levels, start=1)]  # type: ignore[arg-type]


def who_may(stage, candidates, *, item_level=1, rule=RULE) -> list[int]:
    return [one.id for one in eligible(stage, candidates, item_level=item_level, rule=rule)]


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_those_one_level_above_review_where_there_are_enough():
    guild = members(1, 1, 2, 2, 2, 2, 3, 4)
    assert who_may(0, guild) == who_may(1, guild) == [3, 4, 5, 6]


def test_the_own_level_reviews_too_where_those_above_are_scarce():
    guild = members(1, 1, 2, 2, 2, 3, 4)
    assert who_may(1, guild) == [1, 2, 3, 4, 5]
    # only active members count as being there
    guild = [*members(1, 1, 2, 2, 2), Candidate(6, 2, is_active=False)]
    assert who_may(1, guild) == [1, 2, 3, 4, 5, 6]
    # one who may not review this item is there all the same
    guild = [*members(1, 1, 2, 2, 2), Candidate(6, 2, is_author=True)]
    assert who_may(1, guild) == [3, 4, 5]


def test_at_the_highest_level_peers_review():
    guild = members(3, 4, 4, 4, 4, 4)
    assert who_may(0, guild, item_level=4) == [2, 3, 4, 5, 6]


def test_the_circle_widens_to_neighbours_and_then_to_all_above():
    guild = members(1, 2, 2, 2, 2, 3, 4)
    assert [who_may(stage, guild) for stage in STAGES] == [
        [2, 3, 4, 5],
        [2, 3, 4, 5],
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
    ]
    assert who_may(3, guild, item_level=3) == [6, 7]  # never one below
    levels = [reviewer_levels(stage, item_level=2, active_above=9, rule=RULE) for stage in STAGES]
    assert levels == [Levels(3, 3), Levels(3, 3), Levels(2, 4), Levels(2, None)]


def test_a_guild_may_have_peers_review_always():
    rule = replace(RULE, reviewer_levels_above=0, neighbour_levels_above=0)
    assert who_may(1, members(1, 1, 1, 1, 1, 2), rule=rule) == [1, 2, 3, 4, 5]
    # neighbours are never fewer than those who came before them
    rule = replace(RULE, reviewer_levels_above=2, neighbour_levels_above=1)
    assert reviewer_levels(2, item_level=1, active_above=9, rule=rule) == Levels(1, 3)


@pytest.mark.parametrize("bar", BARS)
def test_some_never_review_an_item_however_few_there_are(bar):
    barred = Candidate(1, 2, **{bar: True})
    assert is_barred(barred)
    for stage in STAGES:
        assert who_may(stage, [barred]) == []
        assert who_may(stage, [barred, Candidate(2, 2)]) == [2]
    assert first_offers([barred], item_level=1, rule=RULE, seed=SEED) == []


def test_whom_the_author_reviewed_lately_stays_out_unless_others_are_few():
    paid_back = Candidate(9, 2, was_reviewed_by_author=True)
    assert not is_barred(paid_back)
    assert who_may(1, [*members(2, 2, 2, 2, 2), paid_back]) == [1, 2, 3, 4, 5]
    assert who_may(1, [*members(2, 2, 2, 2), paid_back]) == [1, 2, 3, 4, 9]
    # others who may not review are no others
    barred = [replace(one, id=one.id + 20, refused=True) for one in members(2, 2)]
    assert who_may(1, [*members(2, 2, 2, 2), *barred, paid_back]) == [1, 2, 3, 4, 9]
    never = replace(RULE, reciprocity_least_members=1)
    assert who_may(1, [*members(2, 2, 2, 2), paid_back], rule=never) == [1, 2, 3, 4]


def test_the_least_busy_are_offered_it_first():
    guild = [
        Candidate(1, 2, busy=1),
        Candidate(2, 2, busy=0, done_30_days=4),
        Candidate(3, 2, busy=0, done_30_days=2),
        Candidate(4, 2, busy=2),
        Candidate(5, 2, busy=0, is_active=False),
        Candidate(6, 3),
    ]
    offered = first_offers(guild, item_level=1, rule=RULE, seed=SEED)
    assert [one.id for one in offered] == [3, 2, 1]
    # where too few are active, others are asked
    offered = first_offers(guild[3:], item_level=1, rule=RULE, seed=SEED)
    assert [one.id for one in offered] == [4, 5]


def test_ties_are_broken_by_the_blocks_seed():
    guild = members(*[2] * 30)
    by_seed = {
        tuple(one.id for one in first_offers(guild, item_level=1, rule=RULE, seed=bytes([number])))
        for number in range(20)
    }
    assert len(by_seed) > 15
    again = first_offers(reversed(guild), item_level=1, rule=RULE, seed=bytes([7]))
    assert again == first_offers(guild, item_level=1, rule=RULE, seed=bytes([7]))


@pytest.mark.parametrize(
    ("waited", "stage", "lapsed", "next_"),
    [
        (0, 0, False, 2),
        (1.99, 0, False, 2),
        (2, 1, False, 24),
        (24, 2, False, 48),
        (47, 2, False, 48),
        (48, 3, False, 168),
        (167, 3, False, 168),
        (168, 3, True, None),
        (500, 3, True, None),
    ],
)
def test_a_review_widens_and_lapses_by_the_clock(waited, stage, lapsed, next_):
    assert stage_at(hours(waited), RULE) == stage
    assert has_lapsed(hours(waited), RULE) == lapsed
    assert next_change_after(hours(waited), RULE) == (None if next_ is None else hours(next_))


def test_a_guild_may_offer_to_all_at_once():
    at_once = replace(RULE, offer_all_hours=0, offer_neighbours_hours=0)
    assert stage_at(hours(0), at_once) == 3
    assert next_change_after(hours(0), at_once) == hours(168)
    # a review may lapse before the circle has widened
    short = replace(RULE, review_lapse_days=1)
    assert next_change_after(hours(3), short) == hours(24)
    assert has_lapsed(hours(24), short)


@given(candidates=CANDIDATES, item_level=st.integers(1, 4))
def test_nobody_barred_or_below_ever_reviews(candidates, item_level):
    for stage in STAGES:
        may = eligible(stage, candidates, item_level=item_level, rule=RULE)
        assert not any(one.is_barred for one in map(_Read, may))
        assert all(one.level >= item_level for one in may)
        assert [one for one in candidates if one in may] == may


@given(candidates=CANDIDATES, item_level=st.integers(1, 4))
def test_who_owes_the_author_nothing_stays_in_as_the_circle_widens(candidates, item_level):
    free = [one for one in candidates if not one.was_reviewed_by_author]
    circles = [
        {one.id for one in eligible(stage, candidates, item_level=item_level, rule=RULE) if one in free}
        for stage in STAGES
    ]
    assert all(before <= after for before, after in pairwise(circles))
    for stage in STAGES:  # and one who does comes in only where fewer than five of them are
        may = eligible(stage, candidates, item_level=item_level, rule=RULE)
        if any(one.was_reviewed_by_author for one in may):
            assert len(circles[stage]) < RULE.reciprocity_least_members


@given(candidates=CANDIDATES, item_level=st.integers(1, 4), seed=st.binary(max_size=40))
def test_first_offers_go_to_those_who_may_and_to_nobody_busier_than_another(candidates, item_level, seed):
    may = eligible(0, candidates, item_level=item_level, rule=RULE)
    offered = first_offers(candidates, item_level=item_level, rule=RULE, seed=seed)
    assert len(offered) == min(3, len(may))
    assert set(offered) <= set(may)
    left_out = [one for one in may if one not in offered]
    for one in offered:
        mine = (not one.is_active, one.busy, one.done_30_days)
        assert all(mine <= (not other.is_active, other.busy, other.done_30_days) for other in left_out)


@given(
    waited=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)),
    all_hours=st.integers(0, 168),
    neighbours_hours=st.integers(0, 720),
    lapse_days=st.integers(1, 90),
)
def test_stages_only_go_up_and_each_change_is_foretold(waited, all_hours, neighbours_hours, lapse_days):
    rule = replace(
        RULE,
        offer_all_hours=all_hours,
        offer_neighbours_hours=neighbours_hours,
        review_lapse_days=lapse_days,
    )
    stage = stage_at(waited, rule)
    coming = next_change_after(waited, rule)
    if coming is None:
        assert has_lapsed(waited, rule)
        return
    assert coming > waited
    assert stage_at(coming - timedelta(microseconds=1), rule) == stage
    assert has_lapsed(coming, rule) or stage_at(coming, rule) >= stage
    assert stage_begins_after(stage, rule) <= waited


class _Read:
    """A candidate read without the rule under test."""

    def __init__(self, candidate: Candidate) -> None:
        self.is_barred = any(getattr(candidate, bar) for bar in BARS)
