"""What the database refuses about keys and credentials, sentence by sentence, and by name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.builders import NOON, a_worker
from tests.guilds.credentials.test_credentials import LATER, issued
from tests.promises import broken, run

from canut.guilds.credentials import subject_keys
from canut.guilds.credentials.models import (
    IssuedCredential,
    IssuerKey,
    RevokedFor,
    ShownBadge,
    StatusList,
    SubjectKey,
)
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.django_db
EARLIER = NOON - timedelta(days=1)


def fresh() -> str:
    return subject_keys.make_key().did


def an_issuer_key(**details: Any) -> Any:
    given = {"public_multibase": fresh().removeprefix("did:key:"), "sealed_private": b"x", "created_at": NOON}
    return IssuerKey.objects.create(**{**given, **details})


def a_subject_key(one: IssuedCredential, **details: Any) -> Any:
    return SubjectKey.objects.create(
        **{"party": one.guild, "did": fresh(), "made_here": True, "created_at": NOON, **details}
    )


def another(one: IssuedCredential, **details: Any) -> Any:
    values = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
    del values["id"]
    given = {"uuid": uuid4(), "level": 4, "status_index": (one.status_index + 1) % 131_072}
    return IssuedCredential.objects.create(**{**values, **given, **details})


def a_shown_badge(one: IssuedCredential, **details: Any) -> Any:
    return ShownBadge.objects.create(
        **{"credential": one, "holder_id": one.holder_id, "shown_since": NOON, **details}
    )


def change(row: Any, **changes: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**changes)


def the_key() -> IssuerKey:
    return IssuerKey.objects.get(retired_at__isnull=True)


def retired() -> IssuerKey:
    rotate_issuer_key(by=None, at=LATER)
    return IssuerKey.objects.get(retired_at__isnull=False)


def revoked(one: IssuedCredential) -> IssuedCredential:
    return revoke_credential(credential_id=one.uuid, reason=RevokedFor.IN_ERROR, by=None, at=LATER)


BREAKS: dict[str, Callable[[IssuedCredential], Any]] = {
    "issuer_key_once": lambda one: an_issuer_key(
        public_multibase=the_key().public_multibase, retired_at=NOON, sealed_private=None
    ),
    "issuer_key_one_in_use": lambda one: an_issuer_key(),
    "issuer_key_is_ed25519": lambda one: an_issuer_key(
        public_multibase="zDnae" + "x" * 43, retired_at=NOON, sealed_private=None
    ),
    "issuer_key_private_while_in_use": lambda one: an_issuer_key(retired_at=NOON),
    "issuer_key_retired_after_creation": lambda one: an_issuer_key(retired_at=EARLIER, sealed_private=None),
    "issuer_key_withdrawn_is_retired": lambda one: an_issuer_key(
        retired_at=LATER, withdrawn_at=NOON, sealed_private=None
    ),
    "subject_key_once": lambda one: a_subject_key(one, did=one.subject_did),
    "subject_key_one_in_use": lambda one: a_subject_key(one, party=one.holder),
    "subject_key_is_ed25519": lambda one: a_subject_key(one, did="did:key:zDnaerDa"),
    "subject_key_ended_after_creation": lambda one: a_subject_key(one, ended_at=EARLIER),
    "credential_once": lambda one: another(one, uuid=one.uuid),
    "credential_has_its_own_place": lambda one: another(one, status_index=one.status_index),
    "credential_one_in_force": lambda one: another(one, level=one.level),
    "credential_level_known": lambda one: another(one, level=11),
    "credential_place_on_list": lambda one: another(one, status_index=131_072),
    "credential_of_another": lambda one: another(one, holder_id=one.guild_id),
    "credential_revoked_for_a_reason": lambda one: another(one, revoked_at=LATER),
    "credential_reason_known": lambda one: another(one, revoked_at=LATER, revoked_for="spite"),
    "shown_badge_once": lambda one: [a_shown_badge(one) for _n in range(2)],
    "shown_badge_is_ones_own": lambda one: a_shown_badge(one, holder_id=a_worker().pk),
}

# A foreign key, which the model's constraints do not list; and what that key builds on.
WRITTEN_BY_HAND = {"shown_badge_is_ones_own"}
SUPPORTING = {"credential_id_and_holder"}

STAYS: dict[str, list[Callable[[IssuedCredential], Any]]] = {
    "issuer_key_stays": [
        lambda one: run("DELETE FROM guilds_credentials_issuerkey"),
        lambda one: change(the_key(), public_multibase=fresh().removeprefix("did:key:")),
        lambda one: change(the_key(), sealed_private=b"another"),
        lambda one: change(retired(), retired_at=None, sealed_private=b"x"),
        lambda one: change(retired(), retired_at=LATER + timedelta(days=1)),
    ],
    "credential_stays": [
        lambda one: run("DELETE FROM guilds_credentials_issuedcredential"),
        lambda one: change(one, statement={}),
        lambda one: change(one, level=4),
        lambda one: change(one, holder_id=a_worker().pk),
        lambda one: change(one, status_index=1),
        lambda one: change(revoked(one), revoked_at=None, revoked_for=None),
        lambda one: change(revoked(one), revoked_for="left_guild"),
    ],
    "status_list_stays": [
        lambda one: change(StatusList.objects.get(), created_at=LATER),
    ],
    "subject_key_only_ends": [
        lambda one: SubjectKey.objects.update(did=fresh()),
        lambda one: SubjectKey.objects.update(party=a_worker().party),
    ],
}


@pytest.fixture
def one(worker: Any, settings: Any) -> IssuedCredential:
    settings.SITE_URL = "https://canut.example"
    return issued(worker, found_body(name="G", screen_name="Guild", by=None, at=NOON).party)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, one: IssuedCredential) -> None:
    with broken(name):
        BREAKS[name](one)


@pytest.mark.parametrize(("name", "number"), [(name, n) for name in STAYS for n in range(len(STAYS[name]))])
def test_what_was_said_stays_said(name: str, number: int, one: IssuedCredential) -> None:
    with broken(name):
        STAYS[name][number](one)


def test_nobody_is_forgotten_while_they_are_still_shown(one: IssuedCredential) -> None:
    a_shown_badge(one)
    with broken("shown_badge_is_ones_own"):
        change(one, holder=None)


@pytest.mark.parametrize("table", ["issuerkey", "issuedcredential", "subjectkey"])
def test_no_table_is_emptied(table: str) -> None:
    with broken(f"guilds_credentials_{table}_written_once"):
        run(f"TRUNCATE guilds_credentials_{table} CASCADE")


def test_every_promise_is_broken_once_here() -> None:
    named = {
        constraint.name
        for model in (IssuerKey, SubjectKey, StatusList, IssuedCredential, ShownBadge)
        for constraint in model._meta.constraints
    }
    assert named - SUPPORTING | WRITTEN_BY_HAND == set(BREAKS)
