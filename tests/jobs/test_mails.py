"""What people are told by mail: the true reason, the true deadline, in their own language and time."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from pytest_django import Settings
from tests.builders import a_project, a_submission, a_worker
from tests.justice.cases import heard, lapsed
from tests.work.decided import a_rejected_submission

import canut.jobs.tasks  # noqa: F401 - declares the jobs
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.take_back_case import take_back_case
from canut.people.models import Person
from canut.people.usecases.change_preferences import change_preferences
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = FRIDAY + timedelta(hours=5)


@pytest.fixture(autouse=True)
def in_memory(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://canut.example"


def run_jobs() -> list[Any]:
    """Do all that waits, as the runner would, and return the mails that left."""
    mail.outbox = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs) "
                "RETURNING task_name, args::text"
            )
            row = cursor.fetchone()
        if row is None:
            return list(mail.outbox)
        app.tasks[row[0]](**json.loads(row[1]))


def returned(requester: Person, worker: Person) -> Any:
    project = a_project(owner=requester, rows=1, reward_minor=60, title="Cats and dogs", at=FRIDAY)
    submission = a_submission(worker=worker, project=project, at=FRIDAY)
    run_jobs()
    return return_submission(
        submission_id=submission.pk, by=requester, reason="Look at the ears: <b>long</b>.", at=FRIDAY
    )


def test_a_return_tells_its_reason_its_pay_and_its_true_deadline(requester: Person, worker: Person) -> None:
    submission = returned(requester, worker)
    (told,) = run_jobs()
    assert told.to == ["worker@example.org"]
    assert told.subject == "Please rework a task of “Cats and dogs”"
    assert "Look at the ears: <b>long</b>." in told.body
    assert "€0.50 on top of the reward" in told.body
    # Two working days after Friday noon: Tuesday noon, in the worker's zone
    assert "24 November 2026, 12:00 (UTC)" in told.body
    assert f"https://canut.example/work/{submission.assignment_id}/" in told.body
    assert "requester@" not in told.body


def test_times_and_words_are_the_workers_own(requester: Person) -> None:
    worker = a_worker("louise")
    change_preferences(by=worker, locale="fr", time_zone="Asia/Tokyo")
    returned(requester, worker)
    (told,) = run_jobs()
    assert "24 novembre 2026 à 21:00 (JST)" in told.body
    assert "0,50\xa0€" in told.body


def test_a_rejection_tells_ground_evidence_reason_and_until_when_it_can_be_appealed(
    requester: Person, worker: Person
) -> None:
    submission = returned(requester, worker)
    second = submit_answer(
        assignment_id=submission.assignment_id,
        by=worker,
        answer={"label": "dog"},
        active_seconds=9,
        at=FRIDAY,
    ).submission
    run_jobs()
    reject_submission(
        submission_id=second.pk,
        by=requester,
        ground="wrong_answer",
        evidence="It meows.",
        reason="It is a cat.",
        at=FRIDAY,
    )
    (told,) = run_jobs()
    for part in (
        "demonstrably wrong",
        "It meows.",
        "It is a cat.",
        "27 November 2026",
        "appeal with one click",
    ):
        assert part in told.body

    assert f"/work/{second.assignment_id}/appeal/" in told.body

    # The requester hears of the appeal and may give in; both sides hear how it ended
    case = appeal_rejection(assignment_id=second.assignment_id, by=worker, words="It barks!", at=FRIDAY)
    (told,) = run_jobs()
    assert told.to == [requester.email]
    for part in ("It barks!", "drawn by lot", f"/justice/rejections/{second.assignment_id}/"):
        assert part in told.body
    heard(case, overturn=True, reason="It does bark.", at=FRIDAY)
    mails = {one.to[0]: one for one in run_jobs()}
    assert mails.keys() == {"worker@example.org", requester.email}
    told = mails["worker@example.org"]
    assert "approved after all" in told.subject
    assert "It does bark." in told.body
    assert "€1.10" in told.body  # the reward, and the rework that was promised
    assert "It does bark." in mails[requester.email].body


@pytest.mark.parametrize("how", ["stands", "taken back", "no peers"])
def test_both_sides_are_told_how_an_appeal_ended(requester: Person, worker: Person, how: str) -> None:
    second = a_rejected_submission(worker=worker, project=a_project(owner=requester), at=FRIDAY)
    case = appeal_rejection(assignment_id=second.assignment_id, by=worker, at=LATER)
    run_jobs()
    end = {
        "stands": lambda: heard(case, overturn=False, reason="It is a cat.", at=LATER),
        "taken back": lambda: take_back_case(case_id=case.pk, by=worker, at=LATER),
        "no peers": lambda: lapsed(case, at=LATER),
    }
    end[how]()
    mails = {one.to[0]: one for one in run_jobs()}
    assert mails.keys() == {"worker@example.org", requester.email}
    said = {"stands": "It is a cat.", "taken back": "taken back", "no peers": "No peers were found in time"}
    assert said[how] in mails[requester.email].body
    assert how == "no peers" or said[how] in mails["worker@example.org"].body


def test_simulated_and_closed_accounts_get_no_mail(requester: Person) -> None:
    nobody = a_worker("sim", simulated=True)
    returned(requester, nobody)
    assert run_jobs() == []
