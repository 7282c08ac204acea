import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.results.times import Spread, spread, spread_by_task

TIMES = st.floats(0, 1e6)


def test_quartiles_by_hand():
    # Of 5 times the quartiles are the 2nd, 3rd and 4th; of 4 they lie between
    assert spread([50, 10, 40, 20, 30]) == Spread(5, 20, 30, 40)
    assert spread([1, 2, 3, 4]) == Spread(4, 1.75, 2.5, 3.25)
    assert spread([7]) == Spread(1, 7, 7, 7)


def test_no_times_have_no_quartiles():
    assert spread([]) is None


def test_each_task_has_its_own_and_a_task_without_times_has_none():
    found = spread_by_task(np.array([2, 0, 2, 2]), [30, 5, 10, 20], tasks=3)
    assert found.count.tolist() == [1, 0, 3]
    assert found.median_seconds.tolist()[::2] == [5, 20]
    assert found.lower_quartile_seconds.tolist()[::2] == [5, 15]
    assert np.isnan(found.median_seconds[1])


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_impossible_times_are_refused(seconds):
    with pytest.raises(ValueError, match="negative or not finite"):
        spread([1, seconds])


def test_each_time_needs_its_task():
    with pytest.raises(ValueError, match="needs its task"):
        spread_by_task(np.array([0]), [1, 2], tasks=1)


@given(st.lists(st.tuples(st.integers(0, 4), TIMES), min_size=1, max_size=40))
def test_quartiles_are_numpys(pairs):
    task, seconds = np.array([task for task, _ in pairs]), np.array([time for _, time in pairs])
    found = spread_by_task(task, seconds, tasks=5)
    for number in set(task.tolist()):
        expected = np.percentile(seconds[task == number], [25, 50, 75])
        got = (found.lower_quartile_seconds, found.median_seconds, found.upper_quartile_seconds)
        assert [part[number] for part in got] == pytest.approx(expected.tolist())
