"""Which values a decision of the members may set: within bounds, step, notice and law."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from canut.charter.rules import ValueRefused, check_value, is_more_favourable

if TYPE_CHECKING:
    from canut.charter.parameters.kinds import Parameter, Value


class ChangeRefused(ValueError):
    """A change of a parameter that no decision can make. `what` says why, for a door to put into words.

    It is one of type, low, high, choice, decimals, length, falling (as `ValueRefused`), scope, unchanged,
    step, notice, legal, wider.
    """

    def __init__(self, what: str, parameter: "Parameter") -> None:
        super().__init__(f"{parameter.name}: {what}")
        self.what = what
        self.parameter = parameter


def check_setting(
    parameter: "Parameter",
    *,
    old: "Value",
    new: "Value",
    scope_kind: str,
    scope_key: str,
    effective_at: datetime,
    decided_at: datetime,
    legal: "Value | None" = None,
    wider: "Value | None" = None,
) -> None:
    """Return if a decision of the moment `decided_at` can set the parameter to `new` from `effective_at` on.

    `old` is what holds for the scope at `effective_at` as far as is decided, `legal` the minimum that the
    law sets for the scope then, `wider` what holds then for the wider scope, for a parameter that a
    narrower one may only better; both None where there is none. Asked when a change is proposed and again
    when its vote closes (MECHANISMS 7.6), for what holds may have moved in between.

    Raises:
        ChangeRefused: with the first reason that applies: scope (the parameter takes no such scope), then
            as `check_value`; unchanged; step (further from `old` than one decision may go); notice (too
            soon after `decided_at`); legal, wider (worse for workers than these).
    """
    if scope_kind not in parameter.scopes or (scope_kind == "site") != (scope_key == ""):
        raise ChangeRefused("scope", parameter)
    try:
        check_value(parameter, new)
    except ValueRefused as error:
        raise ChangeRefused(error.what, parameter) from error
    if new == old:
        raise ChangeRefused("unchanged", parameter)
    if not is_within_step(parameter, old, new):
        raise ChangeRefused("step", parameter)
    if effective_at < decided_at + timedelta(days=parameter.notice_days):
        raise ChangeRefused("notice", parameter)
    for least, what in ((legal, "legal"), (wider, "wider")):
        if (
            parameter.favours is not None
            and least is not None
            and is_more_favourable(parameter, least, than=new)
        ):
            raise ChangeRefused(what, parameter)


def is_within_step(parameter: "Parameter", old: "Value", new: "Value") -> bool:
    """Return whether one decision may move the value so far; a parameter without a step may go anywhere."""
    if parameter.largest_step is None:
        return True
    assert isinstance(old, int | Decimal)  # only numbers have steps
    assert isinstance(new, int | Decimal)
    return abs(Decimal(new) - Decimal(old)) <= parameter.largest_step
