from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canut.work.results.answers import NO_LABEL, Answers
from canut.work.results.dawid_skene import dawid_skene
from canut.work.results.majority import majority

WORKERS = st.integers(0, 5)
TASKS = st.integers(0, 5)
LABELS = st.integers(0, 2)
ROWS = st.dictionaries(st.tuples(WORKERS, TASKS), LABELS, min_size=1, max_size=30).map(
    lambda answers: [(worker, task, label) for (worker, task), label in answers.items()]
)
SMOOTHINGS = st.sampled_from([0.0, 0.01, 1.0, 5.0])

# x and y agree on both tasks, z always says 1.
SMALL = [("x", 1, 0), ("y", 1, 0), ("z", 1, 1), ("x", 2, 1), ("y", 2, 1), ("z", 2, 1)]


def test_one_step_without_smoothing_is_as_by_hand():
    # Shares of answers: task 1 is 2/3 to 1/3, task 2 is all 1; so the classes are 1/3 to 2/3.
    # x and y: where 0 is right they say 0; where 1 is right, 0 in 1/3 of 4/3 answers.
    found = dawid_skene(Answers.from_rows(SMALL), smoothing=0, max_iterations=1)
    assert found.prior == pytest.approx([1 / 3, 2 / 3])
    assert found.confusion[0] == pytest.approx(np.array([[1, 0], [1 / 4, 3 / 4]]), abs=1e-9)
    assert found.confusion[2] == pytest.approx(np.array([[0, 1], [0, 1]]), abs=1e-9)
    # Task 1 is 0 with 1/3, and 1 with 2/3 * 1/4 * 1/4 = 1/24; task 2 can only be 1.
    assert found.posterior == pytest.approx(np.array([[8 / 9, 1 / 9], [0, 1]]), abs=1e-9)
    assert found.log_likelihood == pytest.approx(log(1 / 3 + 1 / 24) + log(2 / 3 * 9 / 16))
    assert found.iterations == 1
    assert not found.converged


def test_one_step_with_one_imaginary_answer_a_cell_is_as_by_hand():
    found = dawid_skene(Answers.from_rows(SMALL), max_iterations=1)
    assert found.confusion[0] == pytest.approx(np.array([[5 / 8, 3 / 8], [2 / 5, 3 / 5]]))
    assert found.confusion[2] == pytest.approx(np.array([[3 / 8, 5 / 8], [3 / 10, 7 / 10]]))
    zero, one = 1 / 3 * (5 / 8) ** 3, 2 / 3 * (2 / 5) ** 2 * 7 / 10
    assert found.posterior[0] == pytest.approx([zero / (zero + one), one / (zero + one)])


def test_a_worker_who_swaps_the_labels_is_understood():
    # Given two good workers, and two who swap: the majority is tied everywhere but on tasks 0 to 9,
    # where a fifth worker, who is good and slow, tells who is who
    truth = [task % 2 for task in range(40)]
    rows = [(name, task, right) for name in ("ada", "bo") for task, right in enumerate(truth)]
    rows += [(name, task, 1 - right) for name in ("cyd", "di") for task, right in enumerate(truth)]
    rows += [("eve", task, truth[task]) for task in range(10)]
    answers = Answers.from_rows(rows)
    found = dawid_skene(answers)
    # Then all tasks are right, and the swappers' confusions are swapped
    assert found.label.tolist() == truth
    assert majority(answers).label.tolist() != truth
    accuracy = dict(zip(answers.workers, found.worker_accuracy(), strict=True))
    assert accuracy["ada"] > 0.9
    assert accuracy["cyd"] < 0.1
    assert found.confusion[answers.workers.index("cyd"), 0, 1] > 0.9


def test_it_stops_where_nothing_improves():
    found = dawid_skene(Answers.from_rows(SMALL))
    assert found.converged
    assert 1 < found.iterations < 1000


def test_a_task_without_answers_has_the_class_shares_and_no_label():
    answers = Answers.from_rows(SMALL, tasks=[1, 2, 3])
    found = dawid_skene(answers)
    assert found.label[2] == NO_LABEL
    assert found.posterior[2] == pytest.approx(found.prior)
    # and it changes nothing for the others
    assert found.posterior[:2] == pytest.approx(dawid_skene(Answers.from_rows(SMALL)).posterior)


def test_no_answers_give_uniform_posteriors_and_no_labels():
    found = dawid_skene(Answers.from_rows([], tasks=["t"], labels=["a", "b"]))
    assert found.label.tolist() == [NO_LABEL]
    assert found.posterior.tolist() == [[0.5, 0.5]]
    assert found.prior.tolist() == [0.5, 0.5]
    assert (found.iterations, found.log_likelihood, found.converged) == (0, 0.0, True)
    assert dawid_skene(Answers.from_rows([])).posterior.shape == (0, 0)


def test_one_label_is_certain():
    found = dawid_skene(Answers.from_rows([("x", 1, "a"), ("y", 1, "a")]))
    assert found.posterior.tolist() == [[1.0]]
    assert found.log_likelihood == 0.0


