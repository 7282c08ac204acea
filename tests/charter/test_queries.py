"""Asking the charter, and believing no more of it than is committed."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, FLOOR, a_line, days, empty_the_log
from tests.stories import examples

from canut.charter import log
from canut.charter.models import CharterEntry
from canut.charter.parameters import PARAMETERS
from canut.charter.queries import (
    NotInForceYet,
    UnknownParameter,
    all_in_force,
    floor_highest,
    held,
    history,
    in_force,
    last_entry_in_force,
)
from canut.charter.rules import Scope


@pytest.fixture
def own_log(db):
    """A log to write to by hand: this transaction reads its own lines and nobody else does."""
    log.lock()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (FLOOR, 1500),
        ("fee.service_share", Decimal("0.065")),
        ("governance.early_end", False),
        ("cascade.default_policy", "ladder"),
        ("rating.weights", (Decimal(3), Decimal(2), Decimal(1))),
    ],
)
def test_each_type_of_value_comes_back_as_what_it_is(name, value):
    found = in_force(name, at=NOON)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.django_db
def test_a_name_that_the_charter_does_not_have_is_an_error():
    with pytest.raises(UnknownParameter, match=r"pay\.ceiling"):
        in_force("pay.ceiling", at=NOON)


@pytest.mark.django_db
def test_before_the_beginning_the_error_says_so():
    with pytest.raises(NotInForceYet, match=r"pay\.floor_hourly_minor at 2025-12-31T23:59:59"):
        in_force(FLOOR, at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert in_force(FLOOR, at=datetime(2026, 1, 1, tzinfo=UTC)) == 1500
    assert all_in_force(at=datetime(2025, 12, 31, tzinfo=UTC)) == {}
    assert last_entry_in_force(at=datetime(2025, 12, 31, tzinfo=UTC)) == 0


@pytest.mark.django_db
def test_a_site_without_a_charter_says_what_has_not_run():
    log.lock()
    empty_the_log()
    with pytest.raises(NotInForceYet, match="record_release"):
        in_force(FLOOR, at=NOON)


def test_what_holds_comes_with_its_entry(own_log):
    line = a_line(scope_kind="country", scope_key="FR", effective_at=days(2))
    found = held(FLOOR, at=days(3), scope=Scope(country="FR"))
    assert (found.value, found.since, found.entry_id) == (1600, days(2), line.pk)
    assert (found.entry_kind, found.scope_kind, found.scope_key, found.cites) == (
        "decision",
        "country",
        "FR",
        "Decision 1",
    )
    assert held(FLOOR, at=days(3), scope=Scope(country="DE")).scope_kind == "site"
    assert held(FLOOR, at=days(1), scope=Scope(country="FR")).value == 1500


def test_the_whole_charter_is_every_parameter_for_a_scope(own_log):
    a_line(parameter=DRAWS, scope_kind="guild", scope_key="3", old_value=10, new_value=4)
    charter = all_in_force(at=NOON, scope=Scope(guild=3))
    assert set(charter) == set(PARAMETERS)
    assert charter[DRAWS].value == 4
    assert all_in_force(at=NOON)[DRAWS].value == 10


def test_a_pay_line_can_name_the_charter_it_was_made_by(own_log):
    before = last_entry_in_force(at=NOON)
    line = a_line(effective_at=days(2))
    assert last_entry_in_force(at=days(1)) == before < line.pk
    assert last_entry_in_force(at=days(2)) == line.pk


def test_a_history_is_every_line_in_the_order_of_the_log(own_log):
    lines = [a_line(effective_at=days(9)), a_line(effective_at=days(2), new_value=1700)]
    assert [entry.value for entry in history(FLOOR)] == [1500, 1600, 1700]
    assert [entry.id for entry in history(FLOOR)[1:]] == [line.pk for line in lines]
    with pytest.raises(UnknownParameter):
        history("pay.ceiling")


class TestFloorHighest:
    def test_it_is_the_sites_where_nobody_has_more(self, own_log):
        assert floor_highest(at=NOON) == 1500
        assert floor_highest(at=NOON, countries=["FR"]) == 1500

    def test_everybody_admitted_means_every_country_with_a_floor(self, own_log):
        a_line(scope_kind="country", scope_key="FR", new_value=1600)
        a_line(scope_kind="country", scope_key="LU", new_value=1800)
        assert floor_highest(at=NOON) == 1800
        assert floor_highest(at=NOON, countries=["FR", "DE"]) == 1600
        assert floor_highest(at=NOON, countries={"DE"}) == 1500

    def test_any_working_status_may_come(self, own_log):
        a_line(scope_kind="status", scope_key="student", new_value=1700)
        assert floor_highest(at=NOON, countries=["DE"]) == 1700

    def test_a_floor_that_is_not_in_effect_yet_does_not_count(self, own_log):
        a_line(scope_kind="country", scope_key="FR", effective_at=days(1))
        assert floor_highest(at=NOON) == 1500
        assert floor_highest(at=days(1)) == 1600

    def test_nobody_admitted_is_a_mistake(self, own_log):
        with pytest.raises(ValueError, match="admitted"):
            floor_highest(at=NOON, countries=[])


class TestAgainstTheDatabase(TestCase):
    """The same promise as in test_rules, through tables, JSON and the log in memory."""

    @settings(max_examples=examples(20, 100), deadline=None)
    @given(
        lines=st.lists(
            st.tuples(
                st.integers(1000, 1030),
                st.integers(0, 8),
                st.sampled_from(["law", "decision"]),
                st.sampled_from([("site", ""), ("country", "FR"), ("status", "student")]),
            ),
            max_size=8,
        ),
        scope=st.sampled_from([Scope(), Scope(country="FR"), Scope(country="FR", status="student")]),
    )
    def test_the_floor_at_any_moment_equals_the_replay_of_the_log(self, lines, scope):
        log.lock()
        expected = {NOON - timedelta(days=1): 1500}
        for value, day, kind, (scope_kind, key) in lines:
            a_line(kind=kind, new_value=value, effective_at=days(day), scope_kind=scope_kind, scope_key=key)
        latest: dict[tuple[str, str, bool], int] = {("site", "", False): 1500}
        for day in range(9):
            for line in CharterEntry.objects.filter(parameter=FLOOR, effective_at=days(day)).order_by("pk"):
                if line.scope_key in ("", scope.country, scope.status):
                    latest[line.scope_kind, line.scope_key, line.kind == "law"] = line.new_value
            expected[days(day)] = max(latest.values())
        assert {at: in_force(FLOOR, at=at, scope=scope) for at in expected} == expected


class TestTheLogInMemory:
    def test_it_is_looked_at_at_most_once_a_second(self, db, django_assert_num_queries):
        clock = [100.0]
        mine = log._Shared(clock=lambda: clock[0])
        with django_assert_num_queries(2):  # the newest id, then the lines
            mine.read()
        clock[0] += 0.99
        with django_assert_num_queries(0):
            mine.read()
        clock[0] += 0.01
        with django_assert_num_queries(1):  # nothing new
            known = mine.read()
        a_line()
        clock[0] += 1
        with django_assert_num_queries(2):
            assert mine.read() is not known

    def test_a_writer_sees_its_own_lines_and_keeps_them_to_itself(self, committed):
        def seen_by_another_thread() -> int:
            with ThreadPoolExecutor(1) as other:
                return other.submit(_floor_in_a_thread).result(timeout=20)

        assert in_force(FLOOR, at=NOON) == 1500
        with transaction.atomic():
            log.lock()
            a_line()
            assert in_force(FLOOR, at=NOON) == 1600
            assert seen_by_another_thread() == 1500
            transaction.set_rollback(True)
        assert in_force(FLOOR, at=NOON) == 1500
        assert seen_by_another_thread() == 1500

    def test_a_committed_line_is_seen_by_all_threads_at_once(self, committed):
        assert in_force(FLOOR, at=NOON) == 1500
        with transaction.atomic():
            log.lock()
            a_line()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(_floor_in_a_thread).result(timeout=20) == 1600
        assert in_force(FLOOR, at=NOON) == 1600

    def test_a_line_that_another_node_wrote_is_seen_within_a_second(self, committed):
        assert in_force(FLOOR, at=NOON) == 1500
        with transaction.atomic():
            a_line()  # without `lock`: this process is told nothing
        deadline = time.monotonic() + 1.1
        while in_force(FLOOR, at=NOON) == 1500:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def test_asking_again_asks_the_database_nothing(self, db, django_assert_num_queries):
        in_force(FLOOR, at=NOON)
        with django_assert_num_queries(0):
            in_force(FLOOR, at=NOON, scope=Scope(country="FR", status="self_employed"))


def _floor_in_a_thread() -> int:
    try:
        return in_force(FLOOR, at=NOON)
    finally:
        connection.close()
