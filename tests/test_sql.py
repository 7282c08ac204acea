"""A room's SQL files name its own tables, the record of events, and views of the rooms below (DESIGN 1)."""

import re
import tomllib
from pathlib import Path

import pytest
from django.db import connection

import canut

SOURCE = Path(canut.__file__).parent
OF_ALL = {"kernel_event", "kernel_now"}
"""Every room may record what happened, and asks the one clock."""

PUBLISHED = {"reputation_toward"}
"""Functions that rooms above may call as they may read a view: what a standing is by the first scope."""

FILES = sorted(SOURCE.glob("**/*.sql"))


def below(room: str) -> set[str]:
    """Return the rooms under this one, as the import contract has them."""
    contracts = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())
    layers = [
        re.findall(r"canut\.(\w+)", layer)
        for layer in contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    ]
    level = next(number for number, rooms in enumerate(layers) if room in rooms)
    return {name for rooms in layers[level + 1 :] for name in rooms}


def everything_named() -> dict[str, str]:
    """Return all that the database calls by a name of ours: tables, views, functions, and which it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL
            SELECT proname, 'function' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            """
        )
        return dict(cursor.fetchall())


def foreign(room: str, text: str, named: dict[str, str]) -> set[str]:
    """Return what this text of a room names and may not."""
    said = set(re.findall(r"\w+", re.sub(r"--.*|/\*.*?\*/", "", text)))
    return {
        name
        for name in said & set(named)
        if not name.startswith(f"{room}_")
        and name not in OF_ALL | PUBLISHED
        and not (named[name] == "view" and name.endswith("_v") and name.split("_")[0] in below(room))
    }


@pytest.mark.django_db
def test_no_sql_file_reaches_into_another_room() -> None:
    named = everything_named()
    assert len(FILES) >= 6
    reached = {
        str(path.relative_to(SOURCE)): foreign(path.relative_to(SOURCE).parts[0], path.read_text(), named)
        for path in FILES
    }
    assert {path: names for path, names in reached.items() if names} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("room", "text", "found"),
    [
        (
            "work",
            "SELECT 1 FROM people_person JOIN ledger_account ON true",
            {"people_person", "ledger_account"},
        ),
        ("work", "SELECT pg_sleep(1) FROM people_key_v, kernel_event -- people_person", set()),
        ("ledger", "SELECT 1 FROM work_task, people_worker_v", {"work_task"}),
        ("kernel", "SELECT 1 FROM people_worker_v", {"people_worker_v"}),
        ("work", "SELECT kernel_now(), ledger_keep_totals()", {"ledger_keep_totals"}),
    ],
)
def test_what_reaches_too_far_is_found(room: str, text: str, found: set[str]) -> None:
    assert foreign(room, text, everything_named()) == found
