"""How long work really takes, and what that adds to a reward: the rules alone."""

from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.rules_pay import (
    TimeReport,
    is_outlying,
    medians_of_workers,
    report_step_seconds,
    shares_of_workers,
    shortfall_minor,
    top_up_minor,
    typical_seconds,
)

SECONDS = st.integers(1, 5_000)
REPORTS = st.lists(
    st.builds(
        TimeReport,
        task_id=st.integers(1, 8),
        worker_id=st.integers(1, 7),
        stated_seconds=st.none() | SECONDS,
        measured_seconds=st.none() | SECONDS,
    ),
    max_size=40,
)


def all_stated(*times: tuple[int, int, int]) -> list[TimeReport]:
    return [TimeReport(task, worker, seconds) for task, worker, seconds in times]


def test_the_typical_time_is_the_median_of_the_tasks_medians():
    # Six workers, nobody with more than a third; the medians of the three tasks are 60, 90 and 400
    reports = all_stated(
        (1, 1, 50), (1, 2, 60), (1, 3, 900), (2, 4, 80), (2, 5, 100), (3, 1, 300), (3, 6, 500)
    )
    assert typical_seconds(reports) == Decimal("90")


def test_a_middle_between_two_values_is_exact_to_the_quarter_second():
    reports = all_stated((1, 1, 60), (1, 2, 61), (2, 3, 70), (2, 4, 70))
    assert typical_seconds(reports) == Decimal("65.25")


def test_where_a_task_has_no_report_the_timer_speaks():
    reports = [
        TimeReport(1, 1, None, 100),
        TimeReport(1, 2, None, 140),
        TimeReport(2, 3, 200, 5_000),
        TimeReport(2, 4, 200, 5_000),
        TimeReport(2, 5, None, 9_000),  # left out: others stated a time for this task
    ]
    assert typical_seconds(reports) == Decimal("160")


def test_nothing_known_is_an_error_and_not_a_time():
    with pytest.raises(ValueError, match="at least one known time"):
        typical_seconds([TimeReport(1, 1, None, None), TimeReport(2, 1, 0, 0)])


def test_one_worker_cannot_set_the_time_by_doing_most_of_the_tasks():
    honest = all_stated(*((task, 2 + task % 4, 60) for task in range(100, 120)))
    greedy = all_stated(*((task, 1, 6_000) for task in range(80)))
    assert typical_seconds(honest + greedy) == Decimal("60")
    assert shares_of_workers(honest + greedy)[1] == Fraction(1, 3)


@given(
    tasks=st.lists(
        st.lists(st.tuples(st.integers(1, 60), SECONDS), min_size=1, max_size=5), min_size=1, max_size=8
    )
)
def test_with_nobody_too_heavy_it_is_the_plain_median_of_plain_medians(tasks):
    reports = [
        TimeReport(number, worker, seconds)
        for number, figures in enumerate(tasks)
        for worker, seconds in figures
    ]
    own: dict[int, Fraction] = {}
    for figures in tasks:
        for worker, _seconds in figures:
            own[worker] = own.get(worker, Fraction(0)) + Fraction(1, len(figures))
    if len(own) > 3 and max(own.values()) * 3 <= sum(own.values()):
        plain = median(Fraction(median([Fraction(s) for _w, s in figures])) for figures in tasks)
        assert Fraction(typical_seconds(reports)) == plain


@given(reports=REPORTS, divisor=st.integers(1, 5))
def test_nobody_weighs_more_than_their_part(reports, divisor):
    shares = shares_of_workers(reports, worker_divisor=divisor)
    if not shares:
        return
    assert sum(shares.values()) == 1
    assert max(shares.values()) <= max(Fraction(1, divisor), Fraction(1, len(shares)))


@given(reports=REPORTS, divisor=st.integers(1, 5))
def test_the_typical_time_lies_among_the_reports_whatever_their_order(reports, divisor):
    known = [s for one in reports for s in (one.stated_seconds, one.measured_seconds) if s]
    if not known:
        return
    typical = typical_seconds(reports, worker_divisor=divisor)
    assert min(known) <= typical <= max(known)
    assert typical == typical_seconds(list(reversed(reports)), worker_divisor=divisor)
    slower = [
        TimeReport(
            r.task_id,
            r.worker_id,
            r.stated_seconds and r.stated_seconds + 10,
            r.measured_seconds and r.measured_seconds + 10,
        )
        for r in reports
    ]
    assert typical_seconds(slower, worker_divisor=divisor) == typical + 10


@given(
    reward=st.integers(0, 500),
    seconds=st.decimals("0.25", "4000", places=2),
    floors=st.lists(st.integers(100, 4_000), min_size=1, max_size=12),
)
def test_a_top_up_lifts_pay_to_the_floor_to_the_cent_and_not_one_cent_more(reward, seconds, floors):
    shortfalls = [
        shortfall_minor(reward_minor=reward, typical=seconds, floor_hourly_minor=floor) for floor in floors
    ]
    added = top_up_minor(shortfalls)
    # At one floor and nobody above it, pay is the least whole sum that reaches the floor.
    for floor in floors:
        alone = top_up_minor(
            [shortfall_minor(reward_minor=reward, typical=seconds, floor_hourly_minor=floor)]
        )
        owed = Fraction(seconds) * floor / 3600
        assert reward + alone >= owed
        assert alone == 0 or reward + alone - 1 < owed
    assert 0 <= added - sum(shortfalls) < 1


def test_rounding_happens_once_for_a_worker_and_not_for_each_assignment():
    share = shortfall_minor(reward_minor=10, typical=Decimal("30.25"), floor_hourly_minor=1_500)
    assert share == Fraction(125, 48)  # 2.604… cents
    assert top_up_minor([share] * 100) == 261


def test_a_reward_above_the_floor_brings_nothing():
    assert shortfall_minor(reward_minor=100, typical=Decimal(60), floor_hourly_minor=1_500) == 0
    assert top_up_minor([]) == 0


def test_the_median_of_a_worker_is_of_what_they_state():
    reports = [TimeReport(1, 1, 60, 5), TimeReport(2, 1, 100, 5), TimeReport(3, 2, None, 30)]
    assert medians_of_workers(reports) == {1: Decimal(80), 2: Decimal(30)}


def test_an_outlier_is_marked_far_above_and_far_below():
    assert is_outlying(seconds=Decimal(300), typical=Decimal(100), factor=Decimal(3))
    assert is_outlying(seconds=Decimal(33), typical=Decimal(100), factor=Decimal(3))
    assert not is_outlying(seconds=Decimal(299), typical=Decimal(100), factor=Decimal(3))


def test_time_is_stated_in_finer_steps_where_little_is_expected():
    steps = {"step_seconds": 30, "short_under_seconds": 120, "short_step_seconds": 1}
    assert report_step_seconds(expected_seconds=119, **steps) == 1
    assert report_step_seconds(expected_seconds=120, **steps) == 30
