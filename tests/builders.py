"""What tests are about, built by stating only that: people, a project with tasks, work in its states."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.test import override_settings
from psycopg.types.json import Jsonb

from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.documents import IN_FORCE
from canut.people.models import Party, Person
from canut.people.rules import smallest_age, tidy_screen_name
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.register_person import register_person
from canut.work.designs.schema import read_design, shown_columns
from canut.work.hot.statements import Limits, limits_in_force
from canut.work.models import Assignment, Project, ProjectGroup, Revision, Round, Submission, Task
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_serial = count(1)

CHOICE_DESIGN: dict[str, Any] = {
    "version": 1,
    "instructions": "Say what the picture shows.",
    "items": [
        {"type": "text", "text": "{{text}}"},
        {
            "type": "single_choice",
            "name": "label",
            "label": "What is it?",
            "options": [{"value": "cat", "label": "A cat"}, {"value": "dog", "label": "A dog"}],
        },
    ],
}
ANSWER = {"label": "cat"}


@contextmanager
def files_kept_in(folder: Path) -> Iterator[None]:
    """Keep the site's files in a folder while this goes on."""
    options = {"location": folder, "base_url": None}
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    with override_settings(STORAGES={**settings.STORAGES, "default": storage}):
        assert default_storage.path("x").startswith(str(folder))
        yield


def a_person(name: str | None = None, *, at: datetime = NOON, **details: Any) -> Person:
    """Return somebody activated who can sign in with the password "correct horse".

    Thousands are made in a run, so most come into being by one statement, which writes what the use cases
    write (`tests/people/test_built.py`).
    """
    name = name or f"person{next(_serial)}"
    given = {
        "username": name,
        "email": f"{name}@example.org",
        "password": "correct horse",
        "screen_name": name.capitalize(),
        "country": "FR",
        "working_status": "self_employed",
        "languages": ["en", "fr"],
    } | details
    if given.keys() <= AT_ONCE:
        return somebody_at_once(at=at, **given)
    return somebody_registered(at=at, **given)


def somebody_registered(*, at: datetime, **given: Any) -> Person:
    """Return somebody who has come by the use cases."""
    registered = register_person(**{"age_stated": 18, "consents": IN_FORCE, "at": at, **given})
    return activate_person(person_id=registered.pk, at=at)


AT_ONCE = {
    *("username", "email", "password", "screen_name", "country", "working_status", "languages"),
    *("time_zone", "locale", "worker", "requester", "simulated"),
}
"""What may be said of somebody who is made by one statement."""


