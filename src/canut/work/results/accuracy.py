"""How many labels are right, where the right ones are known."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`right` of `judged` labels match the gold; `unanswered` gold tasks have no label to judge.

    `share` is the one over the other, and `low` to `high` its 95 % interval; all three are None
    where nothing was judged.
    """

    right: int
    judged: int
    unanswered: int
    share: float | None
    low: float | None
    high: float | None


def accuracy(found: Mapping[Hashable, Hashable | None], gold: Mapping[Hashable, Hashable]) -> Accuracy:
    """Compare labels found with gold. Tasks without gold do not count.

    A gold task that is missing from `found`, or has None there, is unanswered, not wrong.

    Source: Wilson. "Probable Inference, the Law of Succession, and Statistical Inference". JASA
    22(158), 1927, https://doi.org/10.1080/01621459.1927.10502953, for the interval. It takes the
    tasks for a sample of such tasks, and says nothing of the gold's own errors.
    """
    judged = right = 0
    for task, label in gold.items():
        if (said := found.get(task)) is not None:
            judged += 1
            right += said == label
    if not judged:
        return Accuracy(0, 0, len(gold), None, None, None)
    share, squared = right / judged, 1.959964**2
    middle = (share + squared / (2 * judged)) / (1 + squared / judged)
    half = sqrt(squared * (share * (1 - share) / judged + squared / (4 * judged**2))) / (1 + squared / judged)
    return Accuracy(
        right=right,
        judged=judged,
        unanswered=len(gold) - judged,
        share=share,
        low=min(share, max(0.0, middle - half)),  # rounding may end it a hair inside
        high=max(share, min(1.0, middle + half)),
    )
