"""What the database promises about votes, each broken once by its name; and that none is without a test."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.governance.ballot_box import a_vote, all_cast, an_electorate, as_if_committed, ended
from tests.membership.members import a_member_of
from tests.promises import broken, run
from tests.work.breaking import KEY, Rows, Way, adding, changing

from canut.governance.ballots.models import Ballot, CollegeTally, CountedBallot, Elector
from canut.membership.states import College

pytestmark = pytest.mark.django_db

KEY |= {"governance_ballots_ballot": "elector_id"}
LIKE_OPEN = {"subject_id": "999"}
CLOSING = {
    "state": "'closed'",
    "closed_at": "closes_at",
    "is_adopted": "false",
    "list_hash": "encode(sha256(''), 'hex')",
}
ANOTHER = "'AAAA-AAAA-AAAA-AAAA'"

WAYS: list[Way] = [
    # A vote is one question at a time, and stays what was asked
    adding("vote_one_open", "open"),
    adding("vote_subject_shape", "open", subject_kind="'Who?'"),
    adding("vote_has_title", "open", **LIKE_OPEN, title_fr="' '"),
    adding("vote_address_is_ours", "open", **LIKE_OPEN, address="'//elsewhere.example/'"),
    adding("vote_class_known", "open", **LIKE_OPEN, question_class="'grave'"),
    adding("vote_college_known", "open", **LIKE_OPEN, only_college="'poets'"),
    adding("vote_state_known", "open", **LIKE_OPEN, state="'lost'", without=("vote_closed_is_whole",)),
    adding("vote_closes_later", "open", **LIKE_OPEN, closes_at="opened_at"),
    adding("vote_closed_is_whole", "open", **LIKE_OPEN, closed_at="closes_at"),
    changing("vote_closed_is_whole", "open", **CLOSING | {"is_adopted": "null"}),
    changing("vote_closed_is_whole", "open", **CLOSING | {"list_hash": "'none'"}),
    adding("vote_opens_whole", "open", **LIKE_OPEN),
    changing("vote_terms_kept", "open", closes_at="closes_at + interval '1 day'"),
    changing("vote_terms_kept", "open", rule='rule || \'{{"quorum_share": "0.9"}}\''),
    changing("vote_closed_once", "closed", is_adopted="not is_adopted"),
    changing("vote_closed_once", "closed", state="'open'"),
    changing("vote_not_ended_early", "open", **CLOSING | {"closed_at": "closes_at - interval '1 second'"}),
    # A closed vote keeps no link, and its tallies, its list and the hash of it say the same
    changing("closed_vote_has_no_link", "open", **CLOSING),
    changing("closed_vote_is_counted", "unvoted", **CLOSING),
    # A tally is fixed at the opening and counted once, at the end
    adding("tally_once_a_college", "fresh_tally"),
    adding("tally_fixed_at_opening", "tally", college="'poets'"),
    adding("tally_fixed_at_opening", "counted_tally", outcome="''", ballots="null", yes="null"),
    changing("tally_terms_kept", "tally", members="members + 1"),
    changing("tally_terms_kept", "tally", decides="not decides"),
    changing("tally_when_closed", "tally", outcome="'carried'", ballots="1"),
    adding("tally_when_closed", "fresh_tally", outcome="'not_asked'", ballots="0", is_asked="false"),
    changing("tally_counted_once", "counted_tally", outcome="'tied'"),
    # Electors are as many as counted at the opening, and those
    adding("electors_fixed_at_opening", "elector", person_id="{late}"),
    adding("elector_once", "elector"),
    adding("electors_fixed_at_opening", "elector", person_id="{late}", college="'team'"),
    changing("elector_kept", "elector", person_id="{late}"),
    changing("elector_kept", "elector", college="'requesters'"),
    changing("elector_voted_while_open", "elector", voted_at="null"),
    changing("elector_voted_while_open", "counted_elector", voted_at="now()"),
    # A ballot is cast while its vote is open, keeps its receipt, and is one an elector
    adding("ballot_receipt_once", "ballot", elector_id="{silent}"),
    changing("ballot_choice_known", "ballot", choice="'maybe'"),
    adding("ballot_receipt_shape", "ballot", elector_id="{silent}", receipt="'short'"),
    changing("ballot_receipt_kept", "ballot", receipt=ANOTHER),
    changing("ballot_receipt_kept", "ballot", elector_id="{silent}"),
    adding("ballot_while_open", "ballot", elector_id="{counted_elector}", receipt=ANOTHER),
    # The list that was published is not added to
    adding("counted_ballots_as_tallied", "line", receipt=ANOTHER),
    adding("counted_ballot_receipt_once", "line"),
    adding("counted_ballot_college_known", "line", receipt=ANOTHER, college="'poets'"),
    adding("counted_ballot_choice_known", "line", receipt=ANOTHER, choice="'maybe'"),
    adding("counted_ballot_receipt_shape", "line", receipt="'short'"),
]

IN_WORDS = (
    "tally_college_known",
    "tally_outcome_known",
    "tally_counted_or_not",
    "tally_adds_up",
    "elector_college_known",
    "few_ballots_untold",
    "closed_vote_hash_of_list",
    "ballot_kept_while_open",
)
"""Broken by a test further down, for a trigger or another promise stands before them."""


def a_world() -> Rows:
    """Give a vote that is open, one that has ended, one that nobody voted in, and somebody who came late."""
    people = an_electorate(workers=6)
    opened, unvoted = a_vote(), a_vote()
    all_cast(opened, people["workers"], "yes")
    closed = a_vote()
    all_cast(closed, people["workers"], "yes", "yes", "no", "no", "yes")
    all_cast(closed, people["requesters"], "no")
    ended(closed)
    electors = Elector.objects.filter(college="workers")
    empty = a_vote(only_college=College.TEAM)
    rows = {
        "open": opened,
        "unvoted": unvoted,
        "closed": closed,
        "late": a_member_of(College.WORKERS),
        "tally": CollegeTally.objects.get(vote=opened, college="workers"),
        "fresh_tally": CollegeTally.objects.get(vote=empty),
        "counted_tally": CollegeTally.objects.get(vote=closed, college="workers"),
        "elector": electors.get(vote=opened, voted_at__isnull=False),
        "silent": electors.filter(vote=opened, voted_at__isnull=True).first(),
        "counted_elector": electors.filter(vote=closed).first(),
        "ballot": Ballot.objects.get(),
        "line": CountedBallot.objects.filter(college="workers").first(),
    }
    return {name: (row._meta.db_table, row.pk) for name, row in rows.items()}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give that world to all tests here; what breaks it is undone each time."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = a_world()
        as_if_committed()
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_breaks_a_promise_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


TABLES = {
    "votes": "governance_ballots_vote",
    "tallies": "governance_ballots_collegetally",
    "electors": "governance_ballots_elector",
    "lines": "governance_ballots_countedballot",
}
GUARDS = (
    "governance_ballots_collegetally DISABLE TRIGGER governance_ballots_tally_guarded",
    "governance_ballots_elector DISABLE TRIGGER governance_ballots_electors_guarded",
    "governance_ballots_countedballot DISABLE TRIGGER governance_ballots_counted_guarded",
    "governance_ballots_countedballot DISABLE TRIGGER governance_ballots_counted_written_once",
    "governance_ballots_vote DISABLE TRIGGER governance_ballots_vote_guarded",
)


@pytest.mark.parametrize(
    ("promise", "statement"),
    [
        ("tally_college_known", "UPDATE {tallies} SET college = 'poets' WHERE id = {tally}"),
        ("tally_outcome_known", "UPDATE {tallies} SET outcome = 'lost' WHERE id = {counted_tally}"),
        ("tally_counted_or_not", "UPDATE {tallies} SET ballots = 0 WHERE id = {tally}"),
        (
            "tally_counted_or_not",
            "UPDATE {tallies} SET outcome = '', yes = null, no = null, abstain = null"
            " WHERE id = {counted_tally}",
        ),
        (
            "tally_counted_or_not",
            "UPDATE {tallies} SET outcome = 'not_asked' WHERE id = {counted_tally}",
        ),
        (
            "tally_counted_or_not",
            "UPDATE {tallies} SET members = 4 WHERE id = {counted_tally}",
        ),
        ("tally_adds_up", "UPDATE {tallies} SET yes = yes + 1 WHERE id = {counted_tally}"),
        ("tally_adds_up", "UPDATE {tallies} SET no = null WHERE id = {counted_tally}"),
        (
            "elector_college_known",
            "INSERT INTO {electors} (vote_id, person_id, college) VALUES ({open}, {late}, 'poets')",
        ),
        # What was published of few ballots, or hidden of many
        (
            "few_ballots_untold",
            "UPDATE {lines} SET choice = 'no'"
            " WHERE vote_id = {closed} AND college = 'requesters';"
            "UPDATE {votes} SET state = state WHERE id = {closed}",
        ),
        (
            "few_ballots_untold",
            "UPDATE {tallies} SET yes = null, no = null, abstain = null"
            " WHERE id = {counted_tally};"
            "UPDATE {votes} SET state = state WHERE id = {closed}",
        ),
        # A line of the list that is another than was counted, or than was hashed
        (
            "closed_vote_is_counted",
            "UPDATE {lines} SET choice = 'abstain' WHERE id = {line};"
            "UPDATE {votes} SET state = state WHERE id = {closed}",
        ),
        (
            "closed_vote_is_counted",
            "DELETE FROM {lines} WHERE id = {line};UPDATE {votes} SET state = state WHERE id = {closed}",
        ),
        (
            "closed_vote_hash_of_list",
            "UPDATE {lines} SET receipt = 'AAAA-AAAA-AAAA-AAAA' WHERE id = {line};"
            "UPDATE {votes} SET state = state WHERE id = {closed}",
        ),
    ],
)
def test_the_second_lock_holds_where_the_first_is_taken_off(rows: Rows, promise: str, statement: str) -> None:
    with broken(promise):
        for guard in GUARDS:
            run(f"ALTER TABLE {guard}")
        for one in statement.split(";"):
            run(one.format(**TABLES, **{name: row[1] for name, row in rows.items()}))


def test_a_ballot_is_not_taken_away_while_its_vote_is_open(rows: Rows) -> None:
    with broken("ballot_kept_while_open"):
        run("DELETE FROM governance_ballots_ballot")


WRITTEN_ONCE = {
    "governance_ballots_vote": ("DELETE FROM", "TRUNCATE"),
    "governance_ballots_collegetally": ("DELETE FROM", "TRUNCATE"),
    "governance_ballots_elector": ("DELETE FROM", "TRUNCATE"),
    "governance_ballots_countedballot": ("DELETE FROM", "TRUNCATE"),
    "governance_ballots_ballot": ("TRUNCATE",),
}


def test_votes_and_what_was_published_of_them_are_never_removed(rows: Rows) -> None:
    for table, statements in WRITTEN_ONCE.items():
        for statement in statements:
            with broken(f"{table}_written_once"):
                run(f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
    with broken("governance_ballots_countedballot_written_once"):
        run("UPDATE governance_ballots_countedballot SET choice = 'yes'")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("governance_ballots").get_models()]
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
            """SELECT t.relname, p.proname, p.prosrc FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
               JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        triggers = cursor.fetchall()
    named = {name for name in named if not re.fullmatch(r"governance_ballots_\w+_(check|key|uniq)", name)}
    for table, function, source in triggers:
        if function == "kernel_written_once":
            assert table in WRITTEN_ONCE
        else:
            named |= set(re.findall(r"(?::=|CONSTRAINT =)\s+'(\w+)'", source))
    assert named == {way.promise for way in WAYS} | set(IN_WORDS)
