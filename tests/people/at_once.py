"""Running the same thing in several threads, each ready before any begins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(do: Callable[[Any], Any], *cases: Any) -> list[Any]:
    """Call `do` once for each case, in as many threads, started together; return what each returned."""
    all_ready = Barrier(len(cases))

    def started(case: Any) -> Any:
        try:
            connection.ensure_connection()
            all_ready.wait(timeout=10)
            return do(case)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(cases)) as threads:
        return [running.result(timeout=30) for running in [threads.submit(started, case) for case in cases]]
