"""What the passing of time brings about, and that it may come twice."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from pytest_django import Settings
from tests.builders import a_project, a_submission, taken
from tests.told import mailed
from tests.work.files import a_new_project, with_rows

from canut.charter.usecases.watch_log import LOOKS
from canut.jobs import running, tasks
from canut.kernel import clock
from canut.kernel.later import later
from canut.kernel.models import Event, Heartbeat
from canut.ledger.models import Account, Kind
from canut.ledger.queries import party_total_minor
from canut.people.models import Person
from canut.webhooks.models import Endpoint
from canut.webhooks.usecases.manage_endpoint import add_endpoint
from canut.work.access import latest_revision
from canut.work.models import Assignment, Place, Project, Revision
from canut.work.usecases.close_project import close_project
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.schedule_project import schedule_project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]


def sweep(name: str) -> None:
    """Run a sweep as the runner does, twice."""
    for timestamp in (1, 2):
        app.tasks[f"sweep.{name}"](timestamp=timestamp)


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """Return what waits for the runner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args::text FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
        )
        import json

        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def test_every_sweep_runs_twice_with_nothing_to_do_and_leaves_its_heartbeat() -> None:
    names = [name.removeprefix("sweep.") for name in app.tasks if name.startswith("sweep.")]
    assert len(names) >= 9
    for name in names:
        sweep(name)
    beaten = set(Heartbeat.objects.values_list("name", flat=True)) - {LOOKS}
    assert beaten == {f"sweep.{name}" for name in names}


def test_a_lease_that_ran_out_gives_its_place_to_others(
    requester: Person, worker: Person, settings: Settings
) -> None:
    project = a_project(owner=requester, rows=1, at=clock.now())
    assignment = taken(worker=worker, project=project, at=clock.now())
    sweep("expire_overdue_leases")
    assert Place.objects.get(project=project).state == "taken"
    clock.advance(by=timedelta(minutes=11))
    sweep("expire_overdue_leases")
    assignment.refresh_from_db()
    assert (assignment.state, Place.objects.get(project=project).state) == ("expired", "open")


def test_silence_approves_once(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=1, reward_minor=60, at=clock.now())
    a_submission(worker=worker, project=project, at=clock.now())
    clock.advance(by=timedelta(hours=73))
    sweep("approve_by_silence")
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60


def test_rework_that_does_not_come_is_closed(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=1, at=clock.now())
    submission = a_submission(worker=worker, project=project, at=clock.now())
    return_submission(submission_id=submission.pk, by=requester, reason="Look again.", at=clock.now())
    clock.advance(by=timedelta(days=7))
    sweep("close_missed_rework")
    assert Assignment.objects.get().state == "closed"
    assert Place.objects.get(project=project).state == "open"


def test_a_scheduled_draft_is_published_and_one_without_funds_is_told_of(requester: Person) -> None:
    fine, poor = (
        a_new_project(requester, reward_minor=reward, title=title)
        for reward, title in ((60, "Fine"), (90_000_000, "Dear"))
    )
    for project in (fine, poor):
        with_rows(requester, project)
        soon = clock.now() + timedelta(seconds=30)
        schedule_project(project_id=project.pk, by=requester, publish_at=soon, at=clock.now())
    clock.advance(by=timedelta(minutes=1))
    sweep("publish_scheduled_projects")
    states = dict(Project.objects.values_list("title", "state"))
    assert states == {"Fine": "live", "Dear": "draft"}
    ((name, arguments),) = [job for job in jobs() if job[0] == "work.tell_owner_publication_failed"]
    assert arguments["code"] == "insufficient_funds"
    app.tasks[name](**arguments)
    (notice,) = mailed(requester)
    assert "“Dear” was not published" in notice.subject
    assert notice.path == f"/studio/{poor.pk}/publish/"


def test_places_that_a_lost_job_left_are_opened(requester: Person) -> None:
    project = a_project(owner=requester, rows=3)
    revision = latest_revision(project)
    Place.objects.filter(project=project, task__position__gt=1).delete()
    Revision.objects.filter(pk=revision.pk).update(places_opened_to=1)
    sweep("open_places_left")
    assert Place.objects.filter(project=project).count() == 3


def test_what_a_closed_project_no_longer_needs_comes_back(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=1, reward_minor=60, at=clock.now())
    taken(worker=worker, project=project, at=clock.now())
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    close_project(project_id=project.pk, by=requester, at=clock.now())
    clock.advance(by=timedelta(minutes=11))
    sweep("expire_overdue_leases")
    sweep("refund_closed_projects")
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before + 60 + 7 + 15


def test_books_that_do_not_add_up_are_recorded_and_mailed_to_the_operators(
    requester: Person, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account.objects.get(kind=Kind.BALANCE, party_id=requester.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_account SET total_minor = total_minor + 1 WHERE id = %s", [account.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    tasks.recount_the_books(clock.now())
    found = Event.objects.filter(name="ledger.disagreed")
    assert {event.subject_id for event in found} == {account.pk, 0}
    (notice,) = mailed(operator, kind="alarm")
    assert "total of balance" in notice.text


def test_sound_books_disturb_nobody(requester: Person, operator: Person) -> None:
    tasks.recount_the_books(clock.now())
    assert not Event.objects.filter(name="ledger.disagreed").exists()
    assert mailed(operator, kind="alarm") == []


def test_a_long_job_gives_way_when_the_runner_has_enough_of_them(
    requester: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _slot in range(running.LONG_AT_ONCE):
        assert running._long_slots.acquire(blocking=False)
    try:
        app.tasks["work.read_upload"](upload_id=12)
    finally:
        for _slot in range(running.LONG_AT_ONCE):
            running._long_slots.release()
    assert jobs() == [("work.read_upload", {"upload_id": 12})]


def test_a_job_done_once_more_as_the_runner_died_tells_nobody_twice(requester: Person) -> None:
    endpoint = add_endpoint(
        name="Ours",
        url="https://example.org/",
        events=["project.done"],
        by=requester,
        at=clock.now(),
    )
    Endpoint.objects.filter(pk=endpoint.pk).update(state="disabled", disabled_at=clock.now())
    for number, notices in ((7, 1), (7, 1), (8, 2)):
        app.tasks["webhooks.tell_owner"](
            SimpleNamespace(job=SimpleNamespace(id=number)), endpoint_id=endpoint.pk
        )
        assert len(mailed(requester, kind="webhook")) == notices


def test_what_is_left_for_later_vanishes_with_its_transaction(requester: Person) -> None:
    class Broken(Exception):
        pass

    worker_connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_connector), pytest.raises(Broken), transaction.atomic():
        later("work.read_upload", upload_id=1)
        assert len(jobs()) == 1
        raise Broken
    assert jobs() == []
