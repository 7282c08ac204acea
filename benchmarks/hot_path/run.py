"""Measure the hot path (DESIGN.md 4) and write its table; `canut bench` calls this.

Method, also in benchmarks/README.md: one run measures everything on one machine, and what is compared
are ratios within the run. A fresh durable database with 100,000 open places; for 1, 10 and 50 workers
first pgbench running the statement itself, then the same cycle over HTTP through the REST address and
through the task page. The driver is a process of its own; its CPU, the server's and PostgreSQL's are
read from the operating system.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CROWDS = (1, 10, 50)
WARM_UP_SECONDS = 3


@dataclass(frozen=True)
class Line:
    """One row of the table. CPU in cores; times in milliseconds, None where pgbench gives none."""

    what: str
    workers: int
    cycles_a_second: float
    p50: float | None
    p95: float | None
    p99: float | None
    driver: float | None
    server: float | None
    postgres: float
    over_assigned: int
    errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the hot path.")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--write", type=Path, help="Write the table here too.")
    options = parser.parse_args()
    home = Path(os.environ["CANUT_HOME"])
    shutil.rmtree(home, ignore_errors=True)
    from canut.cli.sites import database, set_up_django

    with database(may_be_new=True):
        set_up_django()
        lines = measure(options.tasks, options.seconds)
    text = table(lines, tasks=options.tasks, seconds=options.seconds)
    print(text)
    if options.write:
        options.write.write_text(text)
    return 1 if any(line.over_assigned or line.errors for line in lines) else 0


def measure(tasks: int, seconds: float) -> list[Line]:
    from benchmarks.hot_path import ground
    from canut.cli import prepare

    prepare.compile_catalogues()
    prepare.migrate()
    prepare.collect_static_files()
    project = ground.a_project(tasks)
    everybody = ground.workers(max(CROWDS))
    # Tables that have never held a row make bad plans, which would stay for a line and count against it.
    _by_pgbench(project, everybody[:10], WARM_UP_SECONDS)
    ground.analyze()
    lines = []
    for crowd in CROWDS:
        lines.append(_by_pgbench(project, everybody[:crowd], seconds))
    with _served() as (address, server_pid):
        server = f"http://{address[0]}:{address[1]}"
        for crowd in CROWDS:
            hands = [ground.with_key(worker, project) for worker in everybody[:crowd]]
            lines.append(_by_http("program", address, server_pid, hands, seconds))
        for crowd in CROWDS[:2]:
            hands = [ground.signed_in(worker, project, server) for worker in everybody[:crowd]]
            lines.append(_by_http("page", address, server_pid, hands, seconds))
    return lines


def _by_pgbench(project: Any, crowd: list[Any], seconds: float) -> Line:
    from benchmarks.hot_path import ground
    from canut.cli.postgres_tools import client_program, connection_environment

    script = Path(os.environ["CANUT_HOME"]) / "hot_path.pgbench"
    script.write_text(_pgbench_script(project.pk, [worker.pk for worker in crowd]))
    before = _cpu_of_postgres()
    environment = connection_environment()
    environment["PGOPTIONS"] = "-c plan_cache_mode=force_generic_plan"  # as the site's own connections
    found = subprocess.run(
        [
            *(client_program("pgbench"), "--no-vacuum", "--protocol=prepared"),
            *(f"--client={len(crowd)}", "--jobs=1", f"--time={int(seconds)}", "-D", "held=0"),
            *("-f", str(script)),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=True,
    )
    took = _cpu_of_postgres() - before
    tps = re.search(r"tps = ([\d.]+)", found.stdout)
    if tps is None:
        raise SystemExit(f"pgbench gave no figure:\n{found.stdout}{found.stderr}")
    ground.put_back()
    return Line(
        *("the statement alone (pgbench)", len(crowd), float(tps[1])),
        *(None, None, None, None, None),
        *(took / seconds, ground.over_assigned(), len(re.findall("ERROR", found.stderr))),
    )


def _pgbench_script(project_id: int, workers: list[int]) -> str:
    """Return the hot statement as pgbench runs it: each client one worker, going on with what it got."""
    from canut.work.hot.statements import RANKS, SUBMIT_AND_NEXT, TAKE_TASK
    from canut.work.models import Revision

    revision = Revision.objects.get(project_id=project_id).pk
    values = {
        "key_hash": "NULL",
        "worker_id": ":worker",
        "assignment_id": ":held",
        "revision_id": str(revision),
    }
    values |= {
        "answer": '\'{"label": "cat"}\'',
        "active_seconds": "30",
        "measured_seconds": "30",
        "next": "true",
        "cap": "8",
        "unrated": "1.99",
    }
    values |= {
        "start": ":start",
        "seed": ":seed",
        "project_id": str(project_id),
        "task_id": "NULL",
        "at": "now()",
    }

    def filled(statement: str) -> str:
        return re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement)

    lines = [f"\\set start random(0, {RANKS - 1})", f"\\set seed random(0, {RANKS - 1})", "\\if :held = 0"]
    for number, worker in enumerate(workers):
        lines += [f"\\{'if' if number == 0 else 'elif'} :client_id = {number}", f"\\set worker {worker}"]
    lines += [
        "\\endif",
        filled(TAKE_TASK).replace("SELECT n.id FROM", "SELECT n.id AS held FROM") + " \\gset",
    ]
    hand_in = filled(SUBMIT_AND_NEXT).replace("n.id, n.task_id", "n.id AS held, n.task_id")
    return "\n".join([*lines, "\\endif", hand_in + " \\gset"]) + "\n"


def _by_http(door: str, address: list[Any], server_pid: int, hands: list[Any], seconds: float) -> Line:
    from benchmarks.hot_path import ground

    order = {"address": address, "seconds": seconds, "door": door, "workers": hands}
    server, postgres = _cpu_of_family(server_pid), _cpu_of_postgres()
    driver = subprocess.run(
        [sys.executable, str(HERE / "crowd.py")],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(driver.stdout)
    server, postgres = _cpu_of_family(server_pid) - server, _cpu_of_postgres() - postgres
    for error in figures["errors"][:3]:
        print(f"error: {error}", file=sys.stderr)
    ground.put_back()
    took = figures["seconds"]
    what = {
        "program": "over HTTP, REST: submit and next",
        "page": "over HTTP, page: hand in, read the next page",
    }
    return Line(
        *(what[door], len(hands), figures["cycles"] / took),
        *(figures["p50_ms"], figures["p95_ms"], figures["p99_ms"]),
        *(figures["cpu_seconds"] / took, server / took, postgres / took),
        *(ground.over_assigned(), len(figures["errors"])),
    )


@contextmanager
def _served() -> Iterator[tuple[list[Any], int]]:
    """Have the site served on a free port; yields its address and the server's process id."""
    from canut.cli.children import web_server

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    server = subprocess.Popen(web_server("127.0.0.1", port))
    try:
        for _attempt in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield ["127.0.0.1", port], server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _cpu(pid: int, *, with_dead_children: bool) -> float:
    """Return the CPU seconds of a process, and of those of its children that have ended if asked."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    ticks = sum(int(field) for field in fields[11 : 15 if with_dead_children else 13])
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            found.append(int(folder.name))
    return found


def _cpu_of_family(pid: int) -> float:
    return _cpu(pid, with_dead_children=True) + sum(_cpu_of_family(child) for child in _children(pid))


def _cpu_of_postgres() -> float:
    from canut.cli.sites import postgres_folder

    time.sleep(0.3)  # until backends that have ended are counted with their parent
    return _cpu_of_family(int((postgres_folder() / "data" / "postmaster.pid").read_text().split()[0]))


def table(lines: list[Line], *, tasks: int, seconds: float) -> str:
    """Return the table as Markdown; each ratio is to the statement alone with as many workers."""
    alone = {line.workers: line.cycles_a_second for line in lines if "pgbench" in line.what}
    rows = [
        f"The hot path: {tasks:,} open places, {seconds:g} s a line, {os.cpu_count()} cores.",
        "",
        "| what | workers | cycles/s | ratio | p50 ms | p95 ms | p99 ms |"
        " driver, server, PostgreSQL (cores) | over-assigned | errors |",
        "|---|---:|---:|---:|---:|---:|---:|---|---:|---:|",
    ]
    for line in lines:
        times = [f"{value:.1f}" if value is not None else "" for value in (line.p50, line.p95, line.p99)]
        cores = [
            f"{value:.2f}" if value is not None else "–"
            for value in (line.driver, line.server, line.postgres)
        ]
        rows.append(
            f"| {line.what} | {line.workers} | {line.cycles_a_second:,.0f} | "
            f"{line.cycles_a_second / alone[line.workers]:.2f} | {' | '.join(times)} | {', '.join(cores)} | "
            f"{line.over_assigned} | {line.errors} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
