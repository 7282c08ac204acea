"""The methods on real people's answers, and beside the specialists' library."""

import numpy as np
import pytest

from canut.work.results.accuracy import accuracy
from canut.work.results.agreement import krippendorff_alpha
from canut.work.results.answers import Answers, Comparisons
from canut.work.results.bradley_terry import bradley_terry
from canut.work.results.dawid_skene import dawid_skene
from canut.work.results.majority import majority

pytestmark = pytest.mark.data


@pytest.fixture
def answers_and_gold(research):
    def read(name, repeats="keep_all"):
        rows = [(row["worker"], row["task"], row["label"]) for row in research(f"{name}/answers.csv")]
        gold = {row["task"]: row["label"] for row in research(f"{name}/gold.csv")}
        return Answers.from_rows(rows, repeats=repeats), gold

    return read


@pytest.mark.parametrize(
    ("name", "right", "judged"),
    [
        ("rte", 735, 800),
        ("dog", 660, 807),
        ("adult", 254, 333),
        ("weather", 254, 300),
        ("sentiment", 472, 500),
    ],
)
def test_majority_is_right_as_often_as_published(answers_and_gold, name, right, judged):
    # The published counts keep every row, also the second answers of one worker to one task
    answers, gold = answers_and_gold(name)
    found = accuracy(answers.by_task(majority(answers).label), gold)
    assert (found.right, found.judged) == (right, judged)


@pytest.mark.parametrize(("repeats", "right"), [("keep_first", 253), ("keep_last", 253)])
def test_without_its_repeated_answers_adult_has_one_task_less_right(answers_and_gold, repeats, right):
    answers, gold = answers_and_gold("adult", repeats)
    assert len(answers) == 89_799
    assert accuracy(answers.by_task(majority(answers).label), gold).right == right


def test_repeated_answers_in_weather_are_refused_unless_told(answers_and_gold):
    with pytest.raises(ValueError, match="more than once"):
        answers_and_gold("weather", "refuse")
    answers, gold = answers_and_gold("weather", "keep_first")
    assert len(answers) == 6025
    assert accuracy(answers.by_task(majority(answers).label), gold).right == 254


@pytest.mark.parametrize(
    ("name", "right", "alpha"),
    [
        ("rte", 744, 0.2415),
        ("dog", 680, 0.5194),
        ("adult", 249, 0.3136),
        ("weather", 258, 0.5212),
        ("sentiment", 472, 0.7377),
    ],
)
def test_dawid_skene_and_agreement(answers_and_gold, name, right, alpha):
    answers, gold = answers_and_gold(name)
    found = dawid_skene(answers)
    assert found.converged
    assert accuracy(answers.by_task(found.label), gold).right == right
    assert krippendorff_alpha(answers).alpha == pytest.approx(alpha, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "closeness"),
    [
        ("rte", 1e-8),
        ("dog", 1e-8),
        ("weather", 1e-8),
        ("sentiment", 1e-8),
        # Hundreds of workers here never used some labels: the rows that we leave uniform (see the docstring).
        ("adult", 0.05),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_with_smoothing_off_it_is_crowd_kits(answers_and_gold, name, closeness):
    aggregation = pytest.importorskip(
        "crowdkit.aggregation", reason="crowd-kit is not installed: it comes with canut[aggregation]"
    )
    pandas = pytest.importorskip("pandas")
    answers, _gold = answers_and_gold(name)
    ours = dawid_skene(answers, smoothing=0, tolerance=0, max_iterations=30)
    rows = {
        "worker": [answers.workers[code] for code in answers.worker],
        "task": [answers.tasks[code] for code in answers.task],
        "label": [answers.labels[code] for code in answers.label],
    }
    # Its own stopping rule off, so that both make the same number of steps
    theirs = aggregation.DawidSkene(n_iter=ours.iterations, tol=-np.inf).fit(pandas.DataFrame(rows))
    posterior = theirs.probas_.loc[list(answers.tasks), list(answers.labels)].to_numpy()
    assert np.abs(ours.posterior - posterior).max() < closeness
    assert theirs.labels_.to_dict() == answers.by_task(ours.label)


def test_the_models_of_llmfao_are_ranked_with_intervals(research):
    outcome = {"left": "a", "right": "b", "tie": "tie"}
    rows = [
        (row["worker"], row["task"], row["left"], row["right"], outcome[row["winner"]])
        for row in research("llmfao/answers.csv")
    ]
    ranking = bradley_terry(Comparisons.from_rows(rows))
    assert len(ranking.places) == 59
    assert (ranking.groups, ranking.converged, ranking.uncompared) == (1, True, ())
    best = ranking.places[0]
    assert best.item == "GPT 4"
    assert (best.wins, best.losses, best.ties) == (110, 20, 28)
    assert best.log_strength == pytest.approx(0.983, abs=0.001)
    assert best.low == pytest.approx(0.66, abs=0.05)
    assert best.high == pytest.approx(1.37, abs=0.05)
    assert {place.item for place in ranking.places[-3:]} == {
        "Dolly v2 (3B)",
        "Dolly v2 (7B)",
        "Vicuna-FastChat-T5 (3B)",
    }
    assert all(place.low < place.log_strength < place.high for place in ranking.places)
    # Every comparison is one item's win and another's loss, or a tie of two
    assert (
        sum(place.wins for place in ranking.places) == sum(place.losses for place in ranking.places) == 5460
    )
    assert sum(place.ties for place in ranking.places) == 2 * 3471
