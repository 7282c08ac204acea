"""Badges by program: every shape, both signatures, and what checking a file finds."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.api.calls import Call
from tests.api.scenarios.badges import _checking, badge_of
from tests.api.scenarios.cast import Cast

from canut.guilds.credentials.queries import SHAPES

pytestmark = pytest.mark.django_db


def test_a_program_fetches_badges_and_any_program_checks_them(cast: Cast) -> None:
    badge = badge_of(cast)
    (listed,) = cast.get(cast.worker, "/badges").answered().json["items"]
    assert listed == cast.get(cast.worker, f"/badges/{badge.uuid}").answered().json
    assert (listed["level"], listed["is_current"], listed["is_shown"], listed["revoked_for"]) == (
        2,
        True,
        False,
        None,
    )
    for shape in SHAPES:
        for signed in ("data_integrity", "jwt"):
            path = f"/badges/{badge.uuid}/file?shape={shape}&signed={signed}"
            file = cast.get(cast.worker, path).answered()
            assert file.headers["Content-Disposition"] == f'attachment; filename="badge.{shape}"'
            found = _checking(file.content).answered().json
            assert (found["genuine"], found["code"]) == (True, None)
            assert (found["badge"]["came_as"], found["badge"]["level"]) == (shape, 2)
            assert found["badge"]["made_out_to"] == listed["made_out_to"]
            kind = "jwt" if shape == "jwt" or (shape != "json" and signed == "jwt") else "data_integrity"
            assert found["badge"]["signed_as"] == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a", "not_a_badge"),
        (b"{", "credential_malformed"),
        (b"\0", "not_a_badge"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "credential_too_large"),
        (b"x" * (4 * 1024 * 1024 + 200_000), "credential_too_large"),
    ],
)
def test_what_is_no_badge_is_told_by_its_code(content: bytes, code: str) -> None:
    found = _checking(content).answered().json
    assert (found["genuine"], found["badge"], found["code"]) == (False, None, code)
    assert found["sentence"].endswith(".")


def test_a_form_with_a_file_is_checked_as_the_bytes_are(cast: Cast) -> None:
    badge = badge_of(cast)
    content = cast.get(cast.worker, f"/badges/{badge.uuid}/file?shape=png").answered().content
    sent = {"file": SimpleUploadedFile("badge.png", content)}
    assert Client().post("/api/v1/badge-checks", sent).json()["genuine"] is True
    for nothing in ({}, {"file": "text"}, {"other": SimpleUploadedFile("a", b"x")}):
        assert Client().post("/api/v1/badge-checks", nothing).json()["code"] == "bad_input"


def test_a_repeat_waits_for_as_long_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("canut.guilds.credentials.limits.CHECKS_ALLOWED", 1)
    assert _checking(b"x").answered().status == 200
    refused = _checking(b"x").answered()
    assert refused.code == "too_many_checks"
    assert 0 < int(refused.headers["Retry-After"]) <= 600


def test_a_list_of_badges_goes_on_from_its_cursor(cast: Cast) -> None:
    badge_of(cast)
    page = Call(cast.worker, "GET", "/badges?limit=1").answered().json
    assert (len(page["items"]), page["next_cursor"]) == (1, None)
