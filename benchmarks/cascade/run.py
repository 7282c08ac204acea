"""Measure a beat of the cascade, and the hot path before and after it; `canut bench cascade` calls this.

Method, also in benchmarks/README.md: the site that the feed is measured on. A beat of all its projects is
undone after each run. The hot statement is compared with the one of the commit before the cascade, in turns,
on one connection and the same rows.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

AIM_SECONDS = 5
BEFORE = "50f13c1~1"
"""The commit whose hot statement is compared: the last one without a cascade."""
HOT = Path("src/canut/work/hot")
BRIN = {
    "assignment_taken_when": "work_assignment USING brin (taken_at) WITH (autosummarize=on)",
    "submission_handed_in_when": "work_submission USING brin (submitted_at) WITH (autosummarize=on)",
}


@dataclass(frozen=True)
class Line:
    """One run over all projects: seconds by the clock, and of processor time of Python and PostgreSQL."""

    what: str
    projects: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Ratio:
    """How long calls take compared with those of another kind: the median of ratios, and its interval."""

    what: str
    pairs: int
    middle: float
    low: float
    high: float


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure a beat of the cascade.")
    parser.add_argument("--quick", action="store_true", help="A small site: shows that it runs.")
    parser.add_argument("--keep", action="store_true", help="Measure the site of the last run again.")
    parser.add_argument("--calls", type=int, default=100, help="Calls of the hot statement in each turn.")
    parser.add_argument("--write", type=Path, help="Write the table here too.")
    options = parser.parse_args()
    home = Path(os.environ["CANUT_HOME"])
    is_kept = options.keep and (home / "filled").exists()
    if not is_kept:
        shutil.rmtree(home, ignore_errors=True)
    from canut.cli.sites import database, set_up_django

    with database(may_be_new=True):
        set_up_django()
        from benchmarks.feed import ground
        from canut.cli import prepare

        size = ground.QUICK if options.quick else ground.Size()
        prepare.migrate()
        if not is_kept:
            began = time.monotonic()
            ground.filled(size)
            (home / "filled").write_text(f"{time.monotonic() - began:.0f}")
        lines = measure_beats()
        ratios = measure_hot_path(pairs=6 if options.quick else 40, calls=options.calls)
    text = table(lines, ratios, size)
    print(text)
    if options.write:
        options.write.write_text(text)
    too_slow = any(line.seconds > AIM_SECONDS for line in lines)
    return 1 if too_slow and not options.quick else 0


# --- Beats ---


def measure_beats() -> list[Line]:
    from django.db import connection

    from canut.kernel.clock import now
    from canut.work.models import Project
    from canut.work.queries.cascading import nobody_stands
    from canut.work.usecases.move_cascades import mind_cascades, move_cascades

    _spread_work_over_the_year()
    at = now()
    beat = timedelta(minutes=5)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE work_project SET cascade_policy = (ARRAY['ladder', 'throughput', 'share'])[1 + id %% 3],
               cascade_started_at = %s, cascade_beat_at = %s, cascade_next_at = %s
               WHERE threshold IS NOT NULL""",
            [at - 2 * beat, at - beat, at],
        )
        cursor.execute("VACUUM ANALYZE work_project")
    thresholds = Project.objects.filter(threshold__isnull=False).values_list("pk", "threshold")
    running = {pk: threshold for pk, threshold in thresholds if threshold is not None}
    lines = []
    with _undone():  # the ground's thresholds are drawn: where nobody stands there, they fall first
        mind_cascades(at=at)
        for what, run in (
            ("a beat of all, a third by each policy", lambda: move_cascades(at=at)),
            ("minding all, between beats", lambda: mind_cascades(at=at)),
        ):
            for _again in range(3):
                with _undone():
                    lines.append(_timed(what, len(running), run))
    lines.append(
        _timed("who stands at the threshold, alone", len(running), lambda: nobody_stands(running, at=at))
    )
    return lines


