"""Entries of a journal, and work that they can be about, built by stating only what a test is about."""

from datetime import timedelta
from typing import Any

from tests.builders import NOON, a_project, a_submission

from canut.guilds.journal.models import JournalEntry
from canut.guilds.journal.usecases.place_entry import place_entry
from canut.guilds.journal.usecases.write_entry import write_entry
from canut.people.models import Person
from canut.work.models import Project

LATER = NOON + timedelta(hours=1)


def an_entry(writer: Person, title: str = "Cats", **details: Any) -> JournalEntry:
    given = {"text": "They have whiskers.", "at": NOON, **details}
    return write_entry(by=writer, title=title, **given)


def a_chosen_entry(writer: Person, title: str = "Cats", **details: Any) -> JournalEntry:
    entry = an_entry(writer, title, **details)
    return place_entry(entry_id=entry.pk, by=writer, position=99)


def handed_in(
    worker: Person, requester: Person, *, tasks: int = 1, title: str = "Label cats", at: Any = NOON
) -> Project:
    """Return a project to which the worker handed in these tasks, a minute apart, the last one at `at`."""
    began = at - timedelta(hours=2)
    project = a_project(owner=requester, rows=tasks, title=title, at=began)
    for number in range(tasks, 0, -1):
        a_submission(worker=worker, project=project, at=at - timedelta(minutes=number - 1))
    return project
