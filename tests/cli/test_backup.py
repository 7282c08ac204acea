import io
import json
import shutil
import stat
import subprocess
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from tests.cli.conftest import command, environment, put_a_new_site

from canut.cli import backup as backing_up
from canut.cli import embedded_postgres

pytestmark = pytest.mark.slow

DEBIANS_POSTGRES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def made_once():
    """A site with one person's row, an upload and a clock that was advanced; and its backup."""
    base = Path(tempfile.mkdtemp(prefix="canut-home-", dir="/tmp"))
    cluster = base / "demo" / "postgres"
    put_a_new_site(base)
    ahead = command("clock", "+3d")
    subprocess.run(ahead, env=environment(base, "demo"), check=True, capture_output=True)
    uploads = base / "demo" / "uploads" / "7"
    uploads.mkdir(parents=True)
    (uploads / "données.tsv").write_bytes(b"a\tb\n" * 1000)
    (base / "demo" / "log-heads.jsonl").write_text('{"head": "a note"}\n')
    with (
        embedded_postgres.borrow(cluster) as url,
        psycopg.connect(url, dbname="canut") as connection,
    ):
        connection.execute(
            "INSERT INTO people_party (kind, screen_name, simulated, created_at)"
            " VALUES ('person', 'Ada L', false, now())"
        )
    backup = base / "site.tar"
    subprocess.run(command("backup", backup), env=environment(base, "demo"), check=True, capture_output=True)
    try:
        yield base
    finally:
        shutil.rmtree(base)


@pytest.fixture
def with_data(made_once, home):
    shutil.copytree(made_once / "demo", home / "demo", symlinks=True)
    return home


@pytest.fixture
def backup(made_once, tmp_path):
    return Path(shutil.copy(made_once / "site.tar", tmp_path))


def test_heads_that_are_signed_while_the_database_is_read_are_not_held(monkeypatch, settings, tmp_path):
    """They could be over entries that the snapshot does not have, and the restored site would raise alarm."""
    settings.DATA_DIR, settings.LOG_HEADS = tmp_path, tmp_path / "log-heads.jsonl"
    settings.LOG_HEADS.write_text("before\n")
    monkeypatch.setattr(
        backing_up, "_dump_database", lambda _path: settings.LOG_HEADS.write_text("before\nsince\n")
    )
    monkeypatch.setattr(backing_up, "stored_files", list)
    held = {}
    for name, content in backing_up._contents(tmp_path):
        with content:
            held[name] = content.read()
    assert held == {"database.dump": b"", "log-heads.jsonl": b"before\n"}


def names(home: Path) -> list[str]:
    with (
        embedded_postgres.borrow(home / "demo" / "postgres") as url,
        psycopg.connect(url, dbname="canut") as connection,
    ):
        return [name for (name,) in connection.execute("SELECT screen_name FROM people_party").fetchall()]


def elsewhere(home: Path) -> Path:
    """Another machine: what was here is put out of the way."""
    return (home / "demo").rename(home / "first")


