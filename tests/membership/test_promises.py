"""What the database promises about members and lots, each broken once by its name; none is without a test."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.builders import NOON, a_person, a_worker
from tests.membership.members import a_member_of, members_of
from tests.promises import broken, run
from tests.work.breaking import Rows, Way, adding, changing

from canut.membership.invitation_token import invitation_token
from canut.membership.models import (
    ActivityDay,
    Candidate,
    CollegeChoice,
    Lot,
    Membership,
    Voucher,
)
from canut.membership.states import RefusalState
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.answer_seat import answer_seat
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.close_lot import close_lot
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.end_membership import forget_member, leave_membership
from canut.membership.usecases.invite_member import invite_member
from canut.membership.usecases.refuse_admission import (
    contest_refusal,
    end_refusal_contest,
    refuse_admission,
)
from canut.membership.usecases.vouch import vouch
from canut.work.states import HeardBy

pytestmark = pytest.mark.django_db

NEXT = "(SELECT max(number) + 1 FROM membership_lot)"
AGO = "interval '1 day'"
WANTED = {
    "state": "'committed'",
    "subject_kind": "'jury'",
    "subject_id": "99",
    "seats": "1",
    "answer_days": "1",
    "candidates_count": "7",
    "candidates_hash": "repeat('0', 64)",
    "excluded_count": "0",
    "committed_at": "prepared_at",
}

WAYS: list[Way] = [
    # Somebody is a member once at a time, by a known way
    adding("membership_one_at_a_time", "member"),
    adding("membership_way_known", "left", way="'bought'", checked_by="''"),
    adding("membership_by_another", "left", by_id="person_id"),
    adding("membership_way_says_by_whom", "left", way="'invitation'", checked_by="''"),
    adding("membership_way_says_by_whom", "left", way="'vouchers'", checked_by="''", by_id="{stranger}"),
    adding("membership_check_said", "left", checked_by="''"),
    adding("membership_check_said", "left", way="'vouchers'"),
    adding("membership_ticket_shape", "left", ticket="'x'"),
    changing("membership_ticket_shape", "member", ticket="''"),
    changing("membership_ended_somehow", "member", ended_at="now()"),
    changing("membership_ended_somehow", "member", ended_as="'left'"),
    changing("membership_ended_somehow", "member", ended_at="admitted_at - " + AGO, ended_as="'left'"),
    changing("membership_written_once", "member", admitted_at="now()"),
    changing("membership_written_once", "member", ticket="repeat('0', 32)"),
    changing("membership_written_once", "left", ended_at="now()"),
    changing("membership_written_once", "left", ended_at="null", ended_as="''"),
    changing("membership_written_once", "closed", ticket="repeat('0', 32)"),
    # A request waits once, and forgets its words
    adding("admission_request_one_open", "request"),
    changing("admission_request_state_known", "request", state="'lost'", ended_at="asked_at", words="''"),
    changing("admission_request_ended_has_time", "request", ended_at="asked_at"),
    changing("admission_request_ended_has_time", "request", state="'withdrawn'"),
    changing("admission_request_ended_has_time", "taken_back", words="'me'"),
    adding("voucher_once_a_member", "voucher"),
    # A refusal has a ground and a reason, and a contest of it goes forward only
    adding("admission_refusal_ground_known", "refusal", ground="'dull'"),
    adding(
        "admission_refusal_state_known",
        "refusal",
        state="'lost'",
        contested_at="refused_at",
        without=("admission_refusal_ended_has_time", "admission_refusal_ended_by_somebody"),
    ),
    adding("admission_refusal_has_reason", "refusal", reason="' '"),
    changing("admission_refusal_contest_has_time", "refusal", state="'contested'"),
    changing("admission_refusal_contest_has_time", "refusal", words="'Me.'"),
    changing("admission_refusal_ended_has_time", "contested", ended_at="contested_at"),
    changing("admission_refusal_ended_has_time", "contested", state="'falls'", ended_by="'no_peers'"),
    changing("admission_refusal_ended_by_somebody", "contested", ended_by="'jury'"),
    changing("admission_refusal_ended_by_somebody", "contested", state="'falls'", ended_at="contested_at"),
    changing("admission_refusal_said_once", "refusal", reason="'Another.'"),
    changing("admission_refusal_said_once", "contested", words="'Other words.'"),
    changing("admission_refusal_said_once", "ended", decision="'Another.'"),
    changing("admission_refusal_goes_forward", "contested", state="'given'"),
    # An invitation is open once, accepted by one other person, and forgets the address
    adding("member_invitation_one_open", "invitation"),
    changing(
        "member_invitation_state_known", "invitation", state="'lost'", email="''", ended_at="invited_at"
    ),
    changing("member_invitation_lapses_later", "invitation", lapses_at="invited_at"),
    changing("member_invitation_ended_has_time", "invitation", ended_at="invited_at"),
    changing("member_invitation_accepted_by_somebody", "accepted", accepted_by_id="null"),
    changing("member_invitation_of_another", "accepted", accepted_by_id="by_id"),
    changing("member_invitation_forgets_address", "accepted", email="'a@example.org'"),
    changing("member_invitation_forgets_address", "invitation", email="''"),
    # A day is one row, of something; a choice is one of the two
    adding("activity_day_once", "day"),
    changing("activity_day_of_something", "day", worked="false", requested="false"),
    adding("college_choice_one_at_a_time", "choice"),
    adding("college_choice_known", "choice", college="'team'", chosen_at="now()"),
    # A lot is announced before it is about anything, and keeps what was announced
    adding("lot_one_prepared", "prepared", number=NEXT),
    adding("lot_once_a_subject_and_college", "closed_lot", number=NEXT),
    adding("lot_numbers_have_no_gap", "closed_lot", number=NEXT, subject_id="99"),
    adding("lot_counted_from_one", "prepared", number="0"),
    adding("lot_seed_shape", "prepared", number=NEXT, seed="upper(seed)"),
    adding("lot_commitment_of_seed", "prepared", number=NEXT, commitment="repeat('0', 64)"),
    changing(
        "lot_state_known", "closed_lot", state="'lost'", without=("lot_drawn_has_time", "lot_closed_has_time")
    ),
    changing("lot_college_known", "closed_lot", college="'lords'"),
    changing(
        "lot_address_is_a_path",
        "prepared",
        address="'https://example.org'",
        without=("lot_about_something_once_wanted",),
    ),
    changing("lot_about_something_once_wanted", "prepared", seats="2"),
    changing("lot_about_something_once_wanted", "drawn", seats="0"),
    changing("lot_about_something_once_wanted", "drawn", seats="null"),
    changing("lot_drawn_has_time", "committed", state="'drawn'"),
    changing("lot_closed_has_time", "drawn", state="'closed'"),
    changing("lot_drawn_has_time", "prepared", drawn_at="now()"),
    changing("lot_closed_has_time", "drawn", closed_at="now()"),
    changing("lot_terms_kept", "prepared", prepared_at="prepared_at - " + AGO),
    changing("lot_terms_kept", "drawn", seats="9"),
    changing("lot_terms_kept", "drawn", drawn_at="now()"),
    changing("lot_terms_kept", "closed_lot", closed_at="now() + " + AGO),
    changing(
        "lot_goes_forward", "committed", state="'closed'", drawn_at="committed_at", closed_at="committed_at"
    ),
    changing("lot_counts_its_candidates", "prepared", **WANTED),
    changing("lot_drawn_gives_places", "committed", state="'drawn'", drawn_at="committed_at"),
    # Who may be drawn is fixed before, and has one place
    adding(
        "candidate_fixed_before_draw", "waiting", person_id="{stranger}", code="repeat('1', 64)", place="99"
    ),
    changing("candidate_fixed_before_draw", "waiting", code="repeat('1', 64)"),
    changing("candidate_fixed_before_draw", "waiting", served_lately="true"),
    changing("candidate_fixed_before_draw", "sits", place="99"),
    changing("candidate_fixed_before_draw", "sits", answer_by="answer_by + " + AGO),
    adding("candidate_once", "fresh", code="repeat('1', 64)"),
    adding("candidate_code_once", "fresh", person_id="{stranger}"),
    adding("candidate_code_shape", "fresh", person_id="{stranger}", code="'X'"),
    adding("candidate_place_once", "sits", person_id="{stranger}", code="repeat('1', 64)"),
    changing("candidate_place_from_one", "fresh", place="0"),
    changing("candidate_placed_by_draw", "fresh", place="4"),
    changing("candidate_state_known", "sits", state="'lost'"),
    changing("candidate_offered_has_place", "waiting", state="'offered'"),
    changing("candidate_answered_has_time", "offered", state="'accepted'"),
    changing("candidate_answered_has_time", "offered", answered_at="now()"),
    changing("candidate_transition_known", "sits", state="'offered'", answered_at="null"),
    changing("candidate_transition_known", "sits", state="'declined'"),
]


def a_world() -> Rows:
    """Give members, people on the way in, and lots, in most of the states there are."""
    stranger = a_person()
    members = members_of("workers", 4)
    left = a_member_of("workers")
    leave_membership(by=left, at=NOON)
    closed = a_member_of("workers")
    forget_member(person_id=closed.pk, at=NOON)
    request = ask_admission(by=a_worker(), words="Me.", at=NOON)
    vouch(request_id=request.pk, by=members[0], at=NOON)
    taken_back = ask_admission(by=stranger, at=NOON)
    withdraw_request(by=stranger, at=NOON)
    operator = a_member_of("team")
    refused, contested, ended = (
        refuse_admission(
            request_id=ask_admission(by=who, at=NOON).pk,
            by=operator,
            ground="identity",
            reason="Not seen.",
            at=NOON,
        )
        for who in (a_worker(), a_worker(), a_worker())
    )
    for one in (contested, ended):
        contest_refusal(refusal_id=one.pk, by=one.request.person, words="I was seen.", at=NOON)
    end_refusal_contest(
        refusal_id=ended.pk, state=RefusalState.STANDS, by=HeardBy.JURY, reason="No.", at=NOON
    )
    invitation = invite_member(by=members[0], email="a@example.org", at=NOON)
    accepted = invite_member(by=members[0], email="b@example.org", at=NOON)
    accept_invitation(token=invitation_token(accepted.pk), by=a_worker(), at=NOON)
    choice = CollegeChoice.objects.create(person=members[0], college="workers", chosen_at=NOON)
    lots = [
        commit_lot(
            subject_kind="jury", subject_id=n, address="/", college=None, seats=seats, exclude=(), at=NOON
        )
        for n, seats in ((1, 1), (2, 2), (3, 1))
    ]
    for lot in lots[:2]:
        draw_lot(number=lot.pk, at=NOON)
    close_lot(number=lots[0].pk, at=NOON)
    first = Candidate.objects.get(lot=lots[1], place=1)
    answer_seat(number=lots[1].pk, by=first.person, accept=True, at=NOON)
    prepared = Lot.objects.get(state="prepared")
    fresh = Candidate.objects.create(lot=prepared, person=members[0], code="ab" * 32, served_lately=False)
    rows: dict[str, Any] = {
        "member": Membership.objects.get(person=members[0]),
        "left": Membership.objects.get(person=left),
        "closed": Membership.objects.get(person=closed),
        "request": request,
        "taken_back": taken_back,
        "voucher": Voucher.objects.get(),
        "refusal": refused,
        "contested": contested,
        "ended": ended,
        "invitation": invitation,
        "accepted": accepted,
        "day": ActivityDay.objects.filter(person=members[0]).first(),
        "choice": choice,
        "closed_lot": lots[0],
        "drawn": lots[1],
        "committed": lots[2],
        "prepared": prepared,
        "fresh": fresh,
        "sits": first,
        "offered": Candidate.objects.get(lot=lots[1], place=2),
        "waiting": Candidate.objects.get(lot=lots[1], place=3),
        "stranger": stranger,
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


WRITTEN_ONCE = (
    "membership_membership",
    "membership_collegechoice",
    "membership_lot",
    "membership_candidate",
    "membership_admissionrefusal",
)
KEPT = {
    "membership_written_once": "DELETE FROM membership_membership",
    "membership_collegechoice_written_once": "UPDATE membership_collegechoice SET college = 'requesters'",
    "lot_kept": "DELETE FROM membership_lot",
    "admission_refusal_said_once": "DELETE FROM membership_admissionrefusal",
    "candidate_kept": "DELETE FROM membership_candidate",
}


def test_who_was_admitted_what_was_chosen_and_what_was_drawn_is_never_removed(rows: Rows) -> None:
    for table in WRITTEN_ONCE:
        with broken(f"{table}_written_once"):
            run(f"TRUNCATE {table} CASCADE")
    for promise, statement in KEPT.items():
        with broken(promise):
            run(statement)


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("membership").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f')
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
    named = {name for name in named if not re.fullmatch(r"membership_\w+_(check|key|uniq)", name)}
    for table, function, source in triggers:
        if function == "kernel_written_once":
            assert table in WRITTEN_ONCE
        else:
            named |= set(re.findall(r"(?::=|CONSTRAINT =)\s+'(\w+)'", source))
    assert named == {way.promise for way in WAYS} | {"lot_kept", "candidate_kept"}
