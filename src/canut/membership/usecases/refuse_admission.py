"""An operator refuses to admit somebody who asked; what peers decide about that is noted here."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, NotFound, Refusal
from canut.membership.access import request_for_change, request_gone
from canut.membership.models import AdmissionRefusal, AdmissionRequest
from canut.membership.states import RefusalGround, RefusalState, RequestState, Way
from canut.membership.usecases.admit import admit, refuse_members
from canut.membership.usecases.check_identity import OwnIdentity
from canut.people.access import as_operator, ensure_member, person_for_change
from canut.people.models import Person
from canut.work.refusals import ConflictOfInterest
from canut.work.states import HeardBy

LONGEST_REASON = 2_000


class AdmissionRefusalNotFound(NotFound):
    code = "admission_refusal_not_found"


class RefusalContestTooLate(Refusal):
    code = "refusal_contest_too_late"


@transaction.atomic
def refuse_admission(
    *, request_id: int, by: Person, ground: str, reason: str, at: datetime
) -> AdmissionRefusal:
    """Refuse to admit somebody who asked, with a ground and a reason that they read. Twice is safe.

    Their request ends with it. They may contest the refusal, and ask again; who gave vouchers is not told.

    Raises:
        OperatorRoleMissing: `by` does not run this site. AdmissionRequestNotFound: nobody asks so.
        OwnIdentity: nobody decides about themselves. ConflictOfInterest: `by` refused this request before.
        BadInput: the ground is unknown, or the reason missing or too long.
    """
    as_operator(by)
    request = request_for_change(request_id)
    last = AdmissionRefusal.objects.filter(request=request).order_by("-pk").first()
    if request.state == RequestState.REFUSED and last is not None and last.by_id == by.pk:
        return last
    if request.state != RequestState.OPEN:
        raise request_gone()
    if request.person_id == by.pk:
        raise OwnIdentity(_("Nobody decides about their own admission. Another operator must."))
    if AdmissionRefusal.objects.filter(request=request, by=by).exists():
        raise ConflictOfInterest(
            _("You refused this before, and that did not stand. Another operator decides about it now.")
        )
    refusal = AdmissionRefusal.objects.create(
        request=request, by=by, ground=ground, reason=_checked(ground, reason), refused_at=at
    )
    request.state, request.ended_at, request.words = RequestState.REFUSED, max(at, request.asked_at), ""
    request.save(update_fields=["state", "ended_at", "words"])
    record(by, "membership.refused", refusal, at=at, request_id=request.pk, ground=ground)
    later("membership.tell_refused", refusal_id=refusal.pk)
    return refusal


@transaction.atomic
def contest_refusal(*, refusal_id: int, by: Person, words: str = "", at: datetime) -> AdmissionRefusal:
    """Note that somebody contests the refusal to admit them. Contesting it again returns it as it is.

    Raises:
        AdmissionRefusalNotFound: there is none of `by`. AlreadyAdmitted: they are a member by now.
        RefusalContestTooLate: the charter's time for it is over. BadInput: the words are too long.
        AccountIsClosed, NotActivated, TermsNotAccepted: the account is not ready for it.
    """
    ensure_member(by)
    person = person_for_change(by)
    refusal = own_refusal(refusal_id, by=by, lock=True)
    if refusal.state != RefusalState.GIVEN:
        return refusal
    refuse_members(person)
    if at >= contest_until(refusal):
        raise RefusalContestTooLate(_("The time to contest this refusal is over. You can ask again."))
    words = words.replace("\0", " ").strip()
    if len(words) > LONGEST_REASON:
        sentence = _("Say it in at most 2,000 characters.")
        raise BadInput(sentence, errors={"words": sentence})
    refusal.state, refusal.words, refusal.contested_at = RefusalState.CONTESTED, words, at
    refusal.save(update_fields=["state", "words", "contested_at"])
    record(by, "membership.refusal_contested", refusal, at=at)
    return refusal


@transaction.atomic
def end_refusal_contest(
    *, refusal_id: int, state: RefusalState, by: HeardBy, reason: str = "", at: datetime
) -> AdmissionRefusal:
    """End the contest of a refusal as its peers said, as nobody did, or because it was taken back.

    If peers let the refusal fall, the person is a member from now on. If nobody was found to hear it, their
    request waits again, for another operator and for members who vouch. Twice is safe.
    """
    found = AdmissionRefusal.objects.get(pk=refusal_id)
    request = request_for_change(found.request_id)
    refusal = AdmissionRefusal.objects.select_for_update(no_key=True).get(pk=refusal_id)
    if refusal.state != RefusalState.CONTESTED:
        return refusal
    refusal.state, refusal.ended_by, refusal.decision, refusal.ended_at = state, by, reason, at
    refusal.save(update_fields=["state", "ended_by", "decision", "ended_at"])
    record(None, "membership.refusal_contest_ended", refusal, at=at, outcome=str(state), ended_by=str(by))
    if state == RefusalState.FALLS and by == HeardBy.JURY:
        admit(Person.objects.get(pk=request.person_id), way=Way.JURY, by=None, at=at)
    elif state == RefusalState.FALLS:
        _let_it_wait_again(request, at=at)
    return refusal


def own_refusal(refusal_id: int, *, by: Person, lock: bool = False) -> AdmissionRefusal:
    """Return a refusal to admit `by`, its row locked if asked.

    Raises:
        AdmissionRefusalNotFound: there is none of this number, or it is about somebody else.
    """
    rows = AdmissionRefusal.objects.select_related("request")
    rows = rows.select_for_update(of=("self",), no_key=True) if lock else rows
    found = rows.filter(pk=refusal_id, request__person=by).first() if 0 < refusal_id < 2**63 else None
    if found is None:
        raise AdmissionRefusalNotFound(_("Nobody has refused to admit you by this number."))
    return found


def contest_until(refusal: AdmissionRefusal) -> datetime:
    """Return until when a refusal may be contested, by the charter in force when it was given."""
    days = in_force("jury.admission_appeal_days", at=refusal.refused_at)
    return refusal.refused_at + timedelta(days=days)


def _let_it_wait_again(request: AdmissionRequest, *, at: datetime) -> None:
    """Put a request that was refused before the operators again, unless the person has asked anew since."""
    if AdmissionRequest.objects.filter(person_id=request.person_id, state=RequestState.OPEN).exists():
        return
    request.state, request.ended_at = RequestState.OPEN, None
    request.save(update_fields=["state", "ended_at"])
    record(None, "membership.request_reopened", request, at=at)
    later("membership.tell_operators_of_request", request_id=request.pk)


def _checked(ground: str, reason: str) -> str:
    reason = reason.replace("\0", " ").strip()
    errors: dict[str, list[str]] = {}
    if ground not in RefusalGround.values:
        errors["ground"] = [_("Choose why the person is not admitted.")]
    if not reason or len(reason) > LONGEST_REASON:
        errors["reason"] = [_("Give a reason of at most 2,000 characters; the person reads it.")]
    if errors:
        raise BadInput(_("Say why the person is not admitted. Nothing was changed."), errors=errors)
    return reason
