"""Members of a college ask it to recall somebody whom it elected, and sign."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from canut.charter.parameters import Class
from canut.charter.queries import in_force
from canut.governance.ballots.usecases.open_vote import open_vote
from canut.governance.board import rules
from canut.governance.board.access import held_seat, member_of_college, petition_known
from canut.governance.board.models import LONGEST_REASON, RecallPetition, RecallSignature, Seat
from canut.governance.board.refusals import (
    NotYourSeat,
    OwnSeat,
    PetitionOver,
    PetitionRuns,
    PetitionTooSoon,
    ReasonMissing,
)
from canut.governance.board.states import RUNNING_PETITIONS, PetitionState
from canut.kernel.events import record
from canut.membership.queries import electorate
from canut.people.models import Person

SUBJECT = "board_recall"


@transaction.atomic
def petition_recall(*, seat_id: int, by: Person, reason: str, at: datetime) -> RecallPetition:
    """Begin a petition for recalling whoever holds a seat, and sign it. Asking again gives the same one.

    How many must sign is fixed now: a share of the college's active members.

    Raises:
        BoardSeatNotFound, SeatNotHeld: nobody sits there. OwnSeat: it is `by`'s.
        OfAnotherCollege: another college elected them. Else what `require_active_member` raises.
        ReasonMissing: there is no reason, or it is too long.
        PetitionRuns: somebody else's petition runs. PetitionTooSoon: one ended a short while ago.
    """
    seat = held_seat(seat_id)
    college = seat.candidate.election.college
    member_of_college(by, college, at=at)
    if seat.candidate.person_id == by.pk:
        raise OwnSeat(_("This is your own seat. You can resign on the board's page."))
    reason = board_reason(reason)
    running = RecallPetition.objects.filter(seat=seat, state__in=RUNNING_PETITIONS).first()
    if running is not None and running.by_id == by.pk:
        return running
    if running is not None:
        raise PetitionRuns(
            _("There is a petition about this seat already. You can sign it on its page."),
            petition_id=running.pk,
        )
    days = in_force("board.petition_days", at=at)
    _demand_rest(seat, days, at=at)
    members = sum(one == college for one in electorate(at).values())
    petition = RecallPetition.objects.create(
        seat=seat,
        by=by,
        reason=reason,
        needed=rules.people_of_share(members, in_force("board.recall_share", at=at)),
        opened_at=at,
        lapses_at=at + timedelta(days=days),
    )
    record(by, "recall.petitioned", petition, at=at, seat_id=seat.pk, needed=petition.needed)
    _sign(petition, by, at=at)
    return petition


@transaction.atomic
def sign_petition(*, petition_id: int, by: Person, at: datetime) -> RecallPetition:
    """Put `by`'s name under a petition; with the last name that it needs, the college's vote opens.

    Signing twice changes nothing. Nobody is told who signed.

    Raises:
        PetitionNotFound: there is none of this number. PetitionOver: nobody signs it any more.
        OfAnotherCollege: another college elected them; else what `require_active_member` raises.
    """
    petition = petition_known(petition_id, lock=True)
    if RecallSignature.objects.filter(petition=petition, by=by).exists():
        return petition
    member_of_college(by, petition.seat.candidate.election.college, at=at)
    _demand_open(petition, at=at)
    _sign(petition, by, at=at)
    return petition


@transaction.atomic
def take_signature_back(*, petition_id: int, by: Person, at: datetime) -> RecallPetition:
    """Take `by`'s name away again, as long as the vote is not open. Repeating it is safe.

    Raises:
        PetitionNotFound: there is none of this number. PetitionOver: it is counted already.
    """
    petition = petition_known(petition_id, lock=True)
    _demand_open(petition, at=at)
    if RecallSignature.objects.filter(petition=petition, by=by).delete()[0]:
        record(by, "recall.signature_taken_back", petition, at=at)
    return petition


@transaction.atomic
def withdraw_petition(*, petition_id: int, by: Person, at: datetime) -> RecallPetition:
    """End a petition that `by` began and that the college does not vote on yet. Repeating it is safe.

    Raises:
        PetitionNotFound: there is none of this number. NotYourSeat: somebody else began it.
        PetitionOver: the college votes, or it is over.
    """
    petition = petition_known(petition_id, lock=True)
    if petition.by_id != by.pk:
        raise NotYourSeat(_("Only who began a petition can take it back."))
    if petition.state == PetitionState.WITHDRAWN:
        return petition
    _demand_open(petition, at=at)
    end_petition(petition, PetitionState.WITHDRAWN, at=at)
    return petition


def end_petition(petition: RecallPetition, state: PetitionState, *, at: datetime) -> None:
    """End a petition that the caller has locked; who signed is forgotten."""
    petition.state, petition.ended_at = state, at
    petition.save(update_fields=["state", "ended_at"])
    RecallSignature.objects.filter(petition=petition).delete()
    record(None, "recall.ended", petition, at=at, how=state)


def board_reason(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        ReasonMissing: it is empty, over 1,000 characters long, or holds one that cannot be stored.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        sentence = _("Say why, in at most 1,000 characters of ordinary text.")
        raise ReasonMissing(sentence, errors={"reason": sentence})
    return reason


def _demand_open(petition: RecallPetition, *, at: datetime) -> None:
    if petition.state != PetitionState.OPEN or at >= petition.lapses_at:
        raise PetitionOver(_("Nobody signs this petition any more. Its page says what came of it."))


def _demand_rest(seat: Seat, days: int, *, at: datetime) -> None:
    last = RecallPetition.objects.filter(
        seat=seat, ended_at__isnull=False, state__in=(PetitionState.KEPT, PetitionState.LAPSED)
    ).order_by("-ended_at")[:1]
    for petition in last:
        assert petition.ended_at is not None
        possible_at = petition.ended_at + timedelta(days=days)
        if at < possible_at:
            raise PetitionTooSoon(
                _("A petition about this seat ended a short while ago. Another one can begin on %(day)s.")
                % {"day": date_format(localtime(possible_at), "DATE_FORMAT")},
                possible_at=possible_at.isoformat(),
            )


def _sign(petition: RecallPetition, by: Person, *, at: datetime) -> None:
    RecallSignature.objects.create(petition=petition, by=by, signed_at=at)
    record(by, "recall.signed", petition, at=at)
    if RecallSignature.objects.filter(petition=petition).count() < petition.needed:
        return
    name = petition.seat.candidate.person.screen_name
    with override("en"):
        title_en = _title(name)
    with override("fr"):
        title_fr = _title(name)
    vote = open_vote(
        subject_kind=SUBJECT,
        subject_id=petition.pk,
        title_en=title_en,
        title_fr=title_fr,
        address=f"/board/recalls/{petition.pk}/",
        class_=Class.ORDINARY,
        at=at,
        only_college=petition.seat.candidate.election.college,
    )
    petition.state, petition.vote_id = PetitionState.VOTE, vote.pk
    petition.save(update_fields=["state", "vote_id"])
    RecallSignature.objects.filter(petition=petition).delete()


def _title(name: str) -> str:
    return _("Recall %(name)s from the board?") % {"name": name}
