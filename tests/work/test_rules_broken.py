"""What reporting a broken task is paid."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.work.rules_broken import ReportTerms, Spent, report_pay

TERMS = ReportTerms(least_seconds=60, most_a_day=10, most_share=Decimal("0.2"), free_reports=5)
SPENT = Spent(
    elapsed_seconds=90,
    expected_seconds=120,
    lease_seconds=600,
    floor_hourly_minor=1500,
    is_paid_work=True,
    in_session=False,
    paid_today=0,
    paid_lately=0,
    taken_lately=1,
)


@pytest.mark.parametrize(
    ("facts", "paid"),
    [
        ({}, (90, 38, "")),  # 37.5, and the half goes to the worker
        ({"elapsed_seconds": 60}, (60, 25, "")),
        ({"elapsed_seconds": 59}, (0, 0, "too_soon")),
        ({"elapsed_seconds": 0}, (0, 0, "too_soon")),
        ({"elapsed_seconds": 599}, (120, 50, "")),  # at most what the price assumes
        ({"expected_seconds": 3600, "elapsed_seconds": 700}, (600, 250, "")),  # and at most the lease
        ({"is_paid_work": False}, (0, 0, "volunteer")),
        ({"in_session": True}, (0, 0, "session")),
        ({"paid_today": 9, "paid_lately": 9, "taken_lately": 50}, (90, 38, "")),
        ({"paid_today": 10, "paid_lately": 10, "taken_lately": 500}, (0, 0, "most_a_day")),
        ({"paid_lately": 4}, (90, 38, "")),  # five are paid, whatever part of one's tasks they are
        ({"paid_lately": 5, "taken_lately": 29}, (0, 0, "most_share")),
        ({"paid_lately": 5, "taken_lately": 30}, (90, 38, "")),  # the sixth, of thirty: a fifth
    ],
    ids=str,
)
def test_the_time_spent_is_paid_at_the_floor_within_limits(facts, paid):
    found = report_pay(replace(SPENT, **facts), TERMS)
    assert (found.seconds, found.amount_minor, found.why_not) == paid


@given(st.integers(0, 10_000), st.integers(1, 5_000), st.integers(1, 5_000), st.integers(1, 10_000))
def test_no_report_pays_less_than_the_floor_for_its_time_nor_for_more_time_than_was_spent(
    elapsed, expected, lease, floor
):
    spent = replace(
        SPENT,
        elapsed_seconds=elapsed,
        expected_seconds=expected,
        lease_seconds=lease,
        floor_hourly_minor=floor,
    )
    paid = report_pay(spent, TERMS)
    assert paid.seconds <= min(elapsed, expected, lease)
    assert 0 <= paid.amount_minor * 3600 - paid.seconds * floor < 3600
    assert (paid.amount_minor == 0) == (paid.why_not != "")
