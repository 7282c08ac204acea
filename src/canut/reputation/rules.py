"""What a requester's record says, from its sums."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """A requester's public record as workers see it, each figure with its number of cases.

    Shares are between 0 and 1, None where there is no case yet. `decided` counts decisions, over which
    `time_to_decide` is the mean; `returned_share` is of the `first_decided` pieces of work, for each is
    returned once at most; the other shares are of the `finished` ones, an overturned rejection counting as
    approved in the end. `hourly_minor` is what was really paid for an hour of the `timed` pieces of work
    and sessions whose time is known, top-ups included, in euro cents.
    """

    decided: int
    first_decided: int
    finished: int
    approved_share: Decimal | None
    returned_share: Decimal | None
    rejected_share: Decimal | None
    overturned: int
    hourly_minor: int | None
    timed: int
    timed_hours: Decimal
    time_to_decide: timedelta | None
    appeals_heard: int
    appeals_lost: int
    revisions: int
    revisions_helped: int

    @property
    def is_empty(self) -> bool:
        """Whether there is no case of anything yet."""
        return not (self.decided or self.timed or self.appeals_heard or self.revisions)


def record_of(
    *,
    approved: int,
    returned: int,
    rejected: int,
    overturned: int,
    first_decided: int,
    timed: int,
    timed_pay_minor: int,
    timed_seconds: int,
    waited_seconds: int,
    appeals_heard: int,
    appeals_lost: int,
    revisions: int,
    revisions_helped: int,
) -> Record:
    """Return the record that these sums make."""
    finished = approved + rejected
    decided = finished + returned
    hourly = None
    if timed_seconds:
        exact = Decimal(timed_pay_minor) * 3600 / timed_seconds
        hourly = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Record(
        decided=decided,
        first_decided=first_decided,
        finished=finished,
        approved_share=_share(approved + overturned, finished),
        returned_share=_share(returned, first_decided),
        rejected_share=_share(rejected - overturned, finished),
        overturned=overturned,
        hourly_minor=hourly,
        timed=timed,
        timed_hours=(Decimal(timed_seconds) / 3600).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP),
        time_to_decide=timedelta(seconds=waited_seconds // decided) if decided else None,
        appeals_heard=appeals_heard,
        appeals_lost=appeals_lost,
        revisions=revisions,
        revisions_helped=revisions_helped,
    )


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP) if whole else None


NO_RECORD = record_of(
    approved=0,
    returned=0,
    rejected=0,
    overturned=0,
    first_decided=0,
    timed=0,
    timed_pay_minor=0,
    timed_seconds=0,
    waited_seconds=0,
    appeals_heard=0,
    appeals_lost=0,
    revisions=0,
    revisions_helped=0,
)
