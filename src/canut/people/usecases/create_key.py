"""A key for a program."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people import rules
from canut.people.access import ensure_member, person_for_change
from canut.people.models import ApiKey, Person, Scope
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by

MOST_KEYS = 25


class TooManyKeys(Refusal):
    code = "too_many_keys"


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key with its token, at the only moment when the token is known."""

    key: ApiKey
    token: str


@transaction.atomic
def create_key(
    *, by: Person, name: str, scopes: Sequence[str], at: datetime, expires_at: datetime | None = None
) -> IssuedKey:
    """Make a key of `by`'s own. The token is returned once and can never be shown again.

    Raises:
        BadInput: no name, no scope or an unknown one, or an end that is already past.
        TooManyKeys: 25 of `by`'s keys are in use.
        NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    ensure_member(person_for_change(by))
    errors = {}
    if not 1 <= len(name.strip()) <= 60:
        errors["name"] = str(_("Give the key a name of 1 to 60 characters, such as the program's."))
    if not scopes or not set(scopes) <= set(Scope.values):
        errors["scopes"] = str(_("Choose at least one thing that the key may do."))
    if expires_at is not None and expires_at <= at:
        errors["expires_at"] = str(_("Choose an end that is still to come."))
    if errors:
        raise BadInput(_("Some of what you typed cannot be used. See each field."), errors=errors)
    if ApiKey.objects.filter(owner_id=by.pk, revoked_at__isnull=True).count() >= MOST_KEYS:
        raise TooManyKeys(_("You have 25 keys in use. Revoke one you no longer need, then try again."))
    issued = issue_key(by=by, name=name.strip(), scopes=scopes, at=at, expires_at=expires_at)
    record(by, "key.created", issued.key, at=at, scopes=issued.key.scopes)
    _tell(issued.key, by=by, at=at)
    return issued


def _tell(key: ApiKey, *, by: Person, at: datetime) -> None:
    """Tell somebody of a new key: whoever has their password could have made it."""
    with as_read_by(by):
        may = "\n".join(f"– {Scope(scope).label}" for scope in key.scopes)
        tell(
            by,
            NoticeKind.ACCOUNT,
            _("A new key for programs: %(name)s") % {"name": key.name},
            _("A program that has it can do this in your name:") + "\n" + may,
            _("If it was not you who made it, revoke it and change your password."),
            path="/account/keys/",
            at=at,
            key=f"key:{key.pk}",
        )


def issue_key(
    *, by: Person, name: str, scopes: Sequence[str], at: datetime, expires_at: datetime | None
) -> IssuedKey:
    """Write a new key down, keeping its token's hash alone. For the use cases that may."""
    token = rules.TOKEN_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        owner_id=by.pk,
        name=name,
        prefix=rules.shown_of_token(token),
        hash=rules.token_hash(token),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    return IssuedKey(key=key, token=token)
