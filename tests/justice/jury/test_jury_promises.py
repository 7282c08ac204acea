"""What the database promises about panels and seats, each broken once by its name, and none left out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.justice.jury.panels import Dispute, live, votes
from tests.promises import broken, run
from tests.work.breaking import KEY, Rows, Way, adding, changing

from canut.justice.jury.models import JuryBody, Panel, PanelProject, Seat

pytestmark = pytest.mark.django_db

LATER = "'2030-12-01'"
OVER = {"state": "'lapsed'", "ended_at": LATER}
VOTED = {"state": "'voted'", "vote": "'falls'", "reason": "'Why'", "ended_at": LATER}
KEYS = {"justice_jury_panelproject": "project_id"}

WAYS: list[Way] = [
    adding("jury_body_is_one", "body", id="2", party_id="{nobody}"),
    adding("panel_number_once", "panel", **OVER),
    adding("panel_one_open", "panel", number="9"),
    adding("panel_pool_known", "panel", number="9", pool="'press'", **OVER),
    adding("panel_counted_from_one", "panel", number="0", **OVER),
    adding("panel_can_decide", "panel", number="9", seats="0", **OVER),
    adding("panel_can_decide", "panel", number="9", votes_needed="peers + 1", **OVER),
    adding("panel_decides_later", "panel", number="9", decide_by="opened_at", **OVER),
    changing("panel_state_known", "panel", state="'lost'", without=("panel_ended_has_time",)),
    changing("panel_ended_has_time", "panel", state="'decided'"),
    changing("panel_terms_kept", "panel", votes_needed="1"),
    changing("panel_ended_stays", "ended", state="'open'", ended_at="NULL"),
    changing("seat_state_known", "waiting", state="'lost'", without=("seat_ended_has_time",)),
    changing("seat_voted_says_what_and_why", "waiting", **(VOTED | {"reason": "' '"})),
    changing("seat_voted_says_what_and_why", "waiting", vote="'falls'"),
    changing("seat_vote_known", "waiting", **(VOTED | {"vote": "'maybe'"})),
    changing("seat_ended_has_time", "waiting", state="'left'"),
    changing("seat_terms_kept", "waiting", person_id="{nobody}"),
    changing("seat_vote_kept", "voted", vote="'stands'"),
    changing("seat_vote_kept", "voted", counts="false"),
    changing("seat_vote_kept", "voted", state="'left'", vote="''", reason="''", counts="false"),
    adding("seat_not_ones_own_case", "waiting", person_id="{appellant}", task_id="{other_task}"),
    adding("seat_once_a_case", "waiting", task_id="{other_task}"),
]


def a_world() -> Rows:
    ended = Dispute()
    over = ended.drawn()
    votes(over, "falls", "falls")
    dispute = Dispute()
    panel = dispute.drawn()
    first = live(panel)[0]
    votes(panel, "falls")
    rows = {
        "panel": panel,
        "ended": over,
        "body": JuryBody.objects.get(),
        "voted": first,
        "waiting": live(panel)[0],
        "project": PanelProject.objects.get(panel=panel),
        "appellant": dispute.worker,
        "nobody": ended.requester,
        "other_task": dispute.assignment.task,
    }
    return {name: (row._meta.db_table, row.pk) for name, row in rows.items()}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give that world to all tests here; what breaks it is undone each time."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = a_world()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_breaks_a_promise_is_refused_by_its_name(
    rows: Rows, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table, key in KEYS.items():
        monkeypatch.setitem(KEY, table, key)
    way.go(rows)


def test_promises_that_others_keep_too_are_kept_alone(rows: Rows) -> None:
    with broken("seat_once_a_panel"):
        run("ALTER TABLE justice_jury_seat DISABLE TRIGGER USER")
        run(
            "INSERT INTO justice_jury_seat"
            " (panel_id, person_id, task_id, state, offered_at, vote, reason, counts)"
            " SELECT panel_id, person_id, %s, state, offered_at, vote, reason, counts FROM justice_jury_seat"
            " WHERE id = %s",
            rows["other_task"][1],
            rows["waiting"][1],
        )
    with broken("panel_project_once_a_language"):
        run(
            "INSERT INTO justice_jury_panelproject (project_id, panel_id, language)"
            " SELECT (SELECT id FROM work_project WHERE fund = '' LIMIT 1), panel_id, language"
            " FROM justice_jury_panelproject WHERE project_id = %s",
            rows["project"][1],
        )


@pytest.mark.parametrize(("promise", "row"), [("panel_stays", "ended"), ("seat_stays", "waiting")])
def test_nothing_is_removed(rows: Rows, promise: str, row: str) -> None:
    table, number = rows[row]
    with broken(promise):
        run(f"DELETE FROM {table} WHERE id = {number}")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("justice_jury").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f', 't')
               UNION SELECT indexrelid::regclass::text FROM pg_index
               WHERE indrelid = ANY (%s::text[]::regclass[]) AND indisunique AND NOT indisprimary""",
            [tables, tables],
        )
        named = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            """SELECT p.prosrc FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        for (source,) in cursor.fetchall():
            named |= set(re.findall(r"(?::=|CONSTRAINT =)\s+'(\w+)'", source))
    named = {name for name in named if not re.fullmatch(r"justice_jury_\w+_(check|key|uniq)", name)}
    others = {"seat_once_a_panel", "panel_project_once_a_language", "panel_stays", "seat_stays"}
    assert named == {way.promise for way in WAYS} | others
    assert (Panel.objects.count(), Seat.objects.filter(state="voted").count()) == (2, 3)
