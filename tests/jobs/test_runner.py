"""The runner itself, as a process of its own: it does what waits, and may be killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from pytest_django import Settings
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.webhooks.receiver import a_receiver
from tests.work.files import a_new_project, an_upload, jsonl, pairs

from canut.kernel import clock
from canut.kernel.models import Heartbeat
from canut.reputation.queries import requester_records
from canut.webhooks.models import Message
from canut.webhooks.states import MessageState, Told
from canut.webhooks.usecases.manage_endpoint import add_endpoint
from canut.work.models import Task, Upload
from canut.work.states import UploadState
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.approve_submission import approve_submission

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.slow]

WAIT_SECONDS = 60


@pytest.fixture
def start_runner(uploads: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start `canut work` on the test's database, as often as asked; none outlives the test."""
    at = connection.settings_dict
    host = f"?host={quote(at['HOST'], safe='')}" + (f"&port={at['PORT']}" if at["PORT"] else "")
    address = f"postgresql://{at['USER']}:{quote(at['PASSWORD'])}@/{at['NAME']}{host}"
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "DATABASE_URL": address, "CANUT_DATA_DIR": str(uploads.parent)}
        started.append(subprocess.Popen([sys.executable, "-m", "canut.cli", "work"], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the runner did not get there"
        time.sleep(0.02)


def test_a_runner_killed_in_the_middle_of_a_file_leaves_every_row_one_task(
    start_runner: Callable[[], "subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    requester = a_requester()
    project = a_new_project(requester)
    monkeypatch.setattr("canut.work.usecases.add_rows.ADD_AT_ONCE_ROWS", 0)
    rows = 30_000
    upload = an_upload(requester, project, jsonl(pairs(rows)))
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)

    first = start_runner()
    wait_until(lambda: Upload.objects.get(pk=upload.pk).rows_added > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    upload.refresh_from_db()
    assert 0 < upload.rows_added < rows
    assert Task.objects.filter(project=project).count() == upload.rows_added
    with connection.cursor() as cursor:  # as if half a minute had passed without a sign of it
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )

    start_runner()
    wait_until(lambda: Upload.objects.get(pk=upload.pk).state == UploadState.ADDED)
    tasks = Task.objects.filter(project=project)
    assert tasks.count() == tasks.values("key").distinct().count() == rows
    assert tasks.filter(position__lte=rows).count() == rows


def test_two_runners_at_once_count_each_decision_once_and_show_that_they_live(
    start_runner: Callable[[], "subprocess.Popen[bytes]"],
) -> None:
    requester, worker = a_requester(), a_worker()
    project = a_project(owner=requester, rows=6, at=clock.now())
    for _task in range(6):
        submission = a_submission(worker=worker, project=project, at=clock.now())
        approve_submission(submission_id=submission.pk, by=requester, at=clock.now())
    for _runner in range(2):
        start_runner()
    wait_until(lambda: requester_records([requester.pk])[requester.pk].decided)
    time.sleep(6)  # and another beat of the sweep on either
    assert requester_records([requester.pk])[requester.pk].decided == 6
    assert Heartbeat.objects.filter(name="sweep.update_requester_records").exists()


def test_a_runner_killed_while_a_program_is_told_of_work_loses_no_message(
    start_runner: Callable[[], "subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    monkeypatch.setenv("CANUT_WEBHOOK_NETWORKS", "127.0.0.1/32")
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    requester, worker = a_requester(), a_worker()
    project = a_project(owner=requester, rows=6, at=clock.now())
    with a_receiver() as receiver:
        receiver.answers = [200, 200, "slow", 200]  # the third message is there before its answer is
        add_endpoint(
            name="Mine",
            url=receiver.url,
            events=[Told.SUBMITTED],
            by=requester,
            at=clock.now() - timedelta(minutes=1),
        )
        for _task in range(6):
            a_submission(worker=worker, project=project, at=clock.now())
        first = start_runner()
        wait_until(lambda: len(receiver.ids) == 3)
        first.send_signal(signal.SIGKILL)
        first.wait()
        start_runner()
        wait_until(lambda: set(receiver.ids) == set(Message.objects.values_list("uid", flat=True)))
        wait_until(lambda: not Message.objects.exclude(state=MessageState.DELIVERED).exists())
        assert len(set(receiver.ids)) == Message.objects.count() == 6
        assert [receiver.ids.count(uid) for uid in dict.fromkeys(receiver.ids)] == [1, 1, 2, 1, 1, 1]
