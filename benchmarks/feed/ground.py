"""The site that is measured: a whole country's workers, ratings and open projects, made in plain SQL.

One project, its tasks, a worker and what they did are made by the use cases, as on any site. Everything
else is copies of these rows with other values, written with PostgreSQL's triggers and foreign keys asleep
(`session_replication_role`), for five million ratings would otherwise take hours; CHECK and UNIQUE
constraints stay awake. Afterwards every foreign key of the tables is looked up, and standings and sums
that SQL made are compared with what the rules make of the same ratings.
"""

# ruff: noqa: S608 (what stands in these statements is our own)

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from benchmarks.hot_path import ground as small
from canut.kernel.clock import now
from canut.people.models import Person
from canut.reputation.models import RequesterRecord, RequesterRegard, Standing
from canut.reputation.queries import standing_of
from canut.work.models import Assignment, Project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

REQUESTERS, WORKERS, OPEN, CLOSED = 10_000_000, 20_000_000, 30_000_000, 40_000_000
"""From where the ids of each kind of row count, so that a row says what it is."""
ANSWERS_A_TASK = 10
FILLED = (
    "people_party",
    "people_person",
    "people_consent",
    "people_listing",
    "work_workerchoice",
    "work_projectgroup",
    "work_project",
    "work_revision",
    "work_task",
    "work_place",
    "work_assignment",
    "reputation_rating",
    "reputation_regard",
    "reputation_requesterregard",
    "reputation_requesterrecord",
    "reputation_standing",
)


@dataclass(frozen=True)
class Size:
    """How much is made. Half of the ratings are of workers, half of requesters, about the same work."""

    workers: int = 600_000
    ratings: int = 5_000_000
    projects: int = 10_000
    places: int = 100
    requesters: int = 2_500


QUICK = Size(workers=600, ratings=4_000, projects=200, places=20, requesters=50)


