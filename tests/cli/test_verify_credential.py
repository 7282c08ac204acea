"""A badge is checked on any machine: with files alone, or against this site's own keys."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from tests.builders import NOON, a_worker
from tests.guilds.credentials.badges import LIST, PLACE, Site, written

from canut.cli import check, issuer, sites, verify_credential
from canut.cli.failure import Failure
from canut.cli.main import _parser
from canut.guilds.credentials import queries
from canut.guilds.credentials.statements import Achievement
from canut.guilds.credentials.usecases.issue_credential import issue_credential
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.rotate_issuer_key import rotate_issuer_key
from canut.people.usecases.found_body import found_body

SITE = Site()
SINCE = "2024-01-01T00:00:00Z"


def alone(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run the command as somebody does who has neither a site nor a database, nor a network to speak of."""
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    barred = "import socket\nsocket.socket.connect = socket.getaddrinfo = lambda *a, **k: 1 / 0\n"
    run = "from canut.cli.main import main\nimport sys\nmain(sys.argv[1:])\n"
    return subprocess.run(
        [sys.executable, "-c", barred + run, "verify-credential", *map(str, words)],
        env=bare | {"HOME": str(folder), "CANUT_DATA_DIR": str(folder / "none")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "did.json").write_bytes(SITE.did_json)
    (tmp_path / "badge.json").write_bytes(written(SITE.badge(validFrom=SINCE)))
    (tmp_path / "badge.jwt").write_text(SITE.token(SITE.says(validFrom=SINCE)))
    return tmp_path


def test_a_genuine_badge_is_told_with_what_is_not_known(folder: Path) -> None:
    found = alone(folder, folder / "badge.json", "--issuer", folder / "did.json")
    assert (found.returncode, found.stderr) == (0, "")
    assert "Genuine:     Transcription, level 2" in found.stdout
    assert f"NOT CHECKED, so it may have been revoked. The list is at {LIST}" in found.stdout
    assert not (folder / "none").exists()  # nothing was set up for it


def test_a_tampered_badge_is_refused_with_its_code(folder: Path) -> None:
    text = (folder / "badge.json").read_text()
    (folder / "changed.json").write_text(text.replace("level 2", "level 4"))
    found = alone(folder, folder / "changed.json", "--issuer", folder / "did.json")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("canut: credential_tampered: This credential was changed")
    as_json = alone(folder, folder / "changed.json", "--issuer", folder / "did.json", "--json")
    assert json.loads(as_json.stdout)["code"] == "credential_tampered"


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    parser = _parser("verify-credential")
    exit_code = verify_credential.run(parser.parse_args(["verify-credential", *map(str, words), "--json"]))
    return exit_code, json.loads(capsys.readouterr().out)


def test_with_the_status_list_at_hand_revocation_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [folder / "badge.jwt", "--issuer", folder / "did.json"]
    assert answer(capsys, *given)[1]["status"] == "not_checked"
    exit_code, said = answer(capsys, *given, "--require-status")
    assert (exit_code, said["code"]) == (1, "credential_status_unknown")
    now = datetime.now(UTC)
    (folder / "list").write_bytes(written(SITE.status_list(at=now)))
    exit_code, said = answer(capsys, *given, "--status-list", folder / "list", "--require-status")
    assert (exit_code, said["genuine"], said["status"], said["level"]) == (0, True, "not_revoked", 2)
    (folder / "list").write_bytes(written(SITE.status_list(PLACE, at=now)))
    exit_code, said = answer(capsys, *given, "--status-list", folder / "list")
    assert (exit_code, said["code"]) == (1, "credential_revoked")
    (folder / "list").write_bytes(written(SITE.status_list(at=now - timedelta(days=30))))
    exit_code, said = answer(capsys, *given, "--status-list", folder / "list")
    assert (exit_code, said["code"]) == (2, "status_list_refused")


def test_what_could_not_be_checked_is_told_from_what_was_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = ["--issuer", folder / "did.json"]
    assert answer(capsys, folder / "none.json", *keys)[0] == 2
    exit_code, said = answer(capsys, folder / "badge.json", "--issuer", folder / "badge.jwt")
    assert (exit_code, said["genuine"], said["code"]) == (2, False, "issuer_document_malformed")
    assert answer(capsys, folder / "did.json", *keys)[1]["code"] == "not_a_badge"
    assert answer(capsys, folder / "badge.json", "--status-list", folder / "did.json")[0] == 2


def test_a_text_of_the_issuers_cannot_steer_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = SITE.says(validFrom=SINCE)
    said["credentialSubject"]["achievement"]["name"] = "\x1b]0;owned\x07 level\r\n4"
    (folder / "odd.jwt").write_text(SITE.token(said))
    parser = _parser("verify-credential")
    words = ["verify-credential", str(folder / "odd.jwt"), "--issuer", str(folder / "did.json")]
    assert verify_credential.run(parser.parse_args(words)) == 0
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert printed.count("\n") == 6


@pytest.mark.django_db
def test_a_site_checks_its_own_badges_and_renews_its_keys(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    for module in (issuer, verify_credential):
        monkeypatch.setattr(module, "site", nullcontext)
    assert sites.site is not nullcontext
    settings.SITE_URL = "https://canut.example"
    worker, guild = a_worker(), found_body(name="G", screen_name="Guild", by=None, at=NOON).party

    def issuer_says(*words: str) -> str:
        issuer.run(_parser("issuer").parse_args(["issuer", *words]))
        return capsys.readouterr().out

    assert "not signed any badge yet" in issuer_says()
    make_subject_key(by=worker, at=NOON)
    credential = issue_credential(
        holder_id=worker.pk,
        guild_id=guild.pk,
        achievement=Achievement("Transcription", "https://canut.example/guilds/3", 2, "Ten.", "en", 4),
        reviewed=None,
        by=None,
        at=NOON - timedelta(days=400),
    )
    badge = tmp_path / "badge.svg"
    badge.write_bytes(queries.badge_file(credential_id=credential.uuid, shape="svg", by=worker, at=NOON))
    assert answer(capsys, badge)[1]["status"] == "not_revoked"
    key = issuer_says().split()[0]
    assert issuer_says("rotate").count("z6Mk") == 2
    assert answer(capsys, badge)[0] == 0
    assert "nothing that it signed counts" in issuer_says("withdraw", key)
    assert answer(capsys, badge)[1]["code"] == "credential_key_withdrawn"
    (tmp_path / "did.json").write_text(issuer_says("did"))
    exit_code, said = answer(capsys, badge, "--issuer", tmp_path / "did.json")
    assert (exit_code, said["code"]) == (1, "credential_key_withdrawn")


@pytest.mark.django_db
def test_check_tells_whether_the_site_can_sign_badges(settings: Settings) -> None:
    settings.SITE_URL = "https://192.0.2.7"
    assert "none can be issued" in check._badges()
    settings.SITE_URL = "https://canut.example"
    assert check._badges() == "did:web:canut.example has signed none yet; its key is made with the first."
    rotate_issuer_key(by=None, at=NOON)
    assert f"signs them with its key of {NOON:%Y-%m-%d}, which opens." in check._badges()
    settings.SECRET_KEY, before = "another secret", settings.SECRET_KEY
    with pytest.raises(Failure, match=r"does not open.*CANUT_SECRET_KEY_FALLBACKS"):
        check._badges()
    settings.SECRET_KEY_FALLBACKS = [before]
    assert "which opens" in check._badges()
