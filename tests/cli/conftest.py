import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from canut.cli import embedded_postgres
from canut.cli.environment import machine_folder

Canut = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home() -> Iterator[Path]:
    """A machine of its own: an empty folder for demos and sites, cleared away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="canut-home-", dir="/tmp"))
    try:
        yield folder
    finally:
        for cluster in folder.glob("*/postgres"):
            embedded_postgres.stop(cluster)
        shutil.rmtree(folder)


@pytest.fixture
def canut(home: Path) -> Canut:
    """Runs the command line on that machine."""

    def run(*words: object, mode: str = "demo", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words), env=environment(home, mode) | more, capture_output=True, text=True, timeout=300
        )

    return run


def put_a_new_site(home: Path) -> None:
    """Put a demo's folder with tables and nothing in them there: a copy of one that is made once for all.

    It is kept under the name of the template of the tests' databases, which goes by the migrations.
    """
    kept = machine_folder() / "test-sites" / os.environ["CANUT_TEST_TEMPLATE"]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with open(kept.parent / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in sorted(kept.parent.glob("*/"), key=lambda folder: folder.stat().st_mtime)[:-2]:
                shutil.rmtree(old)
            unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=kept.parent))
            told = environment(unfinished, "demo")
            subprocess.run(command("migrate"), env=told, check=True, capture_output=True)
            unfinished.rename(kept)
    shutil.copytree(kept / "demo", home / "demo", symlinks=True)


def command(*words: object) -> Sequence[str]:
    return [sys.executable, "-m", "canut.cli", *map(str, words)]


def environment(home: Path, mode: str) -> dict[str, str]:
    ours = ("CANUT_", "DATABASE_", "DJANGO_", "PG")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) or name == "CANUT_PG_BIN"
    }
    return kept | {"CANUT_HOME": str(home), "CANUT_MODE": mode}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
