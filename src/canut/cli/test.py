"""`canut test`: every check and test, with one summary.

The checks come first and pytest last, so that its closing line ends the output; the checks' results
stand in a section right above it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from canut.cli import environment, servers_for_tests
from canut.cli.failure import Failure

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser for the browser tests, and letters for what it draws.
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core")

MOST_AT_ONCE = 8
"""How many processes test side by side at most; each has a database of its own.

Two more than there are cores: whoever kills servers or looks at pages waits for a good part of the time.
"""

BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
"""A file's tests stay together; the order of files is ours (see `pytest_plugin`), and no other."""


@dataclass(frozen=True)
class Outcome:
    """What one check came to."""

    what: str
    ok: bool
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    how_much = parser.add_mutually_exclusive_group()
    how_much.add_argument("--quick", action="store_true", help="Leave out the slow tests and the browser.")
    how_much.add_argument(
        "--long", action="store_true", help="Take minutes for tests that tell stories by the hundred."
    )
    parser.epilog = "Anything else is handed to pytest: paths, -k, -x and the like; then only pytest runs."
    parser.set_defaults(takes_the_rest=True)


def run(options: argparse.Namespace) -> int:
    root = environment.CHECKOUT
    if not (root / "tests").exists():
        raise Failure("The tests are not here; `canut test` runs in a clone of the repository.")
    for name in ("DATABASE_URL", "CANUT_DATA_DIR", "CANUT_SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ["CANUT_MODE"] = "test"
    _keep_what_is_compiled()

    outcomes = [] if options.rest else _all_checked(root)
    marks: list[str] = []  # what pyproject.toml says: all but the long ones
    made_up = ["--hypothesis-profile", "ci"]  # the same examples each time: a red run is red again
    if options.quick:
        marks = ["-m", "not slow and not browser and not long"]
    elif options.long:
        marks, made_up = ["-m", ""], []  # other examples each time, and many more
    if not options.quick and not options.rest:
        _find_a_browser()
    os.environ["CANUT_CHECKS"] = json.dumps([asdict(outcome) for outcome in outcomes])
    testers = min((os.cpu_count() or 1) + 2, MOST_AT_ONCE)
    side_by_side = [] if options.rest else ["-n", str(testers), *BY_FILE]
    command = [sys.executable, "-m", "pytest", *side_by_side, *made_up, *marks, *options.rest]
    tested = subprocess.run(command, cwd=root).returncode
    return tested or (0 if all(outcome.ok for outcome in outcomes) else 1)


def _checks() -> list[tuple[str, list[str]]]:
    programs = Path(sys.executable).parent
    canut = [sys.executable, "-m", "canut.cli"]
    return [
        ("types", [str(programs / "mypy")]),
        ("code style", [str(programs / "ruff"), "check"]),
        ("code format", [str(programs / "ruff"), "format", "--check"]),
        ("imports point inwards", [str(programs / "lint-imports"), "--no-cache"]),
        ("migrations are whole", [*canut, "migrate", "--unwritten"]),
        ("catalogue is whole", [*canut, "catalogue", "--check"]),
    ]


def _keep_what_is_compiled() -> None:
    """Let the programs that tests start, some hundreds, find their code compiled, whatever others may do.

    It is kept in a folder of our own: an image that forbids to keep it beside the code is heeded.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(environment.machine_folder() / "compiled")


def _all_checked(root: Path) -> list[Outcome]:
    """Run the checks side by side, and beside them what each of those who test would else do for itself.

    The types take longer than all other checks together, on one core.
    """
    with ThreadPoolExecutor(3) as pool:
        types, *others = _checks()
        checked = [pool.submit(_checked, *types, root)]
        prepared = pool.submit(_prepared, root)
        checked += [pool.submit(_checked, *check, root) for check in others]
        prepared.result()
        return [outcome.result() for outcome in checked]


def _prepared(root: Path) -> None:
    """Migrate one database for all who test, and list the tests once, so that all code is compiled.

    What goes wrong here is told by the tests, which do the same.
    """
    with suppress(Failure, subprocess.CalledProcessError):
        servers_for_tests.prepare_the_model()
    listed = [sys.executable, "-m", "pytest", "--collect-only", "-qq"]
    subprocess.run(listed, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _checked(what: str, command: list[str], root: Path) -> Outcome:
    """Run one check; show what it says only if it fails."""
    began = time.monotonic()
    result = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    outcome = Outcome(what, ok=result.returncode == 0, seconds=time.monotonic() - began)
    print(f"{what} ... ok" if outcome.ok else f"{what} ... FAILED\n{result.stdout}", flush=True)
    return outcome


def _find_a_browser() -> None:
    """Install Chromium where we may; elsewhere the browser tests are skipped and say why."""
    apt = shutil.which("apt-get")
    if any(map(shutil.which, CHROMIUM_NAMES)) or apt is None or os.geteuid() != 0:
        return
    print("installing Chromium for the browser tests ...", end=" ", flush=True)
    quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    at_ease = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-q"], env=at_ease, **quietly)  # type: ignore[call-overload]
    command = [apt, "install", "-y", "-q", "--no-install-recommends", *DEBIAN_PACKAGES]
    installed = subprocess.run(command, env=at_ease, **quietly)  # type: ignore[call-overload]
    print("ok" if installed.returncode == 0 else "not possible here", flush=True)
