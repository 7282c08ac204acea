"""The standards' own test data, which lies outside the repository."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def standards() -> Callable[[str], Any]:
    """Read a file of the standards' data (JSON as its value, else text), or skip the test with the reason."""
    folder = Path(os.environ.get("CANUT_SHARED_DATA") or ROOT.parent / "shared" / "data") / "standards"

    def read(name: str) -> Any:
        path = folder / name
        if not path.exists():
            pytest.skip(
                f"no data of the standards: {path} is absent (CANUT_SHARED_DATA names another folder)"
            )
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if name.endswith(".json") else text.strip()

    return read
