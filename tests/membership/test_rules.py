"""Truth tables of colleges and activity, and drawing by lot, without a database."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.membership.rules import Days, college_of, colleges_open, first_day, is_active
from canut.membership.rules_lot import (
    Drawable,
    code_of,
    commitment_of,
    hash_of_candidates,
    lot_checks,
    order_of,
    serves_again_from,
)

SHARE = Decimal("0.4")


@pytest.mark.parametrize(
    ("worked", "requested", "active", "in_team", "chosen", "college"),
    [
        # Nobody without a day belongs anywhere; the team always to itself
        (0, 0, 0, False, None, None),
        (0, 0, 0, False, "workers", None),
        (0, 0, 0, True, None, "team"),
        (9, 9, 9, True, "workers", "team"),
        # One side alone
        (1, 0, 1, False, None, "workers"),
        (0, 1, 1, False, None, "requesters"),
        (5, 0, 5, False, "requesters", "workers"),
        # Exactly 40 % of the active days is enough, less is not
        (6, 4, 10, False, None, "workers"),
        (6, 4, 10, False, "requesters", "requesters"),
        (7, 3, 10, False, "requesters", "workers"),
        (3, 7, 10, False, "workers", "requesters"),
        (2, 3, 5, False, None, "requesters"),
        (2, 3, 5, False, "workers", "workers"),
        # Days that are both count for both
        (5, 5, 5, False, None, "workers"),
        (5, 5, 5, False, "requesters", "requesters"),
        (10, 4, 10, False, None, "workers"),
        (10, 3, 10, False, "requesters", "workers"),
        # Whoever chose what cannot be chosen is treated as if they had not
        (5, 5, 5, False, "team", "workers"),
    ],
)
def test_the_truth_table_of_colleges(worked, requested, active, in_team, chosen, college):
    days = Days(worked, requested, active)
    assert college_of(days, in_team=in_team, least_share=SHARE, chosen=chosen) == college


@given(
    both=st.integers(0, 40),
    only_worked=st.integers(0, 40),
    only_requested=st.integers(0, 40),
    share=st.sampled_from(["0.05", "0.4", "0.5"]),
    chosen=st.sampled_from([None, "workers", "requesters"]),
)
def test_whoever_was_active_has_one_college_and_it_is_one_they_could_have(
    both, only_worked, only_requested, share, chosen
):
    days = Days(both + only_worked, both + only_requested, both + only_worked + only_requested)
    could_be = colleges_open(days, in_team=False, least_share=Decimal(share))
    found = college_of(days, in_team=False, least_share=Decimal(share), chosen=chosen)
    assert (found in could_be) if days.active else (found is None and not could_be)
    if chosen in could_be:
        assert found == chosen


@pytest.mark.parametrize(
    ("college", "worker_days", "requester_days", "active"),
    [
        ("workers", 5, 5, True),
        ("workers", 4, 90, False),
        ("requesters", 0, 5, True),
        ("requesters", 30, 4, False),
        ("team", 0, 0, True),
        (None, 30, 90, False),
    ],
)
def test_the_truth_table_of_activity(college, worker_days, requester_days, active):
    given_days = {"worker_days": worker_days, "requester_days": requester_days, "least_days": 5}
    assert is_active(college, **given_days) == active


def test_a_window_holds_its_last_day():
    assert first_day(date(2026, 11, 20), 1) == date(2026, 11, 20)
    assert first_day(date(2026, 11, 20), 30) == date(2026, 10, 22)


def some(count, served=()):
    codes = [code_of(bytes([n]) * 16, 7) for n in range(count)]
    return [Drawable(code, n in served) for n, code in enumerate(codes)]


def test_codes_and_hashes_are_what_the_page_says_they_are():
    seed, ticket = bytes(range(32)), bytes(range(16))
    assert commitment_of(seed) == sha256(seed).hexdigest()
    assert code_of(ticket, 12) == sha256(b"canut lot 12:" + ticket).hexdigest()
    assert code_of(ticket, 12) != code_of(ticket, 13)
    two = [Drawable("bb", True), Drawable("aa", False)]
    assert hash_of_candidates(two) == sha256(b"aa 0\nbb 1\n").hexdigest()
    with pytest.raises(ValueError, match="32 bytes"):
        commitment_of(b"short")
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    assert serves_again_from(moment, 60) == datetime(2027, 1, 19, tzinfo=UTC)


@given(st.binary(min_size=32, max_size=32), st.sets(st.integers(0, 9)))
def test_the_order_is_by_keyed_hash_and_who_served_lately_comes_last(seed, served):
    candidates = some(10, served)
    order = order_of(seed, candidates)
    assert sorted(order) == sorted(one.code for one in candidates)
    late = {one.code for one in candidates if one.served_lately}
    assert set(order[len(order) - len(late) :]) == late
    fresh = [code for code in order if code not in late]
    assert fresh == sorted(fresh, key=lambda code: digest(seed, bytes.fromhex(code), "sha256"))
    said = {"commitment": commitment_of(seed), "shown_hash": hash_of_candidates(candidates), "seed": seed}
    assert lot_checks(**said, candidates=candidates, places=order)
    assert not lot_checks(**said, candidates=candidates, places=order[::-1])
    assert not lot_checks(**said, candidates=candidates[1:], places=order)
    assert not lot_checks(**(said | {"seed": bytes(32 * [1])}), candidates=candidates, places=order) or (
        seed == bytes(32 * [1])
    )
    assert not lot_checks(**(said | {"seed": b""}), candidates=candidates, places=order)


def test_everybody_is_drawn_about_as_often_as_anybody():
    candidates = some(6)
    drawn = Counter(order_of(sha256(bytes([n % 256, n // 256])).digest(), candidates)[0] for n in range(3000))
    assert len(drawn) == 6
    assert all(400 < count < 600 for count in drawn.values())  # 500 with a deviation of 20.4
