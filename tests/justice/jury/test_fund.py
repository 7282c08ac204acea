"""The justice fund: advances are booked and paid back, jurors about rules are paid, and the page adds up."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from tests.builders import NOON
from tests.governance.juries import Conflict, jurors
from tests.justice.jury.panels import DRAWN, Dispute, answer_of, fresh, heard, live, take, votes
from tests.promises import run
from tests.work.duties import fill_fund

from canut.charter.queries import floor_highest, in_force
from canut.governance.resolution.usecases.follow_jury import follow_juries
from canut.justice.jury.fund import keep_fund_able, paid_from_fund
from canut.justice.jury.models import PanelProject
from canut.justice.jury.queries import fund_seen
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.pay_for_sitting import pay_for_sitting
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import advanced_minor, fund_minor, party_total_minor, verify
from canut.ledger.usecases.advance_to_fund import advance_to_fund, repay_advances
from canut.ledger.usecases.give_to_fund import give_to_fund
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import InsufficientFunds, Movement, post_entries
from canut.work.models import TopUp
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer

pytestmark = pytest.mark.django_db
FUND = {"fund": Kind.JUSTICE_FUND, "currency": "EUR"}


def in_fund() -> int:
    return fund_minor(Kind.JUSTICE_FUND, "EUR")


def owed() -> int:
    return advanced_minor(Kind.JUSTICE_FUND, "EUR")


def test_an_advance_comes_from_the_income_and_what_that_lacks_from_outside_and_is_paid_back():
    assert owed() == 0
    fill_fund(300, kind=Kind.INCOME)
    advance_to_fund(**FUND, amount_minor=1_000, at=NOON)
    assert (in_fund(), owed(), fund_minor(Kind.INCOME, "EUR")) == (1_000, 1_000, 0)
    brought = LedgerEntry.objects.get(reason="advance", debit__kind="outside")
    assert (brought.amount_minor, brought.credit.kind) == (700, "income")
    # Nothing goes back before the fund has more than it keeps; then as much as that, and no more than owed
    assert repay_advances(**FUND, keep_minor=2_000, at=NOON) == 0
    fill_fund(1_400, kind=Kind.JUSTICE_FUND)
    assert [repay_advances(**FUND, keep_minor=2_000, at=NOON) for _run in range(2)] == [400, 0]
    fill_fund(5_000, kind=Kind.JUSTICE_FUND)
    assert repay_advances(**FUND, keep_minor=2_000, at=NOON) == 600
    assert (in_fund(), owed(), fund_minor(Kind.INCOME, "EUR")) == (6_400, 0, 1_000)
    assert verify() == []


def test_a_fund_with_money_pays_a_panel_and_its_page_adds_up(requester):
    fill_fund(100_000, kind=Kind.JUSTICE_FUND)
    give_to_fund(by=requester, fund=Kind.JUSTICE_FUND, amount_minor=500, currency="EUR", key="k", at=NOON)
    panel = Dispute().drawn()
    assert owed() == 0
    seen = fund_seen(at=DRAWN)
    assert seen.set_aside_minor > 0
    assert seen.balance_minor + seen.set_aside_minor == 100_500
    (month,) = seen.months
    assert month.first == DRAWN.date().replace(day=1)
    assert (month.by_reason["gift"], month.by_reason["deposit"]) == (500, 100_000)
    assert sum(month.by_reason.values()) == seen.balance_minor
    assert seen.next_cursor is None
    assert fund_seen(at=DRAWN, before=date(2020, 1, 1)).months == []
    later = fund_seen(at=DRAWN + timedelta(days=800))
    assert (later.months, later.next_cursor is not None) == ([], True)
    votes(panel, "falls", "falls")
    assert fund_seen(at=DRAWN).set_aside_minor < seen.set_aside_minor


def test_what_two_payments_lack_one_after_the_other_is_advanced_for_each(requester):
    """An empty fund never stops an appeal, at however many points its money is needed."""
    fill_fund(50, kind=Kind.JUSTICE_FUND)
    fund, to = (
        open_account(Kind.JUSTICE_FUND, currency="EUR"),
        open_account(Kind.EARNINGS, currency="EUR", party_id=requester.pk),
    )

    def paid(number: int, amount_minor: int) -> None:
        post_entries([Movement(fund, to, amount_minor, Reason.JURY, f"paid:{number}")], at=NOON)

    def spend() -> str:
        for number, amount_minor in enumerate((300, 400, 400)):
            paid(number, amount_minor)
        return "done"

    assert paid_from_fund(spend, at=NOON) == "done"
    assert (in_fund(), owed()) == (0, 1_050)
    assert party_total_minor(requester.pk, Kind.EARNINGS, "EUR") == 1_100
    # What another account lacks is not this fund's to cover: it says so, and nothing is advanced for ever
    gone = open_account(Kind.EARNINGS, currency="EUR", party_id=requester.pk)
    with pytest.raises(InsufficientFunds), transaction.atomic():
        paid_from_fund(
            lambda: post_entries([Movement(gone, fund, 9_999, Reason.JURY, "back")], at=NOON), at=NOON
        )
    assert (in_fund(), owed()) == (0, 1_050)
    assert verify() == []


def test_a_top_up_of_a_jurors_pay_is_paid_though_the_fund_is_empty():
    """Jurors who need far longer than expected are owed more, as anybody is."""
    panel = Dispute().drawn()
    project_id = PanelProject.objects.get(panel=panel).pk
    for seat in live(panel)[:2]:
        slow_vote(seat)
    follow_panels(at=DRAWN + timedelta(days=1))
    assert fresh(panel).state == "decided"
    at = DRAWN + timedelta(days=2)
    settle_what_is_due(at=at)
    top_ups = TopUp.objects.filter(settlement__project=project_id)
    assert top_ups.exists()
    run("UPDATE work_topup SET due_at = %s", at)
    keep_fund_able(at=at + timedelta(hours=1))
    assert set(top_ups.values_list("state", flat=True)) == {"paid"}
    assert verify() == []


def slow_vote(seat) -> None:
    assignment = take(seat)
    at = DRAWN + timedelta(seconds=assignment.revision.lease_seconds - 1)
    submit_answer(
        assignment_id=assignment.pk,
        by=assignment.worker,
        answer=answer_of("falls", "I read it twice."),
        active_seconds=assignment.revision.lease_seconds - 60,
        at=at,
    )
    heard(at=at)


def test_who_sits_on_a_jury_about_a_rule_is_paid_once():
    conflict = Conflict()
    jury = conflict.understood()
    people = jurors(jury)
    follow_juries(at=jury.ends_by)
    assert fresh(jury).state == "disagreed"
    due = -(-floor_highest(at=jury.ends_by) * in_force("jury.resolution_seconds", at=jury.ends_by) // 3600)
    assert {party_total_minor(one.pk, Kind.EARNINGS, "EUR") for one in people} == {due}
    again = pay_for_sitting(person_ids=[one.pk for one in people], subject=("jury", jury.pk), at=jury.ends_by)
    assert again == due
    assert party_total_minor(people[0].pk, Kind.EARNINGS, "EUR") == due
    assert verify() == []
