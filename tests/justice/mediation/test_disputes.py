"""A dispute from the first word to its end, its clocks, and everybody who must not get in."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from tests.builders import NOON, a_person, a_project, a_requester, a_submission
from tests.justice.mediation.disputing import (
    BEGUN,
    COMPLAINED,
    DAY,
    DIRECT_OVER,
    MEDIATED,
    REPLIED,
    REPLY_OVER,
    SUMMARY,
    Quarrel,
    mediator_of,
    told,
)
from tests.justice.sanctioned import shut_out

from canut.justice.files import SentFile
from canut.justice.mediation.access import dispute_of, file_of
from canut.justice.mediation.models import Dispute, Mandate, Message
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator, dismiss_mediator
from canut.justice.mediation.usecases.complain import complain, end_direct_attempt, reply
from canut.justice.mediation.usecases.follow_disputes import follow_disputes
from canut.justice.mediation.usecases.keep_dispute_file import keep_dispute_file, take_back_file
from canut.justice.mediation.usecases.look import look_at_dispute
from canut.justice.mediation.usecases.name_mediator import ask_for_another, step_aside
from canut.justice.mediation.usecases.remind import remind_of_disputes
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    answer_recommendation,
    propose_settlement,
    recommend,
    withdraw_dispute,
)
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.kernel.refusals import Refusal
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.close_account import close_account

pytestmark = pytest.mark.django_db


def refused(verb, **given) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(**given)
    assert str(refusal.value)
    return refusal.value.code


@pytest.fixture
def quarrel() -> Quarrel:
    return Quarrel()


def test_both_sides_settle_it_between_them(quarrel):
    dispute = quarrel.begun()
    assert quarrel.begun() == dispute  # twice is once
    number = dispute.pk
    assert refused(quarrel.begun, words="Something else") == "dispute_open_already"
    assert dispute.direct_until == DIRECT_OVER
    (to, text), *more = told(BEGUN)
    assert (to, more) == ("rita", [])
    assert f"/justice/disputes/{number}/" in text
    assert "twice the time" not in text
    # They write, and each mail waits until the last one was looked at
    say(dispute_id=number, by=quarrel.requester, text="Let me look.", at=BEGUN)
    say(dispute_id=number, by=quarrel.requester, text="Let me look.", at=BEGUN)
    say(dispute_id=number, by=quarrel.requester, text="I have looked.", at=BEGUN)
    assert Message.objects.count() == 2
    assert [to for to, _text in told(BEGUN + DAY)] == ["willa"]
    look_at_dispute(dispute_id=number, by=quarrel.worker, at=BEGUN + 2 * DAY)
    say(dispute_id=number, by=quarrel.requester, text="It was long.", at=BEGUN + 3 * DAY)
    assert [to for to, _text in told(BEGUN + 3 * DAY)] == ["willa"]
    assert (
        refused(say, dispute_id=number, by=quarrel.worker, text="x", audience="other", at=BEGUN)
        == "bad_input"
    )
    # One proposes, the other proposes something else, and that is agreed to
    propose_settlement(dispute_id=number, by=quarrel.worker, text="All of it.", at=BEGUN + 3 * DAY)
    second = propose_settlement(dispute_id=number, by=quarrel.requester, text="Half.", at=BEGUN + 3 * DAY)
    assert second.number == 2
    assert propose_settlement(dispute_id=number, by=quarrel.requester, text="Half.", at=BEGUN) == second
    agree = {"dispute_id": number, "by": quarrel.worker, "at": BEGUN + 4 * DAY}
    assert refused(agree_to_settlement, number=1, **agree) == "dispute_settlement_replaced"
    assert refused(agree_to_settlement, number=3, **agree) == "dispute_settlement_not_found"
    for _click in range(2):
        ended = agree_to_settlement(number=2, **agree)
    assert (ended.state, ended.ended_at) == ("settled", BEGUN + 4 * DAY)
    assert sorted(to for to, text in told(BEGUN + 4 * DAY) if "It is settled" in text) == ["rita", "willa"]
    assert refused(withdraw_dispute, dispute_id=number, by=quarrel.worker, at=MEDIATED) == (
        "dispute_not_at_this_point"
    )
    assert refused(say, dispute_id=number, by=quarrel.worker, text="Thanks", at=MEDIATED) == (
        "dispute_not_at_this_point"
    )
    assert quarrel.begun(words="Again", at=BEGUN + 5 * DAY) != dispute


def test_a_complaint_goes_to_a_mediator_who_recommends(quarrel):
    dispute = quarrel.begun()
    mine = {"dispute_id": dispute.pk, "by": quarrel.worker}
    theirs = {"dispute_id": dispute.pk, "by": quarrel.requester}
    assert refused(complain, complaint="No answer.", at=DIRECT_OVER - DAY, **mine) == (
        "dispute_complaint_too_early"
    )
    assert refused(complain, complaint="No answer.", at=COMPLAINED, **theirs) == "dispute_not_your_part"
    assert refused(end_direct_attempt, at=BEGUN, **mine) == "dispute_not_your_part"
    assert refused(reply, text="No.", at=BEGUN, **theirs) == "dispute_not_at_this_point"
    assert refused(complain, complaint=" ", at=COMPLAINED, **mine) == "bad_input"
    for _click in range(2):
        complain(complaint="No answer.", at=COMPLAINED, **mine)
    assert refused(complain, complaint="And more.", at=COMPLAINED, **mine) == "dispute_not_at_this_point"
    assert refused(recommend, text="Pay.", at=COMPLAINED, **mine) == "dispute_not_your_part"
    for _click in range(2):
        dispute = reply(text="It was fair.", at=REPLIED, **theirs)
    assert dispute.state == "mediation"
    mediator = mediator_of(dispute)
    assert mediator == quarrel.peers[0]
    heard = {"dispute_id": dispute.pk, "by": mediator}
    assert [to for to, text in told(REPLIED) if "mediator1" in text.lower() and "named" in text].count("rita")
    # Each side can tell the mediator alone; the other side never reads it
    say(text="Between us.", audience="complainant", at=REPLIED, **mine)
    assert refused(say, text="x", audience="complainant", at=REPLIED, **theirs) == "bad_input"
    assert [to for to, _text in told(REPLIED)] == ["mediator1"]
    say(text="And you?", audience="other", at=REPLIED, **heard)
    assert [to for to, _text in told(REPLIED)] == ["rita"]
    propose_settlement(text="Half.", at=REPLIED, **heard)
    agree_to_settlement(number=1, at=REPLIED, **mine)
    assert refused(agree_to_settlement, number=1, at=REPLIED, **heard) == "dispute_not_your_part"
    for _click in range(2):
        dispute = recommend(text="Pay half of it.", at=MEDIATED, **heard)
    assert (dispute.state, dispute.ended_at) == ("recommended", MEDIATED)
    assert refused(agree_to_settlement, number=1, at=MEDIATED, **theirs) == "dispute_not_at_this_point"
    answer_recommendation(follows=True, at=MEDIATED, **mine)
    answer_recommendation(follows=False, at=MEDIATED, **theirs)
    dispute = answer_recommendation(follows=True, at=MEDIATED, **theirs)
    assert (dispute.complainant_follows, dispute.other_follows) == (True, True)
    assert refused(answer_recommendation, follows=True, at=MEDIATED, **heard) == "dispute_not_your_part"


def test_nobody_else_learns_that_there_is_a_dispute(quarrel, stranger, uploads):
    dispute = quarrel.mediated()
    other_mediator = quarrel.peers[1]
    kept = keep_dispute_file(
        dispute_id=dispute.pk,
        by=quarrel.worker,
        sent=SentFile(ContentFile(b"notes", "x"), "../notes"),
        audience="complainant",
        at=REPLIED,
    )
    for outsider in (stranger, other_mediator, quarrel.operator):
        given = {"dispute_id": dispute.pk, "by": outsider, "at": REPLIED}
        for verb, more in (
            (say, {"text": "x"}),
            (end_direct_attempt, {}),
            (complain, {"complaint": "x"}),
            (reply, {"text": "x"}),
            (step_aside, {"reason": "x"}),
            (ask_for_another, {"mandate_id": 1, "reason": "x"}),
            (propose_settlement, {"text": "x"}),
            (agree_to_settlement, {"number": 1}),
            (recommend, {"text": "x"}),
            (answer_recommendation, {"follows": True}),
            (withdraw_dispute, {}),
            (write_summary, SUMMARY),
            (answer_summary, {"version": 1, "objects": False}),
            (look_at_dispute, {}),
            (take_back_file, {"file_id": kept.pk}),
        ):
            assert refused(verb, **given, **more) == "dispute_not_found", verb
        with pytest.raises(Refusal):
            file_of(kept.pk, by=outsider)
    # The other side is no reader of what was sent to the mediator alone
    assert refused(file_of, file_id=kept.pk, by=quarrel.requester) == "dispute_file_not_found"
    assert file_of(kept.pk, by=mediator_of(dispute)).filename == "notes.txt"
    assert refused(dispute_of, dispute_id=2**70, by=quarrel.worker) == "dispute_not_found"
    # A file is kept once, taken back by its sender alone, and no page is taken for one
    again = SentFile(ContentFile(b"notes", "x"), "other")
    same = {"dispute_id": dispute.pk, "by": quarrel.worker, "at": REPLIED}
    assert keep_dispute_file(sent=again, audience="complainant", **same) == kept
    page = SentFile(ContentFile(b"<script>alert(1)</script>", "x"), "x.txt")
    assert refused(keep_dispute_file, sent=page, **same) == "case_file_type_refused"
    given = {"dispute_id": dispute.pk, "file_id": kept.pk, "at": REPLIED}
    assert refused(take_back_file, by=quarrel.requester, **given) == "dispute_file_not_found"
    take_back_file(by=quarrel.worker, **given)
    assert refused(take_back_file, by=quarrel.worker, **given) == "dispute_file_not_found"


def test_a_dispute_is_with_somebody_with_whom_there_was_work(quarrel, stranger):
    begun = quarrel.begun
    assert refused(begun, by=stranger) == "dispute_no_work_between"
    # Nobody learns which names there are
    for name in ("Rita", "Nobody-at-all", "ri\0ta", "x" * 500):
        assert refused(begun, by=stranger, project_id=None, screen_name=name) == "dispute_no_work_between"
    assert refused(begun, project_id=2**62) == "dispute_no_work_between"
    assert refused(begun, project_id=None, screen_name="Willa") == "dispute_no_work_between"
    # A requester may have something against a worker
    against = begun(by=quarrel.requester, screen_name="willa", project_id=quarrel.project.pk)
    assert (against.other_id, against.project_id) == (quarrel.worker.pk, quarrel.project.pk)
    # Days, topics and words are what they can be
    for more, code in (
        ({"happened_on": BEGUN.date() + DAY}, "bad_input"),
        ({"happened_on": BEGUN.date() - 181 * DAY}, "dispute_too_late"),
        ({"happened_on": date(1, 1, 1)}, "dispute_too_late"),
        ({"topic": "weather"}, "bad_input"),
        ({"words": "x" * 4001}, "bad_input"),
        ({"wish": "a\0b"}, "bad_input"),
    ):
        assert refused(begun, **more) == code, more
    # With the people who run the site, who have nothing against themselves
    ours = begun(project_id=None)
    assert ours.other_id is None
    assert begun(project_id=None) == ours
    assert refused(begun, by=quarrel.operator, project_id=None) == "bad_input"
    # Late, but in time: there is as long to complain as there is to reply
    late = begun(happened_on=BEGUN.date() - 175 * DAY)
    assert late.complain_by == late.direct_until + 14 * DAY
    # So many at once are enough
    for number in range(4):
        owner = a_requester(f"owner{number}")
        project = a_project(owner=owner)
        a_submission(worker=quarrel.worker, project=project)
        if number < 3:
            begun(project_id=project.pk)
    assert refused(begun, project_id=project.pk) == "dispute_too_many_open"


def test_time_takes_disputes_further(quarrel):
    dispute = quarrel.begun()
    number = dispute.pk
    for at, reminders in ((DIRECT_OVER - DAY, 0), (DIRECT_OVER, 1), (dispute.complain_by - DAY, 1)):
        for _again in range(2):
            remind_of_disputes(at=at)
            follow_disputes(at=at)
        told_now = told(at)
        assert len([to for to, text in told_now if "complaint" in text and to == "willa"]) == reminders
    follow_disputes(at=dispute.complain_by)
    assert Dispute.objects.get(pk=number).state == "lapsed"
    assert refused(complain, dispute_id=number, by=quarrel.worker, complaint="x", at=dispute.complain_by) == (
        "dispute_not_at_this_point"
    )
    # A reply that does not come
    told(dispute.complain_by)
    dispute = quarrel.complained(words="Another")
    for _again in range(2):
        assert remind_of_disputes(at=REPLY_OVER - DAY) == (1 if not _again else 0)
        assert follow_disputes(at=REPLY_OVER - DAY) == 0
    assert [to for to, text in told(REPLY_OVER) if "reply to the complaint" in text] == ["rita"]
    assert follow_disputes(at=REPLY_OVER) == 1
    dispute.refresh_from_db()
    assert (dispute.state, dispute.replied_at) == ("mediation", None)
    assert refused(reply, dispute_id=dispute.pk, by=quarrel.requester, text="Late.", at=REPLY_OVER) == (
        "dispute_not_at_this_point"
    )
    # A mediator who takes too long
    mandate = Mandate.objects.get(dispute=dispute)
    assert mandate.due_at == REPLY_OVER + 30 * DAY
    assert remind_of_disputes(at=mandate.due_at - DAY) == 1
    assert remind_of_disputes(at=mandate.due_at) == 2
    ask = {"dispute_id": dispute.pk, "mandate_id": mandate.pk, "reason": "Too slow.", "at": mandate.due_at}
    for _click in range(2):
        ask_for_another(by=quarrel.worker, **ask)
    assert [(one.end, one.person) for one in Mandate.objects.order_by("pk")] == [
        ("too_slow", quarrel.peers[0]),
        ("", quarrel.peers[1]),
    ]
    # It ends when who began it leaves; what was written goes a year after
    say(dispute_id=dispute.pk, by=quarrel.worker, text="I go.", at=mandate.due_at)
    close_account(by=quarrel.worker, what_is_open=lambda _party: [], at=mandate.due_at)
    follow_disputes(at=mandate.due_at)
    dispute.refresh_from_db()
    assert dispute.state == "withdrawn"
    follow_disputes(at=mandate.due_at + 364 * DAY)
    assert Message.objects.filter(dispute=dispute).exists()
    assert follow_disputes(at=mandate.due_at + 365 * DAY) == 1
    assert not Message.objects.exists()
    assert follow_disputes(at=mandate.due_at + 365 * DAY) == 0


def test_nobody_mediates_for_themselves_or_for_those_they_know(quarrel, stranger):
    first, second = quarrel.peers
    appoint = {"by": quarrel.operator, "at": NOON}
    assert refused(appoint_mediator, by=stranger, screen_name="Rita", at=NOON) == "operator_role_missing"
    assert refused(appoint_mediator, screen_name="Nobody-here", **appoint) == "person_not_found"
    assert refused(appoint_mediator, screen_name="Odette", **appoint) == "mediator_by_themselves"
    same = appoint_mediator(screen_name=first.screen_name, **appoint)
    assert same.person == first
    # Both sides, and whoever worked with one, are mediators of others
    for name in ("Rita", "Willa"):
        appoint_mediator(screen_name=name, **appoint)
    a_submission(worker=first, project=quarrel.project)
    allow_person(person_id=second.pk, by=quarrel.requester, at=NOON)
    dispute = quarrel.mediated()
    assert not dispute.mandates.exists()
    assert follow_disputes(at=REPLIED) == 0
    third = a_person("third")
    appoint_mediator(screen_name="third", **appoint)
    assert follow_disputes(at=REPLIED) == 1
    assert mediator_of(dispute) == third
    ask = {"dispute_id": dispute.pk, "mandate_id": Mandate.objects.get().pk, "at": REPLIED}
    assert refused(ask_for_another, by=third, reason="x", **ask) == "dispute_not_your_part"
    # Each side may ask for another once; one who was asked to go is not named again
    ask_for_another(by=quarrel.requester, reason="We know each other.", **ask)
    assert follow_disputes(at=REPLIED) == 0
    assert refused(dispute_of, dispute_id=dispute.pk, by=third) == "dispute_not_found"
    appoint_mediator(screen_name=a_person("fourth").screen_name, **appoint)
    appoint_mediator(screen_name=a_person("fifth").screen_name, **appoint)
    follow_disputes(at=REPLIED)
    ask["mandate_id"] = Mandate.objects.get(until__isnull=True).pk
    assert refused(ask_for_another, by=quarrel.requester, reason="Again.", **ask) == (
        "dispute_mediator_refused_before"
    )
    assert refused(ask_for_another, by=quarrel.worker, reason="x", **{**ask, "mandate_id": 2**70}) == (
        "dispute_no_mediator_now"
    )
    step_aside(dispute_id=dispute.pk, by=mediator_of(dispute), reason="I know them.", at=REPLIED)
    last = mediator_of(dispute)
    assert last.username == "fifth"
    # Who is not a mediator any more has no dispute in hand
    held = Mandate.objects.get(until__isnull=True).mediator
    assert refused(dismiss_mediator, by=stranger, mediator_id=held.pk, at=REPLIED) == "operator_role_missing"
    assert (
        refused(dismiss_mediator, by=quarrel.operator, mediator_id=2**70, at=REPLIED) == "mediator_not_found"
    )
    for _click in range(2):
        dismiss_mediator(by=last, mediator_id=held.pk, at=REPLIED)
    assert not dispute.mandates.filter(until__isnull=True).exists()
    texts = [text for _to, text in told(REPLIED)]
    assert sum("does not go on" in text for text in texts) >= 2
    assert not any("ended your appointment" in text for text in texts)  # it was their own act
    again = appoint_mediator(by=quarrel.operator, screen_name=last.screen_name, at=REPLIED)
    dismiss_mediator(by=quarrel.operator, mediator_id=again.pk, at=REPLIED)
    assert ("fifth", True) in {(to, "ended your appointment" in text) for to, text in told(REPLIED)}


def test_those_who_run_the_site_answer_for_it_and_mediate_nothing_against_it(quarrel):
    second = appoint_operator(person_id=quarrel.peers[0].pk, by=None, at=NOON)
    dispute = quarrel.mediated(project_id=None)
    assert mediator_of(dispute) == quarrel.peers[1]  # the first runs the site, too
    assert dispute_of(dispute.pk, by=second)[1] == "other"
    told(REPLIED)
    say(dispute_id=dispute.pk, by=quarrel.worker, text="Well?", at=REPLIED)
    assert sorted(to for to, _text in told(REPLIED)) == ["mediator1", "mediator2", "odette"]
    appoint_operator(person_id=quarrel.peers[1].pk, by=None, at=REPLIED)
    assert follow_disputes(at=REPLIED) == 1
    assert not dispute.mandates.filter(until__isnull=True).exists()


def test_a_summary_is_published_without_names_once_nobody_objects(quarrel, stranger):
    dispute = quarrel.recommended()
    mediator = mediator_of(dispute)
    write = {"dispute_id": dispute.pk, "by": mediator, "at": MEDIATED}
    for wrong, code in (
        ({"titles": {}, "texts": {}}, "bad_input"),
        ({"titles": {"en": "A"}, "texts": {"fr": "B"}}, "bad_input"),
        ({"titles": {"en": "With WILLA"}, "texts": {"en": "B"}}, "summary_names_somebody"),
        ({"titles": {"fr": "A"}, "texts": {"fr": "«name the birds»"}}, "summary_names_somebody"),
    ):
        assert refused(write_summary, **wrong, **write) == code, wrong
    assert refused(write_summary, **{**write, "by": quarrel.worker}, **SUMMARY) == "dispute_not_your_part"
    for _click in range(2):
        summary = write_summary(**SUMMARY, **write)
    assert (summary.version, summary.object_by) == (1, MEDIATED + 14 * DAY)
    mine = {"dispute_id": dispute.pk, "by": quarrel.worker, "at": MEDIATED}
    theirs = {"dispute_id": dispute.pk, "by": quarrel.requester, "at": MEDIATED}
    for _click in range(2):
        answer_summary(version=1, objects=True, objection="It was three times.", **mine)
    assert refused(answer_summary, version=1, objects=False, **mine) == "summary_changed"
    assert refused(answer_summary, version=9, objects=False, **theirs) == "summary_changed"
    assert refused(answer_summary, version=1, objects=True, objection=" ", **theirs) == "bad_input"
    assert follow_disputes(at=MEDIATED + 20 * DAY) == 0
    again = {**SUMMARY["texts"], "en": "It took three times as long."}
    summary = write_summary(titles=SUMMARY["titles"], texts=again, **write)
    assert (summary.version, summary.state) == (2, "waiting")
    answer_summary(version=2, objects=False, **mine)
    summary = answer_summary(version=2, objects=False, **theirs)
    assert (summary.state, summary.published_at) == ("published", MEDIATED)
    assert refused(write_summary, **SUMMARY, **write) == "summary_published"
    assert refused(answer_summary, version=2, objects=True, objection="Oh", **theirs) == "summary_published"
    # What two settled alone has no mediator who could write of it
    dispute = quarrel.begun(words="Another", at=MEDIATED)
    settled = propose_settlement(dispute_id=dispute.pk, by=quarrel.worker, text="So.", at=MEDIATED)
    agree_to_settlement(dispute_id=dispute.pk, by=quarrel.requester, number=settled.number, at=MEDIATED)
    assert refused(write_summary, dispute_id=dispute.pk, by=mediator, **SUMMARY, at=MEDIATED) == (
        "dispute_not_found"
    )


def test_mails_about_messages_and_times_can_be_ended(quarrel):
    dispute = quarrel.begun()
    told(BEGUN)
    choose(by=quarrel.requester, kind=NoticeKind.DISPUTE_NEWS, mail=False, push=False)
    say(dispute_id=dispute.pk, by=quarrel.worker, text="Hello?", at=BEGUN)
    assert told(BEGUN) == []
    complain(dispute_id=dispute.pk, by=quarrel.worker, complaint="No answer.", at=COMPLAINED)
    assert [to for to, _text in told(COMPLAINED)] == ["rita"]  # what changes something is told
    remind_of_disputes(at=REPLY_OVER - DAY)
    assert told(REPLY_OVER - DAY) == []
    choose(by=quarrel.requester, kind=NoticeKind.DISPUTE_NEWS, mail=True, push=False)
    look_at_dispute(dispute_id=dispute.pk, by=quarrel.requester, at=COMPLAINED)
    say(dispute_id=dispute.pk, by=quarrel.worker, text="Are you there?", at=COMPLAINED)
    assert [to for to, _text in told(COMPLAINED)] == ["rita"]


def test_nobody_is_named_whom_a_sanction_keeps_from_signing_in(quarrel):
    # Given two mediators, of whom the one whose turn it would be is suspended
    suspended, other = sorted(quarrel.peers, key=lambda one: one.pk)
    shut_out(suspended)
    assert mediator_of(quarrel.mediated()) == other
