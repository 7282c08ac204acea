"""The web server's process: granian under WSGI, with the site loaded once for all its workers.

`canut serve` and `canut demo` start it as `python -m canut.cli.web_server HOST PORT WORKERS`.
"""

import importlib
import os
import sys

from granian.server import Server

TARGET = "canut.site.wsgi:application"
THREADS_A_WORKER = 4


def serve(host: str, port: int, workers: int) -> None:
    """Serve until a signal comes: as many processes as `workers`, with four threads each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canut.site.settings")
    _load_the_site()
    Server(
        TARGET,
        address=host,
        port=port,
        interface="wsgi",  # type: ignore[arg-type] # an enumeration of strings
        http="1",  # type: ignore[arg-type]
        websockets=False,
        workers=workers,
        blocking_threads=THREADS_A_WORKER,
        blocking_threads_idle_timeout=600,  # a thread keeps its database connection
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


def _load_the_site() -> None:
    """Import everything here, so that the workers, which are copies of this process, need not."""
    importlib.import_module(TARGET.partition(":")[0])
    from django.db import connections
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - reading it imports every page and address
    connections.close_all()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
