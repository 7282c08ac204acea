"""A dispute from the first word to its end, its clocks, and everybody who must not get in."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from tests.builders import NOON, a_person, a_submission, a_worker
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

from canut.justice.files import SentFile
from canut.justice.mediation.access import dispute_of, file_of
from canut.justice.mediation.models import Dispute, Mandate, Message, Precedent, Reminder
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator, dismiss_mediator
from canut.justice.mediation.usecases.choose_dispute_mails import choose_dispute_mails
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
from canut.kernel.refusals import BadInput, Refusal
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.close_account import close_account
from canut.people.usecases.put_on_list import allow_person

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
    assert to == "rita" and not more
    assert f"/justice/disputes/{number}/" in text and "twice the time" not in text
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
    assert ended.state == "settled" and ended.ended_at == BEGUN + 4 * DAY
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
    # Five at once are enough
    for number in range(3):
        other = Quarrel.__dataclass_fields__["requester"].default_factory if number < 0 else None
        assert other is None
