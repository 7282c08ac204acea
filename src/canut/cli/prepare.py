"""What a site needs before it can serve: tables, catalogues, the files that browsers load."""

import hashlib
import os
from pathlib import Path

import polib
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from canut.charter.usecases.record_release import record_release
from canut.cli.quick_migrations import use_quick_migrations
from canut.kernel import clock

# Any number of our own; held while migrating, so that of several nodes one migrates and the others wait.
MIGRATION_LOCK = 0x63616E7574


def unapplied_migrations() -> list[str]:
    """Return the migrations that the database lacks, as `room.0001_name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def applied_migrations() -> set[str]:
    """Return the migrations that the database has, as `room.0001_name`."""
    return {f"{room}.{name}" for room, name in MigrationRecorder(connection).applied_migrations()}


def known_migrations() -> set[str]:
    """Return the migrations that this version of Canut knows, as `room.0001_name`."""
    return {f"{room}.{name}" for room, name in MigrationLoader(connection).disk_migrations}


def migrate() -> list[str]:
    """Apply what the database lacks, note the release in the charter's log, and return what was applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            missing = unapplied_migrations()
            if missing:
                use_quick_migrations()
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    record_release(at=clock.now())
    return missing


def compile_catalogues() -> None:
    """Compile each catalogue whose compiled form is missing or older."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            unfinished = compiled.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(compiled)


def collect_static_files() -> None:
    """Gather and compress the files that browsers load, if any has changed since the last time."""
    collected = settings.STATIC_ROOT
    if collected is None:
        return  # tests serve each file from where it is
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(collected) / "collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=Path(collected).exists())
    stamp.write_text(digest.hexdigest())
