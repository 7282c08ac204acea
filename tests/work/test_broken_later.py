"""Broken tasks in what comes later: an earlier revision, a round's last place, a job that opens places."""

import pytest
from tests.builders import a_project, taken
from tests.work.rounds import round_of
from tests.work.test_broken import SAID, SOON

from canut.work.models import Project
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.end_broken_rows import withdraw_rows
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.report_broken import report_broken


def revised(project: Project, *, keeps: bool) -> None:
    owner = project.owner.person
    begin_revision(project_id=project.pk, by=owner, keeps_answers=keeps, at=SOON)
    publish_project(project_id=project.pk, by=owner, at=SOON)


@pytest.mark.django_db
def test_a_round_whose_rows_are_all_withdrawn_is_refunded_and_was_stopped_by_nobody(requester, worker):
    project = a_project(owner=requester, rows=2, answers=10, untried=True)
    held = taken(worker=worker, project=project)
    row = report_broken(assignment_id=held.pk, by=worker, at=SOON, **SAID).row
    withdraw_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    assert round_of(project).state == "refunded"
