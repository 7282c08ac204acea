"""What the database refuses about a journal, sentence by sentence, and by name."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.builders import NOON
from tests.promises import broken

from canut.guilds.journal.models import Journal, JournalEntry
from canut.people.models import Person

pytestmark = pytest.mark.django_db


def entry(writer: Person, **details: Any) -> JournalEntry:
    given = {"title": "Cats", "text": "Whiskers.", "learnt_on": date(2026, 11, 20), "created_at": NOON}
    return JournalEntry.objects.create(writer=writer, **{**given, "changed_at": NOON, **details})


BREAKS: dict[str, Callable[[Person], Any]] = {
    "journal_name_is_one_line": lambda worker: Journal.objects.create(writer=worker, portfolio_name="a\nb"),
    "journal_entry_has_title": lambda worker: entry(worker, title=" \n"),
    "journal_entry_has_text": lambda worker: entry(worker, text=""),
    "journal_entry_text_fits": lambda worker: entry(worker, text="é" * 4_001),
    "journal_entry_position_known": lambda worker: entry(worker, position=25),
    "journal_entry_changed_after_creation": lambda worker: entry(
        worker, changed_at=NOON - timedelta(seconds=1)
    ),
    "journal_entry_one_per_position": lambda worker: [entry(worker, position=1) for _each in range(2)],
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, worker: Person) -> None:
    with broken(name):
        BREAKS[name](worker)


def test_every_promise_is_broken_once_here() -> None:
    named = {one.name for model in (Journal, JournalEntry) for one in model._meta.constraints}
    assert named == set(BREAKS)
