import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.results.agreement import Undefined, krippendorff_alpha
from canut.work.results.answers import Answers

# The three coders and fifteen units of Krippendorff's own example; 0 is no answer.
CODERS = [
    [0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3],
    [1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4],
]
KRIPPENDORFF = [
    (coder, unit, value) for coder, values in enumerate(CODERS) for unit, value in enumerate(values) if value
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.691358), ("interval", 0.810845)])
def test_krippendorffs_example_comes_out(level, alpha):
    found = krippendorff_alpha(Answers.from_rows(KRIPPENDORFF), level=level)
    assert found.alpha == pytest.approx(alpha, abs=1e-6)
    assert found.undefined is None
    assert found.tasks == 12  # of fifteen: two have no answer, one has one
    assert found.answers == 26


def test_by_hand_two_workers_who_disagree_once_in_four():
    # Observed disagreement 1/4. Of 8 values 5 are a: 5*3*2 of 56 ordered pairs differ, 15/28.
    rows = [("x", 1, "a"), ("y", 1, "a"), ("x", 2, "a"), ("y", 2, "a")]
    rows += [("x", 3, "b"), ("y", 3, "b"), ("x", 4, "a"), ("y", 4, "b")]
    assert krippendorff_alpha(Answers.from_rows(rows)).alpha == pytest.approx(1 - (1 / 4) / (15 / 28))


def test_ordinal_goes_by_the_order_of_the_labels():
    rows = [
        ("x", 1, "low"),
        ("y", 1, "middle"),
        ("x", 2, "high"),
        ("y", 2, "high"),
        ("x", 3, "low"),
        ("y", 3, "low"),
    ]
    near = Answers.from_rows(rows, labels=["low", "middle", "high"])
    far = Answers.from_rows(rows, labels=["low", "high", "middle"])
    assert krippendorff_alpha(near, level="ordinal").alpha > krippendorff_alpha(far, level="ordinal").alpha


def test_full_agreement_is_one():
    rows = [(worker, task, task % 2) for worker in range(3) for task in range(4)]
    assert krippendorff_alpha(Answers.from_rows(rows)).alpha == 1


@pytest.mark.parametrize(
    ("rows", "why", "tasks"),
    [
        ([], Undefined.NO_TASK_ANSWERED_TWICE, 0),
        ([("x", 1, "a"), ("y", 2, "b")], Undefined.NO_TASK_ANSWERED_TWICE, 0),
        ([("x", 1, "a"), ("y", 1, "a"), ("x", 2, "b")], Undefined.ONE_LABEL_ONLY, 1),
        ([(w, t, f"{w}/{t}") for w in range(20) for t in range(20)], Undefined.TOO_MANY_LABELS, 20),
    ],
)
def test_there_is_no_alpha_where_agreement_cannot_be_told_from_chance(rows, why, tasks, monkeypatch):
    monkeypatch.setattr("canut.work.results.agreement.MAX_CELLS", 20 * 399 * 400)
    found = krippendorff_alpha(Answers.from_rows(rows))
    assert found.alpha is None
    assert found.undefined is why
    assert found.tasks == tasks


def test_distances_need_numbers():
    rows = [("x", 1, "a"), ("y", 1, "b")]
    with pytest.raises(ValueError, match="labels that are numbers"):
        krippendorff_alpha(Answers.from_rows(rows), level="interval")


ROWS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 2), min_size=6, max_size=25
).map(lambda answers: [(worker, task, label) for (worker, task), label in answers.items()])


@given(ROWS, st.permutations(range(3)), st.permutations(range(5)))
def test_names_do_not_matter(rows, other_label, other_task):
    renamed = [(worker, other_task[task], other_label[label]) for worker, task, label in rows]
    before = krippendorff_alpha(Answers.from_rows(rows))
    after = krippendorff_alpha(Answers.from_rows(renamed))
    assert after.undefined is before.undefined
    assert after.alpha == pytest.approx(before.alpha) if before.alpha is not None else after.alpha is None
