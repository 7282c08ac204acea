"""Tasks about other people's work are kept from those who did it, or for them alone."""

import pytest
from tests.builders import NOON, a_project, a_submission, a_worker

from canut.work.designs.displays import Takers
from canut.work.models import Place, Revision, Task
from canut.work.queries.admission import task_is_for
from canut.work.refusals import NoneLeft, TaskNotForYou
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.skip_to_next import skip_to_next
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task
from canut.work.validators import validator_of

pytestmark = pytest.mark.django_db


def review_design(rule):
    return {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "takers", "column": "reviewed", "rule": rule},
            {"type": "text", "text": "{{words}}"},
            {"type": "short_text", "name": "opinion", "label": "What do you think of it?"},
        ],
    }


@pytest.fixture
def written(requester, worker, peer):
    """One assignment of the worker's and one of the peer's, in a project of the requester's."""
    project = a_project(owner=requester, rows=2)
    return [a_submission(worker=who, project=project, at=NOON).assignment for who in (worker, peer)]


def reviews(requester, cells, rule="not_in"):
    rows = [{"reviewed": cell, "words": f"row {number}"} for number, cell in enumerate(cells)]
    return a_project(owner=requester, rows=rows, design=review_design(rule), answers=2)


def row_of(assignment):
    return assignment.task.row["reviewed"]


def test_nobody_is_given_a_review_of_their_own_work_and_goes_on_to_another(requester, worker, peer, written):
    mine, theirs = (assignment.pk for assignment in written)
    project = reviews(requester, [mine, f"[{mine}, 999999]", f"work {theirs}"])
    taken = take_task(by=worker, project_id=project.pk, at=NOON)
    assert row_of(taken) == f"work {theirs}"
    # Nothing else is left for the worker: what was skipped comes back, and their own never does
    again = skip_to_next(assignment_id=taken.pk, by=worker, at=NOON)
    assert again.next.task_id == taken.task_id
    give_back_task(assignment_id=again.next.pk, by=worker, at=NOON)
    own = Task.objects.get(project=project, position=1)
    with pytest.raises(TaskNotForYou):
        take_task(by=worker, project_id=project.pk, task_id=own.pk, at=NOON)
    # The peer, whose work the last row is about, has the two others, the second right after the first
    first = take_task(by=peer, project_id=project.pk, at=NOON)
    handed = submit_answer(
        assignment_id=first.pk, by=peer, answer={"opinion": "Good"}, active_seconds=5, at=NOON, want_next=True
    )
    second = handed.next
    assert {row_of(first), row_of(second)} == {mine, f"[{mine}, 999999]"}
    done = submit_answer(
        assignment_id=second.pk,
        by=peer,
        answer={"opinion": "Good"},
        active_seconds=5,
        at=NOON,
        want_next=True,
    )
    assert done.next is None


def test_only_those_who_did_the_work_are_asked_about_it(requester, worker, peer, stranger, written):
    project = reviews(requester, [written[0].pk], rule="in")
    assert row_of(take_task(by=worker, project_id=project.pk, at=NOON)) == written[0].pk
    with pytest.raises(NoneLeft):
        take_task(by=peer, project_id=project.pk, at=NOON)


def test_what_somebody_elses_projects_gave_out_names_nobody(worker, written):
    from tests.builders import a_requester

    project = reviews(a_requester(), [written[0].pk])
    assert take_task(by=worker, project_id=project.pk, at=NOON)


@pytest.mark.parametrize("rule", ["in", "not_in"])
@pytest.mark.parametrize("cell", ["mine", "theirs", "both", "", None, "9" * 30, "no number", [1, 2]])
def test_the_claim_keeps_tasks_by_the_rule(requester, worker, written, rule, cell):
    mine, theirs = (assignment.pk for assignment in written)
    cells = {"mine": mine, "theirs": theirs, "both": [theirs, mine]}
    named = cells.get(cell, cell) if isinstance(cell, str) else cell
    project = reviews(requester, [named], rule=rule)
    task = Task.objects.get(project=project)
    did_one = cell in ("mine", "both")
    admitted = Takers(column="reviewed", rule=rule).admits(did_one=did_one)
    assert task_is_for(worker_id=worker.pk, task_id=task.pk) is admitted


def test_the_fast_lane_leaves_such_designs_to_the_twin_and_workers_see_nothing_of_the_column(
    requester, written
):
    project = reviews(requester, [written[0].pk])
    revision = Revision.objects.get(project=project)
    assert validator_of(revision.pk).needs_twin
    assert Task.objects.get(project=project).shown == {"words": "row 0"}
    assert Place.objects.filter(project=project, state="open").count() == 2
    assert take_task(by=a_worker(), project_id=project.pk, at=NOON)
