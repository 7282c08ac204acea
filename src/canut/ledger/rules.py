"""What is due on pay: plain arithmetic on whole minor units."""

from collections.abc import Mapping
from decimal import Decimal

from canut.kernel.money import share_minor


def due_now_minor(*, pay_so_far_minor: int, booked_so_far_minor: int, rate: Decimal) -> int:
    """Return what to book so that a levy or fee equals its rate on a project's running total of pay.

    Amounts are in the currency's smallest unit. Booking differences of the rounded running total
    means that a thousand small rewards are charged exactly as their sum would be (MECHANISMS 9), so
    the result can be zero, and is negative never as pay only grows.

    Raises:
        ValueError: more was booked than the rate allows on all pay, so the books are wrong.
    """
    due = share_minor(pay_so_far_minor, rate) - booked_so_far_minor
    if due < 0:
        raise ValueError(f"booked {booked_so_far_minor} on pay of {pay_so_far_minor}, more than {rate} of it")
    return due


def dues_minor(pay_minor: int, rates: Mapping[str, Decimal]) -> dict[str, int]:
    """Return each levy and the fee on a total of pay, rounded half up one by one."""
    return {name: share_minor(pay_minor, rate) for name, rate in rates.items()}
