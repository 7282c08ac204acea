"""A rejection that falls leaves the world as if it had not been; one that stands, as if nobody had appealed.

Two worlds live the same days, and differ in one thing. At their end every table is compared, row by row.
What may differ is named here, with why; anything else that differs is a fault.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from tests.builders import ANSWER, NOON, a_requester
from tests.guilds.crafts import a_guild, a_member, guild_work
from tests.guilds.reviewed import everything_drawn, read_all
from tests.justice.cases import heard
from tests.promises import run

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.ledger.queries import verify
from canut.membership.usecases.follow_activity import follow_activity
from canut.people.models import Person
from canut.reputation.queries import requester_records
from canut.reputation.usecases.refresh_standings import refresh_standings
from canut.reputation.usecases.update_records import update_records
from canut.work.models import Project, Submission, Task
from canut.work.queries.answered import finished
from canut.work.queries.earnings import earnings_page
from canut.work.queries.progress import progress_of
from canut.work.queries.whole_time import whole_time_of
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import refund_closed_projects, release_rejected_places
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DECIDED_AT = NOON + 3 * HOUR

HISTORY = {
    "kernel_event": "what happened is on record as it happened",
    "kernel_eventcursor": "how far readers of that record are",
    "kernel_generation": "a helper of these tests writes it",
    "procrastinate_jobs": "mails and other jobs that wait to be done",
    "procrastinate_events": "as the jobs",
    "work_decision": "what was decided stays decided, and its reversal stands beside it",
    "work_appeal": "that there was an appeal",
    "justice_case": "as the appeal",
}
"""Tables that tell how it came about, which is never undone."""

CHANCE = {
    "work_place": {"rank"},
    "work_assignment": {"seed"},
    "people_person": {"password"},
    "guilds_block": {"public_id", "commitment", "seed"},
}
"""Columns that chance fills anew in every world."""

NAMED = {
    "work_assignment": {"ended_at"},  # the work was approved when the peers had spoken
    "work_settlement": {
        "upto_decision",
        "after_decision",
        "inputs",
    },  # decisions are counted in another order
    "ledger_ledgerentry": {"id", "recorded_at"},  # the money moved when the peers had spoken
    "reputation_requesterrecord": {"approved", "rejected", "overturned", "appeals_heard", "appeals_lost"},
}
"""Columns that may differ. Levies and fees are differences of a running total: their sums are compared."""

OF_THE_RECORD = (
    *("decided", "first_decided", "finished", "approved_share", "returned_share", "rejected_share"),
    *("hourly_minor", "timed", "timed_hours", "time_to_decide", "revisions"),
)
"""What a public record says, but for how many rejections fell and how many appeals there were."""


@dataclass(frozen=True)
class Scene:
    """Who is in a world, and the work that it is about."""

    requester: Person
    worker: Person
    project: Project
    disputed: Submission


def approved(scene: Scene) -> None:
    approve_submission(submission_id=scene.disputed.pk, by=scene.requester, at=DECIDED_AT)


def rejected(scene: Scene) -> None:
    reject_submission(
        submission_id=scene.disputed.pk,
        by=scene.requester,
        ground="wrong_answer",
        evidence="See.",
        reason="No.",
        at=DECIDED_AT,
    )


def appealed(outcome: str) -> Callable[[Scene], None]:
    def ends(scene: Scene) -> None:
        rejected(scene)
        case = appeal_rejection(
            assignment_id=scene.disputed.assignment_id, by=scene.worker, at=DECIDED_AT + HOUR
        )
        heard(case, overturn=outcome == "falls", at=NOON + 4 * DAY)

    return ends


def handed_in(person: Person, task: Task) -> Submission:
    assignment = take_task(by=person, project_id=task.project_id, task_id=task.pk, at=NOON)
    return submit_answer(
        assignment_id=assignment.pk, by=person, answer=ANSWER, active_seconds=150, at=NOON + HOUR / 12
    ).submission


def lived(ends: Callable[[Scene], None], *, closed_after: timedelta) -> Scene:
    """Live some days: work for a guild, of which one piece is sent back and decided as `ends` says."""
    requester, guild = a_requester("ruth"), a_guild()
    members = [a_member(guild, level=2).person for _each in range(3)]
    with everything_drawn():
        project = guild_work(guild, rows=7, owner=requester, reward_minor=60, expected_seconds=120)
        tasks = Task.objects.filter(project=project).order_by("position")
        work = [handed_in(person, task) for person, task in zip((*members, *members), tasks, strict=False)]
        read_all(at=NOON)
    for submission in work[1:]:
        approve_submission(submission_id=submission.pk, by=requester, at=NOON + HOUR)
    return_submission(submission_id=work[0].pk, by=requester, reason="Look.", at=NOON + HOUR)
    again = submit_answer(
        assignment_id=work[0].assignment_id,
        by=members[0],
        answer={"label": "dog"},
        active_seconds=400,
        at=NOON + 2 * HOUR,
    ).submission
    scene = Scene(requester, members[0], project, again)
    ends(scene)
    release_rejected_places(at=NOON + closed_after)
    close_project(project_id=project.pk, by=requester, at=NOON + closed_after)
    settle_what_is_due(at=NOON + closed_after)
    pay_top_ups(at=NOON + closed_after + DAY)
    refund_closed_projects(at=NOON + closed_after + DAY)
    with everything_drawn():
        read_all(at=NOON + closed_after + DAY)
    update_records(at=NOON + closed_after + DAY)
    follow_activity(at=NOON + closed_after + DAY)
    refresh_standings(at=NOON + closed_after + DAY)
    assert verify() == []
    return scene


@contextmanager
def a_world_that_ends() -> Iterator[None]:
    """Undo all that happens inside, and give out the same numbers again, so that worlds can be compared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences")
        numbers = cursor.fetchall()
    mark = transaction.savepoint()
    run("SELECT setseed(0.5)")
    with patch("tests.builders._serial", count(1)), patch("tests.guilds.crafts._serial", count(1)):
        yield
    transaction.savepoint_rollback(mark)
    for name, last in numbers:
        run("SELECT setval(%s, %s, %s)", name, max(last, 1), last > 0)


