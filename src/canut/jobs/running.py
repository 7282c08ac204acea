"""How a job is declared: its name, what becomes of it when it fails, how often it runs by itself."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from canut.kernel import clock
from canut.kernel.doing import doing
from canut.kernel.later import later_in
from canut.kernel.models import Heartbeat

AGAIN = RetryStrategy(max_attempts=10, exponential_wait=3)
"""After 3 seconds, 9, 27 and so on, for a day: a database or a mail server may be away that long."""

LONG_AT_ONCE = 2
"""How many long jobs one runner does side by side, so that the sweeps never wait behind them all."""

PUT_OFF_SECONDS = 2

_long_slots = BoundedSemaphore(LONG_AT_ONCE)

Job = Callable[..., Any]


def job(name: str, *, long: bool = False) -> Callable[[Job], Job]:
    """Declare what `later(name, ...)` does. It must be safe to run twice; a failure is tried again.

    A `long` one (a whole file, a statistic) gives way when the runner is at two of them already.
    """

    def declare(function: Job) -> Job:
        done = _giving_way(name, function) if long else function
        app.task(name=name, retry=AGAIN, pass_context=True)(_known_again(done))
        return function

    return declare


def every(
    cron: str, *, beats_as: str = ""
) -> Callable[[Callable[[datetime], Any]], Callable[[datetime], Any]]:
    """Declare a sweep that runs by itself, with the site's time; `cron` has seconds as its sixth field.

    At most one waits at any time. It must be safe to run twice and on two nodes at once. Each run
    that ends well is noted in the heartbeats, under the sweep's name.
    """

    def declare(function: Callable[[datetime], Any]) -> Callable[[datetime], Any]:
        name = f"sweep.{function.__name__}"

        @wraps(function)
        def sweep(timestamp: int) -> None:
            del timestamp  # procrastinate's; the site's clock may be ahead of the world
            at = clock.now()
            function(at)
            Heartbeat.objects.update_or_create(name=beats_as or name, defaults={"beat_at": at})

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(sweep))
        return function

    return declare


def _known_again(function: Job) -> Job:
    """Return a job that knows its own number, which stays the same when it is done once more."""

    @wraps(function)
    def run(context: JobContext | None = None, **arguments: Any) -> Any:
        with doing(context.job.id if context else None):
            return function(**arguments)

    return run


def _giving_way(name: str, function: Job) -> Job:
    @wraps(function)
    def run(**arguments: Any) -> Any:
        if not _long_slots.acquire(blocking=False):
            later_in(PUT_OFF_SECONDS, name, **arguments)
            return None
        try:
            return function(**arguments)
        finally:
            _long_slots.release()

    return run
