"""All that is said about the answers to one question of one revision, worked out at once.

`summarise` takes the answers and gives the figures as plain JSON values, and each task's labels as
arrays. It is the one place where the methods of this package meet.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Final, TypeAlias

import numpy as np

from canut.work.results.accuracy import accuracy
from canut.work.results.agreement import krippendorff_alpha
from canut.work.results.answers import NO_LABEL, Answers, Comparisons, Floats
from canut.work.results.bradley_terry import MAX_ITEMS, Ranking, bradley_terry
from canut.work.results.dawid_skene import DawidSkene, dawid_skene
from canut.work.results.majority import Majority, majority
from canut.work.results.times import SpreadByTask, spread, spread_by_task

Json: TypeAlias = Any

MOST_LABELS: Final = 100
"""With more labels than this, a worker's confusions cannot be told from so few answers to each."""

MOST_CELLS: Final = 12_500_000
"""The most numbers that a table of Dawid and Skene's may hold here: 100 MB."""

MOST_LABELS_SAID: Final = 100
MOST_POINTS: Final = 400


@dataclass(frozen=True, eq=False, slots=True)
class HandedIn:
    """Answers to one question, and when and in what time they came.

    `seconds` has an entry for each answer, NaN where no time was measured. `moments` are the times
    (seconds since 1970) at which anything was handed in, counted or not.
    """

    answers: Answers
    seconds: Floats
    moments: Floats


@dataclass(frozen=True, slots=True)
class Method:
    """How to sum up the answers.

    `closed` says that the labels are a list given beforehand, which Dawid and Skene's method needs;
    `numbers` that they are numbers, which have a median.
    """

    closed: bool
    numbers: bool
    smoothing: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Labels:
    """What each method says of each task; entries are in the order of `answers.tasks`.

    `estimate` is None where Dawid and Skene's method does not fit, and `no_estimate` then says why
    ("open_answers", "too_many_labels"); `medians` is None where labels are no numbers, and NaN where
    nobody answered. `times` are each task's quartiles.
    """

    answers: Answers
    majority: Majority
    estimate: DawidSkene | None
    no_estimate: str
    medians: Floats | None
    times: SpreadByTask

    def of_task(self, place: int) -> dict[str, Json]:
        """Return what is said of one task, as plain JSON values."""
        most = self.majority
        said: dict[str, Json] = {
            "answers": int(most.count[place]),
            "majority": self._said(int(most.label[place])),
            "votes": int(most.votes[place]),
            "share": _finite(most.share[place]),
            "tied": bool(most.tied[place]),
            "dawid_skene": None,
            "posterior": None,
            "median": None if self.medians is None else _finite(self.medians[place]),
            "seconds": _finite(self.times.median_seconds[place]),
        }
        if self.estimate is not None and self.estimate.label[place] != NO_LABEL:
            code = int(self.estimate.label[place])
            said["dawid_skene"] = self._said(code)
            said["posterior"] = float(self.estimate.posterior[place, code])
        return said

    def by_method(self) -> Iterator[tuple[str, Mapping[Hashable, Hashable | None]]]:
        """Give each method's name, and its label of each task."""
        yield "majority", self.answers.by_task(self.majority.label)
        if self.estimate is not None:
            yield "dawid_skene", self.answers.by_task(self.estimate.label)
        if self.medians is not None:
            found = (_finite(median) for median in self.medians)
            yield "median", dict(zip(self.answers.tasks, found, strict=True))

    def _said(self, code: int) -> Json:
        return None if code == NO_LABEL else as_json(self.answers.labels[code])


def labels_of(handed_in: HandedIn, method: Method) -> Labels:
    """Sum up each task's answers by every method that fits them."""
    answers = handed_in.answers
    estimate, no_estimate = None, _why_no_estimate(answers, method)
    if not no_estimate:
        estimate = dawid_skene(answers, smoothing=method.smoothing)
    timed = np.isfinite(handed_in.seconds)
    return Labels(
        answers=answers,
        majority=majority(answers),
        estimate=estimate,
        no_estimate=no_estimate,
        medians=_medians(answers) if method.numbers else None,
        times=spread_by_task(answers.task[timed], handed_in.seconds[timed], tasks=len(answers.tasks)),
    )


