"""The letters in which guilds draw: matplotlib brings them along (DejaVu), and is not loaded for them."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"


@cache
def font_file(name: str) -> Path:
    """Return where a font lies."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / name