def _spread_work_over_the_year() -> None:
    """Let work have been taken a minute before it was handed in: most people are not active by now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE work_assignment SET taken_at = submitted_at - interval '1 minute'"
            " WHERE submitted_at < taken_at - interval '1 day'"
        )
        changed = cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
        if changed:
            cursor.execute("VACUUM ANALYZE work_assignment")


@contextmanager
def _undone() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _timed(what: str, projects: int, run: Callable[[], object]) -> Line:
    clock, cpu = time.monotonic(), _cpu_seconds()
    run()
    return Line(what, projects, time.monotonic() - clock, _cpu_seconds() - cpu)


def _cpu_seconds() -> float:
    """Return the processor time of this process and of its PostgreSQL process so far."""
    return _backend_seconds() + time.process_time()


def _backend_seconds() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    nanoseconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return nanoseconds / 1e9


# --- The hot path ---


def measure_hot_path(*, pairs: int, calls: int) -> list[Ratio]:
    """Compare the hot statement with the one before the cascade, and with itself where a cascade runs."""
    from benchmarks.hot_path import ground
    from canut.kernel.clock import now
    from canut.work.hot.statements import SUBMIT_AND_NEXT
    from canut.work.models import Project

    worker = ground.workers(1)[0]
    enough = 4 * pairs * calls + 2_000
    project, opening = ground.a_project(enough), ground.a_project(enough // 2)
    at = now()
    Project.objects.filter(pk=opening.pk).update(
        threshold="1.99",
        cascade_beat=3,
        cascade_started_at=at,
        cascade_beat_at=at,
        cascade_next_at=at + timedelta(days=1),
    )
    before = _statement_before()
    _let_the_statement_before_be_planned()
    hands = {one.pk: _taken(worker, one) for one in (project, opening)}

    def turn(statement: str, of: Any) -> float:
        return _turn(statement, worker.pk, hands, of.pk, calls)

    def alone() -> float:
        with _without_brin():
            return turn(before, project)

    turn(SUBMIT_AND_NEXT, project)
    turn(before, project)
    return [
        _ratio("after to before, no cascade runs", pairs, lambda: turn(SUBMIT_AND_NEXT, project), alone),
        _ratio(
            "in a running cascade to none",
            pairs // 2,
            lambda: turn(SUBMIT_AND_NEXT, opening),
            lambda: turn(SUBMIT_AND_NEXT, project),
        ),
        _ratio(
            "the statement before to itself: the noise",
            pairs // 2,
            lambda: turn(before, project),
            lambda: turn(before, project),
        ),
    ]


def _ratio(what: str, pairs: int, one: Callable[[], float], other: Callable[[], float]) -> Ratio:
    """Measure both in turns, each first half of the time, and return the median of the pairs' ratios.

    The interval holds the true median with 95 %, whatever the ratios' distribution: between two of them in
    their order, by the binomial distribution.
    """
    ratios = []
    for pair in range(pairs):
        if pair % 2:
            second = other()
            first = one()
        else:
            first = one()
            second = other()
        ratios.append(first / second)
    ratios.sort()
    outer = max(0, int((pairs - 1.96 * pairs**0.5) / 2) - 1)
    return Ratio(what, pairs, median(ratios), ratios[outer], ratios[-1 - outer])


def _turn(
    statement: str, worker_id: int, hands: dict[int, tuple[int, int]], project_id: int, calls: int
) -> float:
    """Hand in and take the next one so often; return the processor time of PostgreSQL that it took.

    Where other programs run, that is nearer to the truth than the clock.
    """
    import psycopg
    from django.db import connection

    from canut.work.hot.statements import RANKS

    given = {
        "key_hash": None,
        "worker_id": worker_id,
        "answer": json.dumps({"label": "cat"}),
        "active_seconds": 30,
        "measured_seconds": 30,
        "next": True,
        "cap": 8,
        "unrated": "1.99",
    }
    before = _backend_seconds()
    with psycopg.Cursor(connection.connection) as cursor:
        for _call in range(calls):
            assignment_id, revision_id = hands[project_id]
            # From the queue's lower half, where there is always one behind the point
            mine = {"start": random.randrange(RANKS // 2), "seed": random.randrange(RANKS)}  # noqa: S311
            mine |= {"assignment_id": assignment_id, "revision_id": revision_id}
            row = cursor.execute(statement, given | mine, prepare=True).fetchone()
            if row is None or row[4] is None:
                raise SystemExit(f"project {project_id} gave no next task")
            hands[project_id] = (row[4], row[6])
    return _backend_seconds() - before


def _taken(worker: Any, project: Any) -> tuple[int, int]:
    from canut.kernel.clock import now
    from canut.work.usecases.take_task import take_task

    held = take_task(by=worker, project_id=project.pk, at=now())
    return held.pk, held.revision_id


def _statement_before() -> str:
    """Return the hot statement as it was before the cascade, out of the repository's history.

    A checkout without its history has none: then today's is compared with itself.
    """
    parts = {}
    for name in ("submit_and_next", "claim", "chosen_next"):
        shown = subprocess.run(
            ["git", "show", f"{BEFORE}:{HOT / name}.sql"], capture_output=True, text=True, check=False
        )
        if shown.returncode:
            from canut.work.hot.statements import SUBMIT_AND_NEXT

            print(f"There is no {BEFORE} here to compare with.", file=sys.stderr)
            return SUBMIT_AND_NEXT
        parts[name] = shown.stdout.strip()
    whole = parts["submit_and_next"].replace("{claim}", parts["claim"])
    whole = whole.replace("{chosen}", parts["chosen_next"])
    return " ".join(re.sub(r"--.*", "", whole).split())


def _let_the_statement_before_be_planned() -> None:
    """Give the function back that it names, as it was; a project that nothing guards never calls it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE OR REPLACE FUNCTION work_may_enter(project bigint, worker bigint, at timestamptz)
               RETURNS boolean LANGUAGE sql STABLE AS 'SELECT work_meets_terms(project, worker, at)'"""
        )


@contextmanager
def _without_brin() -> Iterator[None]:
    """Take the cascade's two indexes away for a while, as they were not there before."""
    from django.db import connection

    with connection.cursor() as cursor:
        for name in BRIN:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, on in BRIN.items():
                cursor.execute(f"CREATE INDEX {name} ON {on}")


def table(lines: list[Line], ratios: list[Ratio], size: Any) -> str:
    """Return the tables as Markdown."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    rows = [
        f"The cascade: {size.workers:,} workers, {size.ratings:,} ratings, {size.projects:,} open projects; "
        f"{os.cpu_count()} cores, load {load}. The aim is {AIM_SECONDS} s for a beat.",
        "",
        "| run | projects | seconds | CPU seconds |",
        "|---|---:|---:|---:|",
    ]
    rows += [
        f"| {line.what} | {line.projects:,} | {line.seconds:.2f} | {line.cpu_seconds:.2f} |" for line in lines
    ]
    rows += ["", "| the hot statement | pairs | median ratio | 95 % interval |", "|---|---:|---:|---|"]
    rows += [
        f"| {one.what} | {one.pairs} | {one.middle:.3f} | {one.low:.3f} to {one.high:.3f} |" for one in ratios
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
