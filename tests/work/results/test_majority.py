from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from canut.work.results.answers import Answers
from canut.work.results.majority import majority

WORKERS = st.integers(0, 6)
TASKS = st.integers(0, 5)
LABELS = st.sampled_from(["a", "b", "c", "d"])
ROWS = st.dictionaries(st.tuples(WORKERS, TASKS), LABELS, max_size=40).map(
    lambda answers: [(worker, task, label) for (worker, task), label in answers.items()]
)


def test_the_label_with_most_answers_wins():
    answers = Answers.from_rows(
        [(worker, "t1", label) for worker, label in enumerate("abbcb")] + [(0, "t2", "c")]
    )
    found = majority(answers)
    assert answers.by_task(found.label) == {"t1": "b", "t2": "c"}
    assert found.votes.tolist() == [3, 1]
    assert found.count.tolist() == [5, 1]
    assert found.share.tolist() == [0.6, 1.0]
    assert found.tied.tolist() == [False, False]


def test_a_tie_goes_to_the_smallest_label_and_is_marked():
    rows = [(0, "t", "b"), (1, "t", "a"), (2, "t", "c"), (3, "t", "b"), (4, "t", "a")]
    for order in (rows, rows[::-1]):
        answers = Answers.from_rows(order)
        found = majority(answers)
        assert answers.by_task(found.label) == {"t": "a"}
        assert found.tied.tolist() == [True]
        assert found.share.tolist() == [0.4]


def test_the_smallest_label_is_the_first_of_the_order_given():
    answers = Answers.from_rows([(0, "t", "b"), (1, "t", "a")], labels=["b", "a"])
    assert answers.by_task(majority(answers).label) == {"t": "b"}


def test_a_task_without_answers_has_no_label():
    answers = Answers.from_rows([(0, "t2", "a")], tasks=["t1", "t2"])
    found = majority(answers)
    assert answers.by_task(found.label) == {"t1": None, "t2": "a"}
    assert found.count.tolist() == [0, 1]
    assert np.isnan(found.share[0])
    assert not found.tied[0]


def test_no_answers_give_no_labels():
    assert majority(Answers.from_rows([])).label.size == 0
    assert majority(Answers.from_rows([], tasks=["t"])).label.tolist() == [-1]


@given(ROWS)
def test_majority_is_what_counting_one_by_one_gives(rows):
    answers = Answers.from_rows(rows)
    votes = {}
    for _worker, task, label in rows:
        votes.setdefault(task, Counter())[label] += 1
    expected = {
        task: min(counts, key=lambda label: (-counts[label], label)) for task, counts in votes.items()
    }
    found = majority(answers)
    assert answers.by_task(found.label) == expected
    assert found.votes.tolist() == [max(votes[task].values()) for task in answers.tasks]
    assert found.count.tolist() == [votes[task].total() for task in answers.tasks]
    assert found.tied.tolist() == [
        list(votes[task].values()).count(max(votes[task].values())) > 1 for task in answers.tasks
    ]


@given(ROWS)
def test_everybody_answering_twice_changes_nothing_but_the_counts(rows):
    once = majority(Answers.from_rows(rows))
    twice = majority(Answers.from_rows(rows + rows, repeats="keep_all"))
    assert twice.label.tolist() == once.label.tolist()
    assert twice.share.tolist() == once.share.tolist()
    assert twice.count.tolist() == (2 * once.count).tolist()


@given(ROWS, st.permutations(range(6)), st.permutations(range(7)))
def test_names_do_not_matter(rows, other_task, other_worker):
    renamed = [(other_worker[worker], other_task[task], label) for worker, task, label in rows][::-1]
    before, after = Answers.from_rows(rows), Answers.from_rows(renamed)
    found, found_after = before.by_task(majority(before).label), after.by_task(majority(after).label)
    assert {other_task[task]: label for task, label in found.items()} == found_after
