import numpy as np
import pytest

from canut.work.results.answers import NO_LABEL, Answers, Comparisons

TWICE = [("ada", "t1", "no"), ("ada", "t1", "yes"), ("bo", "t1", "yes"), ("ada", "t2", "no")]


def as_rows(answers):
    return [
        (answers.workers[worker], answers.tasks[task], answers.labels[label])
        for worker, task, label in zip(answers.worker, answers.task, answers.label, strict=True)
    ]


def test_rows_come_back_as_they_went_in():
    rows = [("bo", "t2", "yes"), ("ada", "t1", "no"), ("bo", "t1", "no")]
    answers = Answers.from_rows(rows)
    assert as_rows(answers) == rows
    assert answers.workers == ("bo", "ada")
    assert answers.tasks == ("t2", "t1")
    assert len(answers) == 3


def test_a_worker_who_answered_a_task_twice_is_refused_by_name():
    with pytest.raises(ValueError, match="worker 'ada' answered task 't1' more than once"):
        Answers.from_rows(TWICE)


@pytest.mark.parametrize(
    ("repeats", "kept"),
    [("keep_all", TWICE), ("keep_first", [TWICE[0], *TWICE[2:]]), ("keep_last", TWICE[1:])],
)
def test_repeated_answers_are_kept_as_told(repeats, kept):
    assert as_rows(Answers.from_rows(TWICE, repeats=repeats)) == kept


@pytest.mark.parametrize(
    ("labels", "in_order"),
    [
        (["yes", "no", "éh"], ("no", "yes", "éh")),
        ([10, 9, -1.5], (-1.5, 9, 10)),
        (["b", 10, "5", 9], (9, 10, "5", "b")),
    ],
)
def test_labels_are_sorted(labels, in_order):
    rows = [("ada", task, label) for task, label in enumerate(labels)]
    answers = Answers.from_rows(rows)
    assert answers.labels == in_order
    assert as_rows(answers) == rows


def test_labels_keep_the_order_given_and_may_be_unused():
    answers = Answers.from_rows([("ada", "t", "low")], labels=["high", "middle", "low"])
    assert answers.labels == ("high", "middle", "low")
    assert answers.label.tolist() == [2]


def test_tasks_given_may_be_unanswered():
    answers = Answers.from_rows([("ada", "t2", "no")], tasks=["t1", "t2", "t3"])
    assert answers.answers_per_task().tolist() == [0, 1, 0]
    assert answers.by_task(np.array([NO_LABEL, 0, NO_LABEL])) == {"t1": None, "t2": "no", "t3": None}


@pytest.mark.parametrize(
    ("rows", "given", "why"),
    [
        ([("ada", "t9", "no")], {"tasks": ["t1"]}, "task 't9' is not one of those given"),
        ([("ada", "t1", "maybe")], {"labels": ["no"]}, "label 'maybe' is not one of those given"),
        ([], {"tasks": ["t1", "t1"]}, "task 't1' is named twice"),
        ([("ada", "t1", float("nan"))], {}, "a label is not a number"),
    ],
)
def test_what_has_no_place_is_refused(rows, given, why):
    with pytest.raises(ValueError, match=why):
        Answers.from_rows(rows, **given)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"label": np.array([0])}, "differ in length"),
        ({"label": np.array([0, 1])}, "labels has no name"),
        ({"worker": np.array([0, -1])}, "workers has no name"),
        ({"tasks": ("t1", "t1")}, "tasks holds a name twice"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, why):
    fitting = {
        "workers": ("ada", "bo"),
        "tasks": ("t1",),
        "labels": ("no",),
        "worker": np.array([0, 1]),
        "task": np.array([0, 0]),
        "label": np.array([0, 0]),
    }
    Answers(**fitting)
    with pytest.raises(ValueError, match=why):
        Answers(**fitting | change)


def test_no_rows_are_no_answers():
    answers = Answers.from_rows([])
    assert len(answers) == 0
    assert answers.tasks == answers.labels == answers.workers == ()


def test_comparisons_sort_their_items():
    comparisons = Comparisons.from_rows([("ada", 1, "y", "x", "a"), ("ada", 2, "x", "z", "tie")])
    assert comparisons.items == ("x", "y", "z")
    assert [comparisons.items[code] for code in comparisons.a] == ["y", "x"]
    assert [comparisons.items[code] for code in comparisons.b] == ["x", "z"]
    assert len(comparisons) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("bo", 2, "x", "x", "a"), "item 'x' is compared with itself"),
        (("bo", 2, "x", "y", "left"), "outcome 'left' is not one of those given"),
        (("ada", 1, "y", "z", "b"), "worker 'ada' answered task 1 more than once"),
    ],
)
def test_impossible_comparisons_are_refused(row, why):
    with pytest.raises(ValueError, match=why):
        Comparisons.from_rows([("ada", 1, "x", "y", "a"), row])
