"""Sanctions: decided by a person, told before they act, looked at again by another, and undone whole."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from tests.builders import NOON, a_draft, a_project, a_requester, a_worker, as_if_tried
from tests.charter.log_lines import a_line
from tests.justice.sanctioned import (
    EVIDENCE,
    REASON,
    a_sanction,
    an_operator,
    delivered,
    given,
    in_effect,
    site_clock_at,
)
from tests.people.mail_server import a_mail_server
from tests.promises import broken, run
from tests.told import mailed, told
from tests.work.decided import a_rejected_submission

from canut.justice.sanctions.access import sanction_of_link
from canut.justice.sanctions.link_token import path_of, sanction_token
from canut.justice.sanctions.models import Proposal, Review, Sanction
from canut.justice.sanctions.queries import can_be_reviewed_by_another, proposals_page, sanctions_page
from canut.justice.sanctions.refusals import (
    OwnSanction,
    SanctionEnded,
    SanctionHolds,
    SanctionIncomplete,
    SanctionLinkEnded,
    SanctionNotDelivered,
    SanctionNotFound,
    SanctionOfNobody,
    SanctionProposalClosed,
    SanctionReviewByAnother,
    SanctionReviewNotAsked,
)
from canut.justice.sanctions.states import Ground, Kind, Pattern
from canut.justice.sanctions.usecases.answer_sanction import answer_sanction, ask_review
from canut.justice.sanctions.usecases.decide_sanction import decide_sanction
from canut.justice.sanctions.usecases.deliver_sanction import deliver_sanction, note_read
from canut.justice.sanctions.usecases.end_sanction import end_run_out, lapse_unreviewed, withdraw_sanction
from canut.justice.sanctions.usecases.propose_sanction import (
    find_patterns,
    lapse_proposals,
    propose_sanction,
    set_aside_proposal,
)
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.justice.sanctions.usecases.tell import (
    remind_reviewers,
    tell_ended,
    tell_of_proposal,
    tell_reviewers,
    tell_stands,
)
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.decide_case import decide_case
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind as AccountKind
from canut.ledger.models import Reason
from canut.ledger.queries import refused_minor
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, PaymentRefused, post_entries
from canut.people.access import AccountSuspended, OperatorRoleMissing, Restricted, as_worker, ensure_member
from canut.people.models import Bar, Person, Restriction
from canut.people.notices.usecases.send_at_once import NotTaken
from canut.people.queries_restrictions import bars_of, was_barred
from canut.people.usecases.authenticate_key import authenticate_key
from canut.people.usecases.close_account import close_account
from canut.people.usecases.create_key import create_key
from canut.work.queries.earnings import earnings_page
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db

WHY = "What was found in the two accounts does not show that one person used both of them."


@pytest.fixture
def operator():
    return an_operator("odile")


@pytest.fixture
def other():
    return an_operator("oscar")


def test_a_suspension_acts_only_after_its_reasons_were_delivered_and_no_longer_than_said(worker, operator):
    now = clock.now()
    made = a_sanction(worker, by=operator, at=now)
    assert bars_of(worker.pk) == {}
    assert not Restriction.objects.exists()
    # Then its reasons leave by mail, whole, and it still does not act
    assert deliver_sanction(sanction_id=made.pk, at=now)
    assert not deliver_sanction(sanction_id=made.pk, at=now)
    (told,) = mail.outbox
    made.refresh_from_db()
    assert told.to == [worker.email]
    assert told.body == made.statement
    for part in (REASON, EVIDENCE, "Odile", "/justice/sanctions/link/", "7 days", "14 days"):
        assert part in told.body
    assert (made.takes_effect_at - made.delivered_at, made.ends_at - made.takes_effect_at) == (
        timedelta(hours=24),
        timedelta(days=7),
    )
    ensure_member(worker)
    # And a week and a day later it is over without anybody's doing
    assert was_barred(worker.pk, Bar.TAKE, at=now + timedelta(hours=25))
    assert not was_barred(worker.pk, Bar.TAKE, at=now + timedelta(days=8, minutes=1))
    assert end_run_out(at=now + timedelta(days=8, minutes=1)) == 1
    assert Sanction.objects.get().ended_how == "run_out"
    assert bars_of(worker.pk) == {}


def test_a_suspension_shuts_sign_in_keys_and_tasks_and_its_reversal_opens_all_of_it(worker, operator, other):
    requester = a_requester()
    project = a_project(owner=requester)
    token = create_key(by=worker, name="k", scopes=["work"], at=clock.now()).token
    browser = Client()
    browser.force_login(worker)
    made = in_effect(worker, by=operator)
    for act in (
        lambda: ensure_member(worker),
        lambda: authenticate_key(token=token, at=clock.now()),
    ):
        with pytest.raises(AccountSuspended) as refused:
            act()
        assert refused.value.facts == {"sanction_id": made.pk}
    assert browser.get("/account/").status_code == 302  # to the sign-in page
    with pytest.raises(Refusal) as refused:
        take_task(project_id=project.pk, by=worker, at=clock.now())
    assert refused.value.code == "worker_restricted"
    # When another person looks at it again and says that it falls
    ask_review(sanction_id=made.pk, by=worker, at=clock.now())
    review_sanction(sanction_id=made.pk, outcome="falls", reason=WHY, by=other, at=clock.now())
    # Then the same session, the same key and the same tasks are there again
    assert browser.get("/account/").status_code == 200
    assert authenticate_key(token=token, at=clock.now()).party.pk == worker.pk
    assert take_task(project_id=project.pk, by=worker, at=clock.now())


def test_who_may_not_publish_has_nothing_given_out_either_and_nothing_else_changes(worker, operator):
    requester = a_requester()
    live, draft = a_project(owner=requester), a_draft(owner=requester)
    as_if_tried(draft)
    held = take_task(project_id=live.pk, by=worker, at=clock.now())
    made = in_effect(requester, "restrict", by=operator, bars=["publish"])
    with pytest.raises(Restricted) as refused:
        publish_project(project_id=draft.pk, by=requester, at=clock.now())
    assert refused.value.facts == {"bar": "publish", "sanction_id": made.pk}
    with pytest.raises(Refusal) as refused:
        take_task(project_id=live.pk, by=a_worker(), at=clock.now())
    assert refused.value.code == "project_stopped"
    assert held.state == "held"
    assert ensure_member(requester)
    withdraw_sanction(sanction_id=made.pk, reason="Taken back.", by=operator, at=clock.now())
    assert take_task(project_id=live.pk, by=a_worker(), at=clock.now())


def test_refused_earnings_stay_and_the_rest_can_leave(worker, operator):
    earnings = open_account(AccountKind.EARNINGS, currency="EUR", party_id=worker.pk)
    outside = open_account(AccountKind.OUTSIDE, currency="EUR")
    at = clock.now()

    def move(frm, to, amount, key):
        post_entries([Movement(frm, to, amount, Reason.WITHDRAWAL, key)], at=at)

    move(outside, earnings, 1000, "in")
    made = in_effect(worker, "refuse_payment", by=operator, amount_minor=400)
    assert refused_minor(worker.pk, "EUR") == 400
    assert earnings_page(by=worker, at=at).earnings.payable_minor == 600
    move(earnings, outside, 600, "rest")
    with pytest.raises(PaymentRefused):
        move(earnings, outside, 1, "more")
    assert as_worker(worker)
    withdraw_sanction(sanction_id=made.pk, reason="Taken back.", by=operator, at=at)
    assert refused_minor(worker.pk, "EUR") == 0
    move(earnings, outside, 400, "all")


def test_unless_another_person_answers_in_time_it_lapses_by_its_own_date(worker, operator, other):
    begun = clock.now() - timedelta(days=16)
    made = delivered(worker, by=operator, at=begun, days=60)
    asked = begun + timedelta(days=1)
    first = ask_review(sanction_id=made.pk, words="It was not me.", by=worker, at=asked)
    assert ask_review(sanction_id=made.pk, by=worker, at=asked + timedelta(days=1)).pk == first.pk
    assert first.review_by == asked + timedelta(days=14)
    # When nobody did, nothing bars any more, whether or not a job has noted it
    assert bars_of(worker.pk) == {}
    assert Sanction.objects.get().ended_at is None
    with pytest.raises(SanctionEnded):
        review_sanction(sanction_id=made.pk, outcome="stands", reason=WHY, by=other, at=clock.now())
    assert lapse_unreviewed(at=clock.now()) == 1
    assert lapse_unreviewed(at=clock.now()) == 0
    assert Sanction.objects.get().ended_how == "lapsed"


def test_a_review_is_another_persons_and_keeps_the_sanction_when_it_stands(worker, operator, other, stranger):
    made = in_effect(worker, by=operator)
    later = clock.now() + timedelta(minutes=1)
    stands = {"sanction_id": made.pk, "outcome": "stands", "reason": WHY, "at": later}
    with pytest.raises(SanctionReviewNotAsked):
        review_sanction(by=other, **stands)
    ask_review(sanction_id=made.pk, by=worker, at=clock.now())
    with pytest.raises(SanctionReviewByAnother):
        review_sanction(by=operator, **stands)
    with pytest.raises(OperatorRoleMissing):
        review_sanction(by=stranger, **stands)
    for wrong in ({"outcome": "maybe"}, {"reason": "no"}, {"reason": "x" * 5_001}):
        with pytest.raises(SanctionIncomplete):
            review_sanction(by=other, **{**stands, **wrong})
    for _click in range(2):
        review_sanction(by=other, **stands)
    assert Bar.SIGN_IN in bars_of(worker.pk)
    assert Restriction.objects.get().lapses_at is None
    with pytest.raises(Refusal) as refused:
        review_sanction(by=an_operator(), **stands)
    assert refused.value.code == "sanction_reviewed"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"kind": "exile"}, "kind"),
        ({"ground": "dislike"}, "ground"),
        ({"ground": "rejections"}, "kind"),
        ({"reason": "Spam."}, "reason"),
        ({"reason": "\0" * 60}, "reason"),
        ({"evidence": " \n "}, "evidence"),
        ({"evidence": "x" * 5_001}, "evidence"),
        ({"days": None}, "days"),
        ({"days": 10**12}, "days"),
        ({"bars": ["take"]}, "bars"),
        ({"kind": "restrict", "bars": []}, "bars"),
        ({"kind": "restrict", "bars": ["sign_in"]}, "bars"),
        ({"kind": "restrict", "bars": ["vote"]}, "bars"),
        ({"kind": "close"}, "days"),
        ({"kind": "refuse_payment", "days": None, "currency": ""}, "currency"),
        ({"kind": "refuse_payment", "days": None, "currency": "eur"}, "currency"),
        ({"kind": "refuse_payment", "days": None, "currency": "EUR", "amount_minor": 0}, "amount_minor"),
        ({"kind": "refuse_payment", "days": None, "currency": "EUR", "amount_minor": 10**30}, "amount_minor"),
        ({"amount_minor": 5}, "amount_minor"),
    ],
)
def test_what_lacks_a_part_is_not_decided(worker, operator, details, field):
    with pytest.raises(SanctionIncomplete) as refused:
        decide_sanction(person_id=worker.pk, by=operator, at=clock.now(), **{**given(), **details})
    assert field in refused.value.facts["errors"]
    assert not Sanction.objects.exists()


def test_only_who_runs_the_site_decides_never_about_themselves_and_the_same_click_counts_once(
    worker, operator, other, stranger
):
    with pytest.raises(OperatorRoleMissing):
        a_sanction(worker, by=stranger)
    with pytest.raises(OwnSanction):
        a_sanction(operator, by=operator)
    first = a_sanction(worker, by=operator)
    assert a_sanction(worker, by=operator).pk == first.pk
    with pytest.raises(SanctionHolds) as refused:
        a_sanction(worker, by=other)
    assert refused.value.facts == {"sanction_id": first.pk}
    a_sanction(worker, "warn", by=operator)
    a_sanction(worker, "warn", by=other)
    with pytest.raises(SanctionOfNobody):
        a_sanction(a_worker(simulated=True), by=operator)
    with pytest.raises(OperatorRoleMissing):
        sanctions_page(by=stranger, at=clock.now())
    # And who is suspended runs nothing meanwhile
    in_effect(other, by=operator)
    with pytest.raises(AccountSuspended):
        a_sanction(a_worker(), "warn", by=other)


def test_who_runs_the_site_neither_takes_back_a_sanction_about_themselves_nor_sets_a_proposal_aside(
    operator, other
):
    # Given a suspension of somebody who runs the site, in the hours before it acts
    made = delivered(operator, by=other)
    proposed = propose_sanction(
        person_id=operator.pk,
        pattern=Pattern.OVERTURNED_REJECTIONS,
        kind=Kind.WARN,
        ground=Ground.REJECTIONS,
        facts={"heard": 6, "fell": 5, "days": 90},
        at=clock.now(),
    )
    # Then they take neither back, and another does
    back = {"sanction_id": made.pk, "reason": "I did nothing.", "at": clock.now()}
    aside = {"proposal_id": proposed.pk, "reason": "I did nothing.", "at": clock.now()}
    with pytest.raises(OwnSanction):
        withdraw_sanction(by=operator, **back)
    with pytest.raises(OwnSanction):
        set_aside_proposal(by=operator, **aside)
    assert withdraw_sanction(by=other, **back).ended_how == "withdrawn"
    assert set_aside_proposal(by=other, **aside).state == "set_aside"


def test_who_is_suspended_is_not_counted_on_to_look_at_a_sanction_again(worker, operator, other):
    made = delivered(worker, by=operator)
    ask_review(sanction_id=made.pk, by=worker, at=clock.now())
    assert can_be_reviewed_by_another(by=operator)
    assert tell_reviewers(sanction_id=made.pk, at=clock.now()) == 1
    in_effect(other, by=operator)
    assert not can_be_reviewed_by_another(by=operator)
    assert tell_reviewers(sanction_id=made.pk, at=clock.now()) == 0


def test_no_sanction_skips_its_notice_by_being_told_in_the_past(worker, operator):
    # Given somebody with a shell who decides and delivers as if it were the day before yesterday
    before = clock.now() - timedelta(days=2)
    made = a_sanction(worker, by=operator, at=before)
    # Then the database takes no reasons as delivered then, and nothing is barred
    with broken("sanction_delivered_now"):
        deliver_sanction(sanction_id=made.pk, at=before)
    assert bars_of(worker.pk) == {}
    # And a runner that took a minute delivers as ever
    assert deliver_sanction(sanction_id=made.pk, at=clock.now() - timedelta(minutes=1))
    assert bars_of(worker.pk) == {}


def test_the_database_counts_the_hours_of_the_charter_and_of_the_country(worker, stranger, operator):
    # Given a country in which a sanction gives two days of notice, where the charter gives one
    since = clock.now() - timedelta(days=1)
    a_line(
        parameter="sanction.notice_hours",
        scope_kind="country",
        scope_key=worker.country,
        old_value=24,
        new_value=48,
        effective_at=since,
        recorded_at=since,
    )
    Person.objects.filter(pk=stranger.pk).update(country="BE")

    def told(person: Person, hours: int) -> None:
        run(
            """UPDATE justice_sanctions_sanction SET delivered_how = 'mail', statement = 'Because.',
               delivered_at = kernel_now(), takes_effect_at = kernel_now() + make_interval(hours => %s)
               WHERE person_id = %s""",
            hours,
            person.pk,
        )

    for person, hours in ((worker, 48), (stranger, 24)):
        a_sanction(person, "warn", by=operator)
        # Then nobody with a shell has one act sooner
        with broken("sanction_notice_kept"):
            told(person, hours - 1)
        told(person, hours)


def test_a_mailbox_that_refuses_the_reasons_keeps_the_sanction_from_acting(worker, operator, settings):
    made, now = a_sanction(worker, by=operator), clock.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    with a_mail_server() as server:
        settings.EMAIL_PORT = server.port
        server.answers["RCPT"] = "550 5.1.1 No such user"
        with pytest.raises(NotTaken):
            deliver_sanction(sanction_id=made.pk, at=now)
        made.refresh_from_db()
        assert (made.delivered_at, told(worker), bars_of(worker.pk)) == (None, [], {})
        server.answers.clear()
        assert deliver_sanction(sanction_id=made.pk, at=now)
        (mail_taken,) = server.taken
    assert mail_taken.to == worker.email
    assert [(one.kind, one.mail) for one in told(worker)] == [("sanction", "sent")]


def test_the_same_reason_for_another_sanction_is_not_taken_for_the_same_once_more(worker, operator):
    made = a_sanction(worker, by=operator, days=7)
    assert a_sanction(worker, by=operator, days=7).pk == made.pk
    with pytest.raises(SanctionHolds):
        a_sanction(worker, by=operator, days=30)


def test_the_one_it_touches_reads_answers_and_asks_and_nobody_else_does(worker, operator, stranger):
    made = a_sanction(worker, by=operator)
    now = clock.now()
    with pytest.raises(SanctionNotDelivered):
        ask_review(sanction_id=made.pk, by=worker, at=now)
    assert not note_read(sanction_id=made.pk, by=stranger, at=now)
    assert note_read(sanction_id=made.pk, by=worker, at=now)
    assert not deliver_sanction(sanction_id=made.pk, at=now)
    assert Sanction.objects.get().delivered_how == "page"
    for _click in range(2):
        answer_sanction(sanction_id=made.pk, words="It was my sister.", by=worker, at=now)
    assert made.answers.count() == 1
    for act in (
        lambda: answer_sanction(sanction_id=made.pk, words="x", by=stranger, at=now),
        lambda: ask_review(sanction_id=made.pk, by=stranger, at=now),
        lambda: ask_review(sanction_id=2**70, by=worker, at=now),
    ):
        with pytest.raises(SanctionNotFound):
            act()
    with pytest.raises(SanctionIncomplete):
        answer_sanction(sanction_id=made.pk, words=" \0 ", by=worker, at=now)
    withdraw_sanction(sanction_id=made.pk, reason="A mistake of ours.", by=operator, at=now)
    with pytest.raises(SanctionEnded):
        answer_sanction(sanction_id=made.pk, words="Thank you.", by=worker, at=now)


def test_a_program_proposes_where_peers_overturned_and_a_person_decides_or_it_lapses(operator, stranger):
    requester, now = a_requester(), clock.now()
    for number in range(5):
        submission = a_rejected_submission(worker=a_worker(), project=a_project(owner=requester))
        case = appeal_rejection(
            assignment_id=submission.assignment_id,
            by=submission.assignment.worker,
            at=NOON + timedelta(hours=5),
        )
        outcome = CaseState.FALLS if number < 3 else CaseState.STANDS
        decide_case(case_id=case.pk, outcome=outcome, by=CaseBy.JURY, reason="So it is.", at=now)
    assert (find_patterns(at=now), find_patterns(at=now)) == (1, 0)
    proposed = Proposal.objects.get()
    assert (proposed.person_id, proposed.kind) == (requester.pk, "warn")
    assert proposed.facts == {"heard": 5, "fell": 3, "days": 90}
    assert tell_of_proposal(proposal_id=proposed.pk, at=now) == 1
    assert not Sanction.objects.exists()
    for act in (
        lambda: set_aside_proposal(proposal_id=proposed.pk, reason="x", by=stranger, at=now),
        lambda: proposals_page(by=stranger),
    ):
        with pytest.raises(OperatorRoleMissing):
            act()
    wrong = given("warn", ground="rejections", proposal_id=proposed.pk)
    with pytest.raises(SanctionProposalClosed):  # it is about somebody else
        decide_sanction(person_id=stranger.pk, by=operator, at=now, **wrong)
    taken_up = decide_sanction(person_id=requester.pk, by=operator, at=now, **wrong)
    assert taken_up.proposal.state == "taken_up"
    with pytest.raises(SanctionProposalClosed):
        set_aside_proposal(proposal_id=proposed.pk, reason="Too late.", by=operator, at=now)
    # And a quarter of a year later what nobody takes up lapses
    later = now + timedelta(days=91)
    Proposal.objects.create(
        person=stranger,
        pattern=proposed.pattern,
        kind="warn",
        ground="rejections",
        facts=proposed.facts,
        made_at=now,
        lapses_at=now + timedelta(days=14),
    )
    assert (lapse_proposals(at=later), lapse_proposals(at=later)) == (1, 0)


def test_those_who_may_review_are_told_and_reminded_once_and_whom_it_touches_what_came_of_it(
    worker, operator, other
):
    made = delivered(worker, by=operator, at=clock.now() - timedelta(days=8), days=60)
    ask_review(sanction_id=made.pk, by=worker, at=clock.now() - timedelta(days=8))
    assert tell_reviewers(sanction_id=made.pk, at=clock.now()) == 1
    assert remind_reviewers(at=clock.now() - timedelta(days=2)) == 0
    assert (remind_reviewers(at=clock.now()), remind_reviewers(at=clock.now())) == (1, 0)
    assert not tell_stands(sanction_id=made.pk, at=clock.now())
    review_sanction(sanction_id=made.pk, outcome="stands", reason=WHY, by=other, at=clock.now())
    assert tell_stands(sanction_id=made.pk, at=clock.now())
    assert not tell_ended(sanction_id=made.pk, at=clock.now())
    withdraw_sanction(sanction_id=made.pk, reason="A mistake of ours.", by=other, at=clock.now())
    assert tell_ended(sanction_id=made.pk, at=clock.now())
    assert len(mailed(other, kind="running")) == 2
    reasons, stands, ended = mailed(worker)
    assert [one.mail for one in (reasons, stands, ended)] == ["sent", "wanted", "wanted"]
    assert WHY in stands.text
    assert "A mistake of ours." in ended.text
    assert ended.path.startswith("/justice/sanctions/link/")
    # Whoever closes the account before the reasons could reach them is not touched any more
    gone = a_sanction(a_worker(), by=operator)
    close_account(by=gone.person, what_is_open=lambda _party: [], at=clock.now())
    assert not deliver_sanction(sanction_id=gone.pk, at=clock.now())


def test_the_link_of_a_mail_ends_a_year_after_the_last_effect_and_not_while_it_has_one(
    worker, stranger, operator, other
):
    closed, warned = in_effect(worker, "close", by=operator), in_effect(stranger, "warn", by=operator)
    now, year = clock.now(), timedelta(days=365)
    for days in (1, 5_000):  # a closing has no end of its own
        assert sanction_of_link(sanction_token(closed.pk), at=now + timedelta(days=days)) == closed
    withdraw_sanction(sanction_id=closed.pk, reason="A mistake of ours.", by=operator, at=now)
    for made, last in ((closed, now), (warned, warned.takes_effect_at)):
        token = sanction_token(made.pk)
        assert sanction_of_link(token, at=last + year - timedelta(seconds=1)) == made
        with pytest.raises(SanctionLinkEnded):
            sanction_of_link(token, at=last + year)
    ask_review(sanction_id=warned.pk, words="Look again.", by=stranger, at=now)
    asked = Review.objects.get(sanction=warned)
    assert sanction_of_link(sanction_token(warned.pk), at=asked.review_by + timedelta(days=364)) == warned
    assert sanction_of_link(sanction_token(a_sanction(other, by=operator).pk), at=now + 2 * year)
    with site_clock_at(now + 2 * year):
        gone = Client().get(path_of(closed.pk))
    assert (gone.status_code, "Sign in to read it." in gone.content.decode()) == (410, True)
