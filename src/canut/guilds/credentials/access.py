"""The only way to fetch a row of this room on somebody's behalf."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials.models import IssuedCredential, ShownBadge, SubjectKey
from canut.kernel.refusals import NotFound, Refusal
from canut.people.access import ensure_member
from canut.people.models import Person


class CredentialNotFound(NotFound):
    code = "credential_not_found"


class SubjectKeyMissing(Refusal):
    """There is no key that a credential could be made out to."""

    code = "subject_key_missing"


class BadgeTakenBack(Refusal):
    """It was revoked, so it is neither signed nor shown any more."""

    code = "badge_taken_back"
    status = 410


def subject_key_for_issue(holder_id: int) -> SubjectKey:
    """Lock and return the key that somebody's credentials are made out to now.

    Raises:
        SubjectKeyMissing: they have none.
    """
    key = SubjectKey.objects.select_for_update().filter(party_id=holder_id, ended_at__isnull=True).first()
    if key is None:
        raise SubjectKeyMissing(
            _("A badge is made out to a key of yours. Make one on your badges' page first, or bring one.")
        )
    return key


def credential_of_holder(credential_id: UUID, *, by: Person) -> IssuedCredential:
    """Return one of `by`'s own credentials.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
    """
    found = IssuedCredential.objects.filter(uuid=credential_id, holder_id=by.pk).first()
    if found is None:
        raise _not_yours()
    return found


def own_credential_for_change(credential_id: UUID, *, by: Person) -> IssuedCredential:
    """Lock and return one of `by`'s own credentials.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
    """
    rows = IssuedCredential.objects.select_for_update()
    found = rows.filter(uuid=credential_id, holder_id=by.pk).first()
    if found is None:
        raise _not_yours()
    return found


def shown_credential(credential_id: UUID) -> IssuedCredential:
    """Return a credential that its holder shows to everybody.

    Raises:
        CredentialNotFound: there is none, or it is not shown, or its holder's account is closed.
    """
    shown = ShownBadge.objects.filter(
        credential__uuid=credential_id, credential__revoked_at__isnull=True, holder__closed_at__isnull=True
    )
    found = shown.select_related("credential").first()
    if found is None:
        raise CredentialNotFound(_("Nobody shows a badge of this number here, or not any more."))
    return found.credential


def credential_for_revocation(credential_id: UUID, *, by: Person | None) -> IssuedCredential:
    """Lock and return a credential that `by` may take back: their own, any as an operator or as the software.

    Raises:
        CredentialNotFound: there is none, or it is not `by`'s to take back.
    """
    rows = IssuedCredential.objects.select_for_update()
    if by is not None:
        ensure_member(by)
        rows = rows if by.is_operator else rows.filter(holder_id=by.pk)
    found = rows.filter(uuid=credential_id).first()
    if found is None:
        raise CredentialNotFound(_("There is no such badge, or it is not yours to take back."))
    return found


def _not_yours() -> CredentialNotFound:
    return CredentialNotFound(_("There is no such badge among yours."))
