"""People in groups by size, so that a replay tells of many and of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from canut.lab.replays.report import Group, Table, Unit


@dataclass(slots=True)
class Measured:
    """What is measured of one person: in all before and after, of so many things; `size` sorts them."""

    size: float = 0
    before: float = 0
    after: float = 0
    things: int = 0


def tabled(
    people: Mapping[int, Measured], *, measure: str, unit: Unit, most_groups: int, least_people: int
) -> Table:
    """Return the means of people in up to `most_groups` groups of equal numbers, the smallest first.

    People of equal size are ordered by id. Where they are many enough, ten groups are tenths; else there are
    as many groups as have `least_people` each, and none where all together are fewer. Where `things` are
    counted, a mean is of them and not of the people; who has none of them is left out.

    Raises:
        ValueError: a group would have nobody in it.
    """
    if most_groups < 1 or least_people < 1:
        raise ValueError("groups need somebody in them")
    counts_things = any(one.things for one in people.values())
    counted = [(one.size, key, one) for key, one in people.items() if one.things or not counts_things]
    in_order = [one for _size, _key, one in sorted(counted, key=lambda row: row[:2])]
    number = min(most_groups, len(in_order) // least_people)
    if not number:
        return Table(measure=measure, unit=unit, people=None)
    edges = [len(in_order) * nth // number for nth in range(number + 1)]
    groups = []
    for first, last in pairwise(edges):
        some = in_order[first:last]
        divisor = sum(one.things for one in some) if counts_things else len(some)
        groups.append(
            Group(
                people=len(some),
                before=round(sum(one.before for one in some) / divisor, 2),
                after=round(sum(one.after for one in some) / divisor, 2),
            )
        )
    return Table(measure=measure, unit=unit, people=len(in_order), groups=tuple(groups))
