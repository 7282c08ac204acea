import pytest

from canut.work.results.accuracy import Accuracy, accuracy


def test_right_labels_are_counted_and_missing_ones_are_not_wrong():
    found = accuracy({1: "a", 2: "b", 3: None, 5: "a"}, {1: "a", 2: "a", 3: "a", 4: "b"})
    assert (found.right, found.judged, found.unanswered, found.share) == (1, 2, 2, 0.5)


def test_the_interval_is_wilsons():
    # 8 of 10: (0.8 + 1.92/10 ± 1.96 * sqrt(0.016 + 0.0096)) / 1.384
    found = accuracy({task: task < 8 for task in range(10)}, dict.fromkeys(range(10), True))
    assert found.low == pytest.approx(0.4902, abs=1e-4)
    assert found.high == pytest.approx(0.9433, abs=1e-4)


@pytest.mark.parametrize("right", [0, 10])
def test_the_interval_stays_between_none_and_all(right):
    found = accuracy({task: task < right for task in range(10)}, dict.fromkeys(range(10), True))
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.high - found.low == pytest.approx(0.2775, abs=1e-4)


def test_without_gold_nothing_is_judged():
    assert accuracy({1: "a"}, {}) == Accuracy(0, 0, 0, None, None, None)
    assert accuracy({}, {1: "a"}) == Accuracy(0, 0, 1, None, None, None)