def filled(size: Size) -> None:
    """Fill an empty site."""
    first = _by_the_use_cases()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT setseed(0.5)")
        given = {
            "assignment": first.pk,
            "worker": first.worker_id,
            "project": first.project_id,
            "owner": Project.objects.get(pk=first.project_id).owner_id,
            "workers": size.workers,
            "requesters": size.requesters,
            "projects": size.projects,
            "open_tasks": size.places // ANSWERS_A_TASK,
            "answers": size.ratings // 2,
        }
        for table, statement in _steps():
            with _without_indexes(cursor, table):
                cursor.execute(statement, given)
        for table in ("work_assignment", "reputation_rating", "work_place", "work_task"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("RESET work_mem; RESET maintenance_work_mem; RESET synchronous_commit")
        cursor.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")
    _refuse_orphans()
    _compare_with_the_rules()


def _by_the_use_cases() -> Assignment:
    """Make one of each row as the site does, and return an assignment that was handed in."""
    project = small.a_project(20)
    Project.objects.filter(pk=project.pk).update(threshold=None, cascade_next_at=None)
    RequesterRecord.objects.get_or_create(owner_id=project.owner_id)
    worker = small.workers(1)[0]
    taken = take_task(by=worker, project_id=project.pk, at=now())
    submit_answer(
        assignment_id=taken.pk,
        by=worker,
        answer={"label": "cat"},
        active_seconds=60,
        measured_seconds=60,
        at=now(),
        revision_id=taken.revision_id,
        want_next=False,
    )
    taken.refresh_from_db()
    return taken


def _like(table: str, rows: str, **changed: str) -> tuple[str, str]:
    """Return SQL that adds, for each of `rows`, one like its `first`, but for what is changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    values = {name: f"first.{name}" for name in columns if name != "id"} | changed
    names = ", ".join(f'"{name}"' for name in values)
    given = ", ".join(values.values())
    return table, f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {given} FROM {rows}"


def _steps() -> Iterator[tuple[str, str]]:
    yield from _people()
    yield from _projects()
    yield from _history()
    yield from _judgements()


def _people() -> Iterator[tuple[str, str]]:
    for base, count, whose in ((REQUESTERS, "requesters", "owner"), (WORKERS, "workers", "worker")):
        people = f"generate_series(1, %({count})s) n"
        yield _like(
            "people_party",
            f"people_party first, {people} WHERE first.id = %({whose})s",
            id=f"{base} + n",
            screen_name=f"'Bench {whose} ' || n",
        )
        yield _like(
            "people_person",
            f"people_person first, {people} WHERE first.id = %({whose})s",
            id=f"{base} + n",
            party_id=f"{base} + n",
            username=f"'bench-{whose}-x' || n",
            email=f"'bench-{whose}-x' || n || '@bench.invalid'",
        )
        yield _like(
            "people_consent",
            f"people_consent first, {people} WHERE first.person_id = %({whose})s",
            person_id=f"{base} + n",
        )


# Of twenty open projects: nine wait for the best rated, six for standings of 2, three for unrated workers,
# one for all but the worst, and one is open to everybody. So a low standing finds almost all closed.
THRESHOLD = """CASE WHEN n %% 20 < 9 THEN 3.0 WHEN n %% 20 < 15 THEN 2.0
                    WHEN n %% 20 < 18 THEN 1.99 WHEN n %% 20 < 19 THEN 1.0 END"""


def _projects() -> Iterator[tuple[str, str]]:
    for base in (OPEN, CLOSED):
        yield (
            "work_projectgroup",
            f"INSERT INTO work_projectgroup (id) OVERRIDING SYSTEM VALUE"
            f" SELECT {base} + n FROM generate_series(1, %(projects)s) n",
        )
        is_open = base == OPEN
        threshold = THRESHOLD if is_open else "NULL::numeric"
        yield _like(
            "work_project",
            f"""work_project first, generate_series(1, %(projects)s) n,
                LATERAL (SELECT {threshold} AS threshold, power(random(), 1.5) AS owner, random() AS age,
                                random() AS kind, random() AS tongue, random() AS risk, random() AS device
                         OFFSET n * 0) x
                WHERE first.id = %(project)s""",
            id=f"{base} + n",
            group_id=f"{base} + n",
            owner_id=f"{REQUESTERS} + 1 + floor(%(requesters)s * x.owner)::int",
            title="'Which of these two pictures shows what the sentence says? Number ' || n",
            description="repeat('Two pictures and a sentence are shown; choose the picture. ', 8)",
            state="'live'" if is_open else "'closed'",
            closed_at="NULL" if is_open else "first.published_at",
            published_at="first.published_at - x.age * interval '60 days'",
            kind="CASE WHEN x.kind < 0.05 THEN 'volunteer' ELSE 'paid' END",
            language="CASE WHEN x.tongue < 0.5 THEN '' WHEN x.tongue < 0.75 THEN 'en'"
            " WHEN x.tongue < 0.95 THEN 'fr' ELSE 'bm' END",
            device="CASE WHEN x.device < 0.7 THEN 'any' WHEN x.device < 0.9 THEN 'computer' ELSE 'phone' END",
            risks="CASE WHEN x.risk < 0.05 THEN ARRAY['hate']::varchar[] ELSE '{}' END",
            allowed_only="x.risk > 0.95",
            threshold="x.threshold",
            cascade_beat="CASE WHEN x.threshold IS NULL THEN 0 ELSE 1 + n %% 3 END",
            cascade_started_at="CASE WHEN x.threshold IS NULL THEN NULL ELSE first.published_at END",
            cascade_beat_at="CASE WHEN x.threshold IS NULL THEN NULL ELSE first.published_at END",
            cascade_next_at="CASE WHEN x.threshold IS NULL THEN NULL"
            " ELSE first.published_at + interval '300 seconds' END",
        )
        yield _like(
            "work_revision",
            f"""work_revision first, work_project p
                WHERE first.project_id = %(project)s AND p.id > {base} AND p.id <= {base} + %(projects)s""",
            id="p.id",
            project_id="p.id",
            expected_seconds="30 + p.id %% 7 * 60",
            reward_minor="CASE WHEN p.kind = 'volunteer' THEN 0"
            " ELSE (30 + p.id %% 7 * 60) * (10 + p.id %% 13) / 36 END",
            answers_per_task=f"{ANSWERS_A_TASK}",
        )
    yield (
        "people_listing",
        f"""INSERT INTO people_listing (owner_id, person_id, kind, reason, told, created_at)
            SELECT {REQUESTERS} + 1 + floor(%(requesters)s * random())::int,
                   {WORKERS} + 1 + floor(%(workers)s * random() * random())::int,
                   CASE WHEN random() < 0.5 THEN 'block' ELSE 'allow' END, '', '', now()
            FROM generate_series(1, %(workers)s / 10) ON CONFLICT DO NOTHING""",
    )
    yield (
        "work_workerchoice",
        f"""INSERT INTO work_workerchoice (worker_id, feed_order, accepted_risks, takes_next)
            SELECT {WORKERS} + n, 'requester',
                   CASE WHEN n %% 5 = 0 THEN ARRAY['hate']::varchar[] ELSE '{{}}' END, true
            FROM generate_series(1, %(workers)s, 3) n""",
    )


def _history() -> Iterator[tuple[str, str]]:
    """What was done so far, four tenths of it in projects that are open, and the places that are open."""
    # The first worker did the most: a few have done thousands of tasks, most a handful.
    drawn = f"""(SELECT n, {WORKERS} + 1 + floor(%(workers)s * power(random(), 2))::int AS worker,
                       CASE WHEN n %% 5 < 2 THEN {OPEN} ELSE {CLOSED} END
                           + 1 + n / 5 %% %(projects)s AS project,
                       n %% 5 + (n / 5 / %(projects)s) * 5 AS turn
                FROM generate_series(0, %(answers)s - 1) n)"""
    yield (
        "work_task",
        f"""INSERT INTO work_task (project_id, revision_id, position, key, row, shown, answers_wanted)
            SELECT p.id, p.id, n, n::text, '{{}}', '{{}}', {ANSWERS_A_TASK}
            FROM work_project p, generate_series(1,
                 CASE WHEN p.state = 'live' THEN %(open_tasks)s ELSE 0 END
                 + (%(answers)s / %(projects)s / 2 + {ANSWERS_A_TASK}) / {ANSWERS_A_TASK} + 2) n
            WHERE p.id > {OPEN}""",
    )
    yield _like(
        "work_assignment",
        f"""{drawn} d
            JOIN work_task t ON t.project_id = d.project AND t.position
                 = (CASE WHEN d.project < {CLOSED} THEN %(open_tasks)s ELSE 0 END)
                   + 1 + (CASE WHEN d.project < {CLOSED} THEN d.turn / 5 * 2 + d.turn %% 5
                               ELSE d.turn / 5 * 3 + d.turn %% 5 - 2 END) / {ANSWERS_A_TASK},
            work_assignment first WHERE first.id = %(assignment)s
            ON CONFLICT DO NOTHING""",
        project_id="t.project_id",
        revision_id="t.revision_id",
        task_id="t.id",
        place_number=f"1 + (CASE WHEN d.project < {CLOSED} THEN d.turn / 5 * 2 + d.turn %% 5"
        f" ELSE d.turn / 5 * 3 + d.turn %% 5 - 2 END) %% {ANSWERS_A_TASK}",
        worker_id="d.worker",
        state="'approved'",
        ended_at="first.submitted_at",
        submitted_at="first.submitted_at - random() * interval '300 days'",
    )
    yield _like(
        "work_place",
        f"""work_assignment a, work_place first
           WHERE a.project_id > {OPEN} AND first.id = (SELECT min(id) FROM work_place
                                                        WHERE project_id = %(project)s)""",
        project_id="a.project_id",
        task_id="a.task_id",
        number="a.place_number",
        state="'taken'",
        rank="NULL",
        for_newcomers="false",
        round_id="NULL",
    )
    # One open project in twenty is full: it is looked at, and has nothing to give.
    yield _like(
        "work_place",
        f"""work_task t JOIN work_project p ON p.id = t.project_id, generate_series(1, {ANSWERS_A_TASK}) n,
            LATERAL (SELECT floor(random() * 2147483646)::int AS rank OFFSET n * 0) drawn, work_place first
            WHERE p.id > {OPEN} AND p.id < {CLOSED} AND p.id %% 21 > 0 AND t.position <= %(open_tasks)s
              AND first.id = (SELECT min(id) FROM work_place WHERE project_id = %(project)s)""",
        project_id="t.project_id",
        task_id="t.id",
        number="n",
        state="'open'",
        for_newcomers="n = 10",
        rank="CASE WHEN n = 10 AND p.threshold IS NOT NULL THEN -drawn.rank - 1 ELSE drawn.rank END",
        round_id="NULL",
    )


def _judgements() -> Iterator[tuple[str, str]]:
    # A tenth of the workers is always rated worst, a tenth always best; requesters likewise.
    judged = """CASE WHEN {who} %% 10 = 0 THEN 1 WHEN {who} %% 10 = 1 THEN 3
                     ELSE 1 + (a.id * 7919 + {who}) %% 3 END"""
    for side, rater, rated in (
        ("worker", "p.owner_id", "a.worker_id"),
        ("requester", "a.worker_id", "p.owner_id"),
    ):
        yield (
            "reputation_rating",
            f"""INSERT INTO reputation_rating
                    (side, rater_id, rated_id, assignment_id, group_id, value, given_at)
                SELECT '{side}', {rater}, {rated}, a.id, p.group_id, {judged.format(who=rated)},
                       a.submitted_at
                FROM work_assignment a JOIN work_project p ON p.id = a.project_id WHERE p.id > {OPEN}""",
        )
    yield (
        "reputation_regard",
        """INSERT INTO reputation_regard (worker_id, requester_id, latest, counts_since)
           SELECT DISTINCT ON (rater_id, rated_id) rater_id, rated_id, value,
                  CASE WHEN rater_id %% 8 > 0 THEN given_at END
           FROM reputation_rating WHERE side = 'requester' AND counts_until IS NULL
           ORDER BY rater_id, rated_id, given_at DESC, id DESC""",
    )
    yield (
        "reputation_requesterregard",
        """INSERT INTO reputation_requesterregard (requester_id, workers, total)
           SELECT requester_id, count(*), sum(latest) FROM reputation_regard
           WHERE counts_since IS NOT NULL GROUP BY requester_id""",
    )
    yield _like(
        "reputation_requesterrecord",
        "reputation_requesterregard g, reputation_requesterrecord first WHERE first.owner_id = %(owner)s",
        owner_id="g.requester_id",
        approved="g.workers",
    )
    mean = "round(sum(value * power({a}::numeric, turn - 1)) / sum(power({a}::numeric, turn - 1)), 2)"
    of_workers = "reputation_rating WHERE side = 'worker' AND counts_until IS NULL"
    for scale, scale_id, factor in (("project_group", "group_id", "0.3"), ("requester", "rater_id", "0.4")):
        yield (
            "reputation_standing",
            f"""INSERT INTO reputation_standing (party_id, scale, scale_id, value, ratings, computed_at)
                SELECT rated_id, '{scale}', {scale_id}, {mean.format(a=factor)}, count(*), now()
                FROM (SELECT rated_id, {scale_id}, value, row_number() OVER (
                          PARTITION BY rated_id, {scale_id} ORDER BY given_at DESC, id DESC) AS turn
                      FROM {of_workers}) counted GROUP BY rated_id, {scale_id}""",
        )
    yield (
        "reputation_standing",
        f"""INSERT INTO reputation_standing (party_id, scale, scale_id, value, ratings, computed_at)
            SELECT rated_id, 'platform', 0, {mean.format(a="0.5")}, count(*), now()
            FROM (SELECT rated_id, value, row_number() OVER (
                      PARTITION BY rated_id ORDER BY given_at DESC, id DESC) AS turn
                  FROM (SELECT DISTINCT ON (rated_id, rater_id) rated_id, value, given_at, id
                        FROM {of_workers}
                        ORDER BY rated_id, rater_id, given_at DESC, id DESC) latest) counted
            GROUP BY rated_id HAVING count(*) >= 2""",
    )


@contextmanager
def _without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Have a table's indexes put aside while it is filled, but for those that keep rows unique."""
    cursor.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
           WHERE indrelid = %s::regclass AND NOT indisunique""",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        cursor.execute(definition)
    cursor.execute(f"ANALYZE {table}")


def _refuse_orphans() -> None:
    """Look every foreign key of the filled tables up, as the triggers that were asleep would have."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
                      string_agg(format('f.%%I = r.%%I', l.attname, t.attname), ' AND ' ORDER BY k.n),
                      string_agg(format('f.%%I IS NOT NULL', l.attname), ' AND ')
               FROM pg_constraint c
               CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (here, there, n)
               JOIN pg_attribute l ON l.attrelid = c.conrelid AND l.attnum = k.here
               JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.there
               WHERE c.contype = 'f' AND c.conrelid = ANY(%s::regclass[]) GROUP BY 1, 2, 3""",
            [list(FILLED)],
        )
        for name, table, other, equal, given in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM {table} f"
                f" WHERE {given} AND NOT EXISTS (SELECT FROM {other} r WHERE {equal})"
            )
            (orphans,) = cursor.fetchone()
            if orphans:
                raise SystemExit(f"{orphans} rows of {table} break {name}")


def _compare_with_the_rules() -> None:
    """Recompute some standings from their ratings by the rules; the site must hold the same."""
    sample = Standing.objects.filter(scale="project_group", scale_id__gt=OPEN).order_by(
        "-ratings", "party_id"
    )
    for row in sample[:20]:
        project = Project.objects.get(pk=row.scale_id)
        found = standing_of(row.party_id, requester_id=project.owner_id, group_id=row.scale_id, at=now())
        if found.value != row.value:
            raise SystemExit(f"the standing of {row.party_id} is {row.value}, by the rules {found.value}")
    if not RequesterRegard.objects.filter(workers__gt=1).exists():
        raise SystemExit("nobody rated any requester")


def kinds_of_worker() -> dict[str, list[Person]]:
    """Return the workers to measure, by what is special about them."""
    asked = {
        "unrated": f"""SELECT id FROM people_person w WHERE id > {WORKERS} AND NOT EXISTS (
                       SELECT FROM reputation_rating r WHERE r.rated_id = w.id) ORDER BY id LIMIT 5""",
        "low standing": """SELECT party_id FROM reputation_standing WHERE scale = 'platform' AND value = 1
                           ORDER BY ratings DESC, party_id LIMIT 5""",
        "high standing": """SELECT party_id FROM reputation_standing WHERE scale = 'platform' AND value = 3
                            ORDER BY ratings DESC, party_id LIMIT 5""",
        "many ratings given": """SELECT worker_id FROM reputation_regard GROUP BY worker_id
                                 ORDER BY count(*) DESC, worker_id LIMIT 5""",
        "any": f"SELECT id FROM people_person WHERE id > {WORKERS} ORDER BY md5(id::text) LIMIT 50",
    }
    found = {}
    for kind, statement in asked.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found[kind] = list(Person.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()]))
    return found
