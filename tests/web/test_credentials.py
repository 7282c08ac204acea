"""Badges on pages: what the site publishes, a member's own, what they show, and checking one."""

import html
import re
import zlib
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.builders import NOON, a_project, a_submission
from tests.guilds.credentials.badges import Site, written
from tests.guilds.credentials.test_credentials import issued
from tests.web.pages import browser_of, text_of

from canut.charter.queries import in_force
from canut.guilds.credentials import issuers, limits, queries, site, status_lists, verifying
from canut.guilds.credentials.models import IssuedCredential, RevokedFor, ShownBadge, SubjectKey
from canut.guilds.credentials.parsing import write_base64url
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
from canut.guilds.credentials.usecases.show_badge import show_badge
from canut.guilds.models import Guild, Member
from canut.guilds.usecases.get_badge import get_badge
from canut.kernel import clock
from canut.people.models import Party, Person
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _the_site_has_a_name(settings: Settings) -> None:
    settings.SITE_URL = "https://canut.example"


@pytest.fixture
def guild(db: None) -> Party:
    return found_body(name="Transcription", screen_name="Transcription", by=None, at=NOON).party


@pytest.fixture
def badge(worker: Person, guild: Party) -> IssuedCredential:
    return issued(worker, guild)


def a_member(person: Person, guild: Party, *, level: int) -> Member:
    founding = {
        "craft": "Transcription",
        "charter_text": "We read what others wrote.",
        "decision": "Founded by the operator.",
        "founded_by": person,
        "founded_at": NOON,
    }
    made, _new = Guild.objects.get_or_create(pk=guild.pk, defaults=founding)
    return Member.objects.create(guild=made, person=person, first_level=1, level=level, joined_at=NOON)


def proves_it_is_them(browser: Client) -> None:
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse"})


def sends(content: bytes, browser: Client | None = None, name: str = "badge") -> Any:
    sent = {"file": SimpleUploadedFile(name, content)}
    return (browser or Client()).post(reverse("check_badge"), sent)


def code_of(response: Any) -> str:
    found = re.search(r"Code: (\w+)", response.content.decode())
    return found.group(1) if found else ""


# --- What is published ------------------------------------------------------------------------------


def test_the_addresses_that_badges_name_are_those_that_answer(badge: IssuedCredential) -> None:
    """What was signed cannot be changed: these addresses hold for good."""
    status = badge.statement["credentialStatus"]
    assert reverse("did_document") == site.DID_PATH == "/.well-known/did.json"
    assert status["statusListCredential"] == f"https://canut.example{reverse('status_list', args=[1])}"
    path = status["statusListCredential"].removeprefix("https://canut.example")
    assert Client().get(path).status_code == 200


def test_what_a_badge_means_is_said_at_the_address_that_it_names(worker: Person, guild: Party) -> None:
    """Its achievement, its criteria, its rubric and each of the rubric's levels lead to a place on a page."""
    make_subject_key(by=worker, at=clock.now())
    a_member(worker, guild, level=3)
    at = clock.now()
    achievement = get_badge(guild_id=guild.pk, level=3, by=worker, at=at).statement["credentialSubject"][
        "achievement"
    ]
    (rubric,) = achievement["resultDescription"]
    named = [achievement["id"], achievement["criteria"]["id"], rubric["id"]]
    named += [level["id"] for level in rubric["rubricCriterionLevel"]]
    assert len(named) == 3 + in_force("guild.highest_level", at=at)
    page = Client().get(reverse("guild_levels", args=[guild.pk]))
    text = html.unescape(page.content.decode())
    for address in named:
        path, _hash, place = address.removeprefix("https://canut.example").partition("#")
        assert path == reverse("guild_levels", args=[guild.pk])
        assert f'id="{place}"' in text
    assert achievement["criteria"]["narrative"] in text
    assert achievement["image"]["id"] in text
    assert achievement["creator"]["id"] == f"https://canut.example/guilds/{guild.pk}/"
    for nothing in (worker.pk, 10**30, 0):
        assert Client().get(reverse("guild_levels", args=[nothing])).status_code == 404


