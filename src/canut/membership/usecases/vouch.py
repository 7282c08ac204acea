"""A member vouches for somebody who asks to be admitted; enough of them admit."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.membership.access import request_for_change, require_active_member
from canut.membership.models import AdmissionRequest, Voucher
from canut.membership.queries import memberships_at
from canut.membership.states import RequestState, Way
from canut.membership.usecases.admit import admit
from canut.people.models import Person


class VouchingForOneself(Refusal):
    code = "vouching_for_oneself"


class RequestIsOver(Refusal):
    code = "admission_request_over"


@transaction.atomic
def vouch(*, request_id: int, by: Person, at: datetime) -> AdmissionRequest:
    """Say that the person who asks is one real person whom `by` knows; admit them if enough members have.

    Vouching twice changes nothing. Only vouchers of those who are members still are counted.

    Raises:
        NotAMember, NotAnActiveMember: `by` is none. AdmissionRequestNotFound: there is no such request.
        VouchingForOneself: it is `by`'s own. RequestIsOver: the person was admitted, or asks no more.
    """
    require_active_member(by, at)
    request = request_for_change(request_id)
    if Voucher.objects.filter(request=request, by=by).exists():
        return request
    if request.person_id == by.pk:
        raise VouchingForOneself(_("Nobody vouches for themselves. Ask members who know you."))
    _refuse_over(request)
    voucher = Voucher.objects.create(request=request, by=by, given_at=at)
    record(by, "membership.vouched", request, at=at, voucher_id=voucher.pk)
    givers = request.vouchers.values("by_id")
    if memberships_at(at).filter(person_id__in=givers).count() >= in_force("membership.vouchers", at=at):
        person = Person.objects.get(pk=request.person_id)
        if person.is_active:
            admit(person, way=Way.VOUCHERS, by=None, at=at)
            request.refresh_from_db()
    return request


@transaction.atomic
def take_back_voucher(*, request_id: int, by: Person, at: datetime) -> AdmissionRequest:
    """Take a voucher back while the person is not admitted. Doing it twice changes nothing.

    Raises:
        AdmissionRequestNotFound: there is no such request. RequestIsOver: the person was admitted, or asks
            no more.
    """
    request = request_for_change(request_id)
    voucher = Voucher.objects.filter(request=request, by=by).first()
    if voucher is None:
        return request
    _refuse_over(request)
    voucher.delete()
    record(by, "membership.voucher_taken_back", request, at=at)
    return request


def _refuse_over(request: AdmissionRequest) -> None:
    if request.state == RequestState.ADMITTED:
        raise RequestIsOver(_("This person is a member by now. Vouchers cannot be added or taken back."))
    if request.state != RequestState.OPEN:
        raise RequestIsOver(_("This person does not ask to be admitted any more."))
