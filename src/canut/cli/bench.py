"""`canut bench`: measure the hot path on this machine, and print its table."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from canut.cli import environment
from canut.cli.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tasks", type=int, default=100_000, help="Open places (default: %(default)s).")
    parser.add_argument(
        "--seconds", type=float, default=10, help="How long each line (default: %(default)s)."
    )
    parser.add_argument("--write", type=Path, help="Write the table to this file too.")


def run(options: argparse.Namespace) -> int:
    if not (CHECKOUT / "benchmarks" / "hot_path" / "run.py").exists():
        raise Failure("The benchmarks are in Canut's repository; clone it and run `./canut bench` there.")
    words = [f"--tasks={options.tasks}", f"--seconds={options.seconds}"]
    if options.write:
        words.append(f"--write={options.write.absolute()}")
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings |= {
        "CANUT_MODE": "demo",
        "CANUT_HOME": str(environment.machine_folder() / "bench"),
        "PYTHONPATH": str(CHECKOUT),
    }
    return subprocess.call(
        [sys.executable, "-m", "benchmarks.hot_path.run", *words], env=surroundings, cwd=CHECKOUT
    )
