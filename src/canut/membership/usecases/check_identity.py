"""An operator has made sure who somebody is, and admits them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput, Refusal
from canut.membership.access import request_for_change, request_gone
from canut.membership.models import LONGEST_NOTE, AdmissionRequest, Membership
from canut.membership.states import CheckedBy, RequestState, Way
from canut.membership.usecases.admit import admit
from canut.people.access import as_operator, ensure_member, person_as_operator_sees
from canut.people.models import Person


class OwnIdentity(Refusal):
    code = "own_identity"


class AdmissionNotAsked(Refusal):
    code = "admission_not_asked"


@transaction.atomic
def check_identity(
    *, person_id: int, by: Person | None, checked_by: str, note: str = "", at: datetime
) -> Membership:
    """Admit a person whose identity `by`, an operator or whoever holds the machine (None), has checked.

    What is kept is how it was checked and a note for operators: no document, and no number of one. Whoever
    is a member stays the member they are. Whoever holds the machine may admit people who did not ask, such
    as the first operators.

    Raises:
        OperatorRoleMissing: `by` does not run this site. OwnIdentity: nobody checks themselves.
        PersonNotFound: there is no such account. AdmissionNotAsked: they did not ask to be admitted.
        NotActivated, AccountIsClosed, TermsNotAccepted: the account is not ready for it.
        BadInput: the way of checking is unknown, or the note too long.
    """
    if by is not None:
        as_operator(by)
    note = " ".join(note.replace("\0", " ").split())
    errors: dict[str, list[str]] = {}
    if checked_by not in CheckedBy.values:
        errors["checked_by"] = [_("Say how you made sure who it is.")]
    if len(note) > LONGEST_NOTE:
        errors["note"] = [_("At most %(count)s characters.") % {"count": LONGEST_NOTE}]
    if errors:
        raise BadInput(_("Say how you checked, in few words."), errors=errors)
    if by is not None and by.pk == person_id:
        raise OwnIdentity(
            _("Nobody checks their own identity. Ask another operator, or two members to vouch.")
        )
    person = person_as_operator_sees(person_id, by=by)
    ensure_member(person)
    member = Membership.objects.filter(person=person, ended_at__isnull=True).first()
    if member is not None:
        return member
    asked = AdmissionRequest.objects.filter(person=person, state=RequestState.OPEN).exists()
    if by is not None and not asked:
        raise AdmissionNotAsked(_("This person does not ask to be admitted. They can, on their own page."))
    return admit(person, way=Way.IDENTITY_CHECK, by=by, checked_by=checked_by, note=note, at=at)


@transaction.atomic
def check_who_asks(
    *, request_id: int, by: Person, checked_by: str, note: str = "", at: datetime
) -> AdmissionRequest:
    """Admit whoever made a request to be admitted, by a check of their identity. Twice admits once.

    Raises:
        AdmissionRequestNotFound: nobody asks so, or they asked no more, or were refused.
        OperatorRoleMissing, OwnIdentity, NotActivated, AccountIsClosed, TermsNotAccepted, BadInput: as
            `check_identity`.
    """
    as_operator(by)
    asked = request_for_change(request_id)
    if asked.state not in (RequestState.OPEN, RequestState.ADMITTED):
        raise request_gone()
    check_identity(person_id=asked.person_id, by=by, checked_by=checked_by, note=note, at=at)
    asked.refresh_from_db()
    return asked
