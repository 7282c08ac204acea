"""Somebody asks to be admitted, or takes that back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.membership.access import AdmissionRequestNotFound
from canut.membership.models import LONGEST_WORDS, AdmissionRequest
from canut.membership.states import RequestState
from canut.membership.usecases.admit import refuse_members
from canut.people.access import ensure_member, person_for_change
from canut.people.models import Person


@transaction.atomic
def ask_admission(*, by: Person, words: str = "", at: datetime) -> AdmissionRequest:
    """Ask to be admitted: members may vouch from now on, and the operators check who `by` is.

    Asking again changes what members read about `by`, and nothing else.

    Raises:
        AlreadyAdmitted: `by` is a member. BadInput: the words are too long.
        AccountIsClosed, NotActivated, TermsNotAccepted: the account is not ready for it.
    """
    ensure_member(by)
    words = " ".join(words.replace("\0", " ").split())
    if len(words) > LONGEST_WORDS:
        too_long = _("At most %(count)s characters.") % {"count": LONGEST_WORDS}
        raise BadInput(_("What you say of yourself is too long."), errors={"words": [too_long]})
    person = person_for_change(by)
    refuse_members(person)
    request = AdmissionRequest.objects.filter(person=person, state=RequestState.OPEN).first()
    if request is not None:
        request.words = words
        request.save(update_fields=["words"])
        return request
    request = AdmissionRequest.objects.create(person=person, words=words, asked_at=at)
    record(by, "membership.asked", request, at=at)
    later("membership.tell_operators_of_request", request_id=request.pk)
    return request


@transaction.atomic
def withdraw_request(*, by: Person, at: datetime) -> AdmissionRequest:
    """Take the request back; who vouched is not told. Doing it twice changes nothing.

    Raises:
        AdmissionRequestNotFound: `by` does not ask to be admitted.
    """
    rows = AdmissionRequest.objects.select_for_update(no_key=True).filter(person=by).order_by("-pk")
    request = rows.first()
    if request is not None and request.state == RequestState.WITHDRAWN:
        return request
    if request is None or request.state != RequestState.OPEN:
        raise AdmissionRequestNotFound(_("You do not ask to be admitted now."))
    request.state, request.ended_at, request.words = RequestState.WITHDRAWN, at, ""
    request.save(update_fields=["state", "ended_at", "words"])
    request.vouchers.all().delete()
    record(by, "membership.request_withdrawn", request, at=at)
    return request
