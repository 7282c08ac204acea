"""Who tries a design tells its requester what is wrong with it, and not who they are (MECHANISMS 3.7)."""

import pytest
from django.urls import reverse
from tests.builders import a_project, a_worker
from tests.web.pages import browser_of, text_of
from tests.work.rounds import fill_round

from canut.kernel import clock
from canut.people.models import Person
from canut.work.models import Assignment, Revision, Submission
from canut.work.queries.answered import submissions
from canut.work.queries.exported import assignment_rows, layout
from canut.work.queries.label_studio import label_studio_tasks
from canut.work.usecases.approve_submission import approve_all_of_worker

pytestmark = pytest.mark.django_db


def test_neither_page_nor_program_nor_file_names_who_worked_in_a_round(requester: Person) -> None:
    at = clock.now()
    project = a_project(owner=requester, rows=16, untried=True, at=at)
    crowd = [a_worker(f"prudence{number}", at=at) for number in range(4)]
    fill_round(project, crowd=crowd, at=at)
    assert Assignment.objects.filter(project=project, round__isnull=False).count() >= 3

    page = text_of(browser_of(requester).get(reverse("review", args=[project.pk])))
    told = submissions(project.pk, by=requester, most=50)
    laid_out = layout(Revision.objects.filter(project=project), ["text"], file_format="jsonl")
    rows = list(assignment_rows(project, laid_out))
    labelled = list(label_studio_tasks(project))
    named = {crowd_member.party.screen_name for crowd_member in crowd}
    assert not any(name in page for name in named)
    assert "a worker of the prototype round" in page
    assert {one.worker for one in told} == {None}
    assert {row["worker_id"] for row in rows} == {None}
    assert not named & {row["worker"] for row in rows}
    assert {one["completed_by"] for task in labelled for one in task["annotations"]} == {None}


def test_asking_for_one_workers_work_tells_nothing_of_a_round(requester: Person) -> None:
    at = clock.now()
    project = a_project(owner=requester, rows=16, untried=True, at=at)
    crowd = [a_worker(at=at) for _number in range(4)]
    fill_round(project, crowd=crowd, at=at)
    last = Submission.objects.latest("pk").pk
    for worker in crowd:
        assert submissions(project.pk, by=requester, worker_id=worker.pk, most=50) == []
        approved = approve_all_of_worker(
            project_id=project.pk, worker_id=worker.pk, up_to_id=last, by=requester, at=at
        )
        assert approved == 0


def test_a_file_tells_the_workers_of_a_round_apart(requester: Person) -> None:
    at = clock.now()
    project = a_project(owner=requester, rows=16, untried=True, at=at)
    fill_round(project, crowd=[a_worker(at=at) for _number in range(4)], at=at)
    laid_out = layout(Revision.objects.filter(project=project), ["text"], file_format="jsonl")
    names = {row["assignment_id"]: row["worker"] for row in assignment_rows(project, laid_out)}
    workers = dict(Assignment.objects.filter(project=project).values_list("pk", "worker_id"))
    assert len(set(names.values())) == len(set(workers.values()))
    assert len({(names[pk], workers[pk]) for pk in workers}) == len(set(workers.values()))
