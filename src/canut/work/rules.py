"""Decisions about work: values in, values out. Who may take a task, what work costs, what it earns."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from operator import eq, ge, gt, le, lt, ne

from canut.kernel.money import share_minor
from canut.ledger.rules import dues_minor

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class StandingAsked:
    """One standing that a project asks for, and what the worker has on its scale; None if they have none."""

    scale: str
    scale_id: int
    comparator: str
    value: Decimal | None
    own: Decimal | None

    @property
    def is_met(self) -> bool:
        return suffices(self.comparator, standing=self.own, asked=self.value)


@dataclass(frozen=True, slots=True)
class Asking:
    """All that admission looks at: one worker, one project, one moment."""

    project_state: str
    deadline_at: datetime | None
    worker_may_work: bool
    worker_owns_project: bool
    worker_is_blocked: bool
    worker_is_allowed: bool
    allowed_only: bool
    holds_one_here: bool
    in_hand: int
    cap_in_hand: int
    at: datetime
    risks_not_accepted: bool = False
    session_missing: bool = False
    round_most: int | None = None
    taken_in_round: int = 0
    threshold: Decimal | None = None
    standing: Decimal = Decimal(0)
    has_stayed: bool = False
    newcomer_place_free: bool = False
    standings_asked: tuple[StandingAsked, ...] = ()
    project_is_hidden: bool = False
    project_is_stopped: bool = False
    worker_is_restricted: bool = False


def suffices(comparator: str, *, standing: Decimal | None, asked: Decimal | None) -> bool:
    """Tell whether a standing is what is asked for. Numbers compare as numbers, so 10 is more than 9.

    Who has no standing meets "missing" and "not_equal_to" alone. The claim's `work_standing_suffices` says
    the same in SQL; a property test compares them.

    Raises:
        ValueError: there is no such comparator, or it compares with a number and `asked` is none.
    """
    if comparator == "exists":
        return standing is not None
    if comparator == "missing":
        return standing is None
    compare = _COMPARISONS.get(comparator)
    if compare is None or asked is None:
        raise ValueError(f"a standing is not compared by {comparator!r} with {asked}")
    if standing is None:
        return comparator == "not_equal_to"
    return compare(standing, asked)


_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": ge,
    "at_most": le,
    "more_than": gt,
    "less_than": lt,
    "equal_to": eq,
    "not_equal_to": ne,
}


def may_take(asking: Asking) -> str | None:
    """Return None if the worker may take a task of the project, else the code of the reason why not.

    The one admission rule for feed, link, API, e-mail and the claim (MECHANISMS 1.6). The claim in
    `hot/claim.sql` (with `work_may_enter` for what only some projects ask) says the same in SQL; a
    property test compares them. `holds_one_here` comes last
    among the reasons, because a door that meets it gives the held task back instead of refusing.
    """
    cascade_runs = asking.threshold is not None and asking.round_most is None
    reasons = (
        (asking.project_state == "draft", "project_not_found"),
        (asking.project_state == "paused", "project_paused"),
        (asking.project_state != "live", "project_closed"),
        (asking.project_is_hidden, "project_hidden"),
        (asking.project_is_stopped, "project_stopped"),
        (asking.deadline_at is not None and asking.deadline_at <= asking.at, "project_deadline_passed"),
        (asking.worker_is_restricted, "worker_restricted"),
        (not asking.worker_may_work, "worker_may_not_work"),
        (asking.worker_owns_project, "own_project"),
        (asking.worker_is_blocked, "worker_blocked"),
        (asking.allowed_only and not asking.worker_is_allowed, "worker_not_on_list"),
        (not all(one.is_met for one in asking.standings_asked), "standing_not_met"),
        (asking.risks_not_accepted, "risk_not_accepted"),
        (asking.session_missing, "no_session_open"),
        (
            asking.round_most is not None and asking.taken_in_round >= asking.round_most,
            "round_share_used",
        ),
        (cascade_runs and way_in(asking) is None, "not_open_to_you_yet"),
        (asking.holds_one_here, "holds_one_here"),
        (asking.in_hand >= asking.cap_in_hand, "too_many_in_hand"),
    )
    return next((code for holds, code in reasons if holds), None)


def way_in(asking: Asking) -> str | None:
    """Return how the cascade lets a worker in: "standing", "stayed" or "newcomer"; None if it does not.

    By a standing at or above the threshold; because they have handed in work of this revision before; or by
    a free place of those kept for workers nobody has rated, which `newcomer_place_free` tells. Without a
    threshold everybody comes by standing.

    Source: Boomerang (UIST 2016) for the threshold; MECHANISMS 1.6, 1.7 and 1.9 for the other two.
    """
    if asking.threshold is None or asking.standing >= asking.threshold:
        return "standing"
    if asking.has_stayed:
        return "stayed"
    return "newcomer" if asking.newcomer_place_free else None


def levels_below(asked: Collection[StandingAsked]) -> int:
    """Return how many levels of the guild that a project asks for lie between the least and the worker's own.

    Zero where it asks for no guild, or for a level that the worker has not reached. The feed's default order
    puts work at the worker's own level before lower ones (MECHANISMS 1.10).
    """
    gaps = [
        int(one.own - one.value)
        for one in asked
        if one.scale == "guild" and one.own is not None and one.value is not None
    ]
    return max([0, *gaps])


def feed_key(score: Decimal, below: int) -> int:
    """Return the key of the feed's default order: a requester's score, then own guild level before lower.

    In sixteenths of a millionth of a rating; more than fifteen levels below count as fifteen.
    """
    millionths = int((score * 1_000_000).to_integral_value(rounding=ROUND_HALF_UP))
    return millionths * LEVEL_STEPS - min(below, LEVEL_STEPS - 1)


LEVEL_STEPS = 16
"""Into how many steps the key of the default order divides a millionth of a score."""


def newcomer_place_is_open(
    *, is_rated: bool, beat: int, first_beat: int, taken: int, most: int, places_free: bool
) -> bool:
    """Tell whether a place kept for newcomers is there for this worker while a cascade runs.

    For workers nobody has rated, from the `first_beat` of the cascade on (counted from 1), as long as they
    have `taken` fewer than `most` of them in this project and one is free (MECHANISMS 1.9).
    """
    return not is_rated and beat >= first_beat and taken < most and places_free


def least_reward_minor(*, expected_seconds: int, floor_hourly_minor: int) -> int:
    """Return the smallest reward for which the expected time earns the hourly floor.

    Amounts are in the currency's smallest unit; fractions go to the worker (MECHANISMS 4.4).
    """
    return -(-floor_hourly_minor * expected_seconds // SECONDS_AN_HOUR)


def paid_seconds(expected_seconds: int, risks: Collection[str], break_share: Decimal) -> int:
    """Return for how long a task is paid: the expected time and, of sensitive work, the breaks from it.

    `break_share` is the charter's share of the time worked that a paid break takes; whole seconds,
    fractions to the worker. The floor is kept for this time, not for the expected time alone.

    Source: breaks are working time, and 5 to 10 minutes after each 50 to 60 at a screen are better
    than longer ones less often: Health and Safety Executive, "Work with display screen equipment",
    L26, on regulation 4; directive 90/270/EEC, article 7. That sensitive work needs them at least
    as much is our own reading; nobody has measured a right length.
    """
    if not risks:
        return expected_seconds
    return ceil(expected_seconds * (1 + break_share))


def longest_seconds(*, reward_minor: int, floor_hourly_minor: int) -> int:
    """Return the longest time, in whole seconds, for which a reward still earns the hourly floor.

    The other way round of `least_reward_minor`: that of this time is never above the reward.
    """
    return reward_minor * SECONDS_AN_HOUR // floor_hourly_minor


def hourly_minor(*, reward_minor: int, seconds: int | float | Decimal) -> int:
    """Return what `reward_minor` for `seconds` of work comes to in an hour, rounded half up.

    Raises:
        ValueError: `seconds` is not positive.
    """
    if seconds <= 0:
        raise ValueError("hourly_minor needs a time above zero")
    exact = Decimal(reward_minor * SECONDS_AN_HOUR) / Decimal(seconds)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def lease_seconds(*, expected_seconds: int, factor: Decimal, least_seconds: int) -> int:
    """Return how long a worker may keep a task: a multiple of the expected time, never under the least."""
    return max(least_seconds, int(expected_seconds * factor))


@dataclass(frozen=True, slots=True)
class Quote:
    """What publishing costs, in minor units. `dues` are the levies and the fee by name, each on top of pay.

    `reserve_minor` is set aside for rework and top-ups; what is not used of it comes back. For
    volunteer work everything is zero. Of sensitive work, `break_seconds` of each answer's paid time are
    breaks. By the hour, `hours_seconds` are what `pay_minor` buys, and the reward is that of an hour.
    """

    places: int
    reward_minor: int
    pay_minor: int
    dues: Mapping[str, int]
    reserve_minor: int
    hourly_minor: int
    least_reward_minor: int
    floor_hourly_minor: int
    break_seconds: int = 0
    hours_seconds: int = 0

    @property
    def dues_minor(self) -> int:
        return sum(self.dues.values())

    @property
    def total_minor(self) -> int:
        return self.pay_minor + self.dues_minor + self.reserve_minor

    @property
    def under_floor(self) -> bool:
        return self.reward_minor < self.least_reward_minor


def quote(
    *,
    paid: bool,
    places: int,
    reward_minor: int,
    expected_seconds: int,
    floor_hourly_minor: int,
    rates: Mapping[str, Decimal],
    reserve_share: Decimal,
    pay_before_minor: int = 0,
    break_seconds: int = 0,
) -> Quote:
    """Return what `places` answers at `reward_minor` each cost, and what that is an hour.

    An hour of paid time: the expected time and the `break_seconds` that go with it.

    The reserve is a share of the larger of the pay and what the floor asks for the expected time
    (MECHANISMS 4.5). Levies and the fee are rounded half up on the project's running total, of which
    `pay_before_minor` was set aside before, and charged as differences (MECHANISMS 9): adding rows
    one by one costs what adding them at once does.
    """
    if not paid:
        return Quote(places, 0, 0, {}, 0, 0, 0, floor_hourly_minor)
    seconds = expected_seconds + break_seconds
    least = least_reward_minor(expected_seconds=seconds, floor_hourly_minor=floor_hourly_minor)
    pay_minor = places * reward_minor
    before, after = dues_minor(pay_before_minor, rates), dues_minor(pay_before_minor + pay_minor, rates)
    return Quote(
        places=places,
        reward_minor=reward_minor,
        pay_minor=pay_minor,
        dues={name: after[name] - before[name] for name in rates},
        reserve_minor=share_minor(max(pay_minor, places * least), reserve_share),
        hourly_minor=hourly_minor(reward_minor=reward_minor, seconds=seconds),
        least_reward_minor=least,
        floor_hourly_minor=floor_hourly_minor,
        break_seconds=break_seconds,
    )


def payable_at(*, first_submitted_at: datetime, rework_took: timedelta, payable_days: int) -> datetime:
    """Return when approved work is paid out at the latest, whatever the requester does (MECHANISMS 5.3).

    `rework_took` is the worker's own time between a return and the second submission.
    """
    return first_submitted_at + timedelta(days=payable_days) + rework_took
