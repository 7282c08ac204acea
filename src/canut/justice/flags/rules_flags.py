"""When flags hide something, and whose flags count."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

Tie = frozenset[int]
"""Two people of whom one has worked in a project of the other."""


def most_untied(people: Collection[int], ties: Iterable[Tie], *, enough: int) -> int:
    """Return how many of these people have no tie to each other, counted up to `enough`.

    The largest such number there is: of three of whom the second is tied to both others, two have none.
    Who has no tie, or one alone, is always of the largest; of the others the one with the most ties is once
    counted and once left out, so that the answer is exact however they are tied.
    """
    tied: dict[int, set[int]] = {person: set() for person in people}
    for tie in ties:
        one, other = min(tie), max(tie)
        if one != other and one in tied and other in tied:
            tied[one].add(other)
            tied[other].add(one)
    return min(enough, _largest(tied, enough))


def _largest(tied: dict[int, set[int]], enough: int) -> int:
    """Return the size of the largest set without a tie in it, or `enough` if that is reached.

    Some largest set holds the person with the fewest ties or one of those they are tied to: each is tried,
    and one less is then looked for, so that this goes no deeper than `enough`, however many flagged.
    """
    tied = _one_of_each(tied)
    if enough <= 0 or not tied:
        return 0
    least = min(tied, key=lambda person: (len(tied[person]), person))
    found = 0
    for person in (least, *(sorted(tied[least]) if len(tied[least]) > 1 else ())):
        found = max(found, 1 + _largest(_without(tied, {person} | tied[person]), enough - 1))
        if found >= min(enough, len(tied)):
            break
    return found


def _one_of_each(tied: dict[int, set[int]]) -> dict[int, set[int]]:
    """Return the ties with one person for all who are tied to each other and to the same others.

    No two of them are ever in one set, and one is as good as another.
    """
    alike: dict[frozenset[int], int] = {}
    for person in sorted(tied):
        alike.setdefault(frozenset(tied[person] | {person}), person)
    return _without(tied, tied.keys() - set(alike.values())) if len(alike) < len(tied) else tied


def _without(tied: dict[int, set[int]], gone: set[int]) -> dict[int, set[int]]:
    return {person: others - gone for person, others in tied.items() if person not in gone}


def hides(people: Collection[int], ties: Iterable[Tie], *, least_members: int) -> bool:
    """Tell whether flags by these members hide a thing: enough of them have no tie to each other.

    Source: MECHANISMS 6.4; Daemo had flags without it, and accounts that worked for each other could hide
    what they liked.
    """
    return most_untied(people, ties, enough=least_members) >= least_members


def cries_wolf(decided: Sequence[bool], *, least_flags: int, most_share: Decimal) -> bool:
    """Tell whether somebody's flags count no more: too many of what they flagged was shown again.

    `decided` has one entry for each thing they flagged on which a person has decided of late, true where
    it was shown again. Fewer than `least_flags` say nothing about anybody.
    """
    if len(decided) < least_flags:
        return False
    return Decimal(sum(decided)) > most_share * len(decided)