def summarise(
    handed_in: HandedIn, labels: Labels, method: Method, *, gold: Mapping[Hashable, Hashable] | None
) -> dict[str, Json]:
    """Return the figures about the answers; `gold` gives the right label of tasks, where there is one."""
    answers, seconds = handed_in.answers, handed_in.seconds
    timed = seconds[np.isfinite(seconds)]
    spent = spread(timed)
    most = labels.majority
    return {
        "answers": len(answers),
        "tasks": len(answers.tasks),
        "tasks_answered": int((most.count > 0).sum()),
        "workers": len(np.unique(answers.worker)),
        "points": points(handed_in.moments),
        "handed_in": len(handed_in.moments),
        "untimed": len(answers) - len(timed),
        "seconds": _counted(timed),
        "spread": None if spent is None else asdict(spent),
        "agreement": asdict(krippendorff_alpha(answers, level="interval" if method.numbers else "nominal")),
        "shares": _counted(most.share[most.count > 0]),
        "tied": int(most.tied.sum()),
        "labels": _distribution(labels),
        "estimate": _about(labels.estimate),
        "no_estimate": labels.no_estimate,
        "accuracy": None
        if gold is None
        else [{"method": name, **asdict(accuracy(found, gold))} for name, found in labels.by_method()],
    }


def rank(comparisons: Comparisons, *, resamplings: int = 1000) -> dict[str, Json]:
    """Return a ranking of the items as plain JSON values, or the reason why there is none."""
    if len(comparisons.items) > MAX_ITEMS:
        return {"problem": "too_many_items", "items": len(comparisons.items)}
    if not len(comparisons):
        return {"problem": "nothing_compared", "items": len(comparisons.items)}
    found: Ranking = bradley_terry(comparisons, resamplings=resamplings)
    return {
        "problem": "",
        "places": [
            {**asdict(place), "item": str(place.item), "chance": place.chance} for place in found.places
        ],
        "uncompared": [str(item) for item in found.uncompared],
        "groups": found.groups,
        "converged": found.converged,
        "resamplings": found.resamplings,
        "comparisons": len(comparisons),
    }


def points(moments: Floats) -> list[list[float]]:
    """Return (moment, how many were in by then), the first, the last and evenly spread ones between."""
    if not len(moments):
        return []
    in_order = np.sort(moments)
    first, last = in_order[0], in_order[-1]
    if len(in_order) <= MOST_POINTS:
        shown = np.unique(in_order)
    else:
        shown = np.unique(np.append(np.linspace(first, last, MOST_POINTS), last))
    counts = np.searchsorted(in_order, shown, side="right")
    return [[float(moment), int(count)] for moment, count in zip(shown, counts, strict=True)]


def spread_out(counted: Sequence[Sequence[float]]) -> list[float]:
    """Return the values that were counted, each as often as it was there: the opposite of counting."""
    return list(chain.from_iterable([value] * int(times) for value, times in counted))


def as_json(label: Hashable) -> Json:
    """Return a label as the answer's JSON has it."""
    return list(label) if isinstance(label, tuple) else label


def _why_no_estimate(answers: Answers, method: Method) -> str:
    workers, labels = len(answers.workers), len(answers.labels)
    if not method.closed:
        return "open_answers"
    if labels > MOST_LABELS or workers * labels**2 > MOST_CELLS or len(answers.tasks) * labels > MOST_CELLS:
        return "too_many_labels"
    return ""


def _medians(answers: Answers) -> Floats:
    values = np.array([float(str(label)) for label in answers.labels], dtype=np.float64)
    if not len(answers):
        return np.full(len(answers.tasks), np.nan)
    # Quartiles know no negative times, so that the values are moved up and the medians back down.
    least = min(0.0, float(values.min()))
    found = spread_by_task(answers.task, values[answers.label] - least, tasks=len(answers.tasks))
    return found.median_seconds + least


def _counted(values: Floats) -> list[list[float]]:
    found, times = np.unique(values, return_counts=True)
    return [[float(value), int(count)] for value, count in zip(found, times, strict=True)]


def _distribution(labels: Labels) -> dict[str, Json]:
    """Return how often each label was given, and how many tasks each method gives it; the commonest first."""
    answers = labels.answers
    given = np.bincount(answers.label, minlength=len(answers.labels))
    by_majority = Counter(labels.majority.label.tolist())
    by_estimate = Counter([] if labels.estimate is None else labels.estimate.label.tolist())
    in_order = np.argsort(-given, kind="stable").tolist()
    return {
        "count": len(answers.labels),
        "first": [
            {
                "label": as_json(answers.labels[code]),
                "answers": int(given[code]),
                "majority": by_majority[code],
                "dawid_skene": None if labels.estimate is None else by_estimate[code],
            }
            for code in in_order[:MOST_LABELS_SAID]
        ],
    }


def _about(estimate: DawidSkene | None) -> dict[str, Json] | None:
    if estimate is None:
        return None
    return {"iterations": estimate.iterations, "converged": estimate.converged}


def _finite(value: float | np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None
