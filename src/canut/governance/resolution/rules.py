"""How a resolution jury decides (MECHANISMS 6.3)."""

from collections import Counter
from collections.abc import Mapping, Sequence

AS_IT_STANDS = 0
"""The choice that leaves the draft as it is; the others are numbers of wordings."""


def understood_all(jurors: Sequence[int], understood: Mapping[int, Sequence[int]]) -> bool:
    """Return whether each juror has been understood by each other one, so that all may go on.

    `understood` holds for each juror who has said something by whom they say that they were understood.
    """
    return bool(jurors) and all(
        one in understood and {other for other in jurors if other != one} <= set(understood[one])
        for one in jurors
    )


def vote_of_college(choices: Sequence[int | None]) -> int | None:
    """Return the one vote of a college: what more than half of its jurors chose, or None.

    `choices` holds one for each of its jurors, None for who has not chosen yet.
    """
    counted = Counter(one for one in choices if one is not None)
    return next((choice for choice, count in counted.items() if 2 * count > len(choices)), None)


def decided(votes: Mapping[str, int | None], *, needed: int) -> int | None:
    """Return what at least so many colleges voted for; None if nothing is, or if two things are.

    `votes` holds the one vote of each college.

    Raises:
        ValueError: fewer than one college would decide.
    """
    if needed < 1:
        raise ValueError("a decision needs a college")
    counted = Counter(one for one in votes.values() if one is not None)
    found = [choice for choice, count in counted.items() if count >= needed]
    return found[0] if len(found) == 1 else None
