"""One judges others, each about one assignment; what follows from it is computed at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.refusals import BadInput
from canut.people.models import Party
from canut.reputation.models import Rating, Side
from canut.reputation.usecases.keep_regard import keep_regard
from canut.reputation.usecases.recompute_standings import recompute_standings

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one is to be judged for: an assignment, the group of its project, and the value."""

    rated_id: int
    assignment_id: int
    group_id: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Recorded:
    """A judgement that counts now. It is not new where the same one counted before."""

    rating: Rating
    is_new: bool


def record_rating(
    *,
    side: Side,
    rater_id: int,
    rated_id: int,
    assignment_id: int,
    group_id: int,
    value: Decimal,
    at: datetime,
) -> Rating:
    """Write one judgement down, and return the rating that counts now. Else as `record_ratings`."""
    judgement = Judgement(rated_id, assignment_id, group_id, value)
    return record_ratings(side=side, rater_id=rater_id, judgements=[judgement], at=at)[0].rating


@transaction.atomic
def record_ratings(
    *, side: Side, rater_id: int, judgements: Sequence[Judgement], at: datetime
) -> list[Recorded]:
    """Write judgements down, let each take the place of an earlier one, and compute what they come to.

    The caller has checked that the two had these assignments with each other, and names each once. Values
    are kept with two decimals, rounded half up. The same judgement again is the same row; a requester's
    is so only while it is the latest of its worker, for that one alone counts in the worker's feed.
    The rated parties' rows are locked in the order of their ids: judgements of one party take turns, and
    no two calls can wait for each other.

    Raises:
        BadInput: a value is not on the scale.
    """
    rounded = [_rounded(one.value, at=at) for one in judgements]
    lock_rated({one.rated_id for one in judgements})
    earlier = {
        row.assignment_id: row
        for row in Rating.objects.filter(
            side=side, assignment_id__in=[one.assignment_id for one in judgements], counts_until__isnull=True
        )
    }
    stays = {
        one.assignment_id
        for one, value in zip(judgements, rounded, strict=True)
        if (before := earlier.get(one.assignment_id)) is not None
        and before.value == value
        and (side == Side.WORKER or _is_latest(before))
    }
    replaced = [row.pk for assignment_id, row in earlier.items() if assignment_id not in stays]
    Rating.objects.filter(pk__in=replaced).update(counts_until=at)
    made = Rating.objects.bulk_create(
        Rating(
            side=side,
            rater_id=rater_id,
            rated_id=one.rated_id,
            assignment_id=one.assignment_id,
            group_id=one.group_id,
            value=value,
            given_at=at,
        )
        for one, value in zip(judgements, rounded, strict=True)
        if one.assignment_id not in stays
    )
    if made and side == Side.WORKER:
        touched = {(row.rated_id, row.group_id) for row in made}
        recompute_standings(rater_id=rater_id, of=touched, at=at)
    elif made:
        for rated_id in sorted({row.rated_id for row in made}):
            keep_regard(worker_id=rater_id, requester_id=rated_id)
    new = {row.assignment_id: row for row in made}
    return [
        Recorded(new.get(one.assignment_id) or earlier[one.assignment_id], one.assignment_id in new)
        for one in judgements
    ]


def lock_rated(party_ids: Collection[int]) -> None:
    """Let judgements of the same parties take turns; parties in the order of their ids."""
    rows = Party.objects.filter(pk__in=party_ids).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def _rounded(value: Decimal, *, at: datetime) -> Decimal:
    best, _middle, least = in_force("rating.weights", at=at)
    if not value.is_finite() or not least <= value <= best:
        raise BadInput(_("A rating lies between %(least)s and %(best)s.") % {"least": least, "best": best})
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def _is_latest(rating: Rating) -> bool:
    """Say whether no judgement of the same party by the same one came after this."""
    counting = Rating.objects.filter(
        side=rating.side, rater_id=rating.rater_id, rated_id=rating.rated_id, counts_until__isnull=True
    )
    return counting.order_by("-given_at", "-pk").values_list("pk", flat=True).first() == rating.pk