def picture() -> Mapping[str, Counter[str]]:
    """Return every row of every table as words, but for what is history, chance, or named."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in HISTORY or table.startswith(
            ("procrastinate", "django", "account", "mfa", "usersessions")
        ):
            continue
        left_out = NAMED.get(table, set()) | CHANCE.get(table, set())
        found[table] = Counter(said(model, row, left_out) for row in model._default_manager.values())
    return found


def said(model: type[models.Model], row: Mapping[str, Any], left_out: set[str]) -> str:
    if model._meta.db_table == "ledger_ledgerentry" and row["reason"] in ("levy", "service_fee", "refund"):
        return str(row["reason"])
    return str({name: ordered(value) for name, value in row.items() if name not in left_out})


def ordered(value: Any) -> Any:
    """Return a value with lists in order: which of two came first is history."""
    if isinstance(value, list):
        return sorted((ordered(one) for one in value), key=str)
    if isinstance(value, dict):
        return {name: ordered(one) for name, one in value.items()}
    return value


def pages(scene: Scene, at: datetime) -> Mapping[str, Any]:
    """Return what each side reads of money, counts, results and record, but for when and how often."""
    record = requester_records([scene.requester.pk])[scene.requester.pk]
    earned = earnings_page(by=scene.worker, at=at)
    results = finished(scene.project.pk, by=scene.requester, most=100)
    return {
        "record": {name: getattr(record, name) for name in OF_THE_RECORD},
        "earnings": earned.earnings,
        "progress": progress_of(scene.project.pk, by=scene.requester),
        "results": sorted(one.work.submission_id for one in results),
        "an hour": whole_time_of(scene.worker.pk, currency="EUR", at=at),
    }


def differences(one: Callable[[Scene], None], other: Callable[[Scene], None], after: timedelta) -> str:
    worlds = []
    for ends in (one, other):
        with a_world_that_ends():
            scene = lived(ends, closed_after=after)
            worlds.append((picture(), pages(scene, NOON + after + 2 * DAY)))
    (rows, read), (other_rows, other_read) = worlds
    found = [
        f"{table}: {list((rows[table] - other_rows[table]) + (other_rows[table] - rows[table]))}"
        for table in rows
        if rows[table] != other_rows[table]
    ]
    found += [f"{name}: {read[name]} / {other_read[name]}" for name in read if read[name] != other_read[name]]
    return "\n".join(found)


def test_a_rejection_that_falls_might_as_well_not_have_been() -> None:
    assert differences(appealed("falls"), approved, 6 * DAY) == ""


def test_an_appeal_that_fails_changes_nothing_of_a_rejection() -> None:
    assert differences(appealed("stands"), rejected, 9 * DAY) == ""
