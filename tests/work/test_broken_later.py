"""Broken tasks in what comes later: an earlier revision, a round's last place, a job that opens places."""

from tests.work.test_broken import SOON

from canut.work.models import Project
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.publish_project import publish_project


def revised(project: Project, *, keeps: bool) -> None:
    owner = project.owner.person
    begin_revision(project_id=project.pk, by=owner, keeps_answers=keeps, at=SOON)
    publish_project(project_id=project.pk, by=owner, at=SOON)
