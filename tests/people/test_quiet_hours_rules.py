"""Quiet hours by the clock on the wall: over midnight, and on the nights when the clock is changed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.people.rules_quiet import is_quiet, next_time, quiet_from, quiet_until

PARIS = "Europe/Paris"


def paris(text: str) -> datetime:
    """Return a moment by its time in UTC, for tests to say what Paris shows beside it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-07-01 19:59", None),  # 21:59 in Paris
        ("2026-07-01 20:00", "2026-07-02 05:00"),  # 22:00 until 7:00
        ("2026-07-02 04:59", "2026-07-02 05:00"),
        ("2026-07-02 05:00", None),
        ("2026-12-01 20:30", None),  # in winter it is 21:30
        ("2026-12-01 21:00", "2026-12-02 06:00"),
        ("2026-03-28 21:00", "2026-03-29 05:00"),  # the night is an hour shorter
        ("2026-10-24 20:00", "2026-10-25 06:00"),  # and an hour longer
    ],
)
def test_hours_over_midnight_end_by_the_clock_of_the_zone(at, until):
    found = quiet_until(paris(at), starts=time(22), ends=time(7), zone=PARIS)
    assert found == (until and paris(until))


def test_an_end_that_the_clock_jumps_over_comes_later():
    # On 29 March 2026 Paris goes from 2:00 to 3:00 at 1:00 UTC.
    found = quiet_until(paris("2026-03-28 23:00"), starts=time(22), ends=time(2, 30), zone=PARIS)
    assert found == paris("2026-03-29 01:30")


def test_an_hour_that_comes_twice_is_quiet_twice():
    # On 25 October 2026 Paris shows 2:00 to 3:00 twice, at 0:00 and at 1:00 UTC.
    hours = {"starts": time(2, 15), "ends": time(2, 45), "zone": PARIS}
    assert [is_quiet(paris(f"2026-10-25 0{hour}:30"), **hours) for hour in (0, 1)] == [True, True]
    assert quiet_until(paris("2026-10-25 00:30"), **hours) == paris("2026-10-25 00:45")
    assert quiet_until(paris("2026-10-25 01:30"), **hours) == paris("2026-10-25 01:45")


def test_hours_within_a_day():
    hours = {"starts": time(12), "ends": time(14), "zone": "UTC"}
    assert quiet_until(paris("2026-07-01 11:59"), **hours) is None
    assert quiet_from(paris("2026-07-01 11:59"), **hours) == paris("2026-07-01 12:00")
    assert quiet_until(paris("2026-07-01 13:00"), **hours) == paris("2026-07-01 14:00")
    assert quiet_from(paris("2026-07-01 13:00"), **hours) == paris("2026-07-01 13:00")
    assert quiet_from(paris("2026-07-01 14:00"), **hours) == paris("2026-07-02 12:00")


def test_the_next_time_of_a_day():
    assert next_time(time(8), after=paris("2026-07-01 06:00"), zone=PARIS) == paris("2026-07-02 06:00")
    assert next_time(time(8), after=paris("2026-07-01 05:59"), zone=PARIS) == paris("2026-07-01 06:00")


ZONES = st.sampled_from(
    [PARIS, "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
)
TIMES = st.times(timezones=st.none()).map(lambda shown: shown.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(at=MOMENTS, starts=TIMES, ends=TIMES, zone=ZONES)
def test_what_waits_for_the_end_of_quiet_hours_is_sent_outside_of_them_within_two_days(
    at, starts, ends, zone
):
    if starts == ends:
        return
    until = quiet_until(at, starts=starts, ends=ends, zone=zone)
    if until is None:
        assert not is_quiet(at, starts=starts, ends=ends, zone=zone)
    else:
        assert at < until <= at + timedelta(hours=50)
        assert not is_quiet(until, starts=starts, ends=ends, zone=zone)
    assert quiet_from(at, starts=starts, ends=ends, zone=zone) >= at
