"""Telling people of admission and refusal, operators that somebody asks, and members that they were drawn."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.membership.models import AdmissionRefusal, AdmissionRequest, Candidate, Membership
from canut.membership.states import RefusalGround, RequestState, SeatState
from canut.membership.usecases.refuse_admission import contest_until
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.notices.words import address, as_read_by, moment
from canut.people.queries import operators


@transaction.atomic
def tell_admitted(*, membership_id: int, at: datetime) -> bool:
    """Tell somebody that they are a member now; return whether they were told. A job."""
    membership = Membership.objects.get(pk=membership_id)
    if membership.ended_at is not None:
        return False
    person = Person.objects.select_related("party").get(pk=membership.person_id)
    with as_read_by(person):
        told = tell(
            person,
            NoticeKind.MEMBERSHIP,
            _("You are a member now"),
            _("You were admitted. Members decide the rules of this site together."),
            _("When you count as active, in which college, and what you may vote on, stands on your page."),
            path="/membership/",
            at=at,
            key=f"admitted:{membership_id}",
        )
    return told is not None


@transaction.atomic
def tell_refused(*, refusal_id: int, at: datetime) -> bool:
    """Tell somebody that they were not admitted, and why; return whether they were told. A job."""
    refusal = AdmissionRefusal.objects.select_related("request__person__party").get(pk=refusal_id)
    person = refusal.request.person
    with as_read_by(person):
        told = tell(
            person,
            NoticeKind.MEMBERSHIP,
            _("You were not admitted"),
            _("Those who run this site did not admit you as a member: %(ground)s.")
            % {"ground": RefusalGround(refusal.ground).label},
            refusal.reason,
            _("You can contest this until %(time)s. Members who are drawn by lot hear it then.")
            % {"time": moment(contest_until(refusal))},
            path=f"/membership/refusals/{refusal.pk}/",
            at=at,
            key=f"refused:{refusal_id}",
        )
    return told is not None


@transaction.atomic
def tell_operators_of_request(*, request_id: int, at: datetime) -> int:
    """Tell each operator that somebody asks to be admitted; return how many were told. A job."""
    request = AdmissionRequest.objects.select_related("person__party").get(pk=request_id)
    if request.state != RequestState.OPEN:
        return 0

    def said() -> Sequence[str]:
        return (
            _("Somebody asks to be admitted"),
            _("%(name)s asks to become a member, since %(time)s.")
            % {"name": request.person.screen_name, "time": moment(request.asked_at)},
            _("Members may vouch for them; you may also check who they are and admit them."),
        )

    others = operators(without=[request.person_id])
    path, key = "/membership/requests/", f"admission-request:{request_id}"
    return tell_each(others, NoticeKind.RUNNING, said, path=path, at=at, key=key)


@transaction.atomic
def tell_drawn(*, candidate_id: int, at: datetime) -> bool:
    """Tell somebody that they were drawn by lot; return whether they were told. A job."""
    seat = Candidate.objects.select_related("lot", "person__party").get(pk=candidate_id)
    if seat.state != SeatState.OFFERED or seat.answer_by is None:
        return False
    with as_read_by(seat.person):
        told = tell(
            seat.person,
            NoticeKind.JURY,
            _("You were drawn by lot"),
            _("Chance has chosen you among the members. You may accept or decline, without saying why."),
            _("Please answer until %(time)s; after that the next member is asked.")
            % {"time": moment(seat.answer_by)},
            _("What it is about: %(address)s") % {"address": address(seat.lot.address or "/lots/")},
            path=f"/lots/{seat.lot_id}/",
            at=at,
            key=f"drawn:{candidate_id}",
        )
    return told is not None
