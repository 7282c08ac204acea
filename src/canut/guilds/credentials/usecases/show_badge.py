"""A member shows one of their badges beside their screen name, or stops."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials.access import BadgeTakenBack, own_credential_for_change
from canut.guilds.credentials.models import IssuedCredential, ShownBadge
from canut.kernel.events import record
from canut.people.access import ensure_member, person_for_change
from canut.people.models import Person


@transaction.atomic
def show_badge(*, credential_id: UUID, by: Person, at: datetime) -> IssuedCredential:
    """Let everybody see on `by`'s page that this badge is theirs, which the badge itself does not say.

    Showing twice is safe.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
        BadgeTakenBack: it was taken back.
        NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    ensure_member(person_for_change(by))
    credential = own_credential_for_change(credential_id, by=by)
    if ShownBadge.objects.filter(credential=credential).exists():
        return credential
    if credential.revoked_at is not None:
        raise BadgeTakenBack(_("This badge was taken back, so it cannot be shown any more."))
    ShownBadge.objects.create(credential=credential, holder_id=by.pk, shown_since=at)
    record(by, "credential.shown", credential, at=at)
    return credential


@transaction.atomic
def hide_badge(*, credential_id: UUID, by: Person, at: datetime) -> IssuedCredential:
    """Show a badge no more. It stays `by`'s, and good. Hiding twice is safe.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
    """
    credential = own_credential_for_change(credential_id, by=by)
    hidden, _of_each = ShownBadge.objects.filter(credential=credential).delete()
    if hidden:
        record(by, "credential.hidden", credential, at=at)
    return credential
