"""When an idea is popular, what a vote waits for, who may begin another, and what lapses when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON

from canut.governance.rules import (
    Begun,
    class_of,
    comes_back_at,
    in_the_order_of,
    lapses_at,
    may_begin_at,
    sense_of,
    supporters_needed,
    what_lacks,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("active", "needed"), [(0, 3), (6, 3), (29, 3), (30, 3), (31, 4), (40, 4), (41, 5), (1_000, 100)]
)
def test_a_share_supports_and_never_fewer_than_some(active, needed):
    assert supporters_needed(active, least_members=3, share=Decimal("0.1")) == needed


def test_there_are_no_fewer_than_no_members():
    with pytest.raises(ValueError, match="fewer than 0"):
        supporters_needed(-1, least_members=3, share=Decimal("0.1"))


@pytest.mark.parametrize(
    ("classes", "articles", "found"),
    [
        ([], False, "ordinary"),
        (["ordinary", "pay"], False, "pay"),
        (["pay", "constitutional", "ordinary"], False, "constitutional"),
        (["ordinary"], True, "constitutional"),
    ],
)
def test_the_hardest_part_decides_how_hard_the_whole_is(classes, articles, found):
    assert class_of(classes, has_articles=articles) == found


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_vote_waits_for_what_it_lacks_and_for_nothing_else(sets, replayed, ratified, held):
    lacks = what_lacks(sets=sets, is_replayed=replayed, is_ratified=ratified, is_held=held)
    assert ("replay" in lacks) == (sets and not replayed)
    assert ("ratification" in lacks) == (not ratified)
    assert ("jury" in lacks) == held


@given(st.lists(st.integers(0, 100), max_size=12), st.integers(1, 5), st.integers(1, 60))
def test_nobody_begins_more_than_the_window_lets_them(days_ago, most, window):
    begun = Begun(on_their_way=0, begun_at=[NOON - DAY * days for days in days_ago])
    when = may_begin_at(begun, NOON, most_open=1, most_new=most, window_days=window)
    assert when is not None
    assert when >= NOON
    # From then on fewer than so many lie within the window, and the moment before they do not
    within = sum(moment > when - DAY * window for moment in begun.begun_at)
    assert within < most
    if when > NOON:
        before = when - timedelta(seconds=1)
        assert sum(moment > before - DAY * window for moment in begun.begun_at) >= most
    assert (
        may_begin_at(Begun(on_their_way=1, begun_at=[]), NOON, most_open=1, most_new=most, window_days=window)
        is None
    )


def test_what_lapses_and_what_comes_back():
    days = {"idea_days": 90, "draft_days": 60}
    assert lapses_at("idea", NOON, **days) == NOON + 90 * DAY
    assert lapses_at("infeasible", NOON, **days) == lapses_at("draft", NOON, **days) == NOON + 60 * DAY
    for state in ("feasibility", "waiting", "vote", "adopted", "archived"):
        assert lapses_at(state, NOON, **days) is None
    assert comes_back_at(NOON, state="withdrawn", comeback_days=90) == NOON
    assert comes_back_at(NOON, state="rejected", comeback_days=90) == NOON + 90 * DAY


def test_ideas_stand_in_another_order_each_day():
    ids = list(range(1, 41))
    first, second = in_the_order_of(date(2026, 1, 1), ids), in_the_order_of(date(2026, 1, 2), ids)
    assert sorted(first) == sorted(second) == ids
    assert first != second
    assert first == in_the_order_of(date(2026, 1, 1), list(reversed(ids)))
    places = [in_the_order_of(date(2026, 1, 1) + DAY * n, ids).index(7) for n in range(200)]
    assert 15 < sum(places) / len(places) < 25


def test_a_sense_check_is_added_up():
    sense = sense_of(["agree", "block", "agree", "disagree"])
    assert (sense.agree, sense.abstain, sense.disagree, sense.block, sense.said) == (2, 0, 1, 1, 4)
