"""What the database promises about resolution juries, each broken once by its name, and none left out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.builders import NOON
from tests.governance.juries import SOON, Conflict, jurors, of_college, said_back
from tests.governance.proposing import LEASE, a_draft_of, content
from tests.promises import broken, run
from tests.work.breaking import Rows, Way, adding, changing

from canut.charter import log
from canut.governance.resolution.models import Jury, Restatement, Seat, Statement
from canut.governance.resolution.usecases.choose import choose_wording, put_wording
from canut.governance.resolution.usecases.listen import make_statement, restate
from canut.governance.usecases.check_sense import check_sense

pytestmark = pytest.mark.django_db

LATER = "'2026-12-01'"
OVER = {"state": "'disagreed'", "ended_at": LATER}
OTHER = {"version_number": "99", **OVER}

WAYS: list[Way] = [
    adding("jury_once_a_version", "choosing", **OVER),
    adding("jury_one_open", "choosing", version_number="99"),
    adding("jury_has_reason", "seating", **OTHER, reason="' '"),
    adding("jury_ends_later", "seating", **OTHER, ends_by="called_at"),
    changing("jury_seated_has_time", "seating", state="'round'"),
    changing("jury_understood_before_it_chooses", "listening", state="'choosing'"),
    changing("jury_ended_has_time", "seating", state="'lapsed'"),
    changing("jury_ended_has_time", "listening", ended_at=LATER),
    changing("jury_amended_has_wording", "choosing", state="'amended'", ended_at=LATER),
    changing("jury_terms_kept", "seating", ends_by="ends_by + interval '1 day'"),
    changing("jury_goes_forward", "choosing", state="'seating'"),
    changing("jury_wording_is_its_own", "listening", wording_id="{wording}"),
    adding("jury_seat_number_once", "seat", person_id="{nobody}"),
    adding("jury_seat_once_a_person", "seat", number="99"),
    adding("jury_seat_counted_from_one", "seat", number="0", person_id="{nobody}"),
    adding("jury_seat_college_known", "seat", number="99", person_id="{nobody}", college="'press'"),
    changing("jury_seat_left_later", "seat", left_at="taken_at - interval '1 day'"),
    changing("jury_seat_kept", "seat", college="'team'"),
    adding("jury_statement_has_words", "statement", seat_id="{silent}", text="' '"),
    changing("jury_words_stay", "statement", text="'Something else'"),
    changing("jury_words_stay", "wording", content="'{{}}'"),
    adding("jury_restatement_one_that_counts", "waiting"),
    adding("jury_restatement_has_words", "waiting", by_id="{third}", text="' '"),
    changing("jury_restatement_answered_has_time", "waiting", understood="true"),
    changing("jury_restatement_answered_has_time", "waiting", understood="false", answered_at=LATER),
    changing("jury_restatement_answered_once", "answered", understood="false", missed="'All'"),
    adding("jury_restatement_by_another_juror", "waiting", by_id="{first}"),
    adding("jury_choice_while_choosing", "choice", seat_id="{first}"),
    changing("jury_choice_while_choosing", "choice", wording_id="987654321"),
]


def a_world() -> Rows:
    log.lock()
    conflict = Conflict(workers=14, requesters=8, team=6)
    drafts = [conflict.draft]
    for author in conflict.members[2:4]:
        drafts.append(a_draft_of(author, conflict.members[4:7], of=content(LEASE)))
        check_sense(proposal_id=drafts[-1].pk, by=conflict.blocker, stance="block", reason="No.", at=NOON)
    choosing = conflict.understood()
    one = jurors(choosing)[0]
    wording = put_wording(jury_id=choosing.pk, by=one, content=content(title="Another"), at=SOON)
    choice = choose_wording(jury_id=choosing.pk, by=one, wording_id=wording.pk, at=SOON)
    conflict.draft = drafts[1]
    listening = conflict.seated()
    first, second = of_college(listening, "workers")
    statement = make_statement(jury_id=listening.pk, by=first, text="I think so.", at=SOON)
    make_statement(jury_id=listening.pk, by=second, text="I do not.", at=SOON)
    waiting = restate(
        jury_id=listening.pk, statement_id=statement.pk, by=second, text="You think so.", at=SOON
    )
    said_back(listening, first, second)
    conflict.draft = drafts[2]
    seating = conflict.called()
    seats = {seat.person_id: seat for seat in Seat.objects.filter(jury=listening)}
    silent = [seat for seat in seats.values() if not Statement.objects.filter(seat=seat).exists()]
    rows = {
        "choosing": choosing,
        "listening": listening,
        "seating": seating,
        "seat": seats[first.pk],
        "first": seats[first.pk],
        "third": silent[0],
        "silent": silent[1],
        "statement": statement,
        "waiting": waiting,
        "answered": Restatement.objects.get(statement__seat__person=second, statement__seat__jury=listening),
        "wording": wording,
        "choice": choice,
        "nobody": conflict.author,
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
def test_what_breaks_a_promise_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


def test_a_state_is_one_of_those_there_are(rows: Rows) -> None:
    with broken("jury_state_known"):
        run("ALTER TABLE governance_resolution_jury DISABLE TRIGGER USER")
        run("UPDATE governance_resolution_jury SET state = 'lost' WHERE id = %s", rows["listening"][1])


def test_what_was_said_is_never_removed(rows: Rows) -> None:
    for name in ("statement", "wording", "waiting"):
        table, number = rows[name]
        with broken("jury_words_stay"):
            run(f"DELETE FROM {table} WHERE id = {number}")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("governance_resolution").get_models()]
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
    named = {name for name in named if not re.fullmatch(r"governance_resolution_\w+_(check|key|uniq)", name)}
    assert named == {way.promise for way in WAYS} | {"jury_state_known"}
    assert Jury.objects.count() == 3
