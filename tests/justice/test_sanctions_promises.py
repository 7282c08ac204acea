"""What the database promises about sanctions: every short cut past a person is refused, by its name."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from tests.builders import a_person, a_worker
from tests.justice.sanctioned import a_sanction, an_operator, delivered, in_effect
from tests.promises import broken, run
from tests.work.breaking import Rows, Way, adding, changing

from canut.charter import log
from canut.justice.files import SentFile
from canut.justice.sanctions.models import Proposal, SanctionFile
from canut.justice.sanctions.states import Ground, Kind, Pattern
from canut.justice.sanctions.usecases.answer_sanction import answer_sanction, ask_review
from canut.justice.sanctions.usecases.end_sanction import withdraw_sanction
from canut.justice.sanctions.usecases.propose_sanction import propose_sanction, set_aside_proposal
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.kernel import clock
from canut.ledger.models import PaymentRefusal
from canut.people.models import Party, Person, Restriction

pytestmark = pytest.mark.django_db

OF_NOBODY = {"person_id": "{nobody}"}
UNTOLD = {
    "delivered_at": "NULL",
    "delivered_how": "''",
    "statement": "''",
    "takes_effect_at": "NULL",
    "ends_at": "NULL",
}
NOW_TOLD = {
    "delivered_at": "kernel_now()",
    "delivered_how": "'mail'",
    "statement": "'Because.'",
    "takes_effect_at": "kernel_now() + interval '1 day'",
    "ends_at": "kernel_now() + interval '8 days'",
}
ENDED = {"ended_at": "kernel_now()", "ended_how": "'withdrawn'", "end_reason": "'Because.'"}
SOON = "kernel_now() + interval '1 hour'"
AN_HOUR_AGO = "kernel_now() - interval '1 hour'"
ANOTHER = {"stored_as": "'a'", "sha256": "'a'", "id": "gen_random_uuid()"}
LONG = "repeat('Because of this. ', 5)"
SAID = {
    "outcome": "'stands'",
    "reason": LONG,
    "reviewer_id": "{other}",
    "reviewed_at": "asked_at + interval '1 hour'",
}

WAYS: list[Way] = [
    # Who decides, and what is decided
    adding("sanction_by_an_operator", "untold", **OF_NOBODY, decided_by_id="{stranger}"),
    adding("sanction_by_an_operator", "untold", **OF_NOBODY, decided_by_id="{suspended}"),
    adding("sanction_by_another", "untold", person_id="{operator}"),
    adding("sanction_begins_undelivered", "untold", **OF_NOBODY, **NOW_TOLD),
    adding(
        "sanction_kind_known",
        "untold",
        **OF_NOBODY,
        kind="'exile'",
        without=("sanction_bars_by_kind", "sanction_days_by_kind"),
    ),
    adding("sanction_ground_known", "untold", **OF_NOBODY, ground="'dislike'"),
    adding("sanction_has_reason", "untold", **OF_NOBODY, reason="'Spam.'"),
    adding("sanction_has_reason", "untold", **OF_NOBODY, reason="repeat(' ', 90)"),
    adding("sanction_has_evidence", "untold", **OF_NOBODY, evidence="' '"),
    adding("sanction_bars_by_kind", "untold", **OF_NOBODY, bars="'{{take}}'"),
    adding("sanction_bars_by_kind", "untold", **OF_NOBODY, kind="'restrict'"),
    adding("sanction_days_by_kind", "untold", **OF_NOBODY, days="NULL"),
    adding("sanction_days_by_kind", "untold", **OF_NOBODY, kind="'close'"),
    adding("sanction_amount_by_kind", "untold", **OF_NOBODY, currency="'EUR'"),
    adding("sanction_one_of_a_kind", "untold"),
    # What was decided stays, and is delivered once, whole, before it acts
    *(
        changing("sanction_terms_kept", "untold", **{column: value})
        for column, value in {
            "person_id": "{nobody}",
            "kind": "'close'",
            "ground": "'spam'",
            "reason": LONG,
            "evidence": "'Other'",
            "days": "80",
            "decided_by_id": "{other}",
        }.items()
    ),
    changing("sanction_delivered_whole", "untold", **NOW_TOLD | {"statement": "''"}),
    changing(
        "sanction_delivered_already",
        "untold",
        **NOW_TOLD | {"delivered_at": SOON, "takes_effect_at": "kernel_now() + interval '2 days'"},
    ),
    changing("sanction_delivered_whole", "untold", **NOW_TOLD | {"delivered_at": "NULL"}),
    changing("sanction_delivered_now", "untold", **NOW_TOLD | {"delivered_at": AN_HOUR_AGO}),
    changing(
        "sanction_notice_kept",
        "untold",
        **NOW_TOLD | {"takes_effect_at": "kernel_now() + interval '23 hours'"},
    ),
    changing("sanction_as_long_as_decided", "untold", **NOW_TOLD | {"ends_at": "'infinity'"}),
    changing("sanction_ends_by_its_days", "untold_close", **NOW_TOLD),
    changing("sanction_delivered_once", "told", takes_effect_at="kernel_now()"),
    changing("sanction_delivered_once", "told", **UNTOLD),
    changing("sanction_ended_whole", "told", ended_at="kernel_now()"),
    changing("sanction_ended_by_somebody", "told", ended_at="kernel_now()", ended_how="'withdrawn'"),
    changing("sanction_ended_whole", "told", ended_how="'lapsed'"),
    changing("sanction_ended_by_another", "untold", **ENDED | {"ended_by_id": "person_id"}),
    changing("sanction_ends_once", "ended", ended_at="NULL"),
    changing("sanction_ended_bars_nothing", "told", ended_at="kernel_now()", ended_how="'lapsed'"),
    # What other rooms obey
    adding("restriction_by_sanction", "bars", sanction_id="{untold}"),
    adding("restriction_by_sanction", "bars", sanction_id="{ended}"),
    adding("restriction_by_sanction", "bars", sanction_id="{warned}"),
    adding("restriction_by_sanction", "bars", person_id="{nobody}", sanction_id="{told2}"),
    adding("restriction_by_sanction", "bars", sanction_id="{told}", since="since - interval '1 hour'"),
    adding("restriction_by_sanction", "bars", sanction_id="987654321"),
    changing("restriction_only_ends", "bars", person_id="{nobody}"),
    changing("restriction_only_ends", "bars", since="kernel_now()"),
    changing("restriction_only_ends", "bars", until="NULL"),
    changing("restriction_only_ends", "lifted", lifted_at="NULL"),
    changing("sanction_lapses_unless_reviewed", "bars_waiting", lapses_at="NULL"),
    changing("sanction_lapses_unless_reviewed", "refusal_waiting", lapses_at="lapses_at + interval '1 day'"),
    changing("sanction_waits_for_its_review", "bars_waiting", lapses_at="lapses_at - interval '1 day'"),
    adding("payment_refusal_by_sanction", "refusal", sanction_id="{told}"),
    changing("payment_refusal_only_ends", "refusal", amount_minor="5"),
    # Another person, in time, once
    adding("sanction_review_of_one_that_holds", "review", sanction_id="{ended}"),
    adding("sanction_review_of_one_that_holds", "review", sanction_id="{untold}"),
    adding("sanction_waits_for_its_review", "review", sanction_id="{told}"),
    adding("sanction_review_has_time", "review", sanction_id="{told}", review_by="asked_at"),
    changing("sanction_review_by_another", "review", **SAID | {"reviewer_id": "{operator}"}),
    changing("sanction_review_by_another", "review", **SAID | {"reviewer_id": "{touched}"}),
    changing("sanction_review_by_an_operator", "review", **SAID | {"reviewer_id": "{stranger}"}),
    changing("sanction_review_whole", "review", **SAID | {"reason": "'Yes.'"}),
    changing("sanction_review_whole", "review", **SAID | {"reviewed_at": "review_by + interval '1 second'"}),
    changing("sanction_review_whole", "review", **SAID | {"reviewer_id": "NULL"}),
    changing("sanction_review_whole", "review", **SAID | {"reviewed_at": "NULL"}),
    changing("sanction_review_terms_kept", "review", review_by="review_by + interval '9 days'"),
    changing("sanction_reviewed_once", "reviewed", outcome="'falls'"),
    adding("sanction_answer_says_something", "answer", words="' '"),
    adding("sanction_file_not_empty", "file", size_bytes="0", **ANOTHER),
    adding("sanction_file_has_name", "file", filename="''", **ANOTHER),
    adding("sanction_file_once", "file", stored_as="'a'", id="gen_random_uuid()"),
    # A program only proposes
    adding("sanction_proposal_once", "proposal"),
    adding("sanction_proposal_known", "proposal", person_id="{nobody}", pattern="'hunch'"),
    adding("sanction_proposal_lapses", "proposal", person_id="{nobody}", lapses_at="made_at"),
    changing("sanction_proposal_state", "proposal", state="'taken_up'", closed_at="made_at"),
    changing("sanction_proposal_state", "set_aside", reason="' '"),
    changing("sanction_proposal_closed_by_another", "set_aside", closed_by_id="person_id"),
]  # fmt: skip

BEHIND = {
    "sanction_told_before_effect": ("told", "takes_effect_at = delivered_at"),
    "restriction_bars_known": ("bars", "bars = '{vote}'"),
    "restriction_ends_after_it_began": ("bars", "until = since"),
    "payment_refusal_currency_code": ("refusal", "currency = 'eur'"),
    "payment_refusal_of_something": ("refusal", "amount_minor = 0"),
}
"""What a trigger refuses already."""

WRITTEN_ONCE = {
    "justice_sanctions_sanction": "told",
    "justice_sanctions_answer": "answer",
    "justice_sanctions_sanctionfile": "file",
    "justice_sanctions_review": "review",
    "people_restriction": "bars",
    "ledger_paymentrefusal": "refusal",
}


def a_world() -> Rows:
    log.lock()
    operator, other, suspended = an_operator("odile"), an_operator("oscar"), an_operator("omar")
    in_effect(suspended, by=operator)
    now = clock.now()
    touched = a_worker()
    untold = a_sanction(a_worker(), by=operator, at=now)
    told, told2 = (delivered(a_worker(), by=operator, at=now) for _each in range(2))
    ended = delivered(a_worker(), by=operator, at=now)
    withdraw_sanction(sanction_id=ended.pk, reason="A mistake.", by=other, at=now)
    waiting = in_effect(touched, by=operator)
    review = ask_review(sanction_id=waiting.pk, by=touched, at=now - timedelta(hours=2))
    held = in_effect(a_worker(), "refuse_payment", by=operator)
    held_waiting = in_effect(a_worker(), "refuse_payment", by=operator, amount_minor=9)
    ask_review(sanction_id=held_waiting.pk, by=held_waiting.person, at=now)
    looked_at = in_effect(a_worker(), by=operator)
    ask_review(sanction_id=looked_at.pk, by=looked_at.person, at=now)
    words = "I looked at all of it, and it is as it was said."
    reviewed = review_sanction(sanction_id=looked_at.pk, outcome="stands", reason=words, by=other, at=now)
    sent = SentFile(SimpleUploadedFile("a.txt", b"I was abroad"), "a.txt")
    answer = answer_sanction(sanction_id=told.pk, words="No.", files=[sent], by=told.person, at=now)
    rule = {"pattern": Pattern.OVERTURNED_REJECTIONS, "kind": Kind.WARN, "ground": Ground.REJECTIONS}
    proposals = [
        propose_sanction(person_id=a_worker().pk, facts={"heard": 6, "fell": 5, "days": 90}, at=now, **rule)
        for _each in range(2)
    ]
    assert isinstance(proposals[1], Proposal)
    set_aside_proposal(proposal_id=proposals[1].pk, reason="One bad week.", by=other, at=now)
    rows: dict[str, Any] = {
        "untold": untold,
        "untold_close": a_sanction(a_worker(), "close", by=operator, at=now),
        "told": told,
        "told2": told2,
        "warned": delivered(a_worker(), "warn", by=operator, at=now),
        "ended": ended,
        "bars": Restriction.objects.get(sanction_id=told.pk),
        "lifted": Restriction.objects.get(sanction_id=ended.pk),
        "bars_waiting": Restriction.objects.get(sanction_id=waiting.pk),
        "refusal": PaymentRefusal.objects.get(sanction_id=held.pk),
        "refusal_waiting": PaymentRefusal.objects.get(sanction_id=held_waiting.pk),
        "review": review,
        "reviewed": reviewed,
        "answer": answer,
        "file": SanctionFile.objects.get(),
        "proposal": proposals[0],
        "set_aside": proposals[1],
        "nobody": a_person(),
        "stranger": a_person(),
        "touched": touched,
        "operator": operator,
        "other": other,
        "suspended": suspended,
    }
    return {
        name: (row._meta.db_table, f"'{row.pk}'" if name == "file" else row.pk) for name, row in rows.items()
    }


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    """Give that world to all tests here; what breaks it is undone each time."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = a_world()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_goes_past_a_person_is_refused_by_its_name(rows: Rows, way: Way) -> None:
    way.go(rows)


