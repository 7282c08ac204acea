"""What the database promises about the board, each broken once by its name; none is without a test."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.governance.ballot_box import as_if_committed, by_rule
from tests.governance.boards import DAY, VOTE_ENDS, VOTE_OPENS, a_board, all_rank, seat_of
from tests.membership.members import active_on, members_of
from tests.promises import broken, run
from tests.work.breaking import KEY, Rows, Way, adding, changing

from canut.governance.board.models import (
    BoardElector,
    Candidate,
    CountedRanking,
    Election,
    MotionVote,
    RankedBallot,
    RecallSignature,
    Recount,
    Seat,
)
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.fill_seats import fill_empty_seats
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.move_motion import end_due_motions, move_motion
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.petition import petition_recall, sign_petition, withdraw_petition
from canut.governance.board.usecases.stand import stand_for_election, withdraw_candidacy
from canut.membership.states import College

pytestmark = pytest.mark.django_db

KEY |= {"governance_board_rankedballot": "elector_id"}
FREE = {"college": "'workers'"}
ANOTHER = "'AAAA-AAAA-AAAA-AAAA'"
NEW = {"number": "99", "pseudonym": "repeat('a', 64)", "person_id": "{nobody}"}
CLOSING = {
    "state": "'over'",
    "over_at": "voting_ends_at",
    "elected_by": "'count'",
    "ballots": "2",
    "list_hash": "encode(sha256(''), 'hex')",
    "log_root": "repeat('0', 64)",
    "ballots_logged_id": "0",
    "result_logged_id": "1",
    "term_ends_at": "voting_ends_at + interval '1 year'",
    "sheet": "'{{}}'",
}

WAYS: list[Way] = [
    # One election at a time in a college, in its order, and whole at each step
    adding("election_one_a_college", "nominations"),
    adding("election_college_known", "nominations", college="'poets'"),
    adding(
        "election_state_known",
        "nominations",
        **FREE,
        state="'lost'",
        without=("election_vote_opens_whole",),
    ),
    adding("election_has_seats", "nominations", **FREE, seats="0"),
    adding("election_elected_by_known", "over", elected_by="'magic'"),
    adding("election_in_order", "nominations", **FREE, nominations_end_at="opened_at"),
    adding("election_in_order", "over", over_at="voting_ends_at - interval '1 hour'"),
    adding("election_vote_opens_whole", "nominations", **FREE, members="3"),
    adding("election_vote_opens_whole", "voting", **FREE, detail_least_votes="null"),
    adding("election_over_is_whole", "nominations", **FREE, list_hash="repeat('0', 64)"),
    adding("election_over_is_whole", "over", sheet="null"),
    adding("election_over_is_whole", "over", ballots="members + 1"),
    changing("election_terms_kept", "nominations", seats="seats + 1"),
    changing("election_terms_kept", "over", college="'team'"),
    changing("election_over_once", "over", ballots="ballots - 1"),
    changing("election_transition_known", "voting", state="'nominations'"),
    changing("election_vote_kept", "voting", members="members + 1"),
    # A candidate stands once, in time, under a number and a pseudonym of their own
    adding("board_candidate_once", "standing", **NEW | {"person_id": "person_id"}),
    adding("board_candidate_number_once", "standing", **NEW | {"number": "number"}),
    adding("board_candidate_pseudonym_once", "standing", **NEW | {"pseudonym": "pseudonym"}),
    adding("board_candidate_number_from_one", "standing", **NEW | {"number": "0"}),
    adding("board_candidate_pseudonym_shape", "standing", **NEW | {"pseudonym": "'x'"}),
    changing("board_candidate_withdrew_later", "standing", withdrew_at="stood_at - interval '1 day'"),
    changing("board_candidate_kept", "standing", number="98"),
    changing("board_candidate_kept", "standing", salt="'\\x00'"),
    changing("candidate_stands_in_time", "elected", withdrew_at="stood_at"),
    adding("candidate_stands_in_time", "elected", **NEW),
    # Electors are fixed, and ballots are theirs while the vote is open
    adding("board_elector_once", "elector"),
    adding("board_electors_fixed", "elector", person_id="{nobody}"),
    changing("board_elector_kept", "elector", person_id="{nobody}"),
    adding("ranked_ballot_receipt_once", "ballot", elector_id="{silent}"),
    adding("ranked_ballot_receipt_shape", "ballot", elector_id="{silent}", receipt="'mine'"),
    adding("ranked_ballot_while_open", "ballot", elector_id="{former_elector}", receipt=ANOTHER),
    changing("ranked_ballot_receipt_kept", "ballot", receipt=ANOTHER),
    # What was counted was cast, and nothing says by whom
    adding("counted_ranking_receipt_once", "counted"),
    adding("counted_ranking_receipt_shape", "counted", receipt="'mine'"),
    adding("rankings_as_counted", "counted", receipt=ANOTHER),
    changing("closed_election_has_no_link", "voting", **CLOSING),
    # A seat is held by one who was elected, once, and ends once
    adding("seat_took_known", "seat", took_by="'force'"),
    adding("seat_term_ends_later", "seat", term_ends_at="began_at"),
    changing("seat_ended_somehow", "seat", ended_at="began_at"),
    changing("seat_ends_once", "former", ended_as="'recalled'"),
    changing("seat_ends_once", "seat", term_ends_at="term_ends_at + interval '1 day'"),
    adding("seat_one_a_person", "seat", candidate_id="{double}"),
    adding("seats_as_many_as_elected", "seat", candidate_id="{not_elected}"),
    adding("seat_of_a_candidate", "seat", candidate_id="{withdrawn}"),
    # A petition is about one seat, and ends once
    adding("petition_one_a_seat", "petition"),
    changing("petition_state_known", "petition", state="'lost'", without=("petition_ended_has_time",)),
    adding("petition_has_reason", "petition", reason="' '"),
    adding("petition_needs_somebody", "petition", needed="0"),
    adding("petition_lapses_later", "petition", lapses_at="opened_at"),
    changing("petition_vote_when_voted", "petition", state="'vote'"),
    changing("petition_ended_has_time", "petition", state="'lapsed'"),
    changing("petition_kept", "petition", reason="'Another.'"),
    changing("petition_ends_once", "withdrawn_petition", state="'open'", ended_at="null"),
    changing("petition_ends_once", "voted_on", state="'open'", vote_id="null"),
    adding("signature_once", "signature"),
    adding("signature_while_open", "signature", petition_id="{voted_on}"),
    # A motion is decided once, and nobody votes on it afterwards
    adding("motion_one_open", "motion"),
    adding("motion_kind_known", "motion", kind="'other'"),
    adding("motion_state_known", "motion", state="'lost'", without=("motion_ended_is_whole",)),
    adding("motion_has_reason", "motion", reason="''"),
    adding("motion_subject_fits", "motion", subject_id="7"),
    adding("motion_closes_later", "motion", closes_at="opened_at"),
    changing("motion_ended_is_whole", "motion", state="'adopted'"),
    changing("motion_kept", "motion", reason="'Another.'"),
    changing("motion_ends_once", "decided", state="'adopted'"),
    adding("motion_vote_once", "said"),
    changing("motion_vote_choice_known", "said", choice="'maybe'"),
    changing("motion_vote_kept", "said", seat_id="{other_seat}"),
    adding("motion_vote_while_open", "said_before", seat_id="{other_seat}"),
]


def a_world() -> Rows:
    """Give a board with an election in each state, seats held and left, recalls and motions."""
    by_rule("board.recall_share", "0.3")
    over, people = a_board()
    after = VOTE_ENDS + DAY
    for person in people:
        active_on(person, 20, at=after + 10 * DAY)
    leave_seat(seat_id=seat_of(people[2]).pk, by=people[2], at=after)
    fill_empty_seats(at=after)

    team = members_of(College.TEAM, 3, at=VOTE_OPENS)
    open_due_elections(at=VOTE_OPENS)
    voting = Election.objects.get(college="team")
    for person in team[:2]:
        stand_for_election(election_id=voting.pk, by=person, statement="", at=VOTE_OPENS)
    end_due_nominations(at=voting.nominations_end_at)
    voting.refresh_from_db()
    all_rank(voting, team[:2], [1], [2, 1])

    asking = members_of(College.REQUESTERS, 4, at=VOTE_ENDS)
    open_due_elections(at=VOTE_ENDS)
    nominations = Election.objects.get(college="requesters")
    for person in asking[:2]:
        stand_for_election(election_id=nominations.pk, by=person, statement="", at=VOTE_ENDS)
    withdraw_candidacy(election_id=nominations.pk, by=asking[1], at=VOTE_ENDS)
    standing, withdrawn = Candidate.objects.filter(election=nominations).order_by("number")
    double = Candidate.objects.create(
        election=nominations, person=people[0], number=3, pseudonym="b" * 64, stood_at=VOTE_ENDS
    )

    first, second = seat_of(people[0]), seat_of(people[1])
    withdrawn_petition = petition_recall(seat_id=first.pk, by=people[5], reason="No.", at=after)
    withdraw_petition(petition_id=withdrawn_petition.pk, by=people[5], at=after)
    petition = petition_recall(seat_id=first.pk, by=people[5], reason="No.", at=after)
    voted_on = petition_recall(seat_id=second.pk, by=people[5], reason="No.", at=after)
    for person in people[6:8]:
        voted_on = sign_petition(petition_id=voted_on.pk, by=person, at=after)
    assert voted_on.state == "vote"
    decided = move_motion(kind="ratification", by=people[0], reason="Now.", at=after)
    end_due_motions(at=decided.closes_at)
    motion = move_motion(kind="ratification", by=people[0], reason="Now.", at=decided.closes_at)
    as_if_committed()
    rows: dict[str, Any] = {
        "over": over,
        "voting": voting,
        "nominations": nominations,
        "standing": standing,
        "withdrawn": withdrawn,
        "double": double,
        "elected": Candidate.objects.get(election=over, number=1),
        "not_elected": Candidate.objects.filter(election=over, seat=None).first(),
        "elector": BoardElector.objects.get(election=voting, person=team[0]),
        "silent": BoardElector.objects.get(election=voting, person=team[2]),
        "former_elector": BoardElector.objects.filter(election=over).first(),
        "ballot": RankedBallot.objects.first(),
        "counted": CountedRanking.objects.first(),
        "seat": first,
        "other_seat": second,
        "former": Seat.objects.get(ended_as="resigned"),
        "recount": Recount.objects.get(),
        "petition": petition,
        "withdrawn_petition": withdrawn_petition,
        "voted_on": voted_on,
        "signature": RecallSignature.objects.get(petition=petition),
        "motion": motion,
        "decided": decided,
        "said": MotionVote.objects.get(motion=motion),
        "said_before": MotionVote.objects.get(motion=decided),
        "nobody": asking[3],
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


def test_an_election_ends_with_a_list_that_is_what_was_cast(rows: Rows) -> None:
    pk = rows["voting"][1]
    columns = ", ".join(f"{name} = {value}" for name, value in CLOSING.items())
    close = f"UPDATE governance_board_election SET {columns} WHERE id = {pk}"
    take = f"""DELETE FROM governance_board_rankedballot b USING governance_board_boardelector e
        WHERE e.id = b.elector_id AND e.election_id = {pk}"""
    put = f"""INSERT INTO governance_board_countedranking (election_id, receipt, ranking)
        VALUES ({pk}, {ANOTHER}, '{{1}}'), ({pk}, 'BBBB-BBBB-BBBB-BBBB', '{{2}}')"""
    for name, statements in {
        "closed_election_is_counted": (close, take),
        "closed_election_hash_of_list": (close, take, put),
    }.items():
        with broken(name):
            run("SET CONSTRAINTS ALL DEFERRED")
            for statement in statements:
                run(statement.replace("{{", "{").replace("}}", "}"))
            run("SET CONSTRAINTS ALL IMMEDIATE")
    with broken("ranked_ballot_kept_while_open"):
        run(take)


WRITTEN_ONCE = {
    "governance_board_election": ("DELETE FROM", "TRUNCATE"),
    "governance_board_candidate": ("DELETE FROM", "TRUNCATE"),
    "governance_board_boardelector": ("DELETE FROM", "TRUNCATE"),
    "governance_board_seat": ("DELETE FROM", "TRUNCATE"),
    "governance_board_recallpetition": ("DELETE FROM", "TRUNCATE"),
    "governance_board_motion": ("DELETE FROM", "TRUNCATE"),
    "governance_board_motionvote": ("DELETE FROM", "TRUNCATE"),
    "governance_board_countedranking": ("DELETE FROM", "TRUNCATE"),
    "governance_board_recount": ("DELETE FROM", "TRUNCATE"),
    "governance_board_rankedballot": ("TRUNCATE",),
}


def test_what_was_elected_counted_or_decided_is_never_removed(rows: Rows) -> None:
    for table, statements in WRITTEN_ONCE.items():
        for statement in statements:
            with broken(f"{table}_written_once"):
                run(f"{statement} {table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
    for table, column in (("countedranking", "receipt"), ("recount", "counted_at")):
        with broken(f"governance_board_{table}_written_once"):
            run(f"UPDATE governance_board_{table} SET {column} = {column}")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("governance_board").get_models()]
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
            """SELECT t.relname, g.tgname, encode(g.tgargs, 'escape'), p.proname, p.prosrc
               FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
               WHERE NOT g.tgisinternal AND g.tgrelid = ANY (%s::text[]::regclass[])""",
            [tables],
        )
        triggers = cursor.fetchall()
    named = {name for name in named if not re.fullmatch(r"governance_board_\w+_(check|key|uniq)", name)}
    for table, trigger, arguments, function, source in triggers:
        if function == "kernel_written_once":
            assert table in WRITTEN_ONCE
        elif "CONSTRAINT = TG_NAME" in source:
            named.add(trigger)
        elif "CONSTRAINT = TG_ARGV[0]" in source:
            named.add(arguments.split("\\000")[0])
        else:
            named |= set(re.findall(r"(?:THEN|:=|CONSTRAINT =)\s+'(\w+)'", source))
    elsewhere = {
        "closed_election_is_counted",
        "closed_election_hash_of_list",
        "ranked_ballot_kept_while_open",
    }
    assert named == {way.promise for way in WAYS} | elsewhere
