"""Which job is being done just now, so that what it brings about is known again if it is done twice.

A runner may die after a job's commit and before its note of it; then the same job is done once more.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class _Run:
    job_id: int
    asked: Counter[str] = field(default_factory=Counter)


_running: ContextVar[_Run | None] = ContextVar("canut_job", default=None)


@contextmanager
def doing(job_id: int | None) -> Iterator[None]:
    """Say that what is done inside the block is this job; None for what is done without one."""
    token = _running.set(None if job_id is None else _Run(job_id))
    try:
        yield
    finally:
        _running.reset(token)


def same_again(what: str) -> str:
    """Return a key that is the same whenever the job that is being done is done again; "" outside of jobs.

    Each time it is asked for the same `what` in one run, the key is another.
    """
    run = _running.get()
    if run is None:
        return ""
    run.asked[what] += 1
    return f"job:{run.job_id}:{run.asked[what]}"
