"""Breaking a promise of the database on purpose: one row changed, or one added like another."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from tests.promises import broken, run

Rows = Mapping[str, tuple[str, int | str]]
"""The rows of a small world by their names here: each one's table and id."""

KEY = {
    "work_workerchoice": "worker_id",
    "work_draft": "assignment_id",
    "work_withdrawal": "project_id",
    "work_topupcontest": "top_up_id",
    "work_admission": "assignment_id",
    "work_brokenreport": "assignment_id",
    "work_brokencontest": "report_id",
    "work_cascadetally": "project_id",
    "work_newsturn": "worker_id",
    "work_taskaudience": "task_id",
    "guilds_guild": "party_id",
    "guilds_reviewproject": "project_id",
    "membership_lot": "number",
}
"""The primary keys that are called otherwise than `id`."""


@dataclass(frozen=True)
class Way:
    """One way to break a promise: change a row, or add a copy of it in which something differs.

    `columns` holds SQL; other rows' ids stand in braces. `without` puts aside promises of the table
    that would speak up first, because whatever breaks this one breaks those too.
    """

    promise: str
    row: str
    columns: Mapping[str, str]
    adds: bool
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.promise}-{self.row}-{'-'.join(self.columns)}"

    def go(self, rows: Rows) -> None:
        table, row_id = rows[self.row]
        ids = {name: row[1] for name, row in rows.items()}
        changed = {name: sql.format(**ids) for name, sql in self.columns.items()}
        where = f"WHERE {KEY.get(table, 'id')} = {row_id}"
        with broken(self.promise):
            for other in self.without:
                run(f"ALTER TABLE {table} DROP CONSTRAINT {other} CASCADE")
            if self.adds:
                kept = {name: f'"{name}"' for name in columns_of(table) if name not in ("id", KEY.get(table))}
                values = kept | changed
                names = ", ".join(f'"{name}"' for name in values)
                run(f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM {table} {where}")
            else:
                run(f"UPDATE {table} SET {', '.join(f'{n} = {v}' for n, v in changed.items())} {where}")


def changing(promise: str, row: str, *, without: tuple[str, ...] = (), **columns: str) -> Way:
    return Way(promise, row, columns, adds=False, without=without)


def adding(promise: str, like: str, *, without: tuple[str, ...] = (), **columns: str) -> Way:
    return Way(promise, like, columns, adds=True, without=without)


def columns_of(table: str) -> list[str]:
    """Return the columns that can be written: not those which the database keeps itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
               AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]
