"""The processes of a site: the web server and the job runner, watched and restarted, stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType

from canut.cli.failure import Failure

STOP_TIMEOUT_SECONDS = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RESTARTS_IN_A_ROW = 5
LIVED_LONG_SECONDS = 60
SERVED_TIMEOUT_SECONDS = 90
FIRST_STATUS_OF_OUR_FAULTS = 500
PR_SET_PDEATHSIG = 1
MOST_WORKERS = 32


class Stopped(BaseException):
    """Somebody asked us to stop; everything that was begun unwinds."""


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the block in order; a second one does not hurry it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    except Stopped:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Child:
    """One program, in a process group of its own."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, process_group=0, preexec_fn=_die_with_parent())
        self.started_at = time.monotonic()

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill_group(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@dataclass
class Children:
    """The programs of one site."""

    members: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program that is restarted when it dies, unless it keeps dying at once."""
        child = Child(name, command)
        self.members.append(child)
        child.start()

    def look_after(self) -> None:
        """Restart what has died.

        Raises:
            Failure: a program dies again and again right after its start.
        """
        for child in self.members:
            if not child.has_died():
                continue
            child.kill_group(signal.SIGKILL)  # what it may have left of its own
            lived_seconds = time.monotonic() - child.started_at
            child.restarts = 0 if lived_seconds > LIVED_LONG_SECONDS else child.restarts + 1
            if child.restarts > RESTARTS_IN_A_ROW:
                raise Failure(f"The {child.name} does not stay up; what it said is above.")
            print(f"canut: The {child.name} ended unexpectedly and is started again.", file=sys.stderr)
            time.sleep(0.2 * child.restarts)
            child.start()

    def stop(self) -> None:
        """Ask all to finish what they are at, then end what is left."""
        for child in self.members:
            child.kill_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        for child in self.members:
            if child.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            child.kill_group(signal.SIGKILL)
            child.process.wait()


def _die_with_parent() -> Callable[[], None] | None:
    """Return what a child does first, so that it ends when we are killed: Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_the_kernel


def web_server(host: str, port: int, workers: int | None = None) -> list[str]:
    """Return the command that serves the site, by one worker a core unless told otherwise."""
    count = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    return [sys.executable, "-m", "canut.cli.web_server", host, str(port), str(count)]


def job_runner() -> list[str]:
    """Return the command that runs the site's jobs."""
    return [sys.executable, "-m", "canut.cli", "work"]


def require_free_port(host: str, port: int, command: str) -> None:
    """Refuse a port that somebody else listens on, in one sentence with the way out."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            raise Failure(
                f"Port {port} may not be used by an ordinary user; choose one above 1023, "
                f"for example `{command} --port 8000`."
            ) from error
        except OSError as error:
            raise Failure(
                f"Port {port} on {host} cannot be used ({error.strerror}); choose another, "
                f"for example `{command} --port {port + 1}`."
            ) from error


def wait_until_served(host: str, port: int, children: Children) -> None:
    """Wait until the web server answers a request.

    Raises:
        Failure: it does not within the time, or does not stay up.
    """
    deadline = time.monotonic() + SERVED_TIMEOUT_SECONDS
    reached_at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while time.monotonic() < deadline:
        children.look_after()
        request = HTTPConnection(reached_at, port, timeout=10)
        with suppress(OSError, HTTPException), closing(request):
            request.request("GET", "/")
            if request.getresponse().status < FIRST_STATUS_OF_OUR_FAULTS:
                return
        time.sleep(0.05)
    raise Failure("The site does not answer; what it said is above.")
