"""A journal is its writer's alone: written, changed, ordered, forgotten."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import NOON, a_worker
from tests.guilds.journal.entries import LATER, a_chosen_entry, an_entry, handed_in

from canut.guilds.journal.access import EntryNotFound
from canut.guilds.journal.limits import MOST_CHOSEN
from canut.guilds.journal.models import Journal, JournalEntry
from canut.guilds.journal.queries import (
    batches_of,
    chosen_entries,
    data_of,
    entry_seen,
    invitations,
    journal_page,
)
from canut.guilds.journal.usecases import write_entry as writing
from canut.guilds.journal.usecases.choose_for_journal import choose_invitations, keep_portfolio_name
from canut.guilds.journal.usecases.drop_entry import drop_entry
from canut.guilds.journal.usecases.forget_writer import forget_writer
from canut.guilds.journal.usecases.place_entry import PortfolioIsFull, place_entry
from canut.guilds.journal.usecases.write_entry import (
    EntryChangedMeanwhile,
    JournalIsFull,
    change_entry,
    write_entry,
)
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.work.usecases.return_submission import return_submission

# --- Writing ------------------------------------------------------------------------------------------


def test_what_is_written_is_kept_as_it_was_meant_and_tells_nobody(worker, requester):
    project = handed_in(worker, requester)
    worker.time_zone = "Europe/Paris"
    events = Event.objects.count()
    entry = an_entry(
        worker,
        "  Cats\n and\x07 dogs ",
        text="\ufeff One.\r\n\r\nTwo\x1b[31m, e\u0301t\u00e9 \U0001f408.\t\n ",
        project_id=project.pk,
        at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    )
    seen = entry_seen(entry.pk, by=worker)
    assert seen.title == "Cats and dogs"
    assert seen.text == "\ufeff One.\n\nTwo[31m, \u00e9t\u00e9 \U0001f408."
    assert list(seen.paragraphs) == ["\ufeff One.", "Two[31m, \u00e9t\u00e9 \U0001f408."]
    assert seen.learnt_on == date(2026, 11, 21)  # in Paris it was the next day already
    assert seen.batch is not None
    assert (seen.batch.title, seen.batch.handed_in) == ("Label cats", 1)
    assert Event.objects.count() == events


def test_the_same_entry_twice_is_one(worker):
    assert an_entry(worker) == an_entry(worker, at=LATER)
    assert an_entry(worker, text="Something else.") != an_entry(worker)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " \x07\n"}, "title"),
        ({"title": "t" * 121}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"text": ""}, "text"),
        ({"text": "\0"}, "text"),
        ({"text": "t" * 4_001}, "text"),
        ({"text": "t\n" * 200 + "t"}, "text"),
        ({"learnt_on": date(2026, 11, 21)}, "learnt_on"),
        ({"learnt_on": date(1, 1, 1)}, "learnt_on"),
        ({"project_id": 2**62}, "project_id"),
    ],
)
def test_what_cannot_be_kept_is_named(worker, wrong, field):
    kept = an_entry(worker)
    given = {"title": "Dogs", "text": "Tails.", **wrong}
    with pytest.raises(BadInput) as refused:
        write_entry(by=worker, at=NOON, **given)
    assert list(refused.value.facts["errors"]) == [field]
    with pytest.raises(BadInput) as refused:
        change_entry(entry_id=kept.pk, by=worker, at=NOON, **wrong)
    assert list(refused.value.facts["errors"]) == [field]


def test_an_entry_is_about_work_of_ones_own_only(worker, peer, requester):
    project = handed_in(peer, requester)
    with pytest.raises(BadInput, match="See each field"):
        an_entry(worker, project_id=project.pk)


def test_a_full_journal_takes_no_more(worker, monkeypatch):
    monkeypatch.setattr(writing, "MOST_ENTRIES", 1)
    first = an_entry(worker)
    with pytest.raises(JournalIsFull):
        an_entry(worker, "Dogs")
    assert an_entry(worker) == first


# --- Changing -----------------------------------------------------------------------------------------


def test_of_two_who_change_at_once_the_later_is_refused(worker, requester):
    project = handed_in(worker, requester)
    entry = an_entry(worker, project_id=project.pk)
    first = change_entry(entry_id=entry.pk, by=worker, at=NOON, based_on=entry.changed_at, text="More.")
    assert first.changed_at > entry.changed_at  # though the clock stood still
    with pytest.raises(EntryChangedMeanwhile, match="what you typed is still here") as refused:
        change_entry(entry_id=entry.pk, by=worker, at=LATER, based_on=entry.changed_at, text="Else.")
    assert refused.value.facts == {"changed_at": first.changed_at.isoformat()}
    # The same once more is a retry, and without a base nothing is compared
    assert change_entry(
        entry_id=entry.pk, by=worker, at=LATER, based_on=entry.changed_at, text="More."
    ).changed_at == (first.changed_at)
    changed = change_entry(entry_id=entry.pk, by=worker, at=LATER, project_id=None, title="Dogs")
    assert (changed.title, changed.text, changed.project_id) == ("Dogs", "More.", None)


def test_nobody_else_reaches_an_entry(worker, stranger, operator):
    entry = a_chosen_entry(worker)
    for other in (stranger, operator):
        for reach in (
            lambda by: entry_seen(entry.pk, by=by),
            lambda by: change_entry(entry_id=entry.pk, by=by, at=NOON, title="Mine"),
            lambda by: place_entry(entry_id=entry.pk, by=by, position=1),
            lambda by: drop_entry(entry_id=entry.pk, by=by),
        ):
            with pytest.raises(EntryNotFound):
                reach(other)
        assert journal_page(by=other).is_empty
        assert list(chosen_entries(other)) == []
    assert entry_seen(entry.pk, by=worker).title == "Cats"


# --- Choosing and ordering ----------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(-1, 6), st.just("drop"))), max_size=12
    )
)
@pytest.mark.django_db
def test_whatever_is_moved_the_portfolio_is_a_list(worker, moves):
    JournalEntry.objects.all().delete()
    entries = [an_entry(worker, f"Entry {number}") for number in range(4)]
    expected: list[int] = []
    dropped: set[int] = set()
    for number, where in moves:
        pk = entries[number].pk
        if pk in dropped:
            continue
        if pk in expected:
            expected.remove(pk)
        if where == "drop":
            drop_entry(entry_id=pk, by=worker)
            dropped.add(pk)
            continue
        if where is not None:
            expected.insert(max(where, 1) - 1, pk)
        place_entry(entry_id=pk, by=worker, position=where)
        assert [one.id for one in chosen_entries(worker)] == expected
    chosen = chosen_entries(worker)
    assert [one.position for one in chosen] == list(range(1, len(expected) + 1))
    assert [one.id for one in chosen] == expected


def test_a_portfolio_has_room_for_so_many(worker):
    entries = [a_chosen_entry(worker, f"Entry {number}") for number in range(MOST_CHOSEN)]
    one_more = an_entry(worker, "One more")
    with pytest.raises(PortfolioIsFull):
        place_entry(entry_id=one_more.pk, by=worker, position=1)
    assert place_entry(entry_id=entries[-1].pk, by=worker, position=1).position == 1


def test_two_windows_that_move_at_once_leave_a_list(committed):
    writer = a_worker()
    entries = [an_entry(writer, f"Entry {number}") for number in range(4)]
    ready = Barrier(2)

    def moves(turn: int) -> None:
        ready.wait()
        for entry in entries[turn:] + entries[:turn]:
            place_entry(entry_id=entry.pk, by=writer, position=1 + turn)
        connection.close()

    windows = [Thread(target=moves, args=[turn]) for turn in (0, 2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert [one.position for one in chosen_entries(writer)] == [1, 2, 3, 4]


# --- Reading ------------------------------------------------------------------------------------------


def test_a_journal_is_read_page_by_page_and_searched(worker):
    for number in range(5):
        an_entry(worker, f"Entry {number}", text="Even 100%." if number % 2 == 0 else "Odd_.")
    first = journal_page(by=worker, most=2)
    assert [one.title for one in first.entries] == ["Entry 4", "Entry 3"]
    second = journal_page(by=worker, most=2, before_id=first.next_cursor)
    assert [one.title for one in second.entries] == ["Entry 2", "Entry 1"]
    last = journal_page(by=worker, most=2, before_id=second.next_cursor)
    assert ([one.title for one in last.entries], last.next_cursor) == (["Entry 0"], None)
    found = journal_page(by=worker, words=" ENTRY   even ")
    assert [one.title for one in found.entries] == ["Entry 4", "Entry 2", "Entry 0"]
    for words, count in (("%", 3), ("_", 2), ("\0", 5), ("x" * 10_000, 0), ("\\", 0)):
        assert len(journal_page(by=worker, words=words).entries) == count


def test_a_batch_is_what_one_handed_in_counted_from_ones_own_tasks(worker, peer, requester):
    first = handed_in(worker, requester, tasks=3, title="Cats", at=NOON - timedelta(days=2))
    second = handed_in(worker, requester, tasks=2, title="Dogs")
    handed_in(peer, requester, tasks=2, title="Birds")
    returned = second.assignments.order_by("pk")[0].submissions.get()
    return_submission(submission_id=returned.pk, by=requester, reason="Look again.", at=NOON)
    batches = [(one.project_id, one.handed_in, one.first_on, one.last_on) for one in batches_of(worker)]
    assert batches == [
        (second.pk, 2, date(2026, 11, 20), date(2026, 11, 20)),
        (first.pk, 3, date(2026, 11, 18), date(2026, 11, 18)),
    ]


def test_one_is_asked_about_new_work_only_and_not_if_one_does_not_want_it(worker, requester):
    project = handed_in(worker, requester, tasks=2, title="Cats")
    assert [one.handed_in for one in invitations(by=worker)] == [2]
    assert [one.handed_in for one in invitations(by=worker, project_id=project.pk)] == [2]
    an_entry(worker, project_id=project.pk, at=LATER)
    assert list(invitations(by=worker)) == []
    assert list(invitations(by=worker, project_id=project.pk)) == []
    more = handed_in(worker, requester, tasks=1, title="Dogs", at=LATER + timedelta(hours=1))
    assert [one.project_id for one in invitations(by=worker)] == [more.pk]
    choose_invitations(by=worker, invites=False)
    assert list(invitations(by=worker)) == []
    assert list(invitations(by=worker, project_id=more.pk)) == []


# --- One's data ---------------------------------------------------------------------------------------


def test_everything_is_exported_and_everything_is_forgotten(worker, peer, requester):
    project = handed_in(worker, requester)
    a_chosen_entry(worker, project_id=project.pk)
    keep_portfolio_name(by=worker, name="Wanda Kowalska")
    kept = an_entry(peer, "Mine")
    data = data_of(worker.pk)
    assert data["portfolio_name"] == "Wanda Kowalska"
    assert [(one["title"], one["project"], one["position_in_portfolio"]) for one in data["entries"]] == [
        ("Cats", "Label cats", 1)
    ]
    for _twice in range(2):
        forget_writer(party_id=worker.pk)
    assert data_of(worker.pk) == {"portfolio_name": "", "asked_after_a_batch": True, "entries": []}
    assert not Journal.objects.filter(writer=worker).exists()
    assert JournalEntry.objects.get() == kept
