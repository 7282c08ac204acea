"""The cascade's rules against thresholds worked out by hand, and what holds for any project."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.reputation.rules_cascade import (
    Beat,
    Ladders,
    fallen,
    has_ended,
    is_newcomer_place,
    may_restart,
    newcomer_may_enter,
    newcomer_places,
    next_threshold,
)
from canut.reputation.rules_ratings import weighted_mean

D = Decimal
NUMBERS = Ladders(D(3), D(1), (D(2), D("1.99"), D(1)), (D(2), D("1.99")), D("0.6"))
EVERYWHERE = (D(3), D("2.5"), D(2), D("1.99"), D("1.5"), D(1))
STANDINGS = st.lists(st.decimals("1", "3", places=2), max_size=12)
POLICIES = st.sampled_from(["ladder", "throughput", "share", "open"])


def after(policy: str, threshold: str, **seen: object) -> Decimal:
    beat = Beat(threshold=D(threshold), **{"standings": EVERYWHERE, "best": D(3), **seen})  # type: ignore[arg-type]
    return next_threshold(policy, beat, NUMBERS)  # type: ignore[arg-type]


def test_the_ladder_takes_a_step_a_beat():
    assert [after("ladder", at) for at in ("3", "2", "1.99", "1")] == [D(2), D("1.99"), D(1), D(1)]


def test_throughput_stays_while_the_project_is_worked_on():
    assert after("throughput", "3", count=6, reference=10) == D(3)
    assert after("throughput", "3", count=5, reference=10) == D("2.5")  # the best standing below
    assert after("throughput", "3", count=0, reference=0) == D("2.5")  # nothing is not "as much as before"
    assert after("throughput", "2.5", count=1, reference=10) == D(2)
    assert after("throughput", "2", count=1, reference=10) == D("1.99")
    assert after("throughput", "1.99", count=1, reference=10) == D("1.5")


def test_share_falls_as_a_project_falls_behind():
    behind = {"potential_seconds": 50, "platform_potential_seconds": 100}
    assert after("share", "3", **behind, worked_seconds=10, platform_worked_seconds=100) == D("1.80")
    assert after("share", "3", **behind) == D("1.50")
    assert after("share", "3") == D(3)
    ahead = {"worked_seconds": 90, "platform_worked_seconds": 100}
    assert after("share", "2.00", **behind, **ahead) == D("2.00")  # it never rises


def test_open_has_no_threshold():
    assert after("open", "3") == D(1)


def test_nobody_waits_for_nobody():
    assert fallen(D(3), best=D("1.99"), last=D(1)) == D("1.99")
    assert fallen(D(3), best=D("2.4"), last=D(1)) == D("2.4")
    assert fallen(D(3), best=None, last=D(1)) == D(1)
    assert fallen(D(2), best=D(3), last=D(1)) == D(2)
    assert after("ladder", "3", best=D("1.5")) == D("1.5")
    assert after("throughput", "3", count=6, reference=6, best=D(2)) == D(2)


def test_the_daemo_mode_stops_at_two_and_just_under():
    """Ratings weigh 0.3 newest first, and the threshold stays at 0.6 of the busiest beat (by hand)."""
    steady = weighted_mean([D(3), D(2), D(1)], factor=D("0.3"), decimals=2)  # (3 + 0.6 + 0.09) / 1.39
    fallen_off = weighted_mean([D(1), D(3)], factor=D("0.3"), decimals=2)  # (1 + 0.9) / 1.3
    assert (steady, fallen_off) == (D("2.65"), D("1.46"))
    at, seen, reference = D(3), [], 0
    for count in (10, 6, 5, 7, 0, 0, 3, 0, 0):
        beat = Beat(at, (steady, fallen_off), best=D(3), count=count, reference=reference)
        moved = next_threshold("throughput", beat, NUMBERS)
        reference = max(reference, count) if moved == at else 0
        at = moved
        seen.append(at)
    by_hand = ["3", "3", "2.65", "2.65", "2", "1.99", "1.99", "1.46", "1"]
    assert seen == [D(one) for one in by_hand]


@given(POLICIES, st.decimals("1", "3", places=2), STANDINGS, st.integers(0, 50), st.integers(0, 50))
def test_a_threshold_never_rises_and_always_lets_somebody_in(policy, threshold, standings, count, reference):
    best = max(standings, default=None)
    beat = Beat(
        threshold=threshold, standings=standings, best=best, count=count, reference=max(count, reference)
    )
    found = next_threshold(policy, beat, NUMBERS)
    assert D(1) <= found <= threshold
    assert found == D(1) or any(one >= found for one in standings)


@given(POLICIES.filter(lambda policy: policy != "share"), STANDINGS)
def test_a_project_without_work_is_open_to_all_in_the_end(policy, standings):
    threshold = D(3)
    for _beat in range(len(standings) + 5):
        beat = Beat(threshold=threshold, standings=standings, best=max(standings, default=None))
        threshold = next_threshold(policy, beat, NUMBERS)
    assert has_ended(threshold, NUMBERS)


@given(st.integers(0, 3_000), st.sampled_from(["0", "0.1", "0.25", "0.5"]))
def test_every_tenth_place_is_a_newcomer_s(places, share):
    kept = [position for position in range(1, places + 1) if is_newcomer_place(position, share=D(share))]
    assert len(kept) == newcomer_places(places, share=D(share))
    if share == "0.1":
        assert kept == list(range(10, places + 1, 10))


@pytest.mark.parametrize(
    ("beat", "ended", "may"), [(1, False, False), (2, False, True), (3, False, True), (1, True, True)]
)
def test_newcomers_come_in_from_the_second_beat(beat, ended, may):
    assert newcomer_may_enter(beat=beat, first_beat=2, ended=ended) is may


def test_added_tasks_start_it_anew_once_a_day_and_never_while_it_runs():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    day = {"started_at": noon, "restart_hours": 24}
    assert may_restart(**day, ended=True, at=noon + timedelta(hours=24))
    assert not may_restart(**day, ended=True, at=noon + timedelta(hours=23))
    assert not may_restart(**day, ended=False, at=noon + timedelta(hours=48))
