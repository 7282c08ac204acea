"""The cast, the same in every test: a requester, a worker, a peer, an operator, and a stranger."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import setting_changed
from django.db import connection
from django.test.client import ClientHandler
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation
from tests import chromium
from tests.builders import NOON, a_person, a_requester, a_worker, files_kept_in
from whitenoise.middleware import WhiteNoiseMiddleware

from canut.charter import log
from canut.charter.log import look_again
from canut.charter.usecases.record_release import record_release
from canut.kernel.clock import now
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator

FEW_BYTES = 1_000_000
"""Up to this size a table is emptied row by row."""

CHARTER_TABLES = tuple(
    f"charter_{name}"
    for name in ("charterentry", "articleversion", "decision", "logentry", "logkey", "treehead")
)
"""What makes up the charter and its log: they hold each other to what they say, so they stay together."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the test database its charter once, as `canut migrate` gives it to a site.

    pytest-django makes that database only if a test is marked for it, and tests that use `committed`
    cannot be: where they run alone, it is made here.
    """
    names = connection.settings_dict
    with django_db_blocker.unblock():
        made = None
        if names["NAME"] != names["TEST"]["NAME"]:
            made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        record_release(at=now())
        _keep_the_first_charter()
    yield
    if made is not None:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """Look for the static files once: each client of the thousands made here has a middleware that would."""
    look_for = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict[str, Any]] = {}

    def find(middleware: WhiteNoiseMiddleware) -> None:
        if middleware.static_prefix not in found:
            look_for(middleware)
            found[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(found[middleware.static_prefix])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find)
        yield


READ_AT_FIRST = ("MIDDLEWARE", "SECURE_", "STATIC", "WHITENOISE_", "DEBUG", "FORCE_SCRIPT_NAME")
"""Settings that begin so are read when the way of a request through the site is laid, not when it comes."""


@pytest.fixture(scope="session", autouse=True)
def _one_way_through_the_site() -> Iterator[None]:
    """Lay the way of a request through the middleware once, and not for each client of the thousands here."""
    lay = ClientHandler.load_middleware
    laid: dict[str, Any] = {}

    def load(handler: ClientHandler, is_async: bool = False) -> None:
        if not laid:
            lay(handler, is_async)
            laid.update(vars(handler))
            del laid["enforce_csrf_checks"]
        vars(handler).update(laid)

    def forget(*, setting: str, **_more: Any) -> None:
        if setting.startswith(READ_AT_FIRST):
            laid.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ClientHandler, "load_middleware", load)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture(scope="module", autouse=True)
def _no_browser_where_none_is_wanted(request: pytest.FixtureRequest) -> None:
    """Close the browser that files before have left open; they come one after the other, and share it."""
    if request.node.get_closest_marker("browser") is None:
        chromium.close()


@pytest.fixture(scope="session", autouse=True)
def _browser_closed_at_last() -> Iterator[None]:
    yield
    chromium.close()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Begin every test in English and the site's zone, however the one before was answered."""
    with translation.override("en"), timezone.override(timezone.get_default_timezone()):
        yield


@contextmanager
def charter_known() -> Iterator[None]:
    """Look at the charter's log now and not again within: its look every second would be counted or not."""
    log.current()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(log._shared, "clock", lambda: log._shared.looked_at)
        yield


Counting = Callable[..., AbstractContextManager[Any]]


def _but_for_looks(counting: Counting) -> Counting:
    @contextmanager
    def counted(*args: Any, **named: Any) -> Iterator[Any]:
        with charter_known(), counting(*args, **named) as queries:
            yield queries

    return counted


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: Counting) -> Counting:
    """Count statements, but for looks at the charter's log, which come by the second."""
    return _but_for_looks(django_assert_num_queries)


@pytest.fixture
def django_assert_max_num_queries(django_assert_max_num_queries: Counting) -> Counting:
    """Count statements, but for looks at the charter's log, which come by the second."""
    return _but_for_looks(django_assert_max_num_queries)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test commit, for several connections to see; everything but the first charter goes afterwards.

    Django's own way empties tables that are written once, which the database refuses; and to empty all of
    them takes half a second, while to look where there is anything takes a few milliseconds. The generation
    that some tests raise, so that events are read at once, goes back to the first.
    """
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            kept = ("django_migrations", "django_content_type", "kernel_generation", *CHARTER_TABLES)
            names = [name for name in connection.introspection.table_names(cursor) if name not in kept]
            tables = [connection.ops.quote_name(name) for name in names]
            cursor.execute(" UNION ALL ".join(f"SELECT '{t}', pg_relation_size('{t}')" for t in tables))
            sizes = {name: size for name, size in cursor.fetchall() if size}
            if max(sizes.values(), default=0) > FEW_BYTES:
                emptied = f"TRUNCATE {', '.join(tables)}"
            else:
                emptied = "; ".join(f"DELETE FROM {name}" for name in sizes)
            cursor.execute(
                f"SET session_replication_role = replica; {emptied or 'SELECT'}; {_as_at_first(cursor)};"
                " RESET session_replication_role"
            )
            cursor.execute("UPDATE kernel_generation SET number = 0 WHERE number <> 0")
        look_again()
        connection.close()


def _keep_the_first_charter() -> None:
    """Put the charter that every test begins with aside, where no test looks."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kept")
        for table in CHARTER_TABLES:
            cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")


def _as_at_first(cursor: Any) -> str:
    """Return what gives the charter back that every test begins with; nothing where a test left it alone."""
    pairs = [(table, f"kept.{table}") for table in CHARTER_TABLES]
    both_ways = [*pairs, *((first, here) for here, first in pairs)]
    changed = " OR ".join(f"EXISTS (TABLE {one} EXCEPT TABLE {other})" for one, other in both_ways)
    cursor.execute(f"SELECT {changed}")
    if not cursor.fetchone()[0]:
        return "SELECT"
    return "; ".join(
        f"DELETE FROM {table}; INSERT INTO {table} TABLE kept.{table}" for table in CHARTER_TABLES
    )


@pytest.fixture
def requester(db: None) -> Person:
    return a_requester("requester")


@pytest.fixture
def worker(db: None) -> Person:
    return a_worker("worker")


@pytest.fixture
def peer(db: None) -> Person:
    return a_worker("peer")


@pytest.fixture
def stranger(db: None) -> Person:
    """Somebody with every role an ordinary person can have, and no part in what the test is about."""
    return a_person("stranger", worker=True, requester=True)


@pytest.fixture
def operator(db: None) -> Person:
    return appoint_operator(person_id=a_person("odile").pk, by=None, at=NOON)


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Path]:
    """Keep the site's files in a folder of the test's own."""
    folder = tmp_path / "uploads"
    with files_kept_in(folder):
        yield folder
