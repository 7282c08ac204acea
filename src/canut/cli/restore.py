"""`canut restore FILE`: make a site from a backup."""

import argparse
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from canut.cli import ledger
from canut.cli.backup import (
    CHUNK_BYTES,
    DATABASE,
    FORMAT,
    LOG_HEADS,
    MANIFEST,
    SECRET_KEY,
    UPLOADS,
    Hashing,
    write_backup,
)
from canut.cli.failure import Failure
from canut.cli.postgres_tools import client_program, connection_environment
from canut.cli.sites import site

# A setting of newer programs that older servers do not know.
TOO_NEW_FOR_OLD_SERVERS = re.compile(rb"^SET transaction_timeout = 0;\n", re.MULTILINE)
FIRST_WITH_TRANSACTION_TIMEOUT = 170_000
HEADER_BYTES = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="A file that `canut backup` wrote.")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="Also where there is a site already; that one is put into a backup beside its data first.",
    )


def run(options: argparse.Namespace) -> int:
    try:
        with tarfile.open(options.file, mode="r:") as tar:
            manifest = verified_manifest(tar)
    except (OSError, tarfile.TarError) as error:
        reason = getattr(error, "strerror", None) or "it is no tar file, or is cut off"
        raise Failure(
            f"{options.file} cannot be read as a backup ({reason}); nothing was changed."
        ) from error
    with tarfile.open(options.file, mode="r:") as tar, site(may_be_new=True):
        return _restore(tar, manifest, replace=options.replace)


def verified_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    """Return the manifest after comparing every part with it.

    Raises:
        Failure: the file is no backup, is damaged, or was made by a newer Canut.
    """
    entries = {entry.name: entry for entry in tar.getmembers()}
    found = tar.extractfile(entries[MANIFEST]) if MANIFEST in entries else None
    if found is None:
        raise Failure("This file is no backup of Canut: it has no manifest. Nothing was changed.")
    manifest: dict[str, Any] = json.load(found)
    if manifest["format"] != FORMAT:
        raise Failure(f"This backup was made by Canut {manifest['canut']}, which is newer; update first.")
    parts: dict[str, dict[str, Any]] = manifest["parts"]
    if set(parts) | {MANIFEST} != set(entries) or DATABASE not in parts:
        raise Failure("This backup is not whole: it holds other parts than it says. Nothing was changed.")
    for name, said in parts.items():
        if not _is_harmless(name):
            raise Failure(
                f"This backup holds a part with the name {name!r}, which no backup has. Nothing was changed."
            )
        content = tar.extractfile(entries[name])
        reader = Hashing(content) if content else None
        size = 0
        while reader and (data := reader.read(CHUNK_BYTES)):
            size += len(data)
        if reader is None or size != said["bytes"] or reader.digest.hexdigest() != said["sha256"]:
            raise Failure(f"This backup is damaged: {name} is not what was written. Nothing was changed.")
    return manifest


def _is_harmless(name: str) -> bool:
    """Return whether the name is one that a backup has, and leads nowhere else."""
    if name in (DATABASE, SECRET_KEY, LOG_HEADS):
        return True
    path = PurePosixPath(name)
    return (
        name.startswith(UPLOADS) and not path.is_absolute() and ".." not in path.parts and str(path) == name
    )


def _restore(tar: tarfile.TarFile, manifest: dict[str, Any], *, replace: bool) -> int:
    from django.conf import settings

    from canut.cli import prepare

    unknown = set(manifest["migrations"]) - prepare.known_migrations()
    if unknown:
        raise Failure(
            f"This backup was made by Canut {manifest['canut']}, which is newer: it knows {min(unknown)}. "
            "Update first; nothing was changed."
        )
    _require_no_other_connection()
    if _has_people() or _has_uploads():
        if not replace:
            raise Failure(
                "There is a site here already; nothing was changed. "
                "With --replace it is backed up and replaced."
            )
        kept = settings.DATA_DIR / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}.tar"
        write_backup(kept)
        print(f"What was here is kept in {kept}.")

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as scratch:
        unpacked = Path(scratch)
        _unpack(tar, manifest, unpacked)
        _replace_database(unpacked / DATABASE)
        _put_uploads(unpacked / UPLOADS)
        if (unpacked / SECRET_KEY).exists():
            (unpacked / SECRET_KEY).replace(settings.DATA_DIR / SECRET_KEY)
        _put_heads(unpacked / LOG_HEADS)
    prepare.migrate()
    print("The site is restored.")
    return ledger.verify()


