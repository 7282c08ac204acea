"""A jury follows what became of its seats, goes on when everybody was understood, and ends in time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from canut.charter.queries import in_force
from canut.governance.resolution.access import jury_known
from canut.governance.resolution.models import Choice, Jury, Restatement, Seat, Statement
from canut.governance.resolution.rules import AS_IT_STANDS, decided, understood_all, vote_of_college
from canut.governance.resolution.states import ENDED, OPEN, SITTING, JuryState
from canut.governance.resolution.usecases.call_jury import SUBJECT
from canut.governance.resolution.wordings import read
from canut.governance.usecases.amend_draft import amend_by_jury, release_draft
from canut.justice.jury.usecases.pay_for_sitting import pay_for_sitting
from canut.kernel.events import record
from canut.membership.models import Lot
from canut.membership.queries_lots import seats_of_lot
from canut.membership.states import College, LotState, SeatState
from canut.membership.usecases.close_lot import close_lot


@transaction.atomic
def follow_juries(*, at: datetime) -> int:
    """Take every open jury as far as it can go; return how many went further. A job."""
    moved = 0
    for number in list(Jury.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True)):
        jury = jury_known(number, lock=True)
        before = jury.state
        follow(jury, at=at)
        moved += jury.state != before
    return moved


def follow(jury: Jury, *, at: datetime) -> None:
    """Take a locked jury as far as it can go: its seats, its round, its end."""
    if jury.state in ENDED:
        return
    waits = _seat(jury, at=at)
    sitting = sitting_in(jury)
    colleges = {seat.college for seat in sitting}
    if at >= jury.ends_by:
        end_jury(jury, JuryState.DISAGREED if jury.seated_at else JuryState.LAPSED, at=at)
    elif waits:
        return  # somebody was asked and has not answered
    elif len(colleges) < in_force("jury.resolution_colleges", at=jury.called_at):
        end_jury(jury, JuryState.LAPSED, at=at)
    elif jury.state == JuryState.SEATING:
        jury.state, jury.seated_at = JuryState.ROUND, at
        jury.save(update_fields=["state", "seated_at"])
        record(None, "jury.seated", jury, at=at, jurors=len(sitting))
    go_on_if_understood(jury, sitting, at=at)


def go_on_if_understood(jury: Jury, sitting: Sequence[Seat], *, at: datetime) -> None:
    """Let a locked jury choose once each juror was understood by all others, and listen again before that.

    Somebody who comes in for another one is listened to as everybody was.
    """
    if jury.state not in SITTING:
        return
    everybody = understood_all([seat.pk for seat in sitting], _understood(jury))
    if everybody and jury.state == JuryState.ROUND:
        jury.state, jury.understood_at = JuryState.CHOOSING, at
        record(None, "jury.understood", jury, at=at)
    elif not everybody and jury.state == JuryState.CHOOSING:
        jury.state, jury.understood_at = JuryState.ROUND, None
        record(None, "jury.listens_again", jury, at=at)
    else:
        return
    jury.save(update_fields=["state", "understood_at"])


def settle_if_decided(jury: Jury, *, at: datetime) -> bool:
    """End a locked jury that chooses if enough colleges voted for the same; return whether they did.

    Raises:
        BadInput, SettingRefused, ArticleRefused: the rules have moved, so that the draft cannot read so.
    """
    choices = {one.seat_id: one.wording_id for one in Choice.objects.filter(seat__jury=jury)}
    said = {seat_id: AS_IT_STANDS if wording is None else wording for seat_id, wording in choices.items()}
    sitting = sitting_in(jury)
    votes = {
        str(college): vote_of_college([said.get(seat.pk) for seat in sitting if seat.college == college])
        for college in College
    }
    found = decided(votes, needed=in_force("jury.resolution_colleges", at=jury.called_at))
    if found is None:
        return False
    if found == AS_IT_STANDS:
        end_jury(jury, JuryState.KEPT, at=at)
        return True
    jury.wording = jury.wordings.get(pk=found)
    amend_by_jury(proposal_id=jury.proposal_id, content=read(jury.wording.content), at=at)
    end_jury(jury, JuryState.AMENDED, at=at)
    return True


def end_jury(jury: Jury, state: JuryState, *, at: datetime) -> None:
    """End a locked jury: its draft goes on, and the seeds of its lots are shown.

    Who sat in it to the end and said what they think is paid, whatever came of it.
    """
    jury.state, jury.ended_at = state, at
    jury.save(update_fields=["state", "ended_at", "wording"])
    release_draft(proposal_id=jury.proposal_id, at=at)
    for lot in lots_of(jury):
        if lot.state == LotState.DRAWN:
            close_lot(number=lot.number, at=at)
    record(None, f"jury.{state}", jury, at=at)
    who_spoke = Seat.objects.filter(jury=jury, left_at__isnull=True, statement__isnull=False)
    if who_spoke.exists():
        pay_for_sitting(
            person_ids=who_spoke.values_list("person_id", flat=True), subject=("jury", jury.pk), at=at
        )


def sitting_in(jury: Jury) -> Sequence[Seat]:
    """Return who sits in a jury now, in the order in which they came."""
    return list(Seat.objects.filter(jury=jury, left_at__isnull=True).order_by("number"))


def lots_of(jury: Jury) -> Sequence[Lot]:
    """Return the lots by which a jury was drawn, one for each college."""
    return list(Lot.objects.filter(subject_kind=SUBJECT, subject_id=jury.pk).order_by("number"))


def _seat(jury: Jury, *, at: datetime) -> bool:
    """Give who accepted a seat, and take it from who left; return whether somebody still has to answer."""
    waits = False
    known = {seat.person_id: seat for seat in Seat.objects.filter(jury=jury)}
    last = Seat.objects.filter(jury=jury).aggregate(last=Max("number"))["last"] or 0
    for lot in lots_of(jury):
        for one in seats_of_lot(lot.number):
            seat = known.get(one.person_id)
            waits = waits or one.state == SeatState.OFFERED
            if one.state == SeatState.ACCEPTED and seat is None:
                last += 1
                Seat.objects.create(
                    jury=jury, number=last, person_id=one.person_id, college=lot.college, taken_at=at
                )
                record(None, "jury.seat_taken", jury, at=at, number=last)
            elif one.state != SeatState.ACCEPTED and seat is not None and seat.left_at is None:
                seat.left_at = at
                seat.save(update_fields=["left_at"])
                record(None, "jury.seat_left", jury, at=at, number=seat.number)
    return waits


def _understood(jury: Jury) -> dict[int, list[int]]:
    said = Statement.objects.filter(seat__jury=jury).values_list("seat_id", flat=True)
    found: dict[int, list[int]] = {seat_id: [] for seat_id in said}
    confirmed = Restatement.objects.filter(statement__seat__jury=jury, understood=True)
    for seat_id, by_id in confirmed.values_list("statement__seat_id", "by_id"):
        found[seat_id].append(by_id)
    return found
