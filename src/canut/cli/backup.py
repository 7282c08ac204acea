"""`canut backup FILE`: write the whole site into one file."""

import argparse
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from canut import __version__
from canut.cli.failure import Failure
from canut.cli.postgres_tools import client_program, connection_environment, last_line
from canut.cli.sites import site

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file
LOG_HEADS = "log-heads.jsonl"
UPLOADS = "uploads/"
CHUNK_BYTES = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="Where to put the backup; it must not exist yet.")


def run(options: argparse.Namespace) -> None:
    if options.file.exists():
        raise Failure(f"{options.file} exists already; name another file, or remove it first.")
    with site():
        write_backup(options.file)
    size = options.file.stat().st_size / 1e6
    print(f"{options.file} holds the site ({size:.1f} MB). It holds secrets: keep it safe.")


def write_backup(target: Path) -> None:
    """Write database, uploads and secret key into `target`, readable by its owner alone.

    The database is one snapshot. Uploads are written once and never changed, so copying them after
    it leaves out nothing that the snapshot names. The heads kept outside it are those from before it, so
    that none is over entries which it does not have. Nothing is left behind when it fails.

    Raises:
        Failure: a part could not be read, or the file could not be written.
    """
    from canut.cli.prepare import applied_migrations

    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with (
            open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w") as tar,
        ):
            parts: dict[str, dict[str, Any]] = {}
            for name, content in _contents(target.parent):
                parts[name] = _add(tar, name, content)
            manifest = {
                "format": FORMAT,
                "canut": __version__,
                "migrations": sorted(applied_migrations()),
                "parts": parts,
            }
            _add(tar, MANIFEST, BytesIO(json.dumps(manifest, indent=1).encode()))
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        raise Failure(
            f"The backup could not be written to {target} ({error.strerror}); nothing was kept."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _contents(scratch: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield what a backup holds, name by name: the database first."""
    from django.conf import settings
    from django.core.files.storage import default_storage

    heads = None
    if settings.LOG_HEADS is not None and settings.LOG_HEADS.exists():
        heads = settings.LOG_HEADS.read_bytes()
    with tempfile.NamedTemporaryFile(dir=scratch, prefix=".canut-backup-") as dump:
        _dump_database(dump.name)
        yield DATABASE, open(dump.name, "rb")  # noqa: SIM115 - who takes it closes it
    key = settings.DATA_DIR / "secret_key"
    if key.exists() and not os.environ.get("CANUT_SECRET_KEY"):
        yield SECRET_KEY, open(key, "rb")  # noqa: SIM115
    if heads is not None:
        yield LOG_HEADS, BytesIO(heads)
    for name in stored_files():
        yield UPLOADS + name, default_storage.open(name, "rb")


def stored_files(folder: str = "") -> Iterator[str]:
    """Yield the name of every upload, whatever store they are in."""
    from django.core.files.storage import default_storage

    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from stored_files(f"{folder}/{name}" if folder else name)


def _dump_database(path: str) -> None:
    command = [
        client_program("pg_dump"),
        "--format=custom",
        "--schema=public",
        "--no-owner",
        "--no-privileges",
        f"--file={path}",
    ]
    result = subprocess.run(command, env=connection_environment(), capture_output=True, text=True)
    if result.returncode != 0:
        raise Failure(f"pg_dump could not read the database ({last_line(result.stderr)}); nothing was kept.")


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> dict[str, Any]:
    """Add one part and return its size and checksum, as found while it was copied."""
    with content:
        content.seek(0, os.SEEK_END)
        size = content.tell()
        content.seek(0)
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        reader = Hashing(content)
        tar.addfile(entry, reader)
    return {"bytes": size, "sha256": reader.digest.hexdigest()}


class Hashing:
    """Reads through to a file and keeps the checksum of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.content.read(size)
        self.digest.update(data)
        return data
