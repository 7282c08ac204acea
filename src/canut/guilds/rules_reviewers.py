"""Reviewers: who may review an item, whom it is offered to first, and how the circle widens with time.

The rules are those of MECHANISMS 2.4; every number in them is a parameter of the charter. A review that
nobody takes goes through four stages and then lapses:

- 0: it is offered to the least busy of those who may;
- 1: to all of those;
- 2: to those of the item's own level and of the neighbouring ones above too;
- 3: to those of any level from the item's own up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hmac import digest as keyed_digest
from typing import Literal

Stage = Literal[0, 1, 2, 3]
STAGES: tuple[Stage, ...] = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member of the guild, as somebody who might review one item.

    `busy` counts the reviews offered to them first or in their hands now, `done_30_days` those they handed in
    in the last 30 days. `is_author` holds for whoever made what is reviewed: the item, and when the item is
    itself a review, the work it is about. `reviewed_before` is about this item, and so is `refused`: they
    gave its review back or skipped it. `was_reviewed_by_author` within the days of the reciprocity rule.
    """

    id: int
    level: int
    is_active: bool = True
    busy: int = 0
    done_30_days: int = 0
    is_author: bool = False
    owns_project: bool = False
    reviewed_before: bool = False
    refused: bool = False
    was_reviewed_by_author: bool = False


@dataclass(frozen=True, slots=True)
class ReviewerRule:
    """The charter's numbers for reviewers, as they are in force at one moment in one guild."""

    reviewer_levels_above: int
    neighbour_levels_above: int
    scarce_members: int
    reciprocity_least_members: int
    first_offer_members: int
    offer_all_hours: int
    offer_neighbours_hours: int
    review_lapse_days: int


@dataclass(frozen=True, slots=True)
class Levels:
    """From which level to which reviewers stand, both included; `most` is None where nothing is too high."""

    least: int
    most: int | None

    def __contains__(self, level: int) -> bool:
        return self.least <= level and (self.most is None or level <= self.most)


def reviewer_levels(stage: Stage, *, item_level: int, active_above: int, rule: ReviewerRule) -> Levels:
    """Return at which levels the reviewers of an item stand, in one stage.

    First they stand one level above the item's. `active_above` counts the active members there, whoever they
    are: where there are so few that the charter calls it scarce, the item's own level may review too. So at
    the highest level, above which nobody stands, peers review. In stage 2 it is the item's level and up to
    two above, whoever is there; in stage 3 the item's level and any above.

    Source: Crowd Guilds (CSCW 2017, https://doi.org/10.1145/2998181.2998234) for one level above;
    MECHANISMS 2.4 for what happens where these are few, or do not come.
    """
    above = item_level + rule.reviewer_levels_above
    if stage < 2:
        return Levels(item_level if active_above <= rule.scarce_members else above, above)
    if stage == 2:
        return Levels(item_level, max(above, item_level + rule.neighbour_levels_above))
    return Levels(item_level, None)


def eligible(
    stage: Stage, candidates: Iterable[Candidate], *, item_level: int, rule: ReviewerRule
) -> list[Candidate]:
    """Return who may review an item of this level in this stage, in the order they were given.

    Those at the stage's levels, never its author, the project's owner, an earlier reviewer of the item, or
    one who refused it. One whom the author has reviewed lately may not either (nobody can pay back a kind
    review, or a harsh one), unless fewer than the charter's number of others may.

    Source: MECHANISMS 2.4; the reciprocity rule is our own.
    """
    members = list(candidates)
    above = item_level + rule.reviewer_levels_above
    active_above = sum(one.is_active and one.level == above for one in members)
    levels = reviewer_levels(stage, item_level=item_level, active_above=active_above, rule=rule)
    might = [one for one in members if one.level in levels and not is_barred(one)]
    others = sum(not one.was_reviewed_by_author for one in might)
    if others < rule.reciprocity_least_members:
        return might
    return [one for one in might if not one.was_reviewed_by_author]


def is_barred(candidate: Candidate) -> bool:
    """Tell whether a member may not review this item in any stage, however few others there are.

    Source: MECHANISMS 2.4: never the author, the project's owner, an earlier reviewer, one who refused it.
    """
    return candidate.is_author or candidate.owns_project or candidate.reviewed_before or candidate.refused


def first_offers(
    candidates: Iterable[Candidate], *, item_level: int, rule: ReviewerRule, seed: bytes
) -> list[Candidate]:
    """Return to whom a review is offered first, and alone: the least busy of those who may, at most three.

    Active members come before all others. The least busy have the fewest reviews offered first to them or in
    their hands, then the fewest done in the last 30 days; ties are broken by the seed of the block that the
    item was drawn from, so by no wish of anybody's. When nobody may, there is nobody.

    Source: MECHANISMS 2.4, our own: whoever waits for a friend's work to come up gets it only by chance.
    """
    may = eligible(0, candidates, item_level=item_level, rule=rule)

    def order(one: Candidate) -> tuple[bool, int, int, bytes]:
        lot = keyed_digest(seed, f"offer:{one.id}".encode(), "sha256")
        return (not one.is_active, one.busy, one.done_30_days, lot)

    return sorted(may, key=order)[: rule.first_offer_members]


def stage_begins_after(stage: Stage, rule: ReviewerRule) -> timedelta:
    """Return how long after a review was first offered one of its stages begins.

    All eligible members see it after two hours, neighbouring levels after 24, and any higher level after as
    long again, so after 48.

    Source: MECHANISMS 2.4, which says "then" where we say "after as long again".
    """
    neighbours = timedelta(hours=rule.offer_neighbours_hours)
    begins = (timedelta(0), timedelta(hours=rule.offer_all_hours), neighbours, 2 * neighbours)
    return begins[stage]


def stage_at(waited: timedelta, rule: ReviewerRule) -> Stage:
    """Return in which stage a review is that has been offered for so long, whether it has lapsed or not.

    Source: MECHANISMS 2.4.
    """
    return max(stage for stage in STAGES if not stage or stage_begins_after(stage, rule) <= waited)


def has_lapsed(waited: timedelta, rule: ReviewerRule) -> bool:
    """Tell whether a review that nobody took has lapsed: after seven days. It counts for nobody's level.

    Source: MECHANISMS 2.4.
    """
    return waited >= timedelta(days=rule.review_lapse_days)


def next_change_after(waited: timedelta, rule: ReviewerRule) -> timedelta | None:
    """Return how long after the first offer the next stage begins, or the review lapses; None once it has.

    Source: MECHANISMS 2.4.
    """
    lapse = timedelta(days=rule.review_lapse_days)
    if waited >= lapse:
        return None
    coming: Sequence[timedelta] = [stage_begins_after(stage, rule) for stage in STAGES]
    return min([lapse, *(begins for begins in coming if begins > waited)])