def test_a_badge_is_checked_with_nothing_but_what_the_site_publishes(
    badge: IssuedCredential, worker: Person
) -> None:
    at = clock.now()
    file = browser_of(worker).get(reverse("badge_file", args=[badge.uuid, "json"])).content
    did = Client().get("/.well-known/did.json")
    assert (did.headers["Content-Type"], did.headers["Access-Control-Allow-Origin"]) == (
        "application/did+ld+json",
        "*",
    )
    issuer = issuers.read_did_document(did.content)
    for accept, kind in (
        ("*/*", "application/vc"),
        ("application/json", "application/vc"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/jwt;q=0.9, text/html;q=0.1", "application/jwt"),
    ):
        answer = Client().get("/credentials/status/1", headers={"Accept": accept})
        assert answer.headers["Content-Type"] == kind
        assert "Accept" in answer.headers["Vary"]
        the_list = status_lists.read_status_list(answer.content, issuer=issuer, at=at)
        lists = {the_list.address: the_list}
        found = verifying.verify(file, issuer=issuer, status_list_at=lists.get, at=at, status_needed=True)
        assert found.status == verifying.Status.NOT_REVOKED


def test_what_is_published_is_kept_a_while_and_asked_for_by_its_mark(badge: IssuedCredential) -> None:
    for path in ("/.well-known/did.json", "/credentials/status/1"):
        first = Client().get(path)
        assert "public" in first.headers["Cache-Control"]
        assert "max-age=300" in first.headers["Cache-Control"]
        again = {"If-None-Match": first.headers["ETag"]}
        assert Client().get(path, headers=again).status_code == 304
        assert Client().head(path).status_code == 200
        assert Client().post(path).status_code == 405
        # And what changes is told at once: a key, then a badge.
        rotate_issuer_key(by=None, at=clock.now())
        assert Client().get(path, headers=again).status_code == 200
    before = Client().get("/credentials/status/1")
    revoke_credential(credential_id=badge.uuid, reason=RevokedFor.IN_ERROR, by=None, at=clock.now())
    after = Client().get("/credentials/status/1", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999999", str(2**63)])
def test_a_list_that_there_is_not_is_not_found(badge: IssuedCredential, number: str) -> None:
    answer = Client().get(f"/credentials/status/{number}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert answer.content.startswith(b"status_list_not_found: ")


def test_what_cannot_be_published_is_said_plainly(badge: IssuedCredential, settings: Settings) -> None:
    settings.SECRET_KEY, before = "another secret", settings.SECRET_KEY
    answer = Client().get("/credentials/status/1")
    assert (answer.status_code, b"CANUT_SECRET_KEY_FALLBACKS" in answer.content) == (503, True)
    assert Client().get("/.well-known/did.json").status_code == 200  # the public halves need no secret
    settings.SECRET_KEY, settings.SITE_URL = before, "https://192.0.2.7"
    answer = Client().get("/.well-known/did.json")
    assert (answer.status_code, answer.content.partition(b":")[0]) == (404, b"site_has_no_did")


# --- One's own --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", queries.SHAPES)
def test_a_badge_is_downloaded_in_every_shape_and_found_genuine_by_the_page(
    badge: IssuedCredential, worker: Person, shape: Any
) -> None:
    answer = browser_of(worker).get(reverse("badge_file", args=[badge.uuid, shape]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="transcription-level-2.{shape}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    checked = sends(answer.content)
    assert checked.status_code == 200
    text = text_of(checked)
    assert "The badge is genuine" in text
    assert "Transcription, level 2" in text
    assert "did:web:canut.example" in text
    assert "No, as of " in text
    assert worker.screen_name not in text


@pytest.mark.parametrize("path", ["badges", "badge_key", "bring_badge_key"])
def test_pages_of_ones_own_ask_to_sign_in(path: str) -> None:
    assert Client().get(reverse(path)).status_code == 302


def test_nobody_gets_at_somebody_elses_badge(badge: IssuedCredential, stranger: Person) -> None:
    browser = browser_of(stranger)
    for name in ("show_badge", "hide_badge", "take_badge_back"):
        assert browser.post(reverse(name, args=[badge.uuid])).status_code == 404
        assert browser.post(reverse(name, args=[uuid4()])).status_code == 404
    for shape in queries.SHAPES:
        assert browser.get(reverse("badge_file", args=[badge.uuid, shape])).status_code == 404
        assert browser.get(reverse("shown_badge_file", args=[badge.uuid, shape])).status_code == 404
    assert "Transcription" not in text_of(browser.get(reverse("badges")))
    badge.refresh_from_db()
    assert badge.revoked_at is None


def test_a_level_is_had_as_a_badge_by_who_has_it(worker: Person, stranger: Person, guild: Party) -> None:
    member = a_member(worker, guild, level=2)
    browser = browser_of(worker)

    def get(level: int, browser: Client = browser, guild_id: int = guild.pk) -> Any:
        return browser.post(reverse("get_badge", args=[guild_id, level]))

    page = text_of(browser.get(reverse("badges")))
    assert "Levels I can have as a badge" in page
    assert "Get a key" in page
    assert "Get the badge" not in page
    assert "subject_key_missing" in text_of(get(2))
    make_subject_key(by=worker, at=clock.now())
    assert "Get the badge: Transcription, level 2" in text_of(browser.get(reverse("badges")))
    refused = [get(3), get(0), get(10**30), get(2, browser_of(stranger)), get(2, guild_id=worker.pk)]
    refused.append(get(2, guild_id=10**30))
    assert [(one.status_code, "level_not_held" in text_of(one)) for one in refused] == [(403, True)] * 6
    for _twice in range(2):
        assert get(2).status_code == 302
    (badge,) = queries.badges_of(worker.pk)
    file = browser.get(reverse("badge_file", args=[badge.credential_id, "json"])).content
    assert "The badge is genuine" in text_of(sends(file))
    page = text_of(browser.get(reverse("badges")))
    assert "Levels I can have as a badge" not in page
    # With another key it can be had anew, and so can the one of a level that was passed since.
    make_subject_key(by=worker, at=clock.now())
    Member.objects.filter(pk=member.pk).update(level=3)
    page = text_of(browser.get(reverse("badges")))
    assert "Get the badge: Transcription, level 3" in page
    assert "Make it out anew: Transcription, level 2" in page
    assert [get(level).status_code for level in (2, 3)] == [302, 302]
    levels = [(one.level, one.is_current) for one in queries.badges_of(worker.pk) if not one.revoked_at]
    assert levels == [(3, True), (2, True)]
    assert "later key of yours" in text_of(browser.get(reverse("badges")))
    # Who has left has no level any more.
    Member.objects.filter(pk=member.pk).update(left_at=clock.now())
    assert get(2).status_code == 403
    assert "Levels I can have as a badge" not in text_of(browser.get(reverse("badges")))


def test_the_list_of_badges_goes_on(worker: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("canut.web.credentials.own.BADGES_A_PAGE", 2)
    for number in range(3):
        issued(
            worker, found_body(name="G", screen_name=f"Guild {number}", by=None, at=NOON).party, number + 1
        )
    browser = browser_of(worker)
    first = text_of(browser.get(reverse("badges")))
    assert first.count('<li class="card badge-card">') == 2
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert text_of(browser.get(following.group(1))).count('<li class="card badge-card">') == 1
    assert browser.get(reverse("badges") + "?before=nonsense").status_code == 200


def test_a_badge_is_shown_and_hidden_by_its_holder(
    badge: IssuedCredential, worker: Person, requester: Person
) -> None:
    a_submission(worker=worker, project=a_project(owner=requester))
    public, seen = reverse("shown_badges", args=[worker.pk]), reverse("worker", args=[worker.pk])
    requesters, workers = browser_of(requester), browser_of(worker)
    assert Client().get(public).status_code == 404
    assert "Transcription, level" not in text_of(requesters.get(seen))
    workers.post(reverse("show_badge", args=[badge.uuid]))
    for page in (text_of(Client().get(public)), text_of(requesters.get(seen))):
        assert "Transcription, level 2" in page
        link = re.search(r'href="([^"]+badge=[^"]+)"', page)
        assert link
        assert "The badge is genuine" in text_of(Client().get(html.unescape(link.group(1))))
        file = re.search(r'href="(/badges/shown/[^"]+\.svg)"', page)
        assert file
        assert "The badge is genuine" in text_of(sends(Client().get(file.group(1)).content))
    own = text_of(workers.get(reverse("badges")))
    assert "shown to everybody" in own
    assert f'href="{public}"' in own
    workers.post(reverse("hide_badge", args=[badge.uuid]))
    assert Client().get(public).status_code == 404
    assert Client().get(reverse("check_badge"), {"badge": str(badge.uuid)}).status_code == 404
    assert not ShownBadge.objects.exists()


@pytest.mark.parametrize("number", ["nonsense", "", "\0", "0" * 36, "é" * 400])
def test_a_badge_of_no_number_is_not_found(number: str) -> None:
    assert Client().get(reverse("check_badge"), {"badge": number}).status_code == 404
    assert Client().get(f"/people/{10**30}/badges/").status_code == 404


def test_a_badge_is_taken_back_by_its_holder_after_they_were_told_what_it_means(
    badge: IssuedCredential, worker: Person
) -> None:
    browser = browser_of(worker)
    file = browser.get(reverse("badge_file", args=[badge.uuid, "jwt"])).content
    address = reverse("take_badge_back", args=[badge.uuid])
    assert "there is no way back" in text_of(browser.get(address))
    badge.refresh_from_db()
    assert badge.revoked_at is None
    assert "Taken back." in text_of(browser.post(address, follow=True))
    assert code_of(sends(file)) == "credential_revoked"
    page = text_of(browser.get(reverse("badges")))
    assert "You took it back." in page
    assert "Download:" not in page
    assert browser.get(reverse("badge_file", args=[badge.uuid, "json"])).status_code == 410
    assert browser.post(reverse("show_badge", args=[badge.uuid])).status_code == 410
    assert "taken back already" in text_of(browser.get(address))


# --- The key ----------------------------------------------------------------------------------------


def test_a_key_is_made_and_its_private_half_shown_once(worker: Person) -> None:
    browser = browser_of(worker)
    assert "You have no key yet" in text_of(browser.get(reverse("badge_key")))
    proves_it_is_them(browser)
    made = browser.post(reverse("make_badge_key"))
    assert "no-store" in made.headers["Cache-Control"]
    page = html.unescape(made.content.decode())
    pem = re.search(r"-----BEGIN PRIVATE KEY-----.*-----END PRIVATE KEY-----", page, re.DOTALL)
    assert pem
    private = load_pem_private_key(pem.group(0).encode(), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    did = issuers.did_key(private.public_key())
    assert SubjectKey.objects.get(party=worker.party).did == did
    for name in ("badge_key", "badges"):
        later = text_of(browser.get(reverse(name)))
        assert did in later
        assert "PRIVATE KEY" not in later


def test_who_has_only_an_open_session_changes_no_key(worker: Person) -> None:
    browser = browser_of(worker)
    for name in ("make_badge_key", "bring_badge_key"):
        answer = browser.post(reverse(name), {"did": "did:key:z6Mk", "signature": "AA"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not SubjectKey.objects.exists()
    # And with the password, what was asked for is done.
    asked = browser.post(reverse("make_badge_key")).headers["Location"]
    assert "PRIVATE KEY" in text_of(browser.post(asked, {"password": "correct horse"}))
    assert SubjectKey.objects.count() == 1


def test_a_key_is_brought_with_a_signature_however_a_program_writes_it(worker: Person) -> None:
    import base64

    private = Ed25519PrivateKey.generate()
    did = issuers.did_key(private.public_key())
    browser = browser_of(worker)
    proves_it_is_them(browser)
    address = reverse("bring_badge_key")
    page = html.unescape(text_of(browser.get(address, {"did": did})))
    text = re.search(
        r"I hold the key did:key:\w+ and want my credentials from did:web:\S+ to name it\. \w+", page
    )
    assert text
    signature = private.sign(text.group(0).encode())
    wrong = browser.post(address, {"did": did, "signature": write_base64url(bytes(64))})
    assert wrong.status_code == 422
    assert "Sign the text exactly as it stands" in text_of(wrong)
    assert write_base64url(bytes(64)) in text_of(wrong)
    as_openssl = base64.encodebytes(signature).decode()
    done = browser.post(address, {"did": did, "signature": f" {as_openssl}\r\n"}, follow=True)
    assert "made out to this key" in text_of(done)
    assert SubjectKey.objects.get(party=worker.party).did == did


@pytest.mark.parametrize(
    "did",
    ["", " ", "did:key:z6Mk", "did:web:canut.example", "x\0y", "é", "did:key:z6Mk" + "0OIl" * 11, "z" * 999],
)
def test_what_is_no_key_is_said_at_its_field(worker: Person, did: str) -> None:
    browser = browser_of(worker)
    proves_it_is_them(browser)
    asked = browser.get(reverse("bring_badge_key"), {"did": did})
    assert (asked.status_code, 'aria-invalid="true"' in text_of(asked)) == (422, True)
    sent = browser.post(reverse("bring_badge_key"), {"did": did, "signature": "AA"})
    assert sent.status_code == 422
    assert browser.post(reverse("bring_badge_key")).status_code == 422


# --- Checking ---------------------------------------------------------------------------------------


def a_chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
BOMB = b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"a" * 50 * MEGABYTE)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing of ours": (b"GIF89a", "not_a_badge"),
    "a page": (b"<html><script>alert(1)</script></html>", "not_a_badge"),
    "a laugh": (
        b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + SVG + b"&b;</svg>",
        "credential_malformed",
    ),
    "a picture alone": (SVG + b"</svg>", "not_a_badge"),
    "a bomb": (
        b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", bytes(13)) + a_chunk(b"iTXt", BOMB) + a_chunk(b"IEND", b""),
        "credential_too_large",
    ),
    "a torn image": (b"\x89PNG\r\n\x1a\n\0\0\0", "credential_malformed"),
    "a deep text": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "credential_too_large"),
    "a NUL": (b'{"id": "\\u0000"}\0', "credential_malformed"),
    "half a pair": (b'{"id": "\\ud800"}', "credential_malformed"),
    "a long text": (b'{"id": "' + b"x" * 70_000 + b'"}', "credential_too_large"),
    "another's": (written(Site(did="did:web:other.example").badge()), "credential_of_another_issuer"),
    "forged": (written(Site().badge()), "credential_key_unknown"),
    "unsigned": (written(Site().says()), "credential_unsigned"),
    "no algorithm": (b"eyJhbGciOiJub25lIn0.e30.", "not_a_badge"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(name: str, db: None) -> None:
    content, code = HOSTILE[name]
    answer = sends(content, name="../../etc/passwd\0.svg")
    assert (answer.status_code, code_of(answer)) == (422, code)
    page = text_of(answer)
    assert "Not to be relied upon" in page
    assert "<script>" not in page


def test_a_badge_that_was_changed_is_refused(badge: IssuedCredential, worker: Person) -> None:
    file = browser_of(worker).get(reverse("badge_file", args=[badge.uuid, "json"])).content
    changed = sends(file.replace(b"level 2", b"level 4"))
    assert (changed.status_code, code_of(changed)) == (422, "credential_tampered")
    assert "Do not trust it" in text_of(changed)


def test_what_a_badge_says_cannot_run_on_the_page(worker: Person) -> None:
    found_body(name="G", screen_name="Guild", by=None, at=NOON)
    rotate_issuer_key(by=None, at=NOON)
    said = Site().says()
    said["credentialSubject"]["achievement"]["name"] = "<script>alert(1)</script>"
    said["credentialStatus"] = None
    from canut.guilds.credentials import proofs

    token = proofs.signed_token(
        {name: value for name, value in said.items() if value}, site.key_in_use(), did="did:web:canut.example"
    )
    page = text_of(sends(token.encode()))
    assert "The badge is genuine" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_without_a_file_the_page_says_so_at_the_field() -> None:
    for data in ({}, {"file": ""}, {"file": "text and no file"}, {"file": SimpleUploadedFile("a", b"")}):
        answer = Client().post(reverse("check_badge"), data)
        assert answer.status_code == 422
        assert re.search("Choose a file first|This file is empty", text_of(answer))
    plain = Client().post(reverse("check_badge"), b"{}", content_type="application/json")
    assert (plain.status_code, "Choose a file first" in text_of(plain)) == (422, True)
    broken = Client().post(reverse("check_badge"), b"x", content_type="multipart/form-data; boundary=\x80")
    assert broken.status_code == 400


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_reading(*_given: Any, **_more: Any) -> None:
        raise AssertionError("the file was looked at")

    monkeypatch.setattr(queries, "verify_here", no_reading)
    answer = sends(b"x" * (4 * MEGABYTE + 200_000))
    assert (answer.status_code, code_of(answer)) == (422, "credential_too_large")


def test_a_large_file_is_kept_in_memory_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django would put it on a disk, from 2.5 megabytes on."""
    from django.core.files import uploadedfile

    def no_file(*_given: Any, **_more: Any) -> None:
        raise AssertionError("a file was written")

    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", no_file)
    assert code_of(sends(b"{" + b"x" * 3 * MEGABYTE)) == "credential_too_large"


def test_one_address_has_so_many_checks_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHECKS_ALLOWED", 2)
    codes = [code_of(sends(b"x")) for _n in range(4)]
    assert codes == ["not_a_badge"] * 2 + ["too_many_checks"] * 2
    answer = sends(b"x")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 600) == (429, True)
    assert "Not to be relied upon" not in answer.content.decode()  # nothing was found out about the badge
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert code_of(sends(b"x", other)) == "not_a_badge"


def test_a_site_without_a_name_says_that_it_can_check_none(settings: Settings, db: None) -> None:
    settings.SITE_URL = "https://192.0.2.7"
    assert code_of(sends(b"{}")) == "site_has_no_did"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_opens_in_both_languages_for_whom_it_is_for(
    badge: IssuedCredential, worker: Person, language: str
) -> None:
    show_badge(credential_id=badge.uuid, by=worker, at=NOON)
    Person.objects.filter(pk=worker.pk).update(locale=language)
    browser = browser_of(worker)
    proves_it_is_them(browser)
    addresses = [
        *map(reverse, ("badges", "badge_key", "bring_badge_key", "check_badge")),
        reverse("shown_badges", args=[worker.pk]),
        reverse("take_badge_back", args=[badge.uuid]),
        f"{reverse('check_badge')}?badge={badge.uuid}",
        f"{reverse('bring_badge_key')}?did={queries.subject_did_of(worker.pk)}",
    ]
    for address in addresses:
        page = browser.get(address)
        assert (address, page.status_code) == (address, 200)
        assert f'<html lang="{language}">' in page.content.decode()
        assert "<style" not in page.content.decode()
        assert " style=" not in page.content.decode()
    made = browser.post(reverse("make_badge_key"))
    assert f'<html lang="{language}">' in made.content.decode()