@pytest.mark.parametrize("name", BEHIND)
def test_what_a_trigger_refuses_already_is_refused_without_it_too(rows: Rows, name: str) -> None:
    row, change = BEHIND[name]
    table, number = rows[row]
    with broken(name):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        run(f"UPDATE {table} SET {change} WHERE id = {number}")


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_nothing_of_a_sanction_is_ever_deleted(rows: Rows, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with broken(f"{table}_written_once"):
            run("SET CONSTRAINTS ALL IMMEDIATE")
            run(statement)


def test_no_account_is_closed_but_by_its_holder(rows: Rows) -> None:
    run("SET CONSTRAINTS ALL DEFERRED")
    number = rows["nobody"][1]
    with broken("party_closed_by_its_holder"):
        Person.objects.filter(pk=number).update(is_active=False, email=None)
        Party.objects.filter(pk=number).update(closed_at=clock.now())


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("justice_sanctions").get_models()]
    tables += ["people_restriction", "ledger_paymentrefusal"]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[])
               AND contype NOT IN ('n', 'p', 'f', 't')
               UNION SELECT indexrelid::regclass::text FROM pg_index
               WHERE indrelid = ANY (%s::text[]::regclass[]) AND indisunique AND NOT indisprimary""",
            [tables, tables],
        )
        named = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname LIKE 'justice_sanctions_%'")
        for (source,) in cursor.fetchall():
            named |= set(re.findall(r"_broken\('(\w+)'", source))
    named = {name for name in named if not re.search(r"_(check|key|uniq|like)$", name)}
    assert named == {way.promise for way in WAYS} | set(BEHIND)
