"""How the lab's pictures look, and writing them to files.

matplotlib is loaded only where something is drawn.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOK: dict[Any, Any] = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "axes.axisbelow": True,
    "svg.hashsalt": "canut lab boomerang",  # the same figures give the same file
    "svg.fonttype": "none",  # words stay words, for those who have a picture read to them
}


def write_pictures(figures: Iterator[tuple[str, str, "Figure"]], folder: Path) -> list[Path]:
    """Write pictures, each with its name and title, into a folder that is there, and return the files."""
    import matplotlib as mpl

    written: list[Path] = []
    with mpl.rc_context(LOOK):
        for name, title, figure in figures:
            figure.suptitle(title, fontsize=13)
            for kind, facts in (("png", {"Title": title}), ("svg", {"Title": title, "Date": None})):
                path = folder / f"{name}.{kind}"
                figure.savefig(path, dpi=130, metadata=facts)
                written.append(path)
    return written
