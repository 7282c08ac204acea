"""Who signs: a site's name among DIDs, its published keys, and other people's documents."""

import json
from contextlib import suppress
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.did import pem_for_kid, resolve_verification_method
from tests.guilds.credentials.badges import DID, NOON, Site, a_key

from canut.guilds.credentials import issuers, statements
from canut.guilds.credentials.refused import IssuerDocumentMalformed
from canut.guilds.credentials.statements import Reviewed

SITE = Site(numbers=(2, 1, 3), withdrawn=(3,))


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://canut.example", "did:web:canut.example"),
        ("https://canut.example/", "did:web:canut.example"),
        ("https://CANUT.example:8443", "did:web:canut.example%3A8443"),
        ("https://xn--caf-dma.example", "did:web:xn--caf-dma.example"),
        ("http://127.0.0.1:8000", "did:web:localhost%3A8000"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("http://[::1]:8000", "did:web:localhost%3A8000"),
    ],
)
def test_a_site_has_the_did_of_its_address(address: str, did: str) -> None:
    assert issuers.did_of_site(address) == did


@pytest.mark.parametrize(
    "address",
    [
        "http://canut.example",
        "https://192.0.2.1",
        "https://[2001:db8::1]",
        "https://canut.example/crowd",
        "https://me:secret@canut.example",
        "https://",
        "",
    ],
)
def test_an_address_that_others_could_not_look_up_has_none(address: str) -> None:
    with pytest.raises(issuers.SiteHasNoDid):
        issuers.did_of_site(address)


def test_the_thumbprint_is_that_of_the_rfcs_example() -> None:
    """RFC 8037, appendix A.2 and A.3."""
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    key = issuers._public_key(
        {"type": "JsonWebKey", "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": x}}
    )
    assert key is not None
    assert issuers.thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_did_key_is_its_key_in_one_spelling() -> None:
    """The example of the did:key method specification."""
    did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    assert issuers.did_key(issuers.key_of_did(did)) == did
    for other in (
        f"{did}x",
        did[:-1],
        did.replace("z6", "u6"),
        f"{did}#{did[8:]}",
        "did:key:z6Mk",
        "z6Mk",
        "",
    ):
        with pytest.raises(ValueError, match="did:key"):
            issuers.key_of_did(other)


def test_what_is_published_is_read_again_by_us_and_by_others() -> None:
    issuer = SITE.issuer
    assert issuer.did == DID
    assert len(issuer.keys) == 6
    assert {key.withdrawn for key in issuer.keys.values() if not key.asserts} == {True}
    assert sum(key.withdrawn for key in issuer.keys.values()) == 2
    for number in (2, 1):
        public = a_key(number).public_key()
        pem = resolve_verification_method(
            issuers.method_of_proofs(DID, public), download=lambda _url: SITE.did_json
        )
        assert pem == pem_for_kid(json.loads(SITE.did_json), DID, issuers.method_of_tokens(DID, public))


def read(document: Any) -> issuers.Issuer:
    return issuers.read_did_document(json.dumps(document).encode())


def test_other_peoples_documents_are_read_as_the_standard_has_them() -> None:
    key = issuers.multibase(a_key().public_key())
    method = {"id": "#k", "type": "Multikey", "controller": DID, "publicKeyMultibase": key}
    assert read({"id": DID, "verificationMethod": [], "assertionMethod": [method]}).keys[f"{DID}#k"].asserts
    assert (
        not read({"id": DID, "verificationMethod": [method], "assertionMethod": []}).keys[f"{DID}#k"].asserts
    )


def test_keys_that_are_none_of_the_issuers_or_none_of_ours_are_left_out() -> None:
    key = issuers.multibase(a_key().public_key())
    good = {"id": f"{DID}#k", "type": "Multikey", "controller": DID, "publicKeyMultibase": key}
    for change in (
        {"controller": "did:web:other.example"},
        {"id": "did:web:other.example#k"},
        {"type": "RsaVerificationKey2018"},
        {"publicKeyMultibase": "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"},
        {"type": "JsonWebKey", "publicKeyJwk": {"kty": "oct", "k": "AAAA"}},
        {"type": "JsonWebKey", "publicKeyJwk": {"kty": "OKP", "crv": "X25519", "x": "A" * 43}},
        {"type": "JsonWebKey", "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}},
    ):
        document = {"id": DID, "verificationMethod": [{**good, **change}], "assertionMethod": []}
        assert read(document).keys == {}, change


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"not json",
        b'{"id": "did:web:x", "id": "did:web:y"}',
        b'{"id": "https://canut.example", "verificationMethod": [], "assertionMethod": []}',
        b'{"id": "did:web:x#y", "verificationMethod": [], "assertionMethod": []}',
        b'{"id": "did:web:x", "verificationMethod": "x", "assertionMethod": []}',
        b"[" * 100_000,
        b" " * (issuers.MOST_DOCUMENT_BYTES + 1),
    ],
)
def test_what_is_no_did_document_is_refused(content: bytes) -> None:
    with pytest.raises(IssuerDocumentMalformed):
        issuers.read_did_document(content)


def test_two_keys_of_one_name_are_refused() -> None:
    document = json.loads(SITE.did_json)
    document["verificationMethod"][2]["id"] = document["verificationMethod"][0]["id"]
    with pytest.raises(IssuerDocumentMalformed):
        read(document)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from([DID, f"{DID}#k", "#k"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "controller", "publicKeyMultibase", "publicKeyJwk", "kty", "crv", "x"]
            ),
            inner | st.sampled_from(["Multikey", "JsonWebKey", "OKP", "Ed25519"]),
            max_size=5,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(["id", "verificationMethod", "assertionMethod", "within"]), value=ANYTHING)
def test_whatever_stands_in_a_document_it_is_read_or_refused(name: str, value: Any) -> None:
    document = json.loads(SITE.did_json)
    if name == "within":
        document["verificationMethod"] = value if isinstance(value, list) else [value]
    else:
        document[name] = value
    with suppress(IssuerDocumentMalformed):
        assert read(document).did.startswith("did:")


@given(reviews=st.integers(0, 10_000), hundredths=st.integers(100, 400))
def test_figures_are_told_so_coarsely_that_many_share_them(reviews: int, hundredths: int) -> None:
    told = statements.coarse(Reviewed(reviews, Decimal(hundredths) / 100))
    assert told.reviews % 10 == 0
    assert reviews - 10 < told.reviews <= reviews
    assert told.mean_score * 2 % 1 == 0
    assert abs(told.mean_score - Decimal(hundredths) / 100) <= Decimal("0.25")


def test_a_statement_says_the_day_in_utc() -> None:
    evening = NOON.astimezone(timezone(timedelta(hours=-10))).replace(hour=20)
    assert statements.day_of(evening).isoformat() == "2026-11-21T00:00:00+00:00"
