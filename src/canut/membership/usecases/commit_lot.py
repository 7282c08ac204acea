"""The prepared lot is taken for a question: who may be drawn is fixed, and its hash shown.

For rooms above that need people chosen by chance: `commit_lot`, then `draw_lot`; and `close_lot` once the
seats will not be offered anew any more.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.membership.models import Candidate, Lot, Membership
from canut.membership.queries import electorate
from canut.membership.rules_lot import Drawable, code_of, hash_of_candidates, serves_again_from
from canut.membership.states import College, LotState, SeatState
from canut.membership.usecases.prepare_lot import prepare_lot


@transaction.atomic
def commit_lot(
    *,
    subject_kind: str,
    subject_id: int,
    address: str,
    college: College | None,
    seats: int,
    exclude: Collection[int] = (),
    among: Collection[int] | None = None,
    at: datetime,
) -> Lot:
    """Take the prepared lot for a question: fix who may be drawn, and show the list's hash.

    Those are the active members at `at` (of one college, or of all; only those `among` these people, where it
    is given) but for `exclude`, who may not sit. Who accepted a seat of any lot within `jury.rest_days` comes
    after all others. A second call for the same subject and college returns the same lot. `seats` may be more
    than there are candidates.
    """
    lot = Lot.objects.select_for_update(no_key=True).get(pk=prepare_lot(at=at).pk)
    while lot.state != LotState.PREPARED:  # another call has taken it meanwhile
        lot = Lot.objects.select_for_update(no_key=True).get(pk=prepare_lot(at=at).pk)
    asked = Lot.objects.filter(subject_kind=subject_kind, subject_id=subject_id, college=college or "")
    if found := asked.exclude(state=LotState.PREPARED).first():
        return found
    members = members_among(at, college=college, among=among)
    may_sit = sorted(set(members) - set(exclude))
    candidates = _candidates(lot, may_sit, at=at)
    Candidate.objects.bulk_create(candidates)
    lot.state, lot.subject_kind, lot.subject_id = LotState.COMMITTED, subject_kind, subject_id
    lot.address, lot.college, lot.seats = address, college or "", seats
    lot.answer_days = in_force("jury.answer_days", at=at)
    lot.candidates_count = len(candidates)
    lot.candidates_hash = hash_of_candidates(Drawable(one.code, one.served_lately) for one in candidates)
    lot.excluded_count = len(members) - len(may_sit)
    lot.committed_at = max(at, lot.prepared_at)
    lot.save(
        update_fields=[
            "state",
            "subject_kind",
            "subject_id",
            "address",
            "college",
            "seats",
            "answer_days",
            "candidates_count",
            "candidates_hash",
            "excluded_count",
            "committed_at",
        ]
    )
    record(None, "lot.committed", lot, at=at, subject_kind=subject_kind, subject_id=subject_id, seats=seats)
    prepare_lot(at=at)
    return lot


def members_among(
    at: datetime, *, college: College | None = None, among: Collection[int] | None = None
) -> list[int]:
    """Return the active members at `at`: of one college, or of all; only `among` these people if given."""
    kept = None if among is None else set(among)
    return sorted(
        who
        for who, theirs in electorate(at).items()
        if (college is None or theirs == college) and (kept is None or who in kept)
    )


def served_lately(person_ids: Collection[int], *, at: datetime) -> set[int]:
    """Return who of these people accepted a seat of any lot within `jury.rest_days`."""
    rest_days = in_force("jury.rest_days", at=at)
    served = Candidate.objects.filter(
        person_id__in=person_ids, state__in=[SeatState.ACCEPTED, SeatState.SERVED]
    )
    newest = served.values_list("person_id").annotate(newest=Max("answered_at"))
    return {person for person, moment in newest if at < serves_again_from(moment, rest_days)}


def _candidates(lot: Lot, person_ids: Collection[int], *, at: datetime) -> list[Candidate]:
    tickets = dict(
        Membership.objects.filter(person_id__in=person_ids, ended_at__isnull=True).values_list(
            "person_id", "ticket"
        )
    )
    rest = served_lately(person_ids, at=at)
    return [
        Candidate(
            lot=lot,
            person_id=person_id,
            code=code_of(bytes.fromhex(tickets[person_id]), lot.number),
            served_lately=person_id in rest,
        )
        for person_id in person_ids
        if person_id in tickets
    ]
