"""What tests of the API share: the cast with keys, and a place of their own for files."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.api.scenarios.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def _own_files(uploads: Path) -> None:
    """Nothing that a test uploads stays."""


@pytest.fixture(autouse=True)
def _own_name(settings: Settings) -> None:
    """A situation may give the site another name: it has its own again afterwards."""
    settings.SITE_URL = str(settings.SITE_URL)
