"""How a dispute ends: both sides agree to a wording, the mediator recommends, or it is withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.mediation.access import dispute_of, must_be, part_in
from canut.justice.mediation.models import Agreement, Dispute
from canut.justice.mediation.refusals import SettlementNotFound, SettlementReplaced
from canut.justice.mediation.states import OPEN, PARTIES, DisputeState, Side
from canut.justice.mediation.words import checked
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person

AGREED = {Side.COMPLAINANT: "complainant_agreed_at", Side.OTHER: "other_agreed_at"}


@transaction.atomic
def propose_settlement(*, dispute_id: int, by: Person, text: str, at: datetime) -> Agreement:
    """Put a wording to both sides. A side that proposes it agrees to it; it takes the place of the last one.

    Raises:
        DisputeNotFound: `by` has no part in it. BadInput: there are no words or too many.
        DisputeNotThere: it has ended.
    """
    dispute, side = dispute_of(dispute_id, by=by, lock=True)
    tidy = checked(text=text)
    last = _latest(dispute)
    if last is not None and (last.side, last.text) == (side, tidy["text"]):
        return last
    must_be(dispute, *OPEN)
    made = Agreement.objects.create(
        dispute=dispute,
        number=1 if last is None else last.number + 1,
        by=by,
        side=side,
        proposed_at=at,
        **tidy,
        **({AGREED[side]: at} if side in AGREED else {}),
    )
    record(by, "dispute.settlement_proposed", dispute, at=at, number=made.number, side=str(side))
    later("mediation.tell", dispute_id=dispute.pk, what="proposed")
    return made


@transaction.atomic
def agree_to_settlement(*, dispute_id: int, by: Person, number: int, at: datetime) -> Dispute:
    """Agree, as a side, to the latest wording. Once both have, the dispute is settled.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` mediates it.
        SettlementNotFound: there is none of this number. SettlementReplaced: it is not the latest.
        DisputeNotThere: the dispute has ended.
    """
    dispute, side = part_in(dispute_id, by=by, only=PARTIES)
    last = _latest(dispute)
    if last is None or not 1 <= number <= last.number:
        raise SettlementNotFound(
            _("No such wording was put to you. The page of the dispute has those there are.")
        )
    if number < last.number:
        raise SettlementReplaced(
            _("Another wording took its place. Read the latest one, and agree to that if you do."),
            number=last.number,
        )
    agreed_at = AGREED[side]
    if getattr(last, agreed_at) is not None:
        return dispute
    must_be(dispute, *OPEN)
    setattr(last, agreed_at, at)
    last.save(update_fields=[agreed_at])
    record(by, "dispute.settlement_agreed", dispute, at=at, number=number, side=str(side))
    if last.complainant_agreed_at is not None and last.other_agreed_at is not None:
        _end(dispute, DisputeState.SETTLED, by=by, at=at)
    else:
        later("mediation.tell", dispute_id=dispute.pk, what="agreed")
    return dispute


@transaction.atomic
def recommend(*, dispute_id: int, by: Person, text: str, at: datetime) -> Dispute:
    """End a dispute, as its mediator, with what one recommends. It binds nobody.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` does not mediate it.
        BadInput: there are no words or too many. DisputeNotThere: it has ended.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.MEDIATOR,))
    tidy = checked(text=text)
    if dispute.state == DisputeState.RECOMMENDED and dispute.recommendation == tidy["text"]:
        return dispute
    must_be(dispute, DisputeState.MEDIATION)
    _end(dispute, DisputeState.RECOMMENDED, by=by, at=at, recommendation=tidy["text"])
    return dispute


@transaction.atomic
def answer_recommendation(*, dispute_id: int, by: Person, follows: bool, at: datetime) -> Dispute:
    """Say, as a side, whether one follows what the mediator recommends; the last word counts.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` mediates it.
        DisputeNotThere: it has not ended with a recommendation.
    """
    dispute, side = part_in(dispute_id, by=by, only=PARTIES)
    must_be(dispute, DisputeState.RECOMMENDED)
    field = "complainant_follows" if side == Side.COMPLAINANT else "other_follows"
    if getattr(dispute, field) == follows:
        return dispute
    setattr(dispute, field, follows)
    dispute.save(update_fields=[field])
    record(by, "dispute.recommendation_answered", dispute, at=at, side=str(side), follows=follows)
    later("mediation.tell", dispute_id=dispute.pk, what="answered")
    return dispute


@transaction.atomic
def withdraw_dispute(*, dispute_id: int, by: Person, at: datetime) -> Dispute:
    """End a dispute that one began, for good.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` did not begin it.
        DisputeNotThere: it has ended otherwise.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.COMPLAINANT,))
    if dispute.state == DisputeState.WITHDRAWN:
        return dispute
    must_be(dispute, *OPEN)
    _end(dispute, DisputeState.WITHDRAWN, by=by, at=at)
    return dispute


def end_by_itself(dispute: Dispute, state: DisputeState, *, at: datetime) -> None:
    """End a locked dispute as time brought about: no complaint was made, or who began it left."""
    _end(dispute, state, by=None, at=at)


def _end(
    dispute: Dispute, state: DisputeState, *, by: Person | None, at: datetime, recommendation: str = ""
) -> None:
    dispute.state, dispute.ended_at, dispute.recommendation = state, at, recommendation
    dispute.save(update_fields=["state", "ended_at", "recommendation"])
    record(by, f"dispute.{state}", dispute, at=at)
    later("mediation.tell", dispute_id=dispute.pk, what=str(state))


def _latest(dispute: Dispute) -> Agreement | None:
    return Agreement.objects.filter(dispute=dispute).order_by("-number").first()
