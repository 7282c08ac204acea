"""What a sanction may be, when it takes effect, and what a program may propose. No clock, no database."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from canut.justice.sanctions.states import FOR_DAYS, GROUNDS, MAY_BAR, Ground, Kind
from canut.people.models import Bar


def bars_for(kind: Kind, named: Collection[Bar]) -> tuple[Bar, ...]:
    """Return what a sanction bars: for a restriction what it names, for a suspension or closing everything.

    A warning and a refusal to pay bar nothing.
    """
    if kind in (Kind.SUSPEND, Kind.CLOSE):
        return tuple(Bar)
    return tuple(bar for bar in Bar if bar in named) if kind == Kind.RESTRICT else ()


def what_is_wrong(
    *,
    kind: Kind,
    ground: Ground,
    bars: Collection[Bar],
    days: int | None,
    currency: str,
    amount_minor: int | None,
    most_days: int,
) -> dict[str, str]:
    """Return which parts of a sanction do not fit together, as {field: code}; empty if it can be decided.

    `days` are whole days from the moment it takes effect, between 1 and `most_days`, of a restriction or a
    suspension alone. `amount_minor`, in the currency's smallest unit, is of a refusal to pay alone; without
    one all earnings in that currency are meant.
    """
    wrong: dict[str, str] = {}
    if kind not in GROUNDS[ground].kinds:
        wrong["kind"] = "ground_does_not_carry_it"
    if kind == Kind.RESTRICT and not bars:
        wrong["bars"] = "restricts_nothing"
    elif bars and (kind != Kind.RESTRICT or not set(bars) <= set(MAY_BAR)):
        wrong["bars"] = "not_to_be_barred"
    if kind in FOR_DAYS and (days is None or not 1 <= days <= most_days):
        wrong["days"] = "days_out_of_bounds"
    elif kind not in FOR_DAYS and days is not None:
        wrong["days"] = "has_no_days"
    if kind == Kind.REFUSE_PAYMENT and not currency:
        wrong["currency"] = "currency_missing"
    elif kind != Kind.REFUSE_PAYMENT and (currency or amount_minor is not None):
        wrong["amount_minor"] = "has_no_amount"
    elif amount_minor is not None and amount_minor < 1:
        wrong["amount_minor"] = "amount_not_positive"
    return wrong


def effect_of(
    *, delivered_at: datetime, notice_hours: int, days: int | None
) -> tuple[datetime, datetime | None]:
    """Return when a sanction takes effect, and when it ends by itself; None for never.

    It takes effect so many hours after it was delivered, never before: the notice is time to hand in what is
    in hand and to answer. Its days count from then.

    Source: Directive (EU) 2024/2831, article 11: a written statement of the reasons at the latest when the
    decision takes effect. We ask for it before.
    """
    begins = delivered_at + timedelta(hours=notice_hours)
    return begins, None if days is None else begins + timedelta(days=days)


def link_ends_at(
    *,
    takes_effect_at: datetime | None,
    ends_at: datetime | None,
    ended_at: datetime | None,
    looked_at_again: datetime | None,
    goes_on: bool,
    days: int,
) -> datetime | None:
    """Return until when the link in a sanction's mail opens it: so many days after its last effect.

    None as long as it holds or has not begun. `goes_on` tells of one that has no end of its own, such as a
    closing; a warning has its effect when it is given. While somebody looks at it again the link stays.

    Source: ours; the mail is kept longer than the right to read it without signing in should last.
    """
    if ended_at is None and (takes_effect_at is None or goes_on):
        return None
    known = (ended_at or ends_at or takes_effect_at, looked_at_again)
    return max(one for one in known if one is not None) + timedelta(days=days)


def overturned_too_often(*, heard: int, fell: int, least_cases: int, share: Decimal) -> bool:
    """Tell whether a requester's rejections fell before juries so often that a program may propose a warning.

    `heard` counts the cases that peers decided in the days looked at, `fell` those in which the rejection
    fell. With fewer than `least_cases` nothing is proposed. A proposal decides nothing.
    """
    return heard >= least_cases and Decimal(fell) >= share * heard