def test_a_restored_site_is_the_one_that_was_backed_up(with_data, backup, canut):
    first = elsewhere(with_data)
    done = canut("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "The books agree" in done.stdout
    assert names(with_data) == ["Ada L"]
    assert "3 days" in canut("clock").stdout
    for kept in ("uploads/7/données.tsv", "secret_key", "log-heads.jsonl"):
        assert (with_data / "demo" / kept).read_bytes() == (first / kept).read_bytes()
        assert stat.S_IMODE((with_data / "demo" / kept).stat().st_mode) == 0o600


def test_only_its_owner_may_read_a_backup(made_once):
    assert stat.S_IMODE((made_once / "site.tar").stat().st_mode) == 0o600


def test_a_backup_is_never_written_over_another_file(with_data, backup, canut):
    before = backup.read_bytes()
    assert canut("backup", backup).returncode == 1
    assert backup.read_bytes() == before


def test_a_site_that_is_here_is_only_replaced_when_asked_and_kept_then(with_data, backup, canut):
    refused = canut("restore", backup)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    heads = with_data / "demo" / "log-heads.jsonl"
    heads.write_text("heads of what was here\n")
    assert canut("restore", "--replace", backup).returncode == 0
    assert heads.read_text() == '{"head": "a note"}\n'  # the log of the backup goes on with its own
    (set_aside,) = (with_data / "demo").glob("log-heads-before-restore-*.jsonl")
    assert set_aside.read_text() == "heads of what was here\n"
    (kept,) = (with_data / "demo").glob("before-restore-*.tar")
    elsewhere(with_data)
    assert canut("restore", with_data / "first" / kept.name).returncode == 0
    assert names(with_data) == ["Ada L"]


def test_a_damaged_backup_changes_nothing(with_data, backup, canut):
    data = bytearray(backup.read_bytes())
    data[5000] ^= 1
    backup.write_bytes(data)
    done = canut("restore", "--replace", backup)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    backup.write_bytes(data[: len(data) // 2])
    assert canut("restore", "--replace", backup).returncode == 1
    assert names(with_data) == ["Ada L"]


def test_a_dump_that_fails_half_way_leaves_the_old_state(with_data, backup, canut):
    def break_last_table(part: str, content: bytes) -> bytes:
        return content[: len(content) * 3 // 4] if part == "database.dump" else content

    done = canut("restore", "--replace", changed(backup, break_last_table))
    assert done.returncode == 1
    assert "it is as it was" in done.stderr
    assert names(with_data) == ["Ada L"]
    assert (with_data / "demo" / "uploads" / "7" / "données.tsv").exists()


def test_a_part_that_would_land_somewhere_else_is_refused(with_data, backup, canut):
    done = canut("restore", "--replace", changed(backup, extra={"uploads/../../../escaped": b"x"}))
    assert done.returncode == 1
    assert "no backup has" in done.stderr


def test_a_backup_of_a_newer_canut_is_refused(with_data, backup, canut):
    done = canut("restore", "--replace", changed(backup, migrations=["work.9999_from_the_future"]))
    assert done.returncode == 1
    assert "work.9999_from_the_future" in done.stderr


def test_a_running_site_is_not_replaced_under_its_users(with_data, backup, canut):
    with (
        embedded_postgres.borrow(with_data / "demo" / "postgres") as url,
        psycopg.connect(url, dbname="canut"),
    ):
        done = canut("restore", "--replace", backup)
    assert done.returncode == 1
    assert "stop the site" in done.stderr


@pytest.mark.skipif(not DEBIANS_POSTGRES.exists(), reason="no PostgreSQL 15 here")
def test_a_backup_moves_to_an_older_server(with_data, backup, canut, monkeypatch):
    elsewhere(with_data)
    server = with_data / "server" / "postgres"
    monkeypatch.setenv("CANUT_PG_BIN", str(DEBIANS_POSTGRES))
    url = embedded_postgres.ensure(server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE moved")
    done = canut("restore", backup, DATABASE_URL=url.replace("/postgres?", "/moved?"), CANUT_PG_BIN="")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(url, dbname="moved") as connection:
        assert connection.execute("SELECT screen_name FROM people_party").fetchall() == [("Ada L",)]


def changed(backup: Path, change=lambda _part, content: content, extra=None, migrations=()) -> Path:
    """Return a copy whose checksums are right but whose content is not."""
    target = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(target, "w") as new:
        parts = {entry.name: old.extractfile(entry).read() for entry in old.getmembers()}
        manifest = json.loads(parts.pop("manifest.json"))
        parts = {name: change(name, content) for name, content in parts.items()} | (extra or {})
        manifest["parts"] = {
            name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in parts.items()
        }
        manifest["migrations"] += migrations
        parts["manifest.json"] = json.dumps(manifest).encode()
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    shutil.copymode(backup, target)
    return target


def test_the_clock_of_a_real_site_cannot_be_moved(with_data, canut):
    (with_data / "demo").rename(with_data / "site")
    done = canut("clock", "+1h", mode="production")
    assert done.returncode == 1
    assert "Only a demo" in done.stderr
