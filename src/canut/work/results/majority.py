"""The label that most workers gave a task."""

from dataclasses import dataclass

import numpy as np

from canut.work.results.answers import NO_LABEL, Answers, Codes, Floats


@dataclass(frozen=True, eq=False, slots=True)
class Majority:
    """What most workers said, one entry a task in the order of `Answers.tasks`.

    `label` is a code, NO_LABEL where nobody answered; `votes` is how many said so, `count` how many
    answered at all, `share` the one over the other (NaN where nobody answered). `tied` tells that
    another label had as many votes.
    """

    label: Codes
    votes: Codes
    count: Codes
    share: Floats
    tied: np.ndarray[tuple[int], np.dtype[np.bool_]]


def majority(answers: Answers) -> Majority:
    """Return the label with the most answers for each task.

    Ties go to the smallest label, which is the one that stands first in `Answers.labels`, so the
    result never depends on the order of the answers. `tied` marks them, so that nobody has to take
    a tie for a majority. Every answer counts once, also those of a worker who answered twice.
    """
    tasks, labels = len(answers.tasks), max(1, len(answers.labels))
    # Counting only the pairs that occur keeps free text, with nearly as many labels as answers, small.
    pair, votes_of_pair = np.unique(answers.task * labels + answers.label, return_counts=True)
    task_of_pair, label_of_pair = np.divmod(pair, labels)

    votes = np.zeros(tasks, dtype=np.intp)
    np.maximum.at(votes, task_of_pair, votes_of_pair)
    leads = votes_of_pair == votes[task_of_pair]
    label = np.full(tasks, NO_LABEL, dtype=np.intp)
    # Pairs are sorted by label within a task: written backwards, the smallest label is written last.
    label[task_of_pair[leads][::-1]] = label_of_pair[leads][::-1]
    leaders = np.bincount(task_of_pair[leads], minlength=tasks)

    count = answers.answers_per_task()
    share = np.full(tasks, np.nan)
    np.divide(votes, count, out=share, where=count > 0)
    return Majority(label=label, votes=votes, count=count, share=share, tied=leaders > 1)
