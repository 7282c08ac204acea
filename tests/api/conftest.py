"""What tests of the API share: the cast with keys, and a place of their own for files."""

from pathlib import Path

import pytest
from tests.api.scenarios.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def _own_files(uploads: Path) -> None:
    """Nothing that a test uploads stays."""
