"""Labels by workers who err in their own ways: each worker's confusions are estimated with the labels."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from canut.work.results.answers import NO_LABEL, Answers, Codes, Floats

LEAST_COUNT: Final = 1e-10
"""Smaller expected counts are raised to this, so that no single answer rules a label out for good."""

MAX_CELLS: Final = 50_000_000
"""The most numbers (8 bytes each) that one table of an estimate may hold."""


@dataclass(frozen=True, eq=False, slots=True)
class DawidSkene:
    """An estimate of the tasks' labels and of what each worker takes them for.

    `posterior[t, k]` is the probability that task t has label k; each row sums to 1. `label` is the
    likeliest, NO_LABEL where nobody answered. `confusion[w, k, l]` is the probability that worker w
    says l where k is right; each row sums to 1. `prior[k]` is the share of label k among answered
    tasks. `log_likelihood` is the natural logarithm of the answers' probability under all this.
    `converged` is False if the iterations ran out first.
    """

    label: Codes
    posterior: Floats
    confusion: Floats
    prior: Floats
    log_likelihood: float
    iterations: int
    converged: bool

    def worker_accuracy(self) -> Floats:
        """Return, for each worker, the probability of naming the right label of a typical task."""
        right = np.diagonal(self.confusion, axis1=1, axis2=2)
        return np.asarray(right @ self.prior, dtype=np.float64)


def dawid_skene(
    answers: Answers,
    *,
    smoothing: float = 1.0,
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> DawidSkene:
    """Estimate labels, class shares and each worker's confusion matrix by expectation maximisation.

    Starts from the shares of each task's answers, then estimates shares and confusions from the
    labels and the labels from those, in turn, until an iteration improves the objective by less than
    `tolerance` an answer. The objective is the log-likelihood plus the smoothing's penalty; it never
    falls. The result depends on nothing but the answers. Labels whose posteriors differ by less than
    1e-9 tie, and ties go to the smallest label as in `majority`.

    `smoothing` imaginary answers are added to every cell of every confusion matrix. 1 (the default)
    keeps a worker with a handful of answers from being taken for faultless or for always wrong;
    0 is the original estimate. A row of which nothing is known is uniform.

    Tasks without answers get the class shares as their posterior and no label. Where no task has two
    answers, or there is one worker only, there is nothing to compare, and iterating would drift to
    the commonest label: the result is then the shares of the answers, after 0 iterations. Workers
    who disagree half and half throughout stay at their even shares.

    Raises:
        ValueError: `smoothing` or `tolerance` is negative, `max_iterations` is below 1, or there are
            so many labels that the tables would not fit (MAX_CELLS): the method is for closed lists.

    Source: Dawid, Skene. "Maximum Likelihood Estimation of Observer Error-Rates Using the EM
    Algorithm". Applied Statistics 28(1), 1979, https://doi.org/10.2307/2346806. We differ in the
    smoothing, in starting and stopping as above, and in working with logarithms; the class shares
    are not smoothed. With `smoothing=0` crowd-kit's estimate is the same but for rows of which
    nothing is known, which it spreads over the labels that the worker has used.
    """
    if smoothing < 0 or tolerance < 0 or max_iterations < 1:
        raise ValueError("smoothing and tolerance cannot be negative, and one iteration is the least")
    tasks, workers, labels = len(answers.tasks), len(answers.workers), len(answers.labels)
    if workers * labels * labels > MAX_CELLS or tasks * labels > MAX_CELLS:
        raise ValueError(f"{labels} labels are too many for {workers} workers and {tasks} tasks")

    posterior, answered = _shares_of_answers(answers)
    if not len(answers):
        return DawidSkene(
            label=np.full(tasks, NO_LABEL, dtype=np.intp),
            posterior=posterior,
            confusion=np.full((workers, labels, labels), 1 / max(1, labels)),
            prior=np.full(labels, 1 / max(1, labels)),
            log_likelihood=0.0,
            iterations=0,
            converged=True,
        )

    cell = answers.worker * labels + answers.label  # one for each thing that a worker may say
    comparable = bool((answers.answers_per_task() >= 2).any()) and np.unique(answers.worker).size >= 2
    objective, converged, iterations = -np.inf, False, 0
    while True:
        prior = posterior[answered].mean(axis=0)
        confusion = _confusions(cell, posterior[answers.task], workers=workers, smoothing=smoothing)
        log_confusion = np.log(confusion)
        improved, log_likelihood = _posteriors(answers, cell, prior, log_confusion, answered)
        if not comparable:
            converged = True
            break
        posterior = improved
        iterations += 1
        before = objective
        objective = log_likelihood + smoothing * float(log_confusion.sum())
        converged = objective - before < tolerance * len(answers)
        if converged or iterations == max_iterations:
            break
    posterior[~answered] = prior

    nearly_best = posterior >= posterior.max(axis=1, keepdims=True) - 1e-9
    return DawidSkene(
        label=np.where(answered, nearly_best.argmax(axis=1), NO_LABEL),
        posterior=posterior,
        confusion=confusion,
        prior=prior,
        log_likelihood=log_likelihood,
        iterations=iterations,
        converged=converged,
    )


def _shares_of_answers(answers: Answers) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return each task's shares of answers by label (uniform without any), and which have any."""
    tasks, labels = len(answers.tasks), len(answers.labels)
    votes = np.bincount(answers.task * labels + answers.label, minlength=tasks * labels)
    count = answers.answers_per_task()[:, np.newaxis]
    shares = np.full((tasks, labels), 1 / max(1, labels))
    np.divide(votes.reshape(tasks, labels), count, out=shares, where=count > 0)
    return shares, count[:, 0] > 0


def _confusions(cell: Codes, posterior: Floats, *, workers: int, smoothing: float) -> Floats:
    """Return what each worker says where each label is right, by the answers' present posteriors."""
    labels = posterior.shape[1]
    expected = np.empty((workers, labels, labels))
    for right in range(labels):
        said = np.bincount(cell, weights=posterior[:, right], minlength=workers * labels)
        expected[:, right, :] = said.reshape(workers, labels)
    expected = np.maximum(expected + smoothing, LEAST_COUNT)
    return np.asarray(expected / expected.sum(axis=2, keepdims=True))


def _posteriors(
    answers: Answers,
    cell: Codes,
    prior: Floats,
    log_confusion: Floats,
    answered: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[Floats, float]:
    """Return each task's posterior, and the log-likelihood of all answers."""
    tasks, labels = len(answers.tasks), len(answers.labels)
    with np.errstate(divide="ignore"):
        log_joint = np.repeat(np.log(prior)[np.newaxis, :], tasks, axis=0)
    for right in range(labels):
        of_cell = np.ascontiguousarray(log_confusion[:, right, :]).reshape(-1)
        log_joint[:, right] += np.bincount(answers.task, weights=of_cell[cell], minlength=tasks)
    best = log_joint.max(axis=1, keepdims=True)
    scaled = np.exp(log_joint - best)
    total = scaled.sum(axis=1, keepdims=True)
    log_likelihood = float((best + np.log(total))[answered].sum())
    return scaled / total, log_likelihood
