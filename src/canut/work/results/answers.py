"""Who said what about which task, as arrays of codes: the form that every method here reads."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Codes: TypeAlias = npt.NDArray[np.intp]
Floats: TypeAlias = npt.NDArray[np.float64]
Repeats: TypeAlias = Literal["refuse", "keep_all", "keep_first", "keep_last"]
Outcome: TypeAlias = Literal["a", "b", "tie"]

NO_LABEL: Final = -1
"""The code of a task that nobody answered."""

OUTCOMES: Final[tuple[Outcome, ...]] = ("tie", "a", "b")
"""What a comparison may come to; its place in this tuple is its code."""


@dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """One label by one worker for one task, many times.

    The three arrays have one entry an answer; each entry is a place in the vocabulary of the same
    subject. The order of `labels` decides what "the smallest label" is when labels tie. Workers and
    tasks without any answer, and labels that nobody chose, may stand in the vocabularies.

    Raises:
        ValueError: the arrays differ in length, a code has no name, or a name stands twice.
    """

    workers: tuple[Hashable, ...]
    tasks: tuple[Hashable, ...]
    labels: tuple[Hashable, ...]
    worker: Codes
    task: Codes
    label: Codes

    def __post_init__(self) -> None:
        _check_codes(workers=(self.workers, [self.worker]), tasks=(self.tasks, [self.task]))
        _check_codes(labels=(self.labels, [self.label]))
        _check_lengths(self.worker, self.task, self.label)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[Hashable, Hashable, Hashable]],
        *,
        tasks: Iterable[Hashable] | None = None,
        labels: Iterable[Hashable] | None = None,
        repeats: Repeats = "refuse",
    ) -> Self:
        """Read (worker, task, label) rows.

        `tasks` names all tasks, also those nobody answered, and `labels` all labels in their own
        order. Without them tasks stand as they first appear, and labels are sorted: numbers by
        value, words by code point, and labels of several types by the type's name first.
        `repeats` says what to do where one worker answered one task more than once: refuse the
        whole, keep all of them as if by several workers, or keep the first or last in row order.

        Raises:
            ValueError: a worker answered a task twice and `repeats` is "refuse"; a row's task or
                label is not in the list given; a list names something twice; a label is no value
                that equals itself (NaN).
        """
        worker_names = _Vocabulary("worker")
        task_names = _Vocabulary("task", tasks)
        label_names = _Vocabulary("label", labels)
        worker_codes: list[int] = []
        task_codes: list[int] = []
        label_codes: list[int] = []
        for worker, task, label in rows:
            worker_codes.append(worker_names.code(worker))
            task_codes.append(task_names.code(task))
            label_codes.append(label_names.code(label))
        label_array = _codes(label_codes)
        if labels is None:
            label_array = label_names.sort()[label_array]
        worker_array, task_array = _codes(worker_codes), _codes(task_codes)
        kept = _kept(worker_array, task_array, worker_names.names, task_names.names, repeats)
        return cls(
            workers=worker_names.names,
            tasks=task_names.names,
            labels=label_names.names,
            worker=worker_array[kept],
            task=task_array[kept],
            label=label_array[kept],
        )

    def __len__(self) -> int:
        return len(self.label)

    def answers_per_task(self) -> Codes:
        """Return how many answers each task has, in the order of `tasks`."""
        return np.bincount(self.task, minlength=len(self.tasks)).astype(np.intp)

    def by_task(self, label: Codes) -> dict[Hashable, Hashable | None]:
        """Give one label code a task its names back; None where nobody answered."""
        return {
            task: None if code == NO_LABEL else self.labels[code]
            for task, code in zip(self.tasks, label.tolist(), strict=True)
        }


@dataclass(frozen=True, eq=False, slots=True)
class Comparisons:
    """One worker's choice between two items shown in one task, many times.

    `a` and `b` are the items in the columns' terms, whatever side a worker saw them on; `outcome`
    is a place in OUTCOMES. Items that were never compared may stand in the vocabulary.

    Raises:
        ValueError: the arrays differ in length, a code has no name, a name stands twice, or an
            item is compared with itself.
    """

    workers: tuple[Hashable, ...]
    tasks: tuple[Hashable, ...]
    items: tuple[Hashable, ...]
    worker: Codes
    task: Codes
    a: Codes
    b: Codes
    outcome: Codes

    def __post_init__(self) -> None:
        _check_codes(workers=(self.workers, [self.worker]), tasks=(self.tasks, [self.task]))
        _check_codes(items=(self.items, [self.a, self.b]), outcomes=(OUTCOMES, [self.outcome]))
        _check_lengths(self.worker, self.task, self.a, self.b, self.outcome)
        with_itself = np.flatnonzero(self.a == self.b)
        if with_itself.size:
            item = self.items[self.a[with_itself[0]]]
            raise ValueError(f"item {item!r} is compared with itself")

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[Hashable, Hashable, Hashable, Hashable, str]],
        *,
        items: Iterable[Hashable] | None = None,
        repeats: Repeats = "refuse",
    ) -> Self:
        """Read (worker, task, item a, item b, outcome) rows; an outcome is "a", "b" or "tie".

        `items` names all items, also those never compared. Without it they are sorted. `repeats`
        works as in `Answers.from_rows`.

        Raises:
            ValueError: as `Answers.from_rows`; also an unknown outcome, or an item beside itself.
        """
        worker_names = _Vocabulary("worker")
        task_names = _Vocabulary("task")
        item_names = _Vocabulary("item", items)
        outcomes = _Vocabulary("outcome", OUTCOMES)
        columns: tuple[list[int], ...] = ([], [], [], [], [])
        for worker, task, a, b, outcome in rows:
            columns[0].append(worker_names.code(worker))
            columns[1].append(task_names.code(task))
            columns[2].append(item_names.code(a))
            columns[3].append(item_names.code(b))
            columns[4].append(outcomes.code(outcome))
        worker_array, task_array, a_array, b_array, outcome_array = map(_codes, columns)
        if items is None:
            new_codes = item_names.sort()
            a_array, b_array = new_codes[a_array], new_codes[b_array]
        kept = _kept(worker_array, task_array, worker_names.names, task_names.names, repeats)
        return cls(
            workers=worker_names.names,
            tasks=task_names.names,
            items=item_names.names,
            worker=worker_array[kept],
            task=task_array[kept],
            a=a_array[kept],
            b=b_array[kept],
            outcome=outcome_array[kept],
        )

    def __len__(self) -> int:
        return len(self.outcome)


class _Vocabulary:
    """Names and their codes; closed if the names were given, else growing as they appear."""

    def __init__(self, subject: str, names: Iterable[Hashable] | None = None) -> None:
        self._subject = subject
        self._closed = names is not None
        self._code_of: dict[Hashable, int] = {}
        for name in names or ():
            if name in self._code_of:
                raise ValueError(f"{subject} {name!r} is named twice")
            self._code_of[name] = len(self._code_of)

    @property
    def names(self) -> tuple[Hashable, ...]:
        return tuple(self._code_of)

    def code(self, name: Hashable) -> int:
        code = self._code_of.get(name)
        if code is not None:
            return code
        if self._closed:
            raise ValueError(f"{self._subject} {name!r} is not one of those given")
        if name != name:
            raise ValueError(f"a {self._subject} is not a number, so it equals nothing")
        self._code_of[name] = len(self._code_of)
        return self._code_of[name]

    def sort(self) -> Codes:
        """Put the names in order; return what each old code is now."""
        old = self._code_of
        try:
            in_order = sorted(old)  # type: ignore[type-var]
        except TypeError:  # for example words beside numbers
            in_order = sorted(old, key=lambda name: (type(name).__name__, name))
        self._code_of = {name: code for code, name in enumerate(in_order)}
        return _codes([self._code_of[name] for name in old])


def _codes(values: Sequence[int]) -> Codes:
    return np.array(values, dtype=np.intp)


def _kept(
    worker: Codes,
    task: Codes,
    workers: tuple[Hashable, ...],
    tasks: tuple[Hashable, ...],
    repeats: Repeats,
) -> Codes:
    """Return the places of the answers to keep, in row order."""
    everything = np.arange(len(task), dtype=np.intp)
    if repeats == "keep_all":
        return everything
    pair = worker * len(tasks) + task
    if repeats == "keep_last":
        _, from_the_end = np.unique(pair[::-1], return_index=True)
        return np.sort(len(pair) - 1 - from_the_end)
    _, first = np.unique(pair, return_index=True)
    first = np.sort(first)
    if repeats == "refuse" and len(first) < len(pair):
        again = np.setdiff1d(everything, first)[0]
        raise ValueError(
            f"worker {workers[worker[again]]!r} answered task {tasks[task[again]]!r} more than once"
        )
    return first


def _check_codes(**vocabularies: tuple[Sequence[Hashable], Sequence[Codes]]) -> None:
    for subject, (names, arrays) in vocabularies.items():
        if len(set(names)) < len(names):
            raise ValueError(f"{subject} holds a name twice")
        for codes in arrays:
            if codes.size and not (codes.min() >= 0 and codes.max() < len(names)):
                raise ValueError(f"{subject} has no name for one of the codes")


def _check_lengths(*arrays: Codes) -> None:
    if len({array.shape for array in arrays}) > 1 or arrays[0].ndim != 1:
        raise ValueError("the arrays of answers differ in length")
