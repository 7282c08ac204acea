"""Broken tasks in what comes later: an earlier revision, a round's last place, a job that opens places."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.api.calls import wait_for_a_blocked_query
from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.told import told
from tests.work.rounds import a_crowd, fill_round, round_of
from tests.work.test_broken import HOUR, SAID, SOON, reported

from canut.kernel.refusals import BadInput
from canut.lab.replays.charters import Setting
from canut.lab.replays.families import replay_setting
from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor, verify
from canut.work.models import Place, Project, Revision
from canut.work.queries import progress as figures
from canut.work.queries.progress import progress
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.decide_round import decide_what_stalls
from canut.work.usecases.end_broken_rows import mend_row, put_back_rows, withdraw_rows
from canut.work.usecases.give_back_free import give_back_after_closing
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.open_places import open_places
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.take_task import take_task
from canut.work.usecases.tell_of_broken import tell_owners_left_out, tell_reporters_of_broken


def waiting_jobs(name):
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("pk")]


def revised(project: Project, *, keeps: bool) -> None:
    owner = project.owner.person
    begin_revision(project_id=project.pk, by=owner, keeps_answers=keeps, at=SOON)
    publish_project(project_id=project.pk, by=owner, at=SOON)


@pytest.mark.django_db
def test_a_report_about_an_earlier_revision_takes_nothing_from_what_is_wanted_now(requester, worker):
    project = a_project(owner=requester, rows=2)
    held = taken(worker=worker, project=project)
    revised(project, keeps=False)
    assert (progress(project).tasks, progress(project).open) == (3, 2)
    report_broken(assignment_id=held.pk, by=worker, at=SOON, **SAID)
    # Then it is the same for who counted before and for who counts for the first time
    for _each in range(2):
        seen = progress(project)
        assert (seen.tasks, seen.answers_wanted, seen.open, seen.still_opening) == (2, 2, 2, 0)
        figures._remembered.cache_clear()


@pytest.mark.django_db
def test_a_round_whose_last_place_was_left_after_its_row_was_withdrawn_is_decided(requester):
    project = a_project(owner=requester, rows=4, answers=10, untried=True)
    crowd = a_crowd(8)
    held = taken(worker=crowd[0], project=project)
    peer = take_task(by=crowd[1], project_id=project.pk, task_id=held.task_id, at=NOON)
    row = report_broken(assignment_id=peer.pk, by=crowd[1], at=SOON, **SAID).row
    withdraw_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    assert fill_round(project, crowd[1:]) == 3
    assert (round_of(project).state, decide_what_stalls(at=SOON)) == ("running", 0)
    give_back_task(assignment_id=held.pk, by=crowd[0], at=SOON)
    assert (decide_what_stalls(at=SOON), round_of(project).state) == (1, "passed")
    # And run again under what held, it comes out the same
    tried = Setting("prototype.publish_share", Decimal("0.7"))
    (check,) = replay_setting(tried, at=NOON + timedelta(days=1), tell=lambda _share: None).checks
    assert (check.on_record, check.again) == (1, 1)


@pytest.mark.django_db
def test_a_round_whose_rows_are_all_withdrawn_is_refunded_and_was_stopped_by_nobody(requester, worker):
    project = a_project(owner=requester, rows=2, answers=10, untried=True)
    held = taken(worker=worker, project=project)
    row = report_broken(assignment_id=held.pk, by=worker, at=SOON, **SAID).row
    withdraw_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    assert round_of(project).state == "refunded"


@pytest.mark.usefixtures("committed")
def test_a_job_that_opens_places_waits_for_a_report_and_opens_none_of_its_row():
    project = a_project(owner=a_requester(), rows=1, answers=2)
    held = taken(worker=a_worker(password=None), project=project)
    revised(project, keeps=True)
    revision = Revision.objects.get(number=2)
    Place.objects.filter(state="open").update(state="closed", rank=None)  # as before the job was there
    Revision.objects.filter(pk=revision.pk).update(places_opened_to=0)

    def job() -> None:
        try:
            open_places(revision_id=revision.pk, at=SOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            report_broken(assignment_id=held.pk, by=held.worker, at=SOON, **SAID)
            running = thread.submit(job)
            wait_for_a_blocked_query()
        running.result(timeout=30)
    assert not Place.objects.filter(state="open").exists()


@pytest.mark.django_db
def test_what_is_left_after_its_row_was_withdrawn_gives_its_money_back_at_once(requester, worker):
    project = a_project(owner=requester, rows=2, answers=2)
    held = taken(worker=worker, project=project)
    (peer,) = a_crowd(1)
    theirs = take_task(by=peer, project_id=project.pk, task_id=held.task_id, at=NOON)
    row = report_broken(assignment_id=theirs.pk, by=peer, at=SOON, **SAID).row
    withdraw_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    kept = project_total_minor(project.pk, Kind.ESCROW)
    give_back_task(assignment_id=held.pk, by=worker, at=SOON)
    (job,) = waiting_jobs("work.give_back_free")
    assert job == {"project_id": project.pk}
    assert give_back_after_closing(**job, at=SOON) > held.reward_minor
    assert project_total_minor(project.pk, Kind.ESCROW) == kept - held.reward_minor
    assert give_back_after_closing(**job, at=SOON) == 0
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "subject"),
    [(put_back_rows, "found whole"), (withdraw_rows, "were withdrawn")],
)
def test_whoever_reported_rows_is_told_once_what_became_of_them(requester, worker, end, subject):
    project = a_project(owner=requester, rows=4)
    rows = [reported(worker=worker, project=project).row for _each in range(2)]
    (peer,) = a_crowd(1)
    rows.append(reported(worker=peer, project=project).row)
    end(
        project_id=project.pk,
        row_ids=[row.pk for row in rows],
        by=requester,
        at=SOON + HOUR,
        words="Look again.",
    )
    (job,) = waiting_jobs("work.tell_reporters_of_broken")
    assert [tell_reporters_of_broken(**job, at=SOON + HOUR) for _twice in range(2)] == [2, 2]
    (mine,) = told(worker, kind="decision")
    assert ("2 tasks" in mine.subject, subject in mine.subject, "Look again." in mine.text) == (True,) * 3
    assert mine.path == reverse("task", args=[rows[0].reports.get().pk])
    assert len(told(peer, kind="decision")) == 1


@pytest.mark.django_db
def test_a_requester_hears_of_a_report_though_the_job_that_was_to_tell_it_is_lost(requester, worker):
    project = a_project(owner=requester, rows=2)
    reported(worker=worker, project=project)
    assert tell_owners_left_out(at=SOON + HOUR) == 0
    assert tell_owners_left_out(at=SOON + 2 * HOUR) == 1
    assert len(told(requester, kind="project")) == 1
    assert tell_owners_left_out(at=SOON + 5 * HOUR) == 0


@pytest.mark.django_db
def test_a_row_nested_deeper_than_any_file_may_be_is_refused_as_one_in_a_file(requester, worker):
    project = a_project(owner=requester, rows=[{"text": "Picture", "n": [1]}])
    row = reported(worker=worker, project=project).row
    for depth in (60, 980, 20_000):
        deep: list[object] = []
        for _level in range(depth):
            deep = [deep]
        with pytest.raises(BadInput) as refused:
            mend_row(
                project_id=project.pk, row_id=row.pk, row={"text": "b", "n": deep}, by=requester, at=SOON
            )
        assert "row" in refused.value.facts["errors"]
