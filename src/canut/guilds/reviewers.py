"""For whom a review is, stage by stage: what the rules say (rules_reviewers), as work takes it."""

from dataclasses import dataclass
from datetime import datetime

from canut.guilds.in_force import reviewer_rule
from canut.guilds.models import Item
from canut.guilds.queries.candidates import barred_for_good, candidates_for
from canut.guilds.rules_reviewers import Levels, Stage, eligible, first_offers, is_barred, reviewer_levels


@dataclass(frozen=True, slots=True)
class Reviewers:
    """People by their ids: to whom a review is offered by name, who may never take it, and at which levels
    of the guild anybody else may. No levels: nobody else yet. `unbound` were barred before, if at all, and
    need not be."""

    offered_to: tuple[int, ...]
    barred: frozenset[int]
    unbound: frozenset[int]
    levels: Levels | None


def reviewers_of(item: Item, *, stage: Stage, task_id: int | None, at: datetime) -> Reviewers:
    """Return for whom the review of an item is, in a stage; `task_id` is the review's, once there is one.

    Offers by name are made in the first stage alone.
    """
    rule = reviewer_rule(item.member.guild_id, at=at)
    known = candidates_for(item, task_id=task_id, at=at)
    may = {one.id for one in eligible(stage, known.candidates, item_level=item.level, rule=rule)}
    bound = {
        known.person_of[one.id]
        for one in known.candidates
        if one.was_reviewed_by_author and one.id not in may and not is_barred(one)
    }
    barred = frozenset(barred_for_good(item) | bound)
    first: tuple[int, ...] = ()
    levels = None
    if stage == 0:
        seed = bytes.fromhex(item.block.seed)
        offers = first_offers(known.candidates, item_level=item.level, rule=rule, seed=seed)
        first = tuple(known.person_of[one.id] for one in offers)
    else:
        above = item.level + rule.reviewer_levels_above
        active_above = sum(one.is_active and one.level == above for one in known.candidates)
        levels = reviewer_levels(stage, item_level=item.level, active_above=active_above, rule=rule)
    return Reviewers(first, barred, frozenset(known.person_of.values()) - barred, levels)