@pytest.mark.parametrize("smoothing", [0, 1])
@pytest.mark.parametrize(
    "rows",
    [
        [("x", task, task % 7 == 0) for task in range(50)],
        [(f"worker {task}", task, task % 3) for task in range(30)],
        [("x", task // 2, task // 2 % 7 == 0) for task in range(100)],
    ],
    ids=["one worker", "one answer a task", "one worker, twice"],
)
def test_with_nothing_to_compare_answers_stand_as_given(rows, smoothing):
    given = {task: label for _worker, task, label in rows}
    answers = Answers.from_rows(rows, tasks=[*given, "unanswered"], repeats="keep_all")
    found = dawid_skene(answers, smoothing=smoothing)
    assert answers.by_task(found.label) == given | {"unanswered": None}
    assert found.posterior[-1] == pytest.approx(found.prior)
    assert found.iterations == 0


def test_even_disagreement_stays_even_and_goes_to_the_smallest_label():
    rows = [("x", 1, "a"), ("y", 1, "b"), ("x", 2, "b"), ("y", 2, "a")]
    found = dawid_skene(Answers.from_rows(rows))
    assert found.posterior == pytest.approx(np.full((2, 2), 0.5))
    assert found.label.tolist() == [0, 0]


def test_labels_that_only_rounding_tells_apart_go_to_the_smallest():
    # The two agree on tasks 0 and 2, one label each, and differ on task 1, which is therefore even
    rows = [(0, 0, 1), (0, 1, 0), (0, 2, 0), (1, 0, 1), (1, 1, 1), (1, 2, 0)]
    found = dawid_skene(Answers.from_rows(rows))
    assert found.posterior[1] == pytest.approx([0.5, 0.5], abs=1e-9)
    assert found.label.tolist() == [1, 0, 0]


def test_it_goes_on_while_the_smoothed_objective_improves():
    # Here the log-likelihood itself falls from the second step on, while the estimate is far from settled
    rows = [(0, 0, 0), (0, 2, 0), (0, 3, 0), (1, 0, 1), (1, 1, 0), (1, 2, 0), (1, 3, 1)]
    rows += [(2, 0, 1), (2, 1, 0), (2, 2, 1), (2, 3, 1)]
    found = dawid_skene(Answers.from_rows(rows))
    assert found.converged
    assert found.iterations > 50


def test_a_label_nobody_chose_is_never_found():
    found = dawid_skene(Answers.from_rows(SMALL, labels=[0, 1, 2]))
    assert found.prior[2] == 0
    assert (found.posterior[:, 2] == 0).all()
    assert found.confusion[0, 2].tolist() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("wrong", [{"smoothing": -1}, {"tolerance": -1}, {"max_iterations": 0}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="cannot be negative"):
        dawid_skene(Answers.from_rows(SMALL), **wrong)


def test_free_text_is_refused_before_it_fills_the_memory():
    rows = [(worker, task, f"{worker}/{task}") for worker in range(100) for task in range(100)]
    with pytest.raises(ValueError, match="10000 labels are too many"):
        dawid_skene(Answers.from_rows(rows))


@given(ROWS, SMOOTHINGS)
def test_probabilities_are_probabilities(rows, smoothing):
    found = dawid_skene(Answers.from_rows(rows), smoothing=smoothing, max_iterations=50)
    for table in (found.posterior, found.confusion, found.prior):
        assert (table >= 0).all()
        assert table.sum(axis=-1) == pytest.approx(np.ones(table.shape[:-1]))
    assert np.isfinite(found.log_likelihood)
    assert found.log_likelihood <= 1e-6


@given(ROWS, st.sampled_from([1e-6, 0.5, 1.0]))
def test_smoothing_leaves_nothing_impossible(rows, smoothing):
    found = dawid_skene(Answers.from_rows(rows), smoothing=smoothing, max_iterations=50)
    assert (found.confusion > 0).all()
    assert np.isfinite(found.log_likelihood)


@given(ROWS, SMOOTHINGS)
@settings(max_examples=50)
def test_no_iteration_makes_it_worse(rows, smoothing):
    answers = Answers.from_rows(rows)

    def objective(iterations):
        found = dawid_skene(answers, smoothing=smoothing, tolerance=0, max_iterations=iterations)
        return found.log_likelihood + smoothing * np.log(found.confusion).sum()

    reached = [objective(iterations) for iterations in range(1, 8)]
    assert all(after >= before - 1e-6 for before, after in pairwise(reached))


@given(ROWS, st.permutations(range(6)), st.permutations(range(6)), st.permutations(range(3)))
def test_names_do_not_matter(rows, other_worker, other_task, other_label):
    renamed = [(other_worker[w], other_task[t], other_label[label]) for w, t, label in rows][::-1]
    before = Answers.from_rows(rows, tasks=range(6), labels=range(3))
    after = Answers.from_rows(renamed, tasks=range(6), labels=range(3))
    found, found_after = dawid_skene(before, max_iterations=8), dawid_skene(after, max_iterations=8)
    for task in range(6):
        for label in range(3):
            expected = found.posterior[task, label]
            assert found_after.posterior[other_task[task], other_label[label]] == pytest.approx(
                expected, abs=1e-6
            )
    assert found_after.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-6)
