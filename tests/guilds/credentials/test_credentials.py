"""Badges that the site issues: to a key of the worker's, revocable, and told from everybody else's."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection
from pytest_django import Settings
from tests.builders import NOON, a_worker

from canut.guilds.credentials import issuers, queries, site, status_lists, verifying
from canut.guilds.credentials.models import (
    IssuedCredential,
    IssuerKey,
    RevokedFor,
    ShownBadge,
    StatusList,
    SubjectKey,
)
from canut.guilds.credentials.parsing import write_base64url
from canut.guilds.credentials.queries import badge_file, badges_of, verify_here
from canut.guilds.credentials.statements import Achievement, Reviewed
from canut.guilds.credentials.usecases.bring_subject_key import bring_subject_key, statement_to_sign
from canut.guilds.credentials.usecases.forget_holder import forget_holder
from canut.guilds.credentials.usecases.issue_credential import issue_credential
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential, revoke_levels_above
from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
from canut.guilds.credentials.usecases.show_badge import hide_badge, show_badge
from canut.guilds.credentials.usecases.withdraw_issuer_key import withdraw_issuer_key
from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.people.models import Party, Person
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _the_site_has_a_name(settings: Settings) -> None:
    settings.SITE_URL = "https://canut.example"


@pytest.fixture
def guild(db: None) -> Party:
    return found_body(name="Transcription", screen_name="Transcription", by=None, at=NOON).party


def a_level(level: int, guild: Party) -> Achievement:
    return Achievement(
        "Transcription", f"https://canut.example/guilds/{guild.pk}", level, "Ten reviews.", "en", 4
    )


def issued(holder: Person, guild: Party, level: int = 2, **given: Any) -> IssuedCredential:
    """Return a credential, made out to a key that the holder has made if they had none."""
    if queries.subject_did_of(holder.pk) is None:
        make_subject_key(by=holder, at=NOON)
    details = {
        "reviewed": Reviewed(24, Decimal("3.27")),
        "by": holder,
        "at": NOON,
        "achievement": a_level(level, guild),
    }
    return issue_credential(holder_id=holder.pk, guild_id=guild.pk, **{**details, **given})


def fetched(credential: IssuedCredential, by: Person, shape: Any = "json", **given: Any) -> bytes:
    return badge_file(credential_id=credential.uuid, shape=shape, by=by, **{"at": NOON, **given})


def code(do: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        do()
    return refused.value.code


# --- Issuing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["json", "jwt", "svg", "png"])
@pytest.mark.parametrize("form", ["data_integrity", "jwt"])
def test_a_level_is_a_badge_in_any_shape_that_the_site_knows_again(
    worker: Person, guild: Party, shape: Any, form: Any
) -> None:
    found = verify_here(fetched(issued(worker, guild), worker, shape, form=form), at=NOON)
    assert (found.level, found.name, found.carrier) == (2, "Transcription, level 2", shape)
    assert found.subject_did == queries.subject_did_of(worker.pk)
    assert found.status == verifying.Status.NOT_REVOKED
    assert found.form == (
        "jwt" if shape == "jwt" or (form == "jwt" and shape != "json") else "data_integrity"
    )


def test_others_check_it_with_what_the_site_publishes_and_nothing_else(worker: Person, guild: Party) -> None:
    badge = fetched(issued(worker, guild), worker)
    issuer = issuers.read_did_document(json.dumps(queries.did_document()).encode())
    for form in ("data_integrity", "jwt"):
        published = queries.status_list_file(number=1, at=NOON, form=form)
        the_list = status_lists.read_status_list(published, issuer=issuer, at=NOON)
        lists = {the_list.address: the_list}
        found = verifying.verify(badge, issuer=issuer, status_list_at=lists.get, at=NOON, status_needed=True)
        assert found.status == verifying.Status.NOT_REVOKED


def test_a_badge_names_nobody(guild: Party) -> None:
    """Neither who has it, nor any number of theirs, nor the time of day, nor exact figures."""
    worker = a_worker("perlimpinpin")
    credential = issued(worker, guild)
    document = json.loads(fetched(credential, worker, at=NOON + timedelta(hours=7)))
    assert "perlimpinpin" not in json.dumps(document).lower()
    subject = document["credentialSubject"]
    assert subject.keys() == {"id", "type", "achievement", "result"}
    assert document["id"] == credential.uuid.urn
    assert document["validFrom"] == document["proof"][0]["created"] == "2026-11-20T00:00:00Z"
    (evidence,) = document["evidence"]
    assert evidence.keys() == {"type", "name", "narrative"}
    assert "at least 20 pieces" in evidence["narrative"].lower()
    assert "the mean is 3.5." in evidence["narrative"]


def test_issuing_again_gives_what_there_is(worker: Person, guild: Party) -> None:
    first = issued(worker, guild)
    assert issued(worker, guild, at=LATER).pk == first.pk
    assert IssuedCredential.objects.count() == 1


def test_without_a_key_of_the_workers_there_is_no_badge(worker: Person, guild: Party) -> None:
    def issue() -> None:
        issue_credential(
            holder_id=worker.pk,
            guild_id=guild.pk,
            achievement=a_level(1, guild),
            reviewed=None,
            by=None,
            at=NOON,
        )

    assert code(issue) == "subject_key_missing"


def test_a_site_without_a_name_of_its_own_issues_nothing(
    worker: Person, guild: Party, settings: Settings
) -> None:
    for address in ("http://canut.example", "https://192.0.2.7", "https://canut.example/crowd"):
        settings.SITE_URL = address
        assert code(lambda: issued(worker, guild)) == "site_has_no_did"
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert issued(worker, guild).statement["issuer"]["id"] == "did:web:localhost%3A8000"


def test_places_on_the_list_are_drawn_and_never_given_twice(guild: Party) -> None:
    places = [issued(a_worker(), guild).status_index for _n in range(12)]
    assert len(set(places)) == 12
    assert places != sorted(places)
    assert max(places) > 1000


def test_a_full_list_is_followed_by_another(
    worker: Person, peer: Person, guild: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canut.guilds.credentials.usecases.issue_credential.MOST_ON_A_LIST", 1)
    assert [issued(who, guild).status_list_id for who in (worker, peer)] == [1, 2]
    assert StatusList.objects.count() == 2
    assert queries.status_list_file(number=2, at=NOON)
    assert code(lambda: queries.status_list_file(number=3, at=NOON)) == "status_list_not_found"


# --- Whose it is ------------------------------------------------------------------------------------


def test_nobody_fetches_or_revokes_somebody_elses_badge(
    worker: Person, stranger: Person, guild: Party
) -> None:
    credential = issued(worker, guild)
    assert code(lambda: fetched(credential, stranger)) == "credential_not_found"
    take_back = {"credential_id": credential.uuid, "reason": RevokedFor.IN_ERROR, "at": NOON}
    assert code(lambda: revoke_credential(by=stranger, **take_back)) == "credential_not_found"
    unknown = {**take_back, "credential_id": uuid4()}
    assert code(lambda: revoke_credential(by=None, **unknown)) == "credential_not_found"
    assert badges_of(stranger.pk) == []


def test_the_private_half_of_a_key_is_handed_over_once_and_kept_nowhere(worker: Person) -> None:
    made = make_subject_key(by=worker, at=NOON)
    private = load_pem_private_key(made.private_pem.encode(), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    assert issuers.did_key(private.public_key()) == made.key.did
    secret = private.private_bytes_raw()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(k)::text FROM guilds_credentials_subjectkey k")
        rows = str(cursor.fetchall()) + str(list(Event.objects.values_list("data", flat=True)))
    for written in (secret.hex(), write_base64url(secret), made.private_pem.splitlines()[1]):
        assert written not in rows


def test_a_worker_brings_a_key_and_shows_that_it_is_theirs(
    worker: Person, peer: Person, guild: Party
) -> None:
    private = Ed25519PrivateKey.generate()
    did = issuers.did_key(private.public_key())
    text = statement_to_sign(by=worker, did=did)
    signature = write_base64url(private.sign(text.encode()))

    def bring(who: Person, signature: str = signature) -> SubjectKey:
        return bring_subject_key(by=who, did=did, signature=signature, at=NOON)

    assert code(lambda: bring(worker, write_base64url(bytes(64)))) == "subject_key_refused"
    assert code(lambda: bring(peer)) == "subject_key_refused"  # the text was for another account
    key = bring(worker)
    assert (key.did, key.made_here) == (did, False)
    assert bring(worker).pk == key.pk
    theirs = write_base64url(private.sign(statement_to_sign(by=peer, did=did).encode()))
    assert code(lambda: bring(peer, theirs)) == "subject_key_taken"
    make_subject_key(by=worker, at=LATER)
    assert code(lambda: bring(worker)) == "subject_key_taken"
    for other in (
        "did:key:z6Mk",
        "did:web:canut.example",
        f"{did}x",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
    ):
        assert code(lambda other=other: statement_to_sign(by=worker, did=other)) == "subject_key_refused"


def test_with_a_new_key_the_badge_is_made_out_anew_and_the_old_one_ends(worker: Person, guild: Party) -> None:
    first = issued(worker, guild)
    old = fetched(first, worker)
    make_subject_key(by=worker, at=LATER)
    assert verify_here(old, at=LATER).level == 2  # until the holder asks for the new one
    second = issued(worker, guild, at=LATER)
    assert second.subject_did != first.subject_did
    assert code(lambda: verify_here(old, at=LATER)) == "credential_revoked"
    assert verify_here(fetched(second, worker, at=LATER), at=LATER).level == 2


def test_a_closed_accounts_badges_stay_good_and_nobody_can_say_whose_they_were(
    worker: Person, guild: Party
) -> None:
    credential = issued(worker, guild)
    badge = fetched(credential, worker)
    assert queries.data_of(worker.pk)["credentials"][0]["statement"] == credential.statement
    show_badge(credential_id=credential.uuid, by=worker, at=NOON)
    assert queries.data_of(worker.pk)["badges_shown"] == [
        {"credential": credential.uuid.urn, "shown_since": NOON}
    ]
    for _once_more in range(2):
        forget_holder(party_id=worker.pk)
    assert verify_here(badge, at=LATER).level == 2
    assert queries.data_of(worker.pk) == {"subject_keys": [], "credentials": [], "badges_shown": []}
    assert code(lambda: queries.badges_shown_by(worker.pk)) == "credential_not_found"
    assert not IssuedCredential.objects.filter(holder__isnull=False).exists()
    assert not SubjectKey.objects.exists()


# --- Showing ----------------------------------------------------------------------------------------


def test_nobody_is_shown_with_a_badge_unless_they_say_so(
    worker: Person, stranger: Person, guild: Party
) -> None:
    low, high = issued(worker, guild, 1), issued(worker, guild, 3)
    assert code(lambda: queries.badges_shown_by(worker.pk)) == "credential_not_found"
    assert code(lambda: queries.verify_shown(credential_id=low.uuid, at=NOON)) == "credential_not_found"
    for credential in (low, high, high):
        show_badge(credential_id=credential.uuid, by=worker, at=NOON)
    shown = queries.badges_shown_by(worker.pk)
    assert (shown.who.screen_name, [one.level for one in shown.badges]) == ("Worker", [3, 1])
    assert queries.verify_shown(credential_id=high.uuid, at=NOON).level == 3
    anybodys = queries.shown_badge_file(credential_id=high.uuid, shape="svg", at=NOON)
    assert verify_here(anybodys, at=NOON).level == 3
    for _twice in range(2):
        hide_badge(credential_id=low.uuid, by=worker, at=LATER)
    assert [(one.level, one.is_shown) for one in badges_of(worker.pk)] == [(3, True), (1, False)]
    names = Event.objects.filter(name__in=("credential.shown", "credential.hidden"))
    assert list(names.order_by("pk").values_list("name", flat=True)) == [
        *(["credential.shown"] * 2),
        "credential.hidden",
    ]
    for verb in (show_badge, hide_badge):
        assert code(lambda verb=verb: verb(credential_id=high.uuid, by=stranger, at=NOON)) == (
            "credential_not_found"
        )


def test_a_badge_that_is_taken_back_is_shown_no_more(worker: Person, guild: Party) -> None:
    credential = issued(worker, guild)
    show_badge(credential_id=credential.uuid, by=worker, at=NOON)
    revoke_credential(credential_id=credential.uuid, reason=RevokedFor.IN_ERROR, by=None, at=LATER)
    assert not ShownBadge.objects.exists()
    assert code(lambda: queries.badges_shown_by(worker.pk)) == "credential_not_found"
    show = {"credential_id": credential.uuid, "by": worker, "at": LATER}
    assert code(lambda: show_badge(**show)) == "badge_taken_back"


# --- Taking back ------------------------------------------------------------------------------------


def test_a_revoked_badge_is_refused_everywhere_and_cannot_be_fetched(worker: Person, guild: Party) -> None:
    credential = issued(worker, guild)
    badge = fetched(credential, worker)
    for _twice in range(2):
        revoke_credential(credential_id=credential.uuid, reason=RevokedFor.HOLDER_ASKED, by=worker, at=LATER)
    assert code(lambda: verify_here(badge, at=LATER)) == "credential_revoked"
    assert code(lambda: fetched(credential, worker)) == "badge_taken_back"
    issuer = site.own_issuer()
    published = queries.status_list_file(number=1, at=LATER)
    the_list = status_lists.read_status_list(published, issuer=issuer, at=LATER)
    lists = {the_list.address: the_list}
    refused = code(lambda: verifying.verify(badge, issuer=issuer, status_list_at=lists.get, at=LATER))
    assert refused == "credential_revoked"
    assert Event.objects.filter(name="credential.revoked").count() == 1
    assert b"holder_asked" not in published


def test_an_operator_may_take_back_any(worker: Person, operator: Person, guild: Party) -> None:
    credential = issued(worker, guild)
    revoke_credential(credential_id=credential.uuid, reason=RevokedFor.IN_ERROR, by=operator, at=LATER)
    assert badges_of(worker.pk)[0].revoked_for == RevokedFor.IN_ERROR


def test_a_level_that_falls_takes_the_badges_above_it_back_and_no_other(
    worker: Person, peer: Person, guild: Party
) -> None:
    for level in (1, 2, 3):
        issued(worker, guild, level)
    issued(peer, guild, 3)

    def fall() -> int:
        return revoke_levels_above(
            holder_id=worker.pk, guild_id=guild.pk, level=1, reason=RevokedFor.LEVEL_CHANGED, at=LATER
        )

    assert (fall(), fall()) == (2, 0)
    assert [badge.level for badge in badges_of(worker.pk) if badge.revoked_at is None] == [1]
    assert badges_of(peer.pk)[0].revoked_at is None
    assert issued(worker, guild, 2, at=LATER).revoked_at is None  # and earned again


# --- The site's keys --------------------------------------------------------------------------------


def test_a_new_key_signs_from_now_on_and_the_old_one_can_sign_no_more(worker: Person, guild: Party) -> None:
    credential = issued(worker, guild)
    before = fetched(credential, worker)
    rotate_issuer_key(by=None, at=LATER)
    after = fetched(credential, worker, at=LATER)
    keys = [verify_here(badge, at=LATER).key for badge in (before, after)]
    assert keys[0] != keys[1]
    new, old = queries.keys_of_site()
    assert (new.retired_at, old.retired_at) == (None, LATER)
    assert IssuerKey.objects.get(public_multibase=old.multibase).sealed_private is None
    assert [method["type"] for method in queries.did_document()["verificationMethod"]] == [
        "Multikey",
        "JsonWebKey",
    ] * 2


def test_what_a_withdrawn_key_signed_is_refused_and_fetched_anew(worker: Person, guild: Party) -> None:
    credential = issued(worker, guild)
    stolen = fetched(credential, worker)
    (key,) = queries.keys_of_site()
    for _twice in range(2):
        withdraw_issuer_key(public_multibase=key.multibase, by=None, at=LATER)
    assert code(lambda: verify_here(stolen, at=LATER)) == "credential_key_withdrawn"
    assert verify_here(fetched(credential, worker, at=LATER), at=LATER).level == 2
    document = queries.did_document()
    revoked = [method for method in document["verificationMethod"] if "revoked" in method]
    assert len(revoked) == 2
    assert not {method["id"] for method in revoked} & set(document["assertionMethod"])
    assert len(queries.keys_of_site()) == 2
    nobodys = {"public_multibase": "z6MkNobody", "by": None, "at": LATER}
    assert code(lambda: withdraw_issuer_key(**nobodys)) == "issuer_key_not_found"


def test_only_who_runs_the_site_changes_its_keys(worker: Person, operator: Person) -> None:
    assert code(lambda: rotate_issuer_key(by=worker, at=NOON)) == "operator_role_missing"
    key = rotate_issuer_key(by=operator, at=NOON)
    given = {"public_multibase": key.public_multibase, "at": NOON}
    assert code(lambda: withdraw_issuer_key(by=worker, **given)) == "operator_role_missing"
    withdraw_issuer_key(by=operator, **given)


def test_the_private_key_is_sealed_with_the_sites_secret(
    worker: Person, guild: Party, settings: Settings
) -> None:
    credential = issued(worker, guild)
    sealed = bytes(IssuerKey.objects.get().sealed_private or b"")
    assert site.key_in_use().private_bytes_raw() not in sealed
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another secret"
    assert code(lambda: fetched(credential, worker)) == "issuer_key_cannot_be_opened"
    settings.SECRET_KEY_FALLBACKS = [before]
    assert fetched(credential, worker)
    settings.SECRET_KEY_FALLBACKS = []
    rotate_issuer_key(by=None, at=LATER)
    assert verify_here(fetched(credential, worker, at=LATER), at=LATER).level == 2


def test_a_site_that_never_signed_has_no_key_and_knows_no_badge(db: None) -> None:
    assert queries.did_document()["verificationMethod"] == []
    assert code(site.key_in_use) == "no_issuer_key"
    assert queries.keys_of_site() == []


def test_a_badge_of_another_site_is_not_ours(worker: Person, guild: Party, settings: Settings) -> None:
    badge = fetched(issued(worker, guild), worker)
    settings.SITE_URL = "https://other.example"
    assert code(lambda: verify_here(badge, at=NOON)) == "credential_of_another_issuer"


def test_a_site_that_changes_its_name_issues_its_badges_anew(
    worker: Person, guild: Party, settings: Settings
) -> None:
    first = issued(worker, guild)
    settings.SITE_URL = "https://renamed.example"
    assert code(lambda: fetched(first, worker)) == "badge_of_earlier_name"
    second = issued(worker, guild, at=LATER)
    assert verify_here(fetched(second, worker, at=LATER), at=LATER).issuer_did == "did:web:renamed.example"
    assert IssuedCredential.objects.get(pk=first.pk).revoked_for == RevokedFor.REPLACED
