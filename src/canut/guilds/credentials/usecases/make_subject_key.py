"""A worker has a key made that their badges will name."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from canut.guilds.credentials import subject_keys
from canut.guilds.credentials.models import SubjectKey
from canut.kernel.events import record
from canut.people.access import as_worker, person_for_change
from canut.people.models import Person


@dataclass(frozen=True, slots=True)
class MadeSubjectKey:
    """A key with its private half (PKCS #8, PEM), at the only moment when that is known here."""

    key: SubjectKey
    private_pem: str


@transaction.atomic
def make_subject_key(*, by: Person, at: datetime) -> MadeSubjectKey:
    """Make a key of `by`'s own. Its private half is returned once, kept nowhere, and cannot be had again.

    An earlier key of theirs ends: badges that name it stay good, and who wants them to name the new one
    gets them anew (`issue_credential`). Not safe to repeat: each call makes a key.

    Raises:
        WorkerRoleMissing, NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    as_worker(person_for_change(by))
    made = subject_keys.make_key()
    return MadeSubjectKey(use_key(by=by, did=made.did, made_here=True, at=at), made.private_pem)


def use_key(*, by: Person, did: str, made_here: bool, at: datetime) -> SubjectKey:
    """Put a key in the place of the one in use. For the use cases that know whose it is and hold the row."""
    SubjectKey.objects.filter(party_id=by.pk, ended_at__isnull=True).update(ended_at=at)
    key = SubjectKey.objects.create(party_id=by.pk, did=did, made_here=made_here, created_at=at)
    record(by, "subject_key.chosen", key, at=at, made_here=made_here)
    return key
