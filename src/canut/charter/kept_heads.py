"""Signed heads outside the database, in a file of the data folder to which lines are only ever added.

Whoever takes the newest entries out of the database, and their heads with them, leaves a log that agrees
with itself. Against this file it does not. It is no proof against those who own the machine: copies and
witnesses outside are.
"""

import json
import os
from collections.abc import Iterable, Sequence

from django.conf import settings


def kept_heads() -> Sequence[str]:
    """Return the notes that the file holds, in its order; none where no file is kept, or it cannot be read.

    A line that is none, such as one that was cut off when the machine stopped, is passed over.
    """
    if settings.LOG_HEADS is None:
        return ()
    try:
        lines = settings.LOG_HEADS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return [note for line in lines if (note := _note(line))]


def keep_heads(notes: Iterable[str]) -> int:
    """Add the heads that the file does not hold yet, and return how many.

    Raises:
        OSError: the file cannot be written to.
    """
    if settings.LOG_HEADS is None:
        return 0
    held = set(kept_heads())
    new = [note for note in notes if note not in held]
    if new:
        lines = "".join(json.dumps({"head": note}, ensure_ascii=False) + "\n" for note in new)
        settings.LOG_HEADS.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with open(os.open(settings.LOG_HEADS, flags, 0o600), "ab") as file:
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def _note(line: str) -> str:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    note = said.get("head") if isinstance(said, dict) else None
    return note if isinstance(note, str) else ""
