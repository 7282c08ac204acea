"""Levels: how the reviews of a member's work move the member's level in a guild.

The rules are those of MECHANISMS 2.1, 2.8 and 2.9; every number in them is a parameter of the charter.
A review's verdict says 1 for under the level, 2 for right for it, 3 for ready for the next, 4 for the one
after that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

VERDICTS = (1, 2, 3, 4)
"""What a review says of work, beside the level of whoever did it."""

Why = Literal["rise_two", "rise_one", "stay", "fall"]


@dataclass(frozen=True, slots=True)
class LevelRule:
    """The charter's numbers for levels, as they are in force at one moment in one guild.

    `window` is the number of reviews that decide. `rise_two` and `rise_one` are the means above which a
    member rises, `fall` the one under which a member falls. Levels go from `lowest` to `highest`.
    """

    window: int
    rise_two: Decimal
    rise_one: Decimal
    fall: Decimal
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One review as levels see it: what it says, and the rule that was in force when it came."""

    id: int
    value: int
    rule: LevelRule
    is_voided: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one full window came to: of which reviews, with which mean, by which rule, from where to where.

    `why` names the threshold that was passed, also where the lowest or highest level left nothing to move.
    """

    reviews: tuple[int, ...]
    mean: Decimal
    rule: LevelRule
    before: int
    after: int
    why: Why


@dataclass(frozen=True, slots=True)
class Change:
    """What the missing reviews of a window must come to for one change of level that is still possible.

    `total` is what their verdicts must add up to, at least for a rise and at most for a fall; `mean` the
    same as their mean with two decimals, rounded to the safe side. `is_certain` when nothing that they can
    say prevents it any more.
    """

    why: Why
    after: int
    total: int
    mean: Decimal
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member's window stands: how many reviews it has, how many are missing, and what they could do.

    `mean` is that of the reviews it has, None when there are none yet. `changes` are those still possible,
    the highest level first; none when the level will stay whatever the missing reviews say.
    """

    reviews: int
    missing: int
    mean: Decimal | None
    changes: tuple[Change, ...]


def window_mean(verdicts: Sequence[int]) -> Decimal:
    """Return the mean of verdicts, rounded half up to two decimals: of a window, or of all reviews.

    The rounded value is the one that is stored, shown and compared.

    Raises:
        ValueError: there is no verdict, or one that is not 1, 2, 3 or 4.

    Source: MECHANISMS 2.8 and 2.9. That reviews by peers come to a level is from Crowd Guilds (CSCW 2017,
    https://doi.org/10.1145/2998181.2998234); the rounding is our own.
    """
    if not verdicts:
        raise ValueError("window_mean needs at least one verdict")
    for verdict in verdicts:
        _check(verdict)
    return _mean(sum(verdicts), len(verdicts))


def level_after(level: int, mean: Decimal, rule: LevelRule) -> tuple[int, Why]:
    """Return the level after a full window with this mean, and which threshold was passed.

    Above `rise_two` it is two levels up, above `rise_one` one up, under `fall` one down, else it stays; a
    mean that is just the threshold does not pass it. No move leads past the lowest or the highest level.
    Whoever stands beyond them, because the charter has changed since, is not moved further out, nor back
    in but by reviews.

    Source: Whiting et al. "Crowd Guilds: Worker-led Reputation and Feedback on Crowdsourcing Platforms".
    CSCW 2017, https://doi.org/10.1145/2998181.2998234, for rises and falls by the mean of ten reviews.
    """
    if mean > rule.rise_two:
        return max(level, min(rule.highest, level + 2)), "rise_two"
    if mean > rule.rise_one:
        return max(level, min(rule.highest, level + 1)), "rise_one"
    if mean < rule.fall:
        return min(level, max(rule.lowest, level - 1)), "fall"
    return level, "stay"


def decided(first_level: int, reviews: Iterable[Verdict]) -> list[Decision]:
    """Return every decision on a member's level, replayed from the reviews in the order they came.

    Voided reviews are left out, so a later void gives each decision since anew. A window is full as soon as
    it holds as many reviews as the rule asks that was in force when the last of them came; it decides by
    that rule, and is cleared whether the level moved or not.

    Raises:
        ValueError: a verdict is not 1, 2, 3 or 4.

    Source: Crowd Guilds (CSCW 2017) for the window; MECHANISMS 2.8 for clearing it and for voided reviews.
    """
    decisions: list[Decision] = []
    level = first_level
    window: list[Verdict] = []
    for review in reviews:
        if review.is_voided:
            continue
        window.append(review)
        if len(window) < review.rule.window:
            continue
        mean = window_mean([one.value for one in window])
        after, why = level_after(level, mean, review.rule)
        ids = tuple(one.id for one in window)
        decisions.append(Decision(ids, mean, review.rule, before=level, after=after, why=why))
        level, window = after, []
    return decisions


def progress(level: int, verdicts: Sequence[int], rule: LevelRule) -> Progress:
    """Return what a member's next change of level needs, from the verdicts since the last decision.

    For each level that the window can still lead to by the rule as it is now: what the missing reviews must
    add up to, and whether they cannot help it. Where the charter has made windows shorter than what has come
    already, the next review decides.

    Raises:
        ValueError: a verdict is not 1, 2, 3 or 4.

    Source: MECHANISMS 2.8 and 2.9; that a member can tell beforehand is our own.
    """
    for verdict in verdicts:
        _check(verdict)
    so_far = sum(verdicts)
    missing = max(1, rule.window - len(verdicts))
    full = len(verdicts) + missing
    least, most = VERDICTS[0] * missing, VERDICTS[-1] * missing
    leads_to = {
        total: level_after(level, _mean(so_far + total, full), rule) for total in range(least, most + 1)
    }
    changes: list[Change] = []
    for after in sorted({after for after, _why in leads_to.values()} - {level}, reverse=True):
        totals = [total for total, (reached, _why) in leads_to.items() if reached == after]
        total = min(totals) if after > level else max(totals)
        cents = -(-100 * total // missing) if after > level else 100 * total // missing
        is_certain = total == (least if after > level else most)
        changes.append(Change(leads_to[total][1], after, total, Decimal(cents).scaleb(-2), is_certain))
    mean = _mean(so_far, len(verdicts)) if verdicts else None
    return Progress(len(verdicts), missing, mean, tuple(changes))


def _check(verdict: int) -> None:
    if verdict not in VERDICTS:
        raise ValueError(f"a verdict is 1, 2, 3 or 4, not {verdict!r}")


def _mean(total: int, count: int) -> Decimal:
    """Return total ÷ count with two decimals, rounded half up: in whole numbers, so exactly."""
    return Decimal((200 * total + count) // (2 * count)).scaleb(-2)
