"""Events are written once, and a reader gets each exactly once, in whatever order writers commit."""

import time

import pytest
from django.db import connection, connections, transaction
from tests.builders import NOON
from tests.promises import broken, run

from canut.kernel.events import read_new, record
from canut.kernel.models import ClockOffset, Event, Heartbeat

SUBJECT = Heartbeat(name="1")


def note(name: str, number: int) -> None:
    record(None, name, Event(id=number), at=NOON, number=number)


def others_have_finished() -> None:
    """Wait until transactions of other test runs on this server, which readers wait for too, are over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (mine,) = cursor.fetchone()
        for _tenth in range(900):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [mine])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.1)
    raise AssertionError("some transaction on this server has been open for a minute and a half")


@pytest.mark.django_db
def test_an_event_is_never_changed_or_removed() -> None:
    note("story.told", 1)
    for statement in (
        "UPDATE kernel_event SET name = 'x'",
        "DELETE FROM kernel_event",
        "TRUNCATE kernel_event",
    ):
        with broken("kernel_event_written_once"):
            run(statement)


@pytest.mark.usefixtures("committed")
def test_a_reader_gets_each_event_once_and_only_those_it_asked_for() -> None:
    for number in range(5):
        note("story.told", number)
        note("story.other", number)
    others_have_finished()
    with transaction.atomic():
        first = read_new("reader", names=["story.told"], most=3)
    with transaction.atomic():
        rest = read_new("reader", names=["story.told"], most=10)
    with transaction.atomic():
        assert read_new("reader", names=["story.told"], most=10) == []
        assert len(read_new("another", names=["story.told"], most=10)) == 5
    assert [event.data["number"] for event in [*first, *rest]] == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("committed")
def test_a_slow_writer_is_waited_for_and_not_stepped_over() -> None:
    slow = connections.create_connection("default")
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:  # takes its number and its event's id first
            cursor.execute(
                "INSERT INTO kernel_event (at, name, subject_kind, subject_id)"
                " VALUES (now(), 'story.told', 'x', 1)"
            )
        note("story.told", 2)
        with transaction.atomic():
            assert read_new("reader", names=["story.told"], most=10) == []
        slow.commit()
        others_have_finished()
        with transaction.atomic():
            assert [event.subject_id for event in read_new("reader", names=["story.told"], most=10)] == [1, 2]
    finally:
        slow.close()


@pytest.mark.usefixtures("committed")
def test_work_that_is_undone_gives_its_events_back() -> None:
    note("story.told", 1)
    others_have_finished()
    with pytest.raises(RuntimeError), transaction.atomic():
        assert len(read_new("reader", names=["story.told"], most=10)) == 1
        raise RuntimeError
    with transaction.atomic():
        assert len(read_new("reader", names=["story.told"], most=10)) == 1


@pytest.mark.usefixtures("committed")
def test_a_restored_database_reads_on_in_order() -> None:
    """Transactions are counted anew after a restore; generations come first in the order of reading."""
    note("story.told", 1)
    others_have_finished()
    with transaction.atomic():
        read_new("reader", names=["story.told"], most=10)
    note("story.told", 2)
    try:
        run("UPDATE kernel_generation SET number = 1")
        run("ALTER TABLE kernel_event ALTER COLUMN generation SET DEFAULT 1")
        run(
            "INSERT INTO kernel_event (at, name, subject_kind, subject_id, recorded_in)"
            " VALUES (now(), 'story.told', 'x', 3, '1')"
        )
        others_have_finished()
        with transaction.atomic():
            assert [event.subject_id for event in read_new("reader", names=["story.told"], most=10)] == [2, 3]
    finally:
        run("UPDATE kernel_generation SET number = 0")
        run("ALTER TABLE kernel_event ALTER COLUMN generation SET DEFAULT 0")


@pytest.mark.django_db
def test_there_is_one_clock_offset_at_most() -> None:
    with broken("clock_offset_single"):
        ClockOffset.objects.create(only=False, ahead_by="1 day")
    connection.ensure_connection()
