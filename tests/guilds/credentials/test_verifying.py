"""A genuine badge is believed in every shape, and each thing that can be wrong has a code of its own."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from tests.guilds.credentials.badges import DID, LIST, NOON, PLACE, SUBJECT, Site, a_key, no_list, written

from canut.guilds.credentials import images, issuers, proofs, status_lists
from canut.guilds.credentials.parsing import write_base64url
from canut.guilds.credentials.refused import CredentialRefused
from canut.guilds.credentials.status_lists import StatusList
from canut.guilds.credentials.verifying import Status, Verified, verify

SITE = Site()
OTHER = Site(did="did:web:other.example", numbers=(9,))


def checked(content: bytes, *, site: Site = SITE, at: datetime = NOON, **given: Any) -> Verified:
    return verify(content, issuer=site.issuer, at=at, **{"status_list_at": no_list, **given})


def code(content: bytes, **given: Any) -> str:
    with pytest.raises(CredentialRefused) as refused:
        checked(content, **given)
    assert str(refused.value).endswith(".") or ": " in str(refused.value)
    return refused.value.code


def drawn(draw: Callable[..., bytes], credential: str) -> bytes:
    return draw(
        guild_name="Transcription", level=2, highest=4, site_name="canut.example", credential=credential
    )


SHAPES: dict[str, Callable[[], bytes]] = {
    "json": lambda: written(SITE.badge()),
    "jwt": lambda: SITE.token(SITE.says()).encode(),
    "svg": lambda: drawn(images.svg_badge, json.dumps(SITE.badge())),
    "png": lambda: drawn(images.png_badge, json.dumps(SITE.badge())),
    "svg with a token": lambda: drawn(images.svg_badge, SITE.token(SITE.says())),
    "png with a token": lambda: drawn(images.png_badge, SITE.token(SITE.says())),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_genuine_badge_is_believed_in_every_shape(shape: str) -> None:
    found = checked(SHAPES[shape]())
    assert found.carrier == shape.split()[0]
    assert found.form == ("jwt" if "token" in shape or shape == "jwt" else "data_integrity")
    assert (found.issuer_did, found.subject_did, found.level) == (DID, SUBJECT, 2)
    assert (found.name, found.issuer_name) == ("Transcription, level 2", "canut.example")
    assert (found.status, found.status_list, found.known_until) == (Status.NOT_CHECKED, LIST, None)


def test_a_badge_survives_being_written_otherwise_without_saying_anything_else() -> None:
    badge = SITE.badge()
    turned = dict(reversed(badge.items()))
    assert checked(json.dumps(turned, indent=4).encode("utf-8-sig")).level == 2


# --- Issuer and keys --------------------------------------------------------------------------------


def test_what_an_earlier_key_signed_stays_good_after_the_key_was_changed() -> None:
    before, after = Site(numbers=(1,)), Site(numbers=(2, 1))
    assert checked(written(before.badge()), site=after).level == 2
    assert checked(before.token(before.says()).encode(), site=after).level == 2
    assert checked(written(after.badge()), site=after).key.startswith(f"{DID}#z6Mk")


def test_a_badge_of_somebody_else_is_told_from_one_of_ours() -> None:
    assert code(written(OTHER.badge())) == "credential_of_another_issuer"
    assert code(OTHER.token(OTHER.says()).encode()) == "credential_of_another_issuer"


@pytest.mark.parametrize("shape", ["json", "jwt"])
def test_a_badge_that_only_claims_to_be_ours_names_a_key_that_we_never_had(shape: str) -> None:
    forged = Site(numbers=(9,))  # our name, their key
    content = written(forged.badge()) if shape == "json" else forged.token(forged.says()).encode()
    assert code(content) == "credential_key_unknown"


@pytest.mark.parametrize("shape", ["json", "jwt"])
def test_a_signature_that_names_our_key_and_was_made_with_another_is_no_signature(shape: str) -> None:
    theirs = Site(numbers=(9,))
    if shape == "json":
        forged = theirs.badge()
        forged["proof"][0]["verificationMethod"] = issuers.method_of_proofs(DID, a_key(1).public_key())
        assert code(written(forged)) == "credential_tampered"
    else:
        kid = issuers.method_of_tokens(DID, a_key(1).public_key())
        claims = jwt.decode(SITE.token(SITE.says()), options={"verify_signature": False})
        forged_token = jwt.encode(claims, a_key(9), algorithm="EdDSA", headers={"kid": kid})
        assert code(forged_token.encode()) == "credential_tampered"


@pytest.mark.parametrize("shape", ["json", "jwt"])
def test_what_a_withdrawn_key_signed_is_worth_nothing(shape: str) -> None:
    stolen = Site(numbers=(1,))
    after = Site(numbers=(2, 1), withdrawn=(1,))
    content = written(stolen.badge()) if shape == "json" else stolen.token(stolen.says()).encode()
    assert code(content, site=after) == "credential_key_withdrawn"


def test_a_key_that_is_published_for_other_ends_vouches_for_no_badge() -> None:
    document = json.loads(SITE.did_json)
    document["authentication"], document["assertionMethod"] = document["assertionMethod"], []
    issuer = issuers.read_did_document(json.dumps(document).encode())
    with pytest.raises(CredentialRefused) as refused:
        verify(written(SITE.badge()), issuer=issuer, status_list_at=no_list, at=NOON)
    assert refused.value.code == "credential_key_withdrawn"


# --- Signatures -------------------------------------------------------------------------------------


def test_a_badge_without_its_signature_is_only_a_text() -> None:
    assert code(written(SITE.says())) == "credential_unsigned"
    assert code(written({**SITE.says(), "proof": []})) == "credential_unsigned"
    header, payload, _signature = SITE.token(SITE.says()).split(".")
    assert code(f"{header}.{payload}.".encode()) == "credential_unsigned"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES256", 7])
def test_a_token_cannot_choose_how_it_is_checked(algorithm: Any) -> None:
    """Neither not at all, nor with our public key taken for a shared secret."""
    _header, payload, _signature = SITE.token(SITE.says()).split(".")
    kid = issuers.method_of_tokens(DID, a_key(1).public_key())
    header = write_base64url(json.dumps({"alg": algorithm, "kid": kid, "typ": "JWT"}).encode())
    wanted = "credential_unsigned" if algorithm == "none" else "credential_signed_otherwise"
    assert code(f"{header}.{payload}.{write_base64url(b'x' * 64)}".encode()) == wanted


def test_a_token_that_is_signed_with_our_public_key_as_a_secret_is_refused() -> None:
    import hmac

    raw = a_key(1).public_key().public_bytes_raw()
    kid = issuers.method_of_tokens(DID, a_key(1).public_key())
    for alg in ("HS256", "EdDSA"):
        header = write_base64url(json.dumps({"alg": alg, "kid": kid}).encode())
        said = f"{header}.{SITE.token(SITE.says()).split('.')[1]}"
        forged = f"{said}.{write_base64url(hmac.digest(raw, said.encode(), 'sha256'))}"
        wanted = "credential_signed_otherwise" if alg == "HS256" else "credential_tampered"
        assert code(forged.encode()) == wanted


def test_a_token_cannot_bring_its_own_key() -> None:
    claims = jwt.decode(SITE.token(SITE.says()), options={"verify_signature": False})
    headers = {"jwk": issuers.jwk(a_key(9).public_key()), "jku": "https://evil.example/keys"}
    assert code(jwt.encode(claims, a_key(9), "EdDSA", headers).encode()) == "credential_key_unknown"
    headers["kid"] = issuers.method_of_tokens(DID, a_key(1).public_key())
    assert code(jwt.encode(claims, a_key(9), "EdDSA", headers).encode()) == "credential_tampered"


def test_a_token_with_conditions_that_we_do_not_know_is_refused() -> None:
    claims = jwt.decode(SITE.token(SITE.says()), options={"verify_signature": False})
    kid = issuers.method_of_tokens(DID, a_key(1).public_key())
    for extra in ({"crit": ["exp"]}, {"typ": "secevent+jwt"}):
        token = jwt.encode(claims, a_key(1), "EdDSA", {"kid": kid, **extra})
        assert code(token.encode()) == "credential_signed_otherwise"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "credential_signed_otherwise"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "credential_signed_otherwise"),
        ({"type": "Ed25519Signature2020"}, "credential_signed_otherwise"),
        ({"proofPurpose": "authentication"}, "credential_signed_otherwise"),
        ({"expires": "2030-01-01T00:00:00Z"}, "credential_signed_otherwise"),
        ({"created": "2026-11-21T00:00:00Z"}, "credential_tampered"),
        ({"challenge": "more"}, "credential_tampered"),
        ({"anything": "more"}, "credential_tampered"),
        ({"verificationMethod": f"{DID}#z6MkNobody"}, "credential_key_unknown"),
        ({"verificationMethod": {"id": DID}}, "credential_key_unknown"),
        ({"verificationMethod": None}, "credential_key_unknown"),
        ({"proofValue": "z" + "1" * 64}, "credential_tampered"),
        ({"proofValue": "u" + "A" * 86}, "credential_tampered"),
        ({"proofValue": None}, "credential_tampered"),
    ],
)
def test_a_proof_that_says_anything_else_is_refused(change: dict[str, Any], wanted: str) -> None:
    badge = SITE.badge()
    proof = {name: value for name, value in {**badge["proof"][0], **change}.items() if value is not None}
    assert code(written({**badge, "proof": [proof]})) == wanted


def test_a_badge_with_a_second_proof_is_refused_whichever_comes_first() -> None:
    badge, other = SITE.badge(), SITE.badge(name="Another")
    for proofs_given in ([*badge["proof"], *other["proof"]], [*badge["proof"], {}], [{}, *badge["proof"]]):
        assert code(written({**badge, "proof": proofs_given})) == "credential_signed_otherwise"


def test_a_proof_object_beside_an_array_of_one_is_the_same() -> None:
    badge = SITE.badge()
    assert checked(written({**badge, "proof": badge["proof"][0]})).level == 2


def test_a_token_whose_claims_contradict_its_document_is_refused() -> None:
    kid = issuers.method_of_tokens(DID, a_key(1).public_key())
    honest = jwt.decode(SITE.token(SITE.says()), options={"verify_signature": False})
    for change in (
        {"iss": "did:web:other.example"},
        {"sub": "did:key:z6MkOther"},
        {"jti": "urn:uuid:1"},
        {"nbf": 1},
        {"exp": 4_000_000_000},
        {"proof": []},
    ):
        token = jwt.encode({**honest, **change}, a_key(1), "EdDSA", {"kid": kid})
        assert code(token.encode()) == "credential_malformed", change


# --- Contexts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contexts",
    [
        [{"name": "https://schema.org/description"}],
        ["https://evil.example/context.json"],
        ["https://www.w3.org/ns/credentials/v1"],
        [{"@vocab": "https://evil.example/"}],
        [["https://www.w3.org/ns/credentials/v2"]],
        [None],
        "https://www.w3.org/ns/credentials/v2",
    ],
)
def test_words_are_defined_by_known_contexts_only(contexts: Any) -> None:
    badge = SITE.badge()
    badge["@context"] = [*badge["@context"], *contexts] if isinstance(contexts, list) else contexts
    assert code(written(badge)) == "credential_context_refused"
    kid = issuers.method_of_tokens(DID, a_key(1).public_key())
    claims = jwt.decode(SITE.token(SITE.says()), options={"verify_signature": False})
    token = jwt.encode({**claims, "@context": badge["@context"]}, a_key(1), "EdDSA", {"kid": kid})
    assert code(token.encode()) == "credential_context_refused"


def test_what_no_context_defines_cannot_be_slipped_in() -> None:
    """The proof covers the meaning, and a word without one means nothing: so it must not be there."""
    badge = SITE.badge()
    assert code(written({**badge, "level": 4})) == "credential_tampered"
    assert code(written({**badge, "expirationDate": "2099-01-01T00:00:00Z"})) == "credential_tampered"
    badge["credentialSubject"]["grade"] = "A"
    assert code(written(badge)) == "credential_tampered"


def test_a_signed_member_cannot_be_hidden_under_another_spelling() -> None:
    """Same meaning, same signature, and another text for who reads it."""
    long = "https://www.w3.org/2018/credentials#"
    ends = SITE.signs(SITE.says(validUntil="2026-11-25T00:00:00Z"))
    assert checked(written(ends)).valid_until is not None
    until = ends.pop("validUntil")
    typed = {"type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": until}
    for hidden in (until, typed, {"@value": until, "@type": typed["type"]}):
        assert code(written({**ends, f"{long}validUntil": hidden})) == "credential_tampered"
    badge = SITE.badge()
    status = badge.pop("credentialStatus")
    assert code(written({**badge, f"{long}credentialStatus": status})) == "credential_tampered"
    assert code(written({**badge, "@included": [status]})) == "credential_tampered"


# --- Time -------------------------------------------------------------------------------------------


def test_a_badge_is_good_from_its_day_until_its_end() -> None:
    badge = written(SITE.signs(SITE.says(validUntil="2026-12-01T00:00:00Z")))
    assert code(badge, at=NOON - timedelta(days=1)) == "credential_not_yet_valid"
    assert checked(badge, at=NOON + timedelta(days=10)).valid_until is not None
    assert code(badge, at=NOON + timedelta(days=11)) == "credential_expired"
    token = SITE.token(SITE.says(validUntil="2026-12-01T00:00:00Z")).encode()
    assert code(token, at=NOON - timedelta(days=1)) == "credential_not_yet_valid"
    assert checked(token, at=NOON + timedelta(days=10)).valid_until is not None
    assert code(token, at=NOON + timedelta(days=11)) == "credential_expired"


# --- Revocation -------------------------------------------------------------------------------------


def the_list(content: Any, *, at: datetime = NOON, site: Site = SITE) -> Callable[[str], StatusList | None]:
    found = status_lists.read_status_list(written(content), issuer=site.issuer, at=at)
    return {found.address: found}.get


def test_a_revoked_badge_is_refused_and_its_neighbours_are_not() -> None:
    badge = written(SITE.badge())
    assert checked(badge, status_list_at=the_list(SITE.status_list())).status == Status.NOT_REVOKED
    beside = SITE.status_list(PLACE - 1, PLACE + 1, 0, status_lists.SIZE - 1)
    found = checked(badge, status_list_at=the_list(beside))
    assert found.known_until == NOON.replace(hour=0) + status_lists.GOOD_FOR
    assert code(badge, status_list_at=the_list(SITE.status_list(PLACE))) == "credential_revoked"
    as_token = SITE.token(status_lists.status_list_statement(did=DID, address=LIST, revoked=[PLACE], at=NOON))
    assert code(badge, status_list_at=the_list(as_token)) == "credential_revoked"


def test_offline_nobody_claims_to_know_and_who_must_know_is_told_so() -> None:
    badge = written(SITE.badge())
    elsewhere = the_list(SITE.status_list(address="https://canut.example/credentials/status/2"))
    assert checked(badge, status_list_at=elsewhere).status == Status.NOT_CHECKED
    assert code(badge, status_needed=True) == "credential_status_unknown"
    never = written(SITE.badge(credentialStatus=None))
    assert checked(never, status_needed=True).status == Status.NOT_REVOCABLE


@pytest.mark.parametrize(
    "change",
    [
        {"statusListIndex": "-1"},
        {"statusListIndex": str(10**12)},
        {"statusListIndex": "0x10"},
        {"statusPurpose": "message"},
        {"type": "SomethingElse"},
        {"statusSize": 2},
    ],
)
def test_a_status_that_cannot_be_read_is_never_taken_for_none(change: dict[str, Any]) -> None:
    said = SITE.says()
    said["credentialStatus"] = {**said["credentialStatus"], **change}
    assert (
        code(SITE.token(said).encode(), status_list_at=the_list(SITE.status_list())) == "credential_malformed"
    )


def test_a_place_outside_the_list_is_not_good() -> None:
    said = SITE.says()
    said["credentialStatus"] = {**said["credentialStatus"], "statusListIndex": str(status_lists.SIZE)}
    given = the_list(SITE.status_list())
    assert code(written(SITE.signs(said)), status_list_at=given) == "credential_status_unknown"


def refused_list(content: Any, *, at: datetime = NOON) -> str:
    with pytest.raises(CredentialRefused) as refused:
        the_list(content, at=at)
    assert refused.value.code == "status_list_refused"
    return str(refused.value.facts["because"])


def test_a_list_is_relied_upon_only_if_it_is_the_issuers_and_fresh() -> None:
    genuine = SITE.status_list(PLACE)
    assert refused_list(genuine, at=NOON + timedelta(days=8)) == "out_of_date"
    assert refused_list(genuine, at=NOON - timedelta(days=1)) == "out_of_date"
    assert refused_list({**genuine, "proof": []}) == "credential_unsigned"
    emptied = SITE.status_list()["credentialSubject"]["encodedList"]
    changed = {**genuine, "credentialSubject": {**genuine["credentialSubject"], "encodedList": emptied}}
    assert refused_list(changed) == "credential_tampered"
    assert refused_list(SITE.badge()) == "not_a_list"
    assert refused_list(OTHER.status_list()) == "credential_key_unknown"
    renamed = replace(SITE, did=DID)
    foreign = status_lists.status_list_statement(did=OTHER.did, address=LIST, revoked=[], at=NOON)
    assert refused_list(renamed.signs(foreign)) == "another_issuer"


def test_a_list_that_would_fill_the_memory_is_refused() -> None:
    import gzip

    bomb = "u" + write_base64url(gzip.compress(bytes(16 * 1024 * 1024)))
    said = status_lists.status_list_statement(did=DID, address=LIST, revoked=[], at=NOON)
    said["credentialSubject"]["encodedList"] = bomb
    assert refused_list(SITE.signs(said)) == "not_a_list"


# --- What is no badge -------------------------------------------------------------------------------


def test_what_is_signed_by_us_and_no_badge_is_no_badge() -> None:
    assert code(written(SITE.status_list())) == "not_a_badge"
    assert code(written(SITE.signs(SITE.says(type=["VerifiableCredential"])))) == "not_a_badge"
    for types in ("OpenBadgeCredential", [["OpenBadgeCredential"]], None, 7):
        assert code(written({**SITE.badge(), "type": types})) == "not_a_badge"


def test_a_badge_of_ours_that_says_too_little_is_malformed() -> None:
    for change in ({"validFrom": "yesterday"}, {"id": None}, {"credentialSubject": []}):
        said = SITE.says(**change)
        claims = {**said, "iss": DID, "jti": said.get("id"), "nbf": 0}
        kid = issuers.method_of_tokens(DID, a_key(1).public_key())
        token = jwt.encode(claims, a_key(1), "EdDSA", {"kid": kid})
        assert code(token.encode()) == "credential_malformed"


def test_our_own_text_that_a_signature_would_not_cover_is_not_signed() -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        proofs.signed_document({**SITE.says(), "undefined": 1}, a_key(1), did=DID, at=NOON)


def test_a_guild_may_have_as_many_levels_as_the_charter_allows() -> None:
    picture = SITE.says()["credentialSubject"]["achievement"]["image"]["id"]
    assert picture.startswith("data:image/svg+xml;base64,")
    for draw in (images.svg_badge, images.png_badge):
        for level, highest in ((1, 2), (7, 10)):
            drawn_badge = draw(
                guild_name="Images",
                level=level,
                highest=highest,
                site_name="canut.example",
                credential=SITE.token(SITE.says()),
            )
            assert checked(drawn_badge).level == 2
