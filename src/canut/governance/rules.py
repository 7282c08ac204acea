"""How far a proposal is: when it is popular, what its vote waits for, when it lapses (MECHANISMS 7.3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from typing import Literal

Lacks = Literal["ratification", "replay", "jury"]

STRICTNESS = ("ordinary", "pay", "constitutional")
"""Classes of change, from the easiest to make to the hardest."""


def supporters_needed(active_members: int, *, least_members: int, share: Decimal) -> int:
    """Return how many members must support an idea before it is a draft: a share, and never fewer than some.

    A share of the members that is no whole number is rounded up. The author does not count.

    Raises:
        ValueError: there are fewer than no active members.

    Source: MECHANISMS 7.3; ten in a hundred is from "Designing a Constitution for a Self-Governing
    Crowdsourcing Marketplace" (Collective Intelligence 2017), the least number is ours.
    """
    if active_members < 0:
        raise ValueError("a site has no fewer than 0 active members")
    return max(least_members, int((share * active_members).to_integral_value(rounding=ROUND_CEILING)))


def class_of(classes: Iterable[str], *, has_articles: bool) -> str:
    """Return how hard a proposal is to adopt: as hard as the hardest of what it changes.

    `classes` are those of the parameters that it sets. An article of the constitution is constitutional.
    """
    found = [*classes, *(["constitutional"] if has_articles else [])]
    return max(found, key=STRICTNESS.index, default=STRICTNESS[0])


def what_lacks(*, sets: bool, is_replayed: bool, is_ratified: bool, is_held: bool) -> tuple[Lacks, ...]:
    """Return why the vote on a feasible proposal cannot open yet; nothing when it can.

    Nobody votes on a change of rules before they have been asked whether the rules are theirs. Who sets a
    parameter is shown first what that would have done. What a resolution jury has in hand waits for it.

    Source: MECHANISMS 7.3 and 7.5.
    """
    wanted: tuple[tuple[Lacks, bool], ...] = (
        ("ratification", not is_ratified),
        ("replay", sets and not is_replayed),
        ("jury", is_held),
    )
    return tuple(name for name, lacks in wanted if lacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a member has proposed: how many are on their way, and when ideas were begun."""

    on_their_way: int
    begun_at: Sequence[datetime]


def may_begin_at(
    begun: Begun, at: datetime, *, most_open: int, most_new: int, window_days: int
) -> datetime | None:
    """Return from when a member may begin another idea: `at` if at once; None if one must end first.

    So nobody fills the list alone: a few proposals are on their way at once, and a few are begun within the
    window, those included that were withdrawn or archived since.

    Source: MECHANISMS 7.3; our own.
    """
    if begun.on_their_way >= most_open:
        return None
    window = timedelta(days=window_days)
    recent = sorted(moment for moment in begun.begun_at if moment > at - window)
    return at if len(recent) < most_new else recent[-most_new] + window


def comes_back_at(ended_at: datetime, *, state: str, comeback_days: int) -> datetime:
    """Return from when a proposal that has ended may be proposed anew.

    What was rejected or archived rests for a while. What its author withdrew may come back at once.
    """
    return ended_at if state == "withdrawn" else ended_at + timedelta(days=comeback_days)


def lapses_at(state: str, changed_at: datetime, *, idea_days: int, draft_days: int) -> datetime | None:
    """Return when a proposal goes to the archive if nothing happens to it; None where it does not.

    An idea waits for supporters, a draft or one that is not feasible for its author. What the team or the
    voters have in hand does not lapse.
    """
    days = {"idea": idea_days, "draft": draft_days, "infeasible": draft_days}.get(state)
    return None if days is None else changed_at + timedelta(days=days)


def in_the_order_of(day: date, proposal_ids: Collection[int]) -> list[int]:
    """Return ideas in the order in which the list shows them on a day: another order each day.

    By the SHA-256 of day and number, so that nobody's idea stands first for long, however many somebody
    writes and whenever, and anybody can compute the order.
    """
    return sorted(proposal_ids, key=lambda number: sha256(f"{day.isoformat()}:{number}".encode()).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """How many said what in a sense check."""

    agree: int
    abstain: int
    disagree: int
    block: int

    @property
    def said(self) -> int:
        return self.agree + self.abstain + self.disagree + self.block


def sense_of(stances: Iterable[str]) -> Sense:
    """Return the sum of a sense check. It decides nothing: it tells the author what to change, and who minds.

    Source: MECHANISMS 6.3 and 7.3; the four stances are those of consensus decision-making.
    """
    found = list(stances)
    return Sense(
        agree=found.count("agree"),
        abstain=found.count("abstain"),
        disagree=found.count("disagree"),
        block=found.count("block"),
    )
