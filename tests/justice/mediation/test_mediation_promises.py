"""What the database promises about disputes, each broken once by its name, and none left out."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from tests.builders import NOON, a_person
from tests.justice.mediation.disputing import (
    BEGUN,
    DIRECT_OVER,
    MEDIATED,
    REPLIED,
    SUMMARY,
    Quarrel,
    mediator_of,
)
from tests.promises import broken, promises_of, run
from tests.work.breaking import Rows, Way, adding, changing

from canut.justice.files import SentFile
from canut.justice.mediation.models import Mediator
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator
from canut.justice.mediation.usecases.complain import complain, reply
from canut.justice.mediation.usecases.keep_dispute_file import keep_dispute_file
from canut.justice.mediation.usecases.look import look_at_dispute
from canut.justice.mediation.usecases.name_mediator import ask_for_another
from canut.justice.mediation.usecases.remind import remind_of_disputes
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    propose_settlement,
    recommend,
)
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.appoint_operator import appoint_operator

LATER = "'2027-06-01'"
BEFORE = "'2020-01-01'"
OVER = {"state": "'withdrawn'", "ended_at": LATER}
PARTS = {"state": "'mediation'"}
NEW = {"id": "gen_random_uuid()", "stored_as": "'elsewhere'", "sha256": "'x'"}

WAYS: list[Way] = [
    adding("dispute_one_open_with_a_side", "direct"),
    adding("dispute_begins_directly", "ours", complainant_id="{nobody}", **OVER),
    adding("dispute_topic_known", "direct", other_id="{nobody}", topic="'x'"),
    adding("dispute_with_another", "direct", other_id="complainant_id"),
    adding("dispute_says_what", "direct", other_id="{nobody}", wish="' '"),
    adding("dispute_times_in_order", "direct", other_id="{nobody}", direct_until=BEFORE),
    changing("dispute_complaint_whole", "direct", state="'reply'"),
    changing("dispute_complaint_whole", "direct", complained_at=LATER),
    changing("dispute_reply_whole", "direct", replied_at=LATER),
    changing("dispute_mediation_has_time", "direct", mediation_at=LATER),
    changing("dispute_recommended_says_what", "direct", recommendation="'Pay.'"),
    changing("dispute_follows_a_recommendation", "direct", other_follows="true"),
    changing("dispute_ended_has_time", "direct", ended_at=LATER),
    changing("dispute_ended_has_time", "direct", state="'withdrawn'"),
    changing("dispute_forgotten_after_its_end", "direct", forgotten_at=LATER),
    changing("dispute_terms_kept", "direct", words="'Another thing'"),
    changing("dispute_terms_kept", "direct", direct_until="direct_until + interval '1 day'"),
    changing("dispute_words_stay", "recommended", reply="'Oh'"),
    changing("dispute_words_stay", "recommended", recommendation="'Pay all.'"),
    changing("dispute_goes_forward", "direct", state="'mediation'"),
    changing("dispute_settled_by_both", "direct", state="'settled'", ended_at=LATER),
    changing(
        "dispute_recommended_by_a_mediator",
        "unmediated",
        state="'recommended'",
        ended_at=LATER,
        recommendation="'Pay.'",
    ),
    adding("mediator_once_at_a_time", "mediator"),
    changing("mediator_ends_later", "mediator", ended_at=BEFORE),
    changing("mediator_not_by_themselves", "mediator", appointed_by_id="person_id"),
    adding("mandate_one_at_a_time", "mandate", mediator_id="{other_mediator}", person_id="{peer}"),
    adding("mandate_once_a_person", "mandate", until=LATER, end="'left'"),
    adding(
        "mandate_refused_once_a_side",
        "refused",
        mediator_id="{other_mediator}",
        person_id="{peer}",
        without=("mandate_once_a_person",),
    ),
    adding("mandate_due_later", "mandate", dispute_id="{unmediated}", due_at="since"),
    changing("mandate_end_whole", "mandate", until=LATER),
    changing("mandate_end_whole", "mandate", reason="'x'"),
    changing("mandate_kept", "mandate", since=BEFORE),
    changing("mandate_kept", "refused", reason="'Another'"),
    adding("mandate_of_an_appointed_mediator", "mandate", person_id="{nobody}"),
    adding("mandate_never_a_side", "mandate", dispute_id="{against_mediator}"),
    adding(
        "mandate_never_a_side", "mandate", dispute_id="{ours}", mediator_id="{ruling}", person_id="{second}"
    ),
    adding("mandate_in_mediation", "mandate", dispute_id="{direct}"),
    adding("dispute_message_says_something", "message", text="' '"),
    adding("dispute_message_for_its_writer", "message", audience="'other'"),
    adding("dispute_message_for_its_writer", "message", audience="'crowd'"),
    adding("dispute_written_by_its_side", "message", by_id="{nobody}"),
    adding("dispute_written_by_its_side", "message", side="'mediator'"),
    changing("dispute_message_stays", "message", text="'Never said'"),
    adding("dispute_file_once", "file", id="gen_random_uuid()", stored_as="'elsewhere'"),
    adding("dispute_file_whole", "file", **NEW, size_bytes="0"),
    adding("dispute_file_for_its_sender", "file", **NEW, audience="'other'"),
    adding("dispute_agreement_number_once", "agreement"),
    adding("agreement_counted_from_one", "agreement", number="0"),
    adding("agreement_has_words", "agreement", number="9", text="' '"),
    adding("agreement_its_side_agrees", "agreement", number="9", complainant_agreed_at="NULL"),
    changing("agreement_kept", "agreement", text="'More'"),
    changing("agreement_kept", "agreement", complainant_agreed_at="NULL"),
    changing("agreement_while_open", "late_agreement", other_agreed_at=LATER),
    adding("dispute_reminder_once", "reminder"),
    adding("precedent_by_its_mediator", "waiting", dispute_id="{direct}"),
    changing("precedent_topic_known", "waiting", topic="'x'"),
    changing("precedent_of_an_outcome", "waiting", outcome="'withdrawn'"),
    changing("precedent_in_a_language", "waiting", version="2", text_en="''"),
    changing("precedent_time_to_object", "waiting", version="2", object_by="written_at"),
    changing("precedent_published_has_time", "waiting", published_at=LATER),
    changing("precedent_published_stays", "published", text_en="'Names!'", version="2"),
    changing("precedent_published_unopposed", "waiting", state="'published'", published_at="written_at"),
    changing("precedent_changed_is_a_version", "waiting", text_en="'Another'"),
    adding("precedent_answered_once_a_side", "answer"),
    adding("precedent_answer_of_a_side", "answer", side="'mediator'"),
    adding("precedent_answer_to_this_version", "answer", side="'other'", version="2"),
    changing("precedent_answer_stays", "answer", objection="''"),
    adding("dispute_look_once", "look"),
]

BEHIND_TRIGGERS = {
    "dispute_state_known": ("justice_mediation_dispute", "state = 'lost'", "direct"),
    "dispute_message_side_known": ("justice_mediation_message", "side = 'x', audience = 'all'", "message"),
    "dispute_file_side_known": ("justice_mediation_disputefile", "side = 'x'", "file"),
    "agreement_side_known": ("justice_mediation_agreement", "side = 'x'", "agreement"),
    "precedent_counted_from_one": ("justice_mediation_precedent", "version = 0", "waiting"),
    "precedent_state_known": ("justice_mediation_precedent", "state = 'x'", "waiting"),
}
"""Promises that a trigger speaks up before: seen with the triggers put aside."""


def a_world() -> Rows:
    quarrel = Quarrel()
    nobody = a_person("nadine")
    recommended = quarrel.recommended()
    mediator = mediator_of(recommended)
    waiting = write_summary(dispute_id=recommended.pk, by=mediator, **SUMMARY, at=MEDIATED)
    answer_summary(
        dispute_id=recommended.pk, by=quarrel.worker, version=1, objects=True, objection="No.", at=MEDIATED
    )
    refused = quarrel.mediated(words="Again.")
    held = refused.mandates.get()
    again = {"dispute_id": refused.pk, "at": REPLIED}
    ask_for_another(by=quarrel.worker, mandate_id=held.pk, reason="No.", **again)
    settled_text = propose_settlement(by=quarrel.worker, text="Half.", **again)
    agree_to_settlement(by=quarrel.requester, number=settled_text.number, **again)
    published = write_summary(by=mediator_of(refused), **again, **SUMMARY)
    for by in (quarrel.worker, quarrel.requester):
        published = answer_summary(by=by, version=1, objects=False, **again)
    third = quarrel.mediated(words="A third time.")
    late = propose_settlement(dispute_id=third.pk, by=quarrel.worker, text="Half.", at=REPLIED)
    recommend(dispute_id=third.pk, by=mediator_of(third), text="Half.", at=REPLIED)
    direct = quarrel.begun(words="A last time.")
    message = say(dispute_id=direct.pk, by=quarrel.worker, text="Hello", at=BEGUN)
    file = keep_dispute_file(
        dispute_id=direct.pk, by=quarrel.worker, sent=SentFile(ContentFile(b"a", "a"), "a"), at=BEGUN
    )
    agreement = propose_settlement(dispute_id=direct.pk, by=quarrel.worker, text="Half.", at=BEGUN)
    look = look_at_dispute(dispute_id=direct.pk, by=quarrel.worker, at=BEGUN)
    remind_of_disputes(at=DIRECT_OVER)
    ours = quarrel.mediated(project_id=None)
    refused_first = ours.mandates.get()
    ask_for_another(
        dispute_id=ours.pk, by=quarrel.worker, mandate_id=refused_first.pk, reason="No.", at=REPLIED
    )
    against = quarrel.begun(by=mediator_of(ours), project_id=None)
    tess = appoint_mediator(by=quarrel.operator, screen_name=a_person("tess").screen_name, at=NOON)
    for one in (*quarrel.peers, tess.person):
        allow_person(person_id=one.pk, by=quarrel.requester, at=NOON)
    unmediated = quarrel.begun(by=quarrel.requester, project_id=None, screen_name="Willa")
    given = {"dispute_id": unmediated.pk, "at": DIRECT_OVER}
    complain(by=quarrel.requester, complaint="No answer.", **given)
    unmediated = reply(by=quarrel.worker, text="I did answer.", **given)
    second = appoint_operator(person_id=a_person("second").pk, by=None, at=NOON)
    ruling = Mediator.objects.create(person=second, appointed_at=NOON)
    rows = {
        "direct": direct,
        "recommended": recommended,
        "ours": ours,
        "unmediated": unmediated,
        "against_mediator": against,
        "mandate": ours.mandates.get(until__isnull=True),
        "refused": refused_first,
        "mediator": recommended.mandates.get().mediator,
        "other_mediator": tess,
        "ruling": ruling,
        "second": second,
        "peer": tess.person,
        "nobody": nobody,
        "message": message,
        "agreement": agreement,
        "late_agreement": late,
        "reminder": direct.reminders.get(),
        "waiting": waiting,
        "published": published,
        "answer": waiting.answers.get(),
        "look": look,
    }
    found: dict[str, tuple[str, int | str]] = {
        name: (row._meta.db_table, row.pk) for name, row in rows.items()
    }
    return found | {"file": (file._meta.db_table, f"'{file.pk}'")}


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


@pytest.mark.parametrize("promise", BEHIND_TRIGGERS)
def test_a_word_is_one_of_those_there_are(rows: Rows, promise: str) -> None:
    table, change, row = BEHIND_TRIGGERS[promise]
    with broken(promise):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for other in ("agreement_its_side_agrees", "dispute_ended_has_time", "precedent_published_has_time"):
            run(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {other}")
        run(f"UPDATE {table} SET {change} WHERE id = {rows[row][1]}")


def test_what_was_written_goes_with_all_of_it_or_not_at_all(rows: Rows) -> None:
    table, number = rows["message"]
    with broken("dispute_message_stays"):
        run(f"DELETE FROM {table} WHERE id = {number}")


def test_no_promise_of_the_database_is_without_a_test(rows: Rows) -> None:
    assert promises_of("justice_mediation") == {way.promise for way in WAYS} | BEHIND_TRIGGERS.keys()