def somebody_at_once(
    *,
    at: datetime,
    username: str,
    email: str,
    screen_name: str,
    password: str | None,
    worker: bool = False,
    requester: bool = False,
    simulated: bool = False,
    **details: Any,
) -> Person:
    """Return somebody with the same rows as `somebody_registered`, all of them well-shaped."""
    tidied = tidy_screen_name(screen_name)
    party = Party(kind="person", screen_name=tidied, simulated=simulated, created_at=at)
    person = Person(
        username=username.strip().lower(),
        email=email.strip().lower(),
        is_worker=worker,
        is_requester=requester,
        age_confirmed_at=at,
        date_joined=at,
        activated_at=at,
        **details,
    )
    person.password = make_password(password)
    parties, partys = _columns(party, "id")
    people, persons = _columns(person, "id", "party_id")
    registered = {
        "smallest_age": smallest_age(person.country),
        "consents": dict(IN_FORCE),
        "worker": worker,
        "requester": requester,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH party AS (INSERT INTO people_party ({parties}) VALUES ({_marks(partys)}) RETURNING id),
                 person AS (INSERT INTO people_person (id, party_id, {people})
                            SELECT id, id, {_marks(persons)} FROM party),
                 address AS (INSERT INTO account_emailaddress (user_id, email, verified, "primary")
                             SELECT id, %s, true, true FROM party),
                 agreed AS (INSERT INTO people_consent (person_id, document, version, given_at)
                            SELECT party.id, document, version, %s FROM party,
                            jsonb_each_text(%s) AS said (document, version) ORDER BY document DESC),
                 happened AS (INSERT INTO kernel_event (at, by_id, name, subject_kind, subject_id, data)
                              SELECT %s, party.id, name, 'person', party.id, data FROM party,
                              (VALUES (1, 'person.registered', %s), (2, 'person.activated', '{{}}'::jsonb))
                              AS event (number, name, data) ORDER BY number)
            SELECT id FROM party
            """,
            [*partys, *persons, person.email, at, Jsonb(IN_FORCE), at, Jsonb(registered)],
        )
        (party.id,) = cursor.fetchone()
    person.id, person.party = party.id, party
    for made in (party, person):
        made._state.adding, made._state.db = False, connection.alias
    return person


def _columns(row: Model, *but: str) -> tuple[str, list[Any]]:
    """Return the names of a row's columns, and what is to be written into them."""
    fields = [field for field in row._meta.concrete_fields if field.column not in but]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return ", ".join(connection.ops.quote_name(field.column) for field in fields), values


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def a_worker(name: str | None = None, **details: Any) -> Person:
    return a_person(name, worker=True, **details)


def a_requester(name: str | None = None, *, money_minor: int = 1_000_000, **details: Any) -> Person:
    person = a_person(name, requester=True, **details)
    if money_minor:
        deposit_play_money(by=person, amount_minor=money_minor, currency="EUR", key="builder", at=NOON)
    return person


def a_draft(
    *,
    owner: Person,
    rows: int | Sequence[dict[str, Any]] = 3,
    answers: int = 1,
    reward_minor: int = 60,
    expected_seconds: int = 120,
    lease_seconds: int = 600,
    design: dict[str, Any] = CHOICE_DESIGN,
    kind: str = "paid",
    at: datetime = NOON,
    **details: Any,
) -> Project:
    """Return a draft whose tasks are there; `rows` is how many, or the rows themselves.

    It opens to everybody at once, unless `cascade_policy` says otherwise.
    """
    project = Project.objects.create(
        owner_id=owner.pk,
        group=ProjectGroup.objects.create(),
        title=details.pop("title", f"Project {next(_serial)}"),
        kind=kind,
        created_at=at,
        changed_at=at,
        **{"cascade_policy": "open", **details},
    )
    revision = Revision.objects.create(
        project=project,
        number=1,
        design=design,
        reward_minor=reward_minor if kind == "paid" else 0,
        expected_seconds=expected_seconds,
        lease_seconds=lease_seconds,
        answers_per_task=answers,
        created_at=at,
    )
    columns = read_design(design)
    given = [{"text": f"Picture {n}"} for n in range(rows)] if isinstance(rows, int) else rows
    Task.objects.bulk_create(
        Task(
            project=project,
            revision=revision,
            position=position,
            key=str(position),
            row=row,
            shown=shown_columns(columns, row),
            answers_wanted=answers,
        )
        for position, row in enumerate(given, start=1)
    )
    return project


def a_project(*, owner: Person, at: datetime = NOON, untried: bool = False, **details: Any) -> Project:
    """Return a live project, paid from its owner's balance, as if its design had been tried before.

    An `untried` one begins with a prototype round, if it has ten places or more.
    """
    draft = a_draft(owner=owner, at=at, **details)
    if not untried:
        as_if_tried(draft, at=at)
    return publish_project(project_id=draft.pk, by=owner, at=at)


def as_if_tried(draft: Project, *, at: datetime = NOON, covers_tasks: int = 1_000_000) -> Round:
    """Give a draft a passed prototype round of its design as it is now, which covers all its tasks."""
    return Round.objects.create(
        project=draft,
        revision=draft.revisions.get(),
        number=1,
        tasks=500,
        workers_a_task=1,
        places=500,
        most_per_worker=167,
        covers_tasks=covers_tasks,
        state="passed",
        opened_at=at,
        decided_at=at,
        launched_at=at,
    )


HOT = {"cap": 8, "unrated": Decimal("1.99")}
"""What the fast lane passes to its statement."""


def limits(cap: int) -> Limits:
    """Return what the charter says about taking tasks, with another cap of tasks in hand."""
    return replace(limits_in_force(at=NOON), cap=cap)


def taken(*, worker: Person, project: Project, at: datetime = NOON) -> Assignment:
    return take_task(by=worker, project_id=project.pk, at=at)


def a_submission(
    *, worker: Person, project: Project, answer: dict[str, Any] = ANSWER, at: datetime = NOON
) -> Submission:
    """Return work handed in a minute after it was taken at `at`."""
    assignment = taken(worker=worker, project=project, at=at)
    done_at = at + timedelta(minutes=1)
    return submit_answer(
        assignment_id=assignment.pk, by=worker, answer=answer, active_seconds=60, at=done_at
    ).submission
