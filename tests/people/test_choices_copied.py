"""What people had chosen of mails before notices came is what they have chosen of notices now."""

from collections.abc import Sequence
from importlib import import_module

import pytest
from django.db import connection
from tests.builders import NOON, a_person, a_worker
from tests.guilds.crafts import a_guild, a_member

from canut.people.models import Person
from canut.people.notices.models import Choice
from canut.work.models import SavedSearch

pytestmark = pytest.mark.django_db


def copied(migration: str, *statements: str) -> None:
    """Put the database back as it was before a migration, and do the copying that it does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (*statements, import_module(migration).COPY):
            cursor.execute(statement)


def chosen(person: Person) -> Sequence[tuple[str, str, bool, bool]]:
    rows = Choice.objects.filter(person=person).order_by("kind", "topic")
    return list(rows.values_list("kind", "topic", "mail", "push"))


def off(room: str, table: str, columns: str, *rows: str) -> None:
    migration = f"canut.{room}_mails_among_notices"
    copied(migration, f"CREATE TABLE {table} ({columns})", f"INSERT INTO {table} VALUES {', '.join(rows)}")


def test_what_was_turned_off_or_left_on_stays_so() -> None:
    one, other = a_person("one"), a_person("other")
    kinds = [f"({one.pk}, 'own')", f"({one.pk}, 'supported')", f"({other.pk}, 'team')"]
    off("governance.migrations.0005", "governance_mailsoff", "person_id bigint, kind text", *kinds)
    wanted = [f"({one.pk}, FALSE)", f"({other.pk}, TRUE)"]
    of_each = "person_id bigint, wanted boolean"
    off("governance.ballots.migrations.0004", "governance_ballots_votemails", of_each, *wanted)
    off("justice.jury.migrations.0005", "justice_jury_jurymails", of_each, *wanted)
    off("justice.mediation.migrations.0003", "justice_mediation_mailsoff", "person_id bigint", f"({one.pk})")
    of_talk = "person_id bigint, digest boolean, mentions boolean"
    off("discussion.migrations.0006", "discussion_mails", of_talk, f"({one.pk}, TRUE, FALSE)")
    assert chosen(one) == [
        ("digest", "", True, False),
        ("dispute_news", "", False, False),
        ("jury_time", "", False, False),
        ("mention", "", False, False),
        ("proposal", "", False, False),
        ("supported", "", False, False),
        ("vote", "", False, False),
    ]
    assert chosen(other) == [
        ("assessment", "", False, False),
        ("jury_time", "", True, True),
        ("vote", "", True, False),
    ]


def test_a_guild_and_a_saved_search_keep_their_own_choice() -> None:
    guild = a_guild()
    silent, other = a_member(guild), a_member(guild)
    copied(
        "canut.guilds.migrations.0007_mails_among_notices",
        "ALTER TABLE guilds_member ADD COLUMN wants_mails boolean NOT NULL DEFAULT TRUE",
        f"UPDATE guilds_member SET wants_mails = FALSE WHERE id = {silent.pk}",
    )
    assert chosen(silent.person) == [("review", f"guild:{guild.pk}", False, False)]
    assert chosen(other.person) == []
    worker = a_worker()
    made = {"worker": worker, "pace": "daily", "created_at": NOON, "changed_at": NOON}
    searches = {way: SavedSearch.objects.create(name=way, **made) for way in ("mail", "push", "both", "none")}
    copied(
        "canut.work.migrations.0010_search_ways_among_notices",
        "ALTER TABLE work_savedsearch ADD COLUMN notice text",
        "UPDATE work_savedsearch SET notice = name",
    )
    assert chosen(worker) == sorted(
        ("new_work", f"search:{searches[way].pk}", way != "push", way != "mail")
        for way in ("mail", "push", "both")
    )
