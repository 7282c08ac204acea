"""The software's own numbers enter the log once each, whoever starts first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, FLOOR, a_line, days, empty_the_log

from canut.charter.models import CharterEntry
from canut.charter.parameters import PARAMETERS
from canut.charter.queries import in_force
from canut.charter.rules import to_json
from canut.charter.usecases.record_release import BEGINNING, record_release
from canut.kernel.models import Event


@pytest.mark.django_db
def test_the_founding_writes_every_parameter_with_its_default():
    empty_the_log()
    entries = record_release(at=NOON)
    assert {entry.kind for entry in entries} == {"genesis"}
    assert {entry.parameter: entry.new_value for entry in entries} == {
        name: to_json(parameter.default) for name, parameter in PARAMETERS.items()
    }
    assert CharterEntry.objects.count() == len(PARAMETERS)
    assert {(entry.effective_at, entry.recorded_at) for entry in CharterEntry.objects.all()} == {
        (BEGINNING, NOON)
    }


@pytest.mark.django_db
def test_what_a_release_brings_is_added_and_nothing_else_is_touched():
    # Given a site whose release knew one parameter alone, since raised
    empty_the_log(but=FLOOR)
    a_line()
    # When a later release starts
    entries = record_release(at=days(1))
    # Then every other parameter begins by that release, and the floor is as it was
    assert {entry.kind for entry in entries} == {"release"}
    assert {entry.parameter for entry in entries} == set(PARAMETERS) - {FLOOR}
    assert in_force(FLOOR, at=days(2)) == 1600
    assert Event.objects.get(name="charter.release_recorded", subject_id=entries[-1].pk).at == days(1)


@pytest.mark.django_db
def test_work_from_before_a_release_finds_the_numbers_that_the_release_brought():
    empty_the_log(but=FLOOR)
    record_release(at=NOON)
    assert in_force(DRAWS, at=NOON - timedelta(days=100)) == 10


@pytest.mark.django_db
def test_a_second_start_writes_nothing():
    before = CharterEntry.objects.count()
    assert record_release(at=NOON) == []
    assert CharterEntry.objects.count() == before


def test_of_two_nodes_that_start_at_once_one_founds_the_charter(committed):
    both_ready = Barrier(2)

    def start() -> int:
        try:
            with transaction.atomic():
                CharterEntry.objects.count()  # the connection is open
                both_ready.wait(timeout=10)
                return len(record_release(at=NOON))
        finally:
            connection.close()

    empty_the_log()
    with ThreadPoolExecutor(2) as nodes:
        written = [node.result(timeout=20) for node in [nodes.submit(start) for _ in range(2)]]
    assert sorted(written) == [0, len(PARAMETERS)]
    assert CharterEntry.objects.count() == len(PARAMETERS)


def test_a_later_line_never_shows_before_an_earlier_one(committed):
    """Ids are given out in the order of commits, so a reader who has seen one has seen all before it."""
    first_written, checked = Barrier(2), Barrier(2)

    def slow_writer() -> int:
        try:
            with transaction.atomic():
                line = a_line(parameter="test.slow")
                first_written.wait(timeout=10)
                checked.wait(timeout=10)
                transaction.set_rollback(True)
                return line.pk
        finally:
            connection.close()

    def quick_writer() -> int:
        try:
            first_written.wait(timeout=10)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                try:
                    a_line(parameter="test.quick")
                except Exception as error:
                    return "lock timeout" in str(error)
                return False
        finally:
            checked.wait(timeout=10)
            connection.close()

    with ThreadPoolExecutor(2) as writers:
        slow, quick = writers.submit(slow_writer), writers.submit(quick_writer)
        assert quick.result(timeout=20) is True
        slow.result(timeout=20)
