"""What a requester's record says, from its sums."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """A requester's public record as workers see it, each figure with its number of cases.

    Shares are between 0 and 1; None where there is no case yet. `hourly_minor` is the pay per hour
    really paid for approved work whose time is known, in minor units.
    """

    decided: int
    approved_share: Decimal | None
    returned_share: Decimal | None
    rejected_share: Decimal | None
    overturned: int
    hourly_minor: int | None
    timed_hours: Decimal
    time_to_decide: timedelta | None


NO_RECORD = Record(0, None, None, None, 0, None, Decimal(0), None)


def record_of(
    *,
    approved: int,
    returned: int,
    rejected: int,
    overturned: int,
    timed_pay_minor: int,
    timed_seconds: int,
    waited_seconds: int,
) -> Record:
    """Return the record that these sums make. An overturned rejection counts as approved in the end."""
    final = approved + rejected
    decided = final + returned
    if decided == 0:
        return NO_RECORD
    hourly = None
    if timed_seconds:
        exact = Decimal(timed_pay_minor) * 3600 / timed_seconds
        hourly = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Record(
        decided=decided,
        approved_share=_share(approved + overturned, final),
        returned_share=_share(returned, decided),
        rejected_share=_share(rejected - overturned, final),
        overturned=overturned,
        hourly_minor=hourly,
        timed_hours=(Decimal(timed_seconds) / 3600).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP),
        time_to_decide=timedelta(seconds=waited_seconds // decided),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP) if whole else None
