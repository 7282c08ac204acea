"""What use cases leave for later is known to the runner, and nothing else is."""

import re
from pathlib import Path

from procrastinate.contrib.django import app

import canut
import canut.jobs.tasks  # declares the jobs

SOURCE = Path(canut.__file__).parent
LATER = re.compile(r"\blater(?:_in)?\(\s*(?:\w+,\s*)?\"([a-z_.]+)\"")


def test_every_name_used_in_later_is_declared_and_every_declared_name_is_used() -> None:
    used = {name for path in SOURCE.rglob("*.py") for name in LATER.findall(path.read_text())}
    declared = {
        name for name in app.tasks if not name.startswith(("sweep.", "jobs.", "procrastinate.", "builtin:"))
    }
    assert used == declared
    assert len(used) >= 10
