"""Measure the feed and write its table; `canut bench feed` calls this.

Method, also in benchmarks/README.md: a durable database of its own is filled with a country's workers,
ratings and open projects (`ground.py`). For each kind of worker a page of the feed is asked for many
times, one after the other: as the pages and the API ask for it, then over HTTP.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AIM_MS = 50
DEEP_PAGES = 50


@dataclass(frozen=True)
class Line:
    """One row of the table. Times in milliseconds; `cpu` is the site's and PostgreSQL's own for a call."""

    who: str
    what: str
    calls: int
    p50: float
    p95: float
    longest: float
    cpu: float | None
    cards: int


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the feed.")
    parser.add_argument("--quick", action="store_true", help="A small site: shows that it runs.")
    parser.add_argument("--calls", type=int, default=100, help="How many calls a line.")
    parser.add_argument("--keep", action="store_true", help="Measure the site of the last run again.")
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
        if not is_kept:
            prepare.compile_catalogues()
            prepare.migrate()
            prepare.collect_static_files()
            began = time.monotonic()
            ground.filled(size)
            (home / "filled").write_text(f"{time.monotonic() - began:.0f}")
        lines = measure(options.calls)
    text = table(lines, size, (home / "filled").read_text())
    print(text)
    if options.write:
        options.write.write_text(text)
    return (
        1 if not options.quick and any(line.p95 > AIM_MS for line in lines if "HTTP" not in line.what) else 0
    )


def measure(calls: int) -> list[Line]:
    from benchmarks.feed import ground
    from canut.work.queries.feed import feed_page
    from canut.work.queries.feed_filters import NO_FILTERS, Filters
    from canut.work.states import FeedOrder

    kinds = ground.kinds_of_worker()
    lines = []

    def line(who: str, what: str, **asked: Any) -> None:
        lines.append(_timed(who, what, calls, kinds[who], lambda by: len(page_of(by, **asked).cards)))

    def page_of(by: Any, **asked: Any) -> Any:
        return feed_page(by=by, at=ground.now(), **asked)

    for who in kinds:
        line(who, "first page")
    for order in FeedOrder.values:
        line("any", f"by {order}", order=order)
        line("high standing", f"by {order}", order=order)
    narrow = {
        "that pays 18.00 an hour": Filters(least_hourly_minor=1_800),
        "of a minute at most": Filters(most_seconds=60),
        "in Bambara": Filters(languages=("bm",)),
        "on a phone": Filters(device="phone"),
        "of volunteers": Filters(kind="volunteer"),
        "like all of these at once": Filters(
            least_hourly_minor=1_000, most_seconds=300, languages=("bm",), device="phone", risks="none"
        ),
        "that nothing meets": Filters(least_hourly_minor=1_000_000),
    }
    for what, filters in narrow.items():
        line("high standing", f"work {what}", filters=filters)
    line("low standing", "work on a phone", filters=Filters(device="phone"))
    for order in FeedOrder.values:
        by = kinds["high standing"][0]
        cursors, cursor = [], ""
        for _page in range(DEEP_PAGES):
            page = page_of(by, order=order, cursor=cursor, filters=NO_FILTERS)
            if not page.next_cursor:
                break
            cursor = page.next_cursor
            cursors.append(cursor)
        deep = cursors[-1] if cursors else ""
        lines.append(
            _timed(
                "high standing",
                f"page {len(cursors) + 1} by {order}",
                calls,
                [by],
                lambda by, deep=deep, order=order: len(page_of(by, order=order, cursor=deep).cards),  # type: ignore[misc]
            )
        )
    return lines + _over_http(kinds, calls)


def _over_http(kinds: dict[str, list[Any]], calls: int) -> list[Line]:
    import httpx

    from benchmarks.feed import ground
    from benchmarks.hot_path.run import _served
    from canut.people.models import Scope
    from canut.people.usecases.create_key import create_key

    lines = []
    with _served() as (address, _pid), httpx.Client(base_url=f"http://{address[0]}:{address[1]}") as client:
        for who in ("any", "high standing", "low standing"):
            keys = {
                by.pk: create_key(by=by, name="bench", scopes=[Scope.WORK], at=ground.now()).token
                for by in kinds[who]
            }

            def program(by: Any, keys: dict[int, str] = keys) -> int:
                answer = client.get(
                    "/api/v1/feed?limit=20", headers={"Authorization": f"Bearer {keys[by.pk]}"}
                )
                answer.raise_for_status()
                return len(answer.json()["items"])

            lines.append(_timed(who, "first page over HTTP, REST", calls, kinds[who], program))
    return lines


def _timed(who: str, what: str, calls: int, workers: list[Any], call: Callable[[Any], int]) -> Line:
    """Call for the workers in turn, each once before to warm the caches, and return what it took."""
    chosen = random.Random(7)  # noqa: S311 (which worker comes when)
    for by in workers:
        call(by)
    took, cards, cpu = [], [], _cpu_ms()
    for _call in range(calls):
        by = chosen.choice(workers)
        began = time.perf_counter()
        cards.append(call(by))
        took.append(1000 * (time.perf_counter() - began))
    used = None if cpu is None or "HTTP" in what else ((_cpu_ms() or 0) - cpu) / calls
    took.sort()
    return Line(
        *(who, what, calls, _share(took, 0.5), _share(took, 0.95), took[-1]),
        *(used, round(sum(cards) / calls)),
    )


def _cpu_ms() -> float | None:
    """Return the CPU time of this process and of its connection's server process, where Linux tells it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        nanoseconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except OSError:
        return None
    return nanoseconds / 1e6 + 1000 * time.process_time()


def _share(sorted_ms: list[float], share: float) -> float:
    return sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))]


def table(lines: list[Line], size: Any, filled_seconds: str) -> str:
    """Return the table as Markdown."""
    rows = [
        f"The feed: {size.workers:,} workers, {size.ratings:,} ratings, {size.projects:,} open projects of "
        f"{size.places} places by {size.requesters:,} requesters; {os.cpu_count()} cores; filled in "
        f"{filled_seconds} s. The aim is a p95 under {AIM_MS} ms.",
        "",
        "| worker | what | calls | p50 ms | p95 ms | longest ms | CPU ms | cards |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {line.who} | {line.what} | {line.calls} | {line.p50:.1f} | {line.p95:.1f} | "
        f"{line.longest:.1f} | {'–' if line.cpu is None else f'{line.cpu:.1f}'} | {line.cards} |"
        for line in lines
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