def _require_no_other_connection() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise Failure(
            f"{others} connections use the database; stop the site and its jobs first. Nothing was changed."
        )


def _has_people() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.people_party') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM people_party)")
        return bool(cursor.fetchone()[0])


def _has_uploads() -> bool:
    from canut.cli.backup import stored_files

    return next(stored_files(), None) is not None


def _unpack(tar: tarfile.TarFile, manifest: dict[str, Any], folder: Path) -> None:
    try:
        for name in manifest["parts"]:
            content = tar.extractfile(name)
            assert content, name  # verified before
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(content, file, CHUNK_BYTES)
    except OSError as error:
        raise Failure(f"The backup could not be unpacked ({error.strerror}); nothing was changed.") from error


def _replace_database(dump: Path) -> None:
    """Put the dump in place of everything in the database, in one transaction: all of it or nothing."""
    from django.db import connection

    server_version = connection.cursor().connection.info.server_version
    script = dump.with_suffix(".sql")
    _run_program("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    if server_version < FIRST_WITH_TRANSACTION_TIMEOUT:
        with open(script, "r+b") as file:
            header = file.read(HEADER_BYTES)
            file.seek(0)  # as long as before: what is read may end in the middle of a word
            file.write(TOO_NEW_FOR_OLD_SERVERS.sub(lambda line: b"\n" * len(line[0]), header))
    connection.close()
    _run_program(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--variable=ON_ERROR_STOP=1",
        "--command=SET client_min_messages = warning; SET lock_timeout = '10s'",
        "--command=DROP SCHEMA IF EXISTS public CASCADE",
        f"--file={script}",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _run_program(name: str, *arguments: str) -> None:
    command = [client_program(name), *arguments]
    result = subprocess.run(
        command, env=connection_environment(), capture_output=True, text=True, errors="replace"
    )
    if result.returncode != 0:
        said = [line for line in result.stderr.splitlines() if line.strip()] or ["it gave no reason"]
        raise Failure(f"The database could not be restored ({said[0].strip()}); it is as it was.")


def _put_heads(unpacked: Path) -> None:
    """Let the heads of the restored log take the place of those kept here, which are of what was here."""
    from django.conf import settings

    if settings.LOG_HEADS is None:
        return
    if settings.LOG_HEADS.exists():
        kept = settings.LOG_HEADS.with_name(f"log-heads-before-restore-{datetime.now():%Y%m%d-%H%M%S}.jsonl")
        settings.LOG_HEADS.rename(kept)
    if unpacked.exists():
        unpacked.replace(settings.LOG_HEADS)


def _put_uploads(unpacked: Path) -> None:
    """Let the unpacked uploads take the place of those that were here.

    In a store elsewhere each is added under its name; what else is there stays, and hurts nobody.
    """
    from django.conf import settings
    from django.core.files.base import File
    from django.core.files.storage import default_storage

    if settings.UPLOADS_ARE_LOCAL:
        unpacked.mkdir(exist_ok=True)
        if settings.UPLOADS_DIR.exists():
            settings.UPLOADS_DIR.rename(unpacked.with_name("uploads-before"))
        unpacked.rename(settings.UPLOADS_DIR)
        return
    for path in sorted(unpacked.rglob("*")):
        name = path.relative_to(unpacked).as_posix()
        if path.is_file() and not default_storage.exists(name):
            with open(path, "rb") as content:
                default_storage.save(name, File(content))
