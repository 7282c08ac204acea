"""Research data for the tests that want real people's answers."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def research() -> Callable[[str], list[dict[str, str]]]:
    """Read a CSV file of the research data, or skip the test with the reason."""
    folder = Path(os.environ.get("CANUT_SHARED_DATA") or ROOT.parent / "shared" / "data")

    def read(name: str) -> list[dict[str, str]]:
        path = folder / name
        if not path.exists():
            pytest.skip(f"no research data: {path} is absent (CANUT_SHARED_DATA names another folder)")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
