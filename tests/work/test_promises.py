"""What the database promises about work, each broken once by its name; and that none is without a test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.promises import broken, run
from tests.work import ways_of_work
from tests.work.breaking import KEY, Rows, Way

from canut.work.models import Project

MODULES = [
    import_module(f"tests.work.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("ways_of_*.py"))
    if path.stem != "ways_of_work"
]
"""Every file of ways beside this one; each adds what it needs to the world of `ways_of_work`."""

KEEPS_A_VALUE = {"work_keep_asks_standings"}
"""Functions of triggers that refuse nothing, but keep what another row says. Each has its own test below."""

WAYS = [*ways_of_work.WAYS, *(way for module in MODULES for way in module.WAYS)]


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give a world in which every table of work has a row; what breaks it is undone each time."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = ways_of_work.a_world()
        more = [row for module in MODULES for row in module.more_of(world).items()]
        yield {**world, **dict(more)}
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_breaks_a_promise_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


def test_what_was_handed_in_decided_or_published_is_never_removed(rows: Rows) -> None:
    for table in (
        "work_submission",
        "work_decision",
        "work_settlement",
        "work_projectrefusal",
        "work_cascadebeat",
        "work_admission",
        "work_shownwork",
    ):
        for statement in ("DELETE FROM", "TRUNCATE"):
            with broken(f"{table}_written_once"):
                run(f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
    with broken("work_taskbar_written_once"):  # a single bar can be lifted
        run("TRUNCATE work_taskbar")
    with broken("revision_frozen"):
        run("DELETE FROM work_revision WHERE id = %s", rows["revision"][1])
    for promise, row in (
        ("assignment_of_place", "taken_place"),
        ("submission_of_assignment", "submitted"),
        ("task_revision_of_project", "draft_revision"),
        ("place_of_task", "other_task"),
    ):
        table, row_id = rows[row]
        with broken(promise):
            run("ALTER TABLE work_revision DISABLE TRIGGER USER")
            run(f"DELETE FROM {table} WHERE id = %s", row_id)


def test_a_projects_own_row_tells_whether_it_asks_for_standings(rows: Rows) -> None:
    """The trigger `work_keep_asks_standings`: by it the claim knows that it has to look further."""

    def telling() -> list[tuple[bool, bool]]:
        projects = [rows["asking"][1], rows["draft"][1]]
        found = Project.objects.filter(pk__in=projects).order_by("-pk")
        return list(found.values_list("asks_standings", "is_guarded"))

    with transaction.atomic():
        assert telling() == [(True, True), (False, False)]
        run("DELETE FROM work_requirement WHERE id = %s", rows["asked_guild"][1])
        assert telling() == [(True, True), (False, False)]
        run("UPDATE work_requirement SET project_id = %s", rows["draft"][1])
        assert telling() == [(False, False), (True, True)]
        run("DELETE FROM work_requirement")
        assert telling() == [(False, False), (False, False)]
        transaction.set_rollback(True)


# --- What Django has named: every one that there is -----------------------------------------------

OF_DJANGO = re.compile(r"work_\w+_(check|[0-9a-f]{8}_fk_\w+)")


@dataclass(frozen=True)
class Held:
    """One constraint as the database holds it; `columns` are those of its own table."""

    table: str
    kind: str
    name: str
    columns: tuple[str, ...]


def held_by_the_database() -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, c.contype, c.conname,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
            FROM pg_constraint c
            WHERE c.conrelid::regclass::text LIKE 'work\\_%' AND c.contype NOT IN ('n', 'p') ORDER BY 1, 3
            """
        )
        return [Held(table, kind, name, tuple(columns)) for table, kind, name, columns in cursor.fetchall()]


@pytest.mark.parametrize("kind", ["c", "f"], ids=["numbers not negative", "foreign keys"])
def test_each_promise_that_a_field_brings_along_is_kept(rows: Rows, kind: str) -> None:
    by_table = dict(reversed(rows.values()))
    by_table["work_task"] = rows["uploaded_task"][1]
    everything = held_by_the_database()
    tried = [one for one in everything if OF_DJANGO.fullmatch(one.name) and one.kind == kind]
    assert len(tried) > 15
    for one in tried:
        (column,) = one.columns
        alone = f"""DO $$ DECLARE c record; BEGIN
            ALTER TABLE {one.table} DISABLE TRIGGER USER;
            FOR c IN SELECT conrelid::regclass AS own, conname FROM pg_constraint
                     WHERE '{one.table}'::regclass IN (conrelid, confrelid) AND contype IN ('c', 'f')
                       AND conname <> '{one.name}'
            LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.own, c.conname); END LOOP;
            END $$"""
        with broken(one.name):
            run(alone)
            where = f"WHERE {KEY.get(one.table, 'id')} = {by_table[one.table]}"
            run(f'UPDATE {one.table} SET "{column}" = -1 {where}')


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    named = {one.name for one in held_by_the_database() if not OF_DJANGO.fullmatch(one.name)}
    with connection.cursor() as cursor:
        cursor.execute(
            r"""SELECT indexname FROM pg_indexes WHERE tablename LIKE 'work\_%'
                AND indexdef LIKE 'CREATE UNIQUE%' AND indexname NOT LIKE '%\_pkey'"""
        )
        named |= {name for (name,) in cursor.fetchall()}
        cursor.execute(
            r"""SELECT t.relname, p.proname, p.prosrc FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
                JOIN pg_proc p ON p.oid = g.tgfoid WHERE NOT g.tgisinternal AND t.relname LIKE 'work\_%'"""
        )
        triggers = cursor.fetchall()
    for table, function, source in triggers:
        said = set(re.findall(r"(?:THEN|:=|CONSTRAINT =)\s+'(\w+)'", source))
        if function == "kernel_written_once":
            said = {f"{table}_written_once"}
        if function in KEEPS_A_VALUE:
            assert not said
            continue
        assert said, f"{function} on {table} refuses nothing by name"
        named |= said
    assert named == {way.promise for way in WAYS}
