"""What all reviews of a member's work come to, beside the level that windows decide (MECHANISMS 2.9)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from canut.guilds.models import Member, Review
from canut.guilds.rules_levels import window_mean
from canut.guilds.states import ReviewState

RIGHT_FOR_IT = 2
"""The verdict that says that work is right for its author's level."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the reviews that count say of a member's work; None as long as there is none.

    `mean` is of the verdicts alone, which judge work beside its author's level then. So it falls as that
    level rises, though the work is as good. `level_seen` is the mean level at which reviewers saw it: the
    author's level then, one less for "under it", one more for "ready for the next", two for "the one after".
    """

    reviews: int
    mean: Decimal | None
    level_seen: Decimal | None


def score_of(member: Member) -> Score:
    """Return what the reviews of a member's work come to, with two decimals, rounded half up."""
    rows = Review.objects.filter(author=member, state=ReviewState.DONE, voided_at__isnull=True)
    said = [
        (level, verdict)
        for level, verdict in rows.values_list("item__level", "verdict")
        if verdict is not None
    ]
    if not said:
        return Score(0, None, None)
    seen = Decimal(sum(level + verdict - RIGHT_FOR_IT for level, verdict in said)) / len(said)
    return Score(
        len(said),
        window_mean([verdict for _level, verdict in said]),
        seen.quantize(Decimal("0.01"), ROUND_HALF_UP),
    )
