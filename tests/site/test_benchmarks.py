"""The benchmarks run on a small site: what measures is code too, and falls behind what it measures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from canut.cli import environment

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("what", "line", "least"),
    [("feed", r"\| (unrated|any|\w+ standing)", 20), ("cascade", r"\| (a beat|minding|after)", 6)],
)
def test_what_a_site_does_is_measured_on_a_small_one(
    tmp_path_factory: pytest.TempPathFactory, what: str, line: str, least: int
) -> None:
    home = tmp_path_factory.mktemp("b")
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings |= {"CANUT_MODE": "demo", "CANUT_HOME": str(home), "PYTHONPATH": str(environment.CHECKOUT)}
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            f"benchmarks.{what}.run",
            "--quick",
            "--calls=2",
            f"--write={home / 'table.md'}",
        ],
        env=surroundings,
        cwd=environment.CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    lines = Path(home / "table.md").read_text().splitlines()
    assert len([one for one in lines if re.match(line, one)]) > least
