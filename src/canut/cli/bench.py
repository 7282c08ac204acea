"""`canut bench`: measure the hot path, the feed or a beat of the cascade here, and print its table."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from canut.cli import environment
from canut.cli.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[3]
PROGRAMS = {
    "hot-path": "benchmarks.hot_path.run",
    "feed": "benchmarks.feed.run",
    "cascade": "benchmarks.cascade.run",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=list(PROGRAMS), default="hot-path", help="Default: %(default)s."
    )
    parser.add_argument(
        "--tasks", type=int, default=100_000, help="The hot path: open places (default: %(default)s)."
    )
    parser.add_argument(
        "--seconds", type=float, default=10, help="The hot path: how long each line (default: %(default)s)."
    )
    parser.add_argument(
        "--calls",
        type=int,
        default=100,
        help="The feed, the cascade: how many calls a line (default: %(default)s).",
    )
    parser.add_argument(
        "--quick", action="store_true", help="The feed, the cascade: a small site, to see that it runs."
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="The feed, the cascade: measure the site of the last run of either again.",
    )
    parser.add_argument("--write", type=Path, help="Write the table to this file too.")


def run(options: argparse.Namespace) -> int:
    if not (CHECKOUT / "benchmarks" / "hot_path" / "run.py").exists():
        raise Failure("The benchmarks are in Canut's repository; clone it and run `./canut bench` there.")
    words = {
        "hot-path": [f"--tasks={options.tasks}", f"--seconds={options.seconds}"],
        "cascade": [f"--calls={options.calls}", *(["--quick"] * options.quick), *(["--keep"] * options.keep)],
        "feed": [f"--calls={options.calls}", *(["--quick"] * options.quick), *(["--keep"] * options.keep)],
    }[options.what]
    if options.write:
        words.append(f"--write={options.write.absolute()}")
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    # The cascade is measured on the feed's site
    home = "bench" if options.what == "hot-path" else "bench-feed"
    surroundings |= {
        "CANUT_MODE": "demo",
        "CANUT_HOME": str(environment.machine_folder() / home),
        "PYTHONPATH": str(CHECKOUT),
    }
    return subprocess.call(
        [sys.executable, "-m", PROGRAMS[options.what], *words], env=surroundings, cwd=CHECKOUT
    )
