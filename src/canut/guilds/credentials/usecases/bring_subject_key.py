"""A worker brings a key that they have, such as their wallet's, for their badges to name."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials import issuers, site, subject_keys
from canut.guilds.credentials.models import SubjectKey
from canut.guilds.credentials.usecases.make_subject_key import use_key
from canut.kernel.refusals import Refusal
from canut.people.access import as_worker, person_for_change
from canut.people.models import Person


class SubjectKeyRefused(Refusal):
    """It is no key that a badge could name, or nothing shows that it is the worker's."""

    code = "subject_key_refused"
    status = 422


class SubjectKeyTaken(Refusal):
    """It was given before: by somebody else, or earlier."""

    code = "subject_key_taken"


def statement_to_sign(*, by: Person, did: str) -> str:
    """Return the text that `by` signs with the key that `did` is, to show that it is theirs.

    Raises:
        SubjectKeyRefused: it is no did:key of an Ed25519 key.
        SiteHasNoDid: the site cannot issue credentials.
    """
    try:
        issuers.key_of_did(did)
    except ValueError as error:
        raise SubjectKeyRefused(
            _("Badges name keys that are written did:key:z6Mk…, which means Ed25519. This is none.")
        ) from error
    return subject_keys.linking_statement(
        did=did, site_did=site.signer().did, party_id=by.pk, secret=settings.SECRET_KEY
    )


@transaction.atomic
def bring_subject_key(*, by: Person, did: str, signature: str, at: datetime) -> SubjectKey:
    """Let `by`'s badges name this key from now on. The site never sees its private half.

    `signature` is Ed25519 over `statement_to_sign`, in base64url. Bringing the key that is in use is safe.

    Raises:
        SubjectKeyRefused: it is no such key, or the signature is not by it.
        SubjectKeyTaken: somebody's badges name it, or once did.
        WorkerRoleMissing, NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    as_worker(person_for_change(by))
    statement = statement_to_sign(by=by, did=did)
    known = SubjectKey.objects.filter(did=did).first()
    if known is not None and known.party_id == by.pk and known.ended_at is None:
        return known
    if not subject_keys.is_signed(statement, did=did, signature=signature):
        raise SubjectKeyRefused(
            _("This signature was not made with this key over this text. Sign the text exactly as it stands.")
        )
    if known is not None:
        raise SubjectKeyTaken(_("This key was given before. Make a new one: a key is for one account, once."))
    return use_key(by=by, did=did, made_here=False, at=at)
