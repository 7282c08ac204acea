"""How far workers agree beyond what chance would give."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

import krippendorff
import numpy as np

from canut.work.results.answers import Answers, Floats

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]

MAX_CELLS: Final = 25_000_000
"""The most numbers the library may be given: it makes several tables of tasks by labels squared."""


class Undefined(StrEnum):
    """Why there is no alpha."""

    NO_TASK_ANSWERED_TWICE = "no_task_answered_twice"
    ONE_LABEL_ONLY = "one_label_only"
    TOO_MANY_LABELS = "too_many_labels"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance gives, below 0 is worse than chance.

    It rests on `answers` answers to the `tasks` tasks that have two or more. Where `alpha` is None,
    `undefined` says why.
    """

    alpha: float | None
    undefined: Undefined | None
    tasks: int
    answers: int


def krippendorff_alpha(answers: Answers, *, level: Level = "nominal") -> Agreement:
    """Return Krippendorff's alpha of all answers, leaving out tasks with fewer than two.

    `level` says what labels can be: names ("nominal"), names in the order of `Answers.labels`
    ("ordinal"), or numbers ("interval", "ratio"). Where all answers are the same label, or no task
    has two, agreement cannot be told from chance and there is no alpha.

    Raises:
        ValueError: `level` needs numbers and a label is none.

    Source: Krippendorff. "Computing Krippendorff's Alpha-Reliability". 2011,
    https://repository.upenn.edu/asc_papers/43. Computed by the library `krippendorff`.
    """
    tasks, labels = len(answers.tasks), len(answers.labels)
    paired = answers.answers_per_task()[answers.task] >= 2
    if not paired.any():
        return Agreement(None, Undefined.NO_TASK_ANSWERED_TWICE, 0, 0)
    used_tasks, task = np.unique(answers.task[paired], return_inverse=True)
    used_labels, label = np.unique(answers.label[paired], return_inverse=True)
    tasks, labels = len(used_tasks), len(used_labels)
    if labels == 1:
        return Agreement(None, Undefined.ONE_LABEL_ONLY, tasks, len(task))
    if tasks * labels * labels > MAX_CELLS:
        return Agreement(None, Undefined.TOO_MANY_LABELS, tasks, len(task))
    names = [answers.labels[code] for code in used_labels]
    counts = np.bincount(task * labels + label, minlength=tasks * labels).reshape(tasks, labels)
    alpha = krippendorff.alpha(
        value_counts=counts,
        value_domain=_numbers(names) if level in ("interval", "ratio") else np.arange(labels),
        level_of_measurement=level,
    )
    return Agreement(float(alpha), None, tasks, len(task))


def _numbers(names: Sequence[Hashable]) -> Floats:
    if not all(isinstance(name, int | float) for name in names):
        raise ValueError("distances between labels need labels that are numbers")
    return np.array(names, dtype=np.float64)
