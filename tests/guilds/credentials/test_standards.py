"""What the standards' own authors publish to check implementations with."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import jsonschema
import pytest
from openbadgeslib.ob3 import ldp
from openbadgeslib.ob3.contexts import document_loader
from tests.guilds.credentials.badges import DID, NOON, Site, a_key

from canut.guilds.credentials import issuers, proofs

SITE = Site()
EXAMPLES = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    }
}
Read = Callable[[str], Any]


@pytest.mark.data
def test_a_level_is_what_the_schema_of_open_badges_wants(standards: Read) -> None:
    schema = standards("openbadges/achievementcredential.json")
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(SITE.badge())
    validator.validate(SITE.badge(validUntil="2027-01-01T00:00:00Z", evidence=None))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(SITE.badge() | {"credentialSubject": {}})


@pytest.mark.data
def test_the_w3c_vectors_of_eddsa_rdfc_2022_come_out_to_the_byte(standards: Read) -> None:
    signed = standards("eddsa-rdfc-2022/signedDataInt.json")
    unsigned = {name: value for name, value in signed.items() if name != "proof"}
    loader = document_loader(EXAMPLES)
    canonical = ldp._canonize(unsigned, loader)
    assert canonical.strip() == standards("eddsa-rdfc-2022/canonDocDataInt.txt")
    options = ldp._canonize(standards("eddsa-rdfc-2022/proofConfigDataInt.json"), loader)
    assert options.strip() == standards("eddsa-rdfc-2022/proofCanonDataInt.txt")
    hashes = [sha256(text.encode()).hexdigest() for text in (options, canonical)]
    assert hashes == [
        standards("eddsa-rdfc-2022/proofHashDataInt.txt"),
        standards("eddsa-rdfc-2022/docHashDataInt.txt"),
    ]
    assert "".join(hashes) == standards("eddsa-rdfc-2022/combinedHashDataInt.txt")


@pytest.mark.data
def test_the_w3c_signature_is_found_good_and_any_other_text_is_not(standards: Read) -> None:
    signed = standards("eddsa-rdfc-2022/signedDataInt.json")
    assert signed["proof"]["proofValue"] == standards("eddsa-rdfc-2022/sigBTC58DataInt.txt")
    key = issuers.key_of_did(signed["proof"]["verificationMethod"].partition("#")[0])
    pem = proofs._public_pem(key)
    ldp.verify_data_integrity_proof(signed, pem, extra_contexts=EXAMPLES)
    signed["credentialSubject"]["alumniOf"] = "Another School"
    with pytest.raises(ldp.OB3VerificationError, match="signature mismatch"):
        ldp.verify_data_integrity_proof(signed, pem, extra_contexts=EXAMPLES)


def test_ours_are_good_to_the_verifiers_of_the_library_too() -> None:
    """Which know nothing of our ways of checking, and take the keys from our published document."""
    from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier

    def download(url: str) -> bytes:
        assert url == "https://canut.example/.well-known/did.json"
        return SITE.did_json

    ldp_verifier = OB3LdpVerifier.for_issuer_did(DID)
    assert ldp_verifier.verify(SITE.badge(), download=download).issuer.id == DID
    jwt_verifier = OB3Verifier.for_issuer_did(DID, download=download)
    found = jwt_verifier.verify(SITE.token(SITE.says()))
    assert found.results[0].value == "2"


def test_no_context_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def no_network(*_given: Any, **_more: Any) -> Any:
        raise AssertionError("a credential was checked with the network")

    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    assert proofs.checked_document(SITE.badge(), SITE.issuer)[1].startswith(DID)


def test_a_proof_says_the_day_and_who_signed() -> None:
    (proof,) = SITE.badge()["proof"]
    assert proof["created"] == f"{NOON:%Y-%m-%d}T00:00:00Z"
    assert proof["verificationMethod"] == issuers.method_of_proofs(DID, a_key(1).public_key())
    header = json.loads(__import__("base64").urlsafe_b64decode(SITE.token(SITE.says()).split(".")[0] + "=="))
    assert header == {
        "alg": "EdDSA",
        "typ": "JWT",
        "kid": issuers.method_of_tokens(DID, a_key(1).public_key()),
    }
