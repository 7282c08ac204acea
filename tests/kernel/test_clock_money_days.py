"""The kernel's small values: one clock, whole amounts, working days."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from canut.cli.clock import span
from canut.cli.failure import Failure
from canut.kernel import clock
from canut.kernel.money import AmountRefused, format_money, parse_minor, plain, share_minor
from canut.kernel.refusals import Refusal, all_refusals
from canut.kernel.working_days import add_working_days


@pytest.mark.django_db
def test_a_demo_is_put_forward_and_stays_there() -> None:
    before = clock.now()
    assert clock.advance(by=timedelta(days=3)) == timedelta(days=3)
    assert clock.advance(by=timedelta(hours=1)) == timedelta(days=3, hours=1)
    assert timedelta(0) < clock.now() - before - timedelta(days=3, hours=1) < timedelta(minutes=5)


@pytest.mark.django_db
def test_nobody_turns_the_clock_back_or_touches_it_in_production(settings: Settings) -> None:
    with pytest.raises(clock.ClockRunsForward):
        clock.advance(by=timedelta(seconds=-1))
    settings.CANUT_MODE = "production"
    with pytest.raises(clock.ClockIsFixed):
        clock.advance(by=timedelta(days=1))
    assert clock.offset() == timedelta()


@pytest.mark.django_db
def test_the_clock_stays_where_everything_can_still_be_reckoned() -> None:
    clock.advance(by=timedelta(days=3_000))
    for by in (timedelta(days=651), timedelta(days=2_000_000), timedelta.max):
        with pytest.raises(clock.ClockTooFar):
            clock.advance(by=by)
    assert clock.advance(by=timedelta(days=650)) == clock.MOST_AHEAD


@pytest.mark.parametrize("text", ["3x", "-3d", "", "+", "9999999999d", f"+{'9' * 5_000}s"])
def test_what_is_no_length_of_time_is_said(text: str) -> None:
    with pytest.raises(Failure):
        span(text)


@pytest.mark.parametrize(
    ("text", "minor"), [("0.60", 60), ("0,6", 60), ("12", 1200), (" 7.05 ", 705), (3, 300), ("0", 0)]
)
def test_an_amount_is_read_as_written(text: object, minor: int) -> None:
    assert parse_minor(text, "EUR") == minor


@pytest.mark.parametrize(
    "text", ["0.601", "-1", "", "abc", "1e3", "１", 0.6, True, None, "1.2.3", "1.", "9" * 13]
)
def test_an_amount_that_is_none_is_refused(text: object) -> None:
    with pytest.raises(AmountRefused):
        parse_minor(text, "EUR")


def test_a_currency_without_decimals_has_none_and_an_unknown_one_no_books() -> None:
    assert parse_minor("7", "JPY") == 7
    with pytest.raises(AmountRefused):
        parse_minor("7.0", "JPY")
    with pytest.raises(AmountRefused):
        parse_minor("7", "XXX")


@given(st.integers(0, 10**12))
def test_what_programs_are_shown_reads_back_the_same(minor: int) -> None:
    assert parse_minor(plain(minor, "EUR"), "EUR") == minor


def test_people_read_amounts_in_their_language() -> None:
    with translation.override("en"):
        assert format_money(123456, "EUR") == "€1,234.56"
        assert format_money(-2250, "EUR") == "-€22.50"
        assert format_money(500, "CHF") == "CHF\u00a05.00"
    with translation.override("fr"):
        assert format_money(60, "EUR") == "0,60\u00a0€"
        assert format_money(-2250, "EUR") == "-22,50\u00a0€"


@given(st.integers(0, 10**9), st.decimals(0, 1, places=4))
def test_a_share_is_rounded_half_up(amount: int, rate: Decimal) -> None:
    exact = Decimal(amount) * rate
    assert Decimal("-0.5") < share_minor(amount, rate) - exact <= Decimal("0.5")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 11, 20, 15, tzinfo=UTC), datetime(2026, 11, 24, 15, tzinfo=UTC)),  # over a weekend
        (datetime(2026, 11, 21, 15, tzinfo=UTC), datetime(2026, 11, 24, 15, tzinfo=UTC)),  # on a Saturday
        (datetime(2026, 7, 13, 10, tzinfo=UTC), datetime(2026, 7, 16, 10, tzinfo=UTC)),  # over 14 July
        (datetime(2026, 4, 3, 10, tzinfo=UTC), datetime(2026, 4, 8, 10, tzinfo=UTC)),  # over Easter Monday
        (
            datetime(2026, 10, 23, 10, tzinfo=UTC),
            datetime(2026, 10, 27, 11, tzinfo=UTC),
        ),  # over the end of summer time
    ],
)
def test_two_working_days_pass_over_weekends_and_holidays(start: datetime, end: datetime) -> None:
    assert add_working_days(start, 2) == end


def test_one_code_means_one_refusal() -> None:
    codes = all_refusals()
    assert {"not_found", "bad_input", "insufficient_funds", "reward_under_floor"} <= set(codes)
    with pytest.raises(TypeError, match="not_found"):
        type("Impostor", (Refusal,), {"code": "not_found"})
