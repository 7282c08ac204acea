"""A member has a level, and gets it as a credential that is theirs."""

import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from canut.guilds.credentials import site, statements
from canut.guilds.credentials.access import subject_key_for_issue
from canut.guilds.credentials.models import IssuedCredential, RevokedFor, StatusList
from canut.guilds.credentials.statements import Achievement, Reviewed, Standing
from canut.guilds.credentials.status_lists import SIZE
from canut.guilds.credentials.usecases.revoke_credential import take_back
from canut.guilds.credentials.usecases.rotate_issuer_key import ensure_issuer_key
from canut.kernel.events import record
from canut.people.models import Person

MOST_ON_A_LIST = SIZE // 2
"""Places are drawn at random, which takes two draws at most on average up to here. Then a list is closed."""


@transaction.atomic
def issue_credential(
    *,
    holder_id: int,
    guild_id: int,
    achievement: Achievement,
    reviewed: Reviewed | None,
    by: Person | None,
    at: datetime,
    valid_until: datetime | None = None,
) -> IssuedCredential:
    """Write down that the holder has this level in this guild, made out to the key they use now.

    Whether they have the level is for the caller to know: the room of guilds, which acts as the
    software (None) or as the holder. Nothing is signed here; a badge is signed each time that it is
    fetched. Issuing again is safe and returns what is in force; if the holder uses another key since, or
    the site has another name, the earlier one is revoked and a new one issued. Lower levels stay in
    force, for they stay true. Texts are written in the active language.

    Raises:
        SubjectKeyMissing: the holder has no key yet.
        SiteHasNoDid: the site cannot issue credentials.
        ValueError: the achievement is none; see `statements.level_statement`.
    """
    key = subject_key_for_issue(holder_id)
    in_force = (
        IssuedCredential.objects.select_for_update()
        .filter(holder_id=holder_id, guild_id=guild_id, level=achievement.level, revoked_at__isnull=True)
        .first()
    )
    signer = site.signer()
    if in_force is not None and in_force.says(subject_did=key.did, issuer_did=signer.did):
        return in_force
    if in_force is not None:
        take_back(in_force, reason=RevokedFor.REPLACED, by=by, at=at)
    ensure_issuer_key(by=by, at=at)
    status_list = _list_with_room(at=at)
    index = _free_place(status_list)
    credential_id = uuid4()
    issued = IssuedCredential.objects.create(
        uuid=credential_id,
        holder_id=holder_id,
        guild_id=guild_id,
        level=achievement.level,
        subject_did=key.did,
        statement=statements.level_statement(
            credential_id=credential_id,
            signer=signer,
            subject_did=key.did,
            achievement=achievement,
            reviewed=reviewed,
            standing=Standing(site.list_address(status_list.number), index),
            awarded_at=at,
            valid_until=valid_until,
        ),
        status_list=status_list,
        status_index=index,
        issued_at=at,
    )
    record(by, "credential.issued", issued, at=at, guild=guild_id, level=achievement.level)
    return issued


def _list_with_room(*, at: datetime) -> StatusList:
    """Lock and return the newest list, or a new one where that is full: one writer at a time."""
    newest = StatusList.objects.order_by("-number").values_list("number", flat=True).first() or 1
    while True:
        StatusList.objects.bulk_create([StatusList(number=newest, created_at=at)], ignore_conflicts=True)
        status_list = StatusList.objects.select_for_update().get(number=newest)
        if status_list.credentials.count() < MOST_ON_A_LIST:
            return status_list
        newest += 1


def _free_place(status_list: StatusList) -> int:
    """Return a place that nobody has, drawn so that it tells nothing of when or in what order."""
    while True:
        index = secrets.randbelow(SIZE)
        if not status_list.credentials.filter(status_index=index).exists():
            return index
